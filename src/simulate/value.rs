//! Values of conditions, compared as Azure Pipelines compares them: the right side takes the type of the left one.

#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// An output nobody set, a variable that is not there.
    Nothing,
    Bool(bool),
    Number(f64),
    Text(String),
}

impl Value {
    pub fn text(text: impl Into<String>) -> Value {
        Value::Text(text.into())
    }

    /// As a condition.
    pub fn holds(&self) -> bool {
        match self {
            Value::Nothing => false,
            Value::Bool(it) => *it,
            Value::Number(it) => *it != 0.0,
            Value::Text(it) => !it.is_empty(),
        }
    }

    pub fn to_text(&self) -> String {
        match self {
            Value::Nothing => String::new(),
            Value::Bool(true) => "True".to_owned(),
            Value::Bool(false) => "False".to_owned(),
            Value::Number(it) => it.to_string(),
            Value::Text(it) => it.clone(),
        }
    }

    fn to_number(&self) -> Option<f64> {
        match self {
            Value::Nothing => Some(0.0),
            Value::Bool(it) => Some(f64::from(u8::from(*it))),
            Value::Number(it) => Some(*it),
            Value::Text(it) if it.trim().is_empty() => Some(0.0),
            Value::Text(it) => it.trim().parse().ok().filter(|it: &f64| it.is_finite()),
        }
    }

    #[expect(clippy::float_cmp, reason = "as the platform does")]
    pub fn equals(&self, right: &Value) -> bool {
        match self {
            Value::Nothing => matches!(right, Value::Nothing),
            Value::Bool(left) => *left == right.holds(),
            Value::Number(left) => right.to_number().is_some_and(|it| it == *left),
            Value::Text(left) => folded(left) == folded(&right.to_text()),
        }
    }

    /// `None` where the right side cannot become what the left one is.
    pub fn compare(&self, right: &Value) -> Option<std::cmp::Ordering> {
        match self {
            Value::Nothing => None,
            Value::Bool(left) => Some(left.cmp(&right.holds())),
            Value::Number(left) => left.partial_cmp(&right.to_number()?),
            Value::Text(left) => Some(folded(left).cmp(&folded(&right.to_text()))),
        }
    }
}

/// Capitals count nothing.
pub fn folded(text: &str) -> String {
    text.to_uppercase()
}

#[cfg(test)]
mod tests {
    use super::Value;
    use std::cmp::Ordering;

    #[test]
    fn the_right_side_takes_the_type_of_the_left_one() {
        let text = |it: &str| Value::text(it);
        assert!(text("TRUE").equals(&text("true")) && text("true").equals(&Value::Bool(true)));
        assert!(!Value::Nothing.equals(&text("true")) && !Value::Nothing.equals(&text("")));
        assert!(text("").equals(&Value::Nothing));
        assert!(Value::Number(2.0).equals(&text("2.0")) && !text("2.0").equals(&Value::Number(2.0)));
        assert!(Value::Bool(true).equals(&text("false")), "a text that is not empty is true");
        assert_eq!(text("10").compare(&text("9")), Some(Ordering::Less), "texts are compared as such");
        assert_eq!(Value::Number(10.0).compare(&text("9")), Some(Ordering::Greater));
        assert_eq!(Value::Number(10.0).compare(&text("x")), None);
    }
}
