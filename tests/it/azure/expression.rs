//! Expressions of Azure Pipelines, as conditions, `$[ ]` and `${{ }}` hold them.

use super::node::Read;

#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    Null,
    Bool(bool),
    Number(f64),
    Text(String),
}

/// What an expression can ask about.
pub trait Scope {
    /// The value of `variables.x`, `dependencies.A.result`, …, by its parts.
    fn named(&self, path: &[String]) -> Read<Value>;
    /// A status function, with the names it was given.
    fn status(&self, function: &str, names: &[String]) -> Read<bool>;
}

impl Value {
    /// Any text that is not empty is true, `false` too.
    pub fn truth(&self) -> bool {
        match self {
            Value::Null => false,
            Value::Bool(it) => *it,
            Value::Number(it) => *it != 0.0,
            Value::Text(it) => !it.is_empty(),
        }
    }

    pub fn text(&self) -> String {
        match self {
            Value::Null => String::new(),
            Value::Bool(true) => "True".to_owned(),
            Value::Bool(false) => "False".to_owned(),
            Value::Number(it) => it.to_string(),
            Value::Text(it) => it.clone(),
        }
    }

    fn number(&self) -> Option<f64> {
        match self {
            Value::Null => Some(0.0),
            Value::Bool(it) => Some(f64::from(u8::from(*it))),
            Value::Number(it) => Some(*it),
            Value::Text(it) if it.trim().is_empty() => Some(0.0),
            Value::Text(it) => it.trim().parse().ok(),
        }
    }

    /// The right side is brought to the type of the left one; what cannot be brought there is not equal.
    fn equals(&self, right: &Value) -> bool {
        match self {
            Value::Null => matches!(right, Value::Null) || right.text().is_empty(),
            Value::Bool(it) => *it == right.truth(),
            Value::Number(it) => right.number() == Some(*it),
            Value::Text(it) => it.to_lowercase() == right.text().to_lowercase(),
        }
    }

    fn order(&self, right: &Value) -> Read<std::cmp::Ordering> {
        let missing = || format!("{self:?} and {right:?} cannot be compared");
        match self {
            Value::Text(it) => Ok(it.to_lowercase().cmp(&right.text().to_lowercase())),
            Value::Bool(it) => Ok(it.cmp(&right.truth())),
            Value::Null | Value::Number(_) => {
                let (left, right) = (self.number(), right.number());
                left.zip(right).and_then(|(left, right)| left.partial_cmp(&right)).ok_or_else(missing)
            }
        }
    }
}

/// Evaluates the text of an expression, without its brackets.
pub fn evaluate(text: &str, scope: &dyn Scope) -> Read<Value> {
    let mut parser = Parser { tokens: tokens(text)?, at: 0, scope, text };
    let value = parser.value()?;
    if parser.at < parser.tokens.len() { parser.wrong() } else { Ok(value) }
}

#[derive(Clone, Debug, PartialEq)]
enum Token {
    Mark(char),
    Word(String),
    Quoted(String),
}

fn tokens(text: &str) -> Read<Vec<Token>> {
    let mut found = Vec::new();
    let mut rest = text.trim_start();
    while let Some(first) = rest.chars().next() {
        if first == '\'' {
            let (quoted, behind) = quoted(rest).ok_or_else(|| format!("`{text}`: a quote stays open"))?;
            found.push(Token::Quoted(quoted));
            rest = behind.trim_start();
        } else if "()[],.".contains(first) {
            found.push(Token::Mark(first));
            rest = rest[1..].trim_start();
        } else {
            let numeric = first.is_ascii_digit() || first == '-';
            let inside = |it: char| it.is_alphanumeric() || it == '_' || it == '-' || (numeric && it == '.');
            let end = rest.find(|it| !inside(it)).unwrap_or(rest.len());
            if end == 0 {
                return Err(format!("`{text}`: `{first}` is not understood"));
            }
            found.push(Token::Word(rest[..end].to_owned()));
            rest = rest[end..].trim_start();
        }
    }
    Ok(found)
}

/// What stands in single quotes at the start, where two of them mean one; and what follows.
fn quoted(text: &str) -> Option<(String, &str)> {
    let mut value = String::new();
    let mut rest = &text[1..];
    loop {
        let end = rest.find('\'')?;
        value.push_str(&rest[..end]);
        rest = &rest[end + 1..];
        if !rest.starts_with('\'') {
            return Some((value, rest));
        }
        value.push('\'');
        rest = &rest[1..];
    }
}

struct Parser<'p> {
    tokens: Vec<Token>,
    at: usize,
    scope: &'p dyn Scope,
    text: &'p str,
}

impl Parser<'_> {
    fn wrong<T>(&self) -> Read<T> {
        Err(format!("`{}`: {:?} is not understood here", self.text, self.tokens.get(self.at)))
    }

    fn take(&mut self, mark: char) -> bool {
        let taken = self.tokens.get(self.at) == Some(&Token::Mark(mark));
        self.at += usize::from(taken);
        taken
    }

    fn value(&mut self) -> Read<Value> {
        let token = self.tokens.get(self.at).cloned();
        self.at += 1;
        match token {
            Some(Token::Quoted(text)) => Ok(Value::Text(text)),
            Some(Token::Word(word)) if self.take('(') => self.call(&word),
            Some(Token::Word(word)) => self.word(word),
            _ => self.wrong(),
        }
    }

    fn word(&mut self, word: String) -> Read<Value> {
        match word.to_lowercase().as_str() {
            "true" => return Ok(Value::Bool(true)),
            "false" => return Ok(Value::Bool(false)),
            "null" => return Ok(Value::Null),
            _ => {}
        }
        if let Ok(number) = word.parse() {
            return Ok(Value::Number(number));
        }
        let mut path = vec![word];
        loop {
            if self.take('.') {
                let Some(Token::Word(part)) = self.tokens.get(self.at).cloned() else { return self.wrong() };
                self.at += 1;
                path.push(part);
            } else if self.take('[') {
                path.push(self.value()?.text());
                if !self.take(']') {
                    return self.wrong();
                }
            } else {
                return self.scope.named(&path);
            }
        }
    }

    fn call(&mut self, function: &str) -> Read<Value> {
        let mut arguments = Vec::new();
        while !self.take(')') {
            if !arguments.is_empty() && !self.take(',') {
                return self.wrong();
            }
            arguments.push(self.value()?);
        }
        let function = function.to_lowercase();
        if matches!(function.as_str(), "succeeded" | "failed" | "succeededorfailed" | "canceled" | "always") {
            let names: Vec<String> = arguments.iter().map(Value::text).collect();
            return self.scope.status(&function, &names).map(Value::Bool);
        }
        called(&function, &arguments).unwrap_or_else(|| {
            Err(format!("`{}`: `{function}` with {} values is not understood", self.text, arguments.len()))
        })
    }
}

fn called(function: &str, arguments: &[Value]) -> Option<Read<Value>> {
    use std::cmp::Ordering::{Equal, Greater, Less};
    let truth = |it: bool| Some(Ok(Value::Bool(it)));
    let compared = |wanted: &[std::cmp::Ordering], left: &Value, right: &Value| {
        Some(left.order(right).map(|it| Value::Bool(wanted.contains(&it))))
    };
    match (function, arguments) {
        ("and", [_, _, ..]) => truth(arguments.iter().all(Value::truth)),
        ("or", [_, _, ..]) => truth(arguments.iter().any(Value::truth)),
        ("not", [value]) => truth(!value.truth()),
        ("eq", [left, right]) => truth(left.equals(right)),
        ("ne", [left, right]) => truth(!left.equals(right)),
        ("in", [value, others @ ..]) if !others.is_empty() => truth(others.iter().any(|it| value.equals(it))),
        ("notin", [value, others @ ..]) if !others.is_empty() => {
            truth(!others.iter().any(|it| value.equals(it)))
        }
        ("lt", [left, right]) => compared(&[Less], left, right),
        ("le", [left, right]) => compared(&[Less, Equal], left, right),
        ("gt", [left, right]) => compared(&[Greater], left, right),
        ("ge", [left, right]) => compared(&[Greater, Equal], left, right),
        _ => text_function(function, arguments).map(Ok),
    }
}

fn text_function(function: &str, arguments: &[Value]) -> Option<Value> {
    let texts: Vec<String> = arguments.iter().map(Value::text).collect();
    let lower: Vec<String> = texts.iter().map(|it| it.to_lowercase()).collect();
    match function {
        "coalesce" => Some(arguments.iter().find(|it| !it.text().is_empty()).cloned().unwrap_or(Value::Null)),
        "format" => {
            let (pattern, values) = texts.split_first()?;
            let fill =
                |text: String, (at, value): (usize, &String)| text.replace(&format!("{{{at}}}"), value);
            Some(Value::Text(values.iter().enumerate().fold(pattern.clone(), fill)))
        }
        _ => match (function, lower.as_slice(), texts.as_slice()) {
            ("startswith", [text, part], _) => Some(Value::Bool(text.starts_with(part.as_str()))),
            ("endswith", [text, part], _) => Some(Value::Bool(text.ends_with(part.as_str()))),
            ("contains", [text, part], _) => Some(Value::Bool(text.contains(part.as_str()))),
            ("lower", [text], _) => Some(Value::Text(text.clone())),
            ("upper", _, [text]) => Some(Value::Text(text.to_uppercase())),
            ("trim", _, [text]) => Some(Value::Text(text.trim().to_owned())),
            ("replace", _, [text, old, new]) => Some(Value::Text(text.replace(old.as_str(), new))),
            ("iif", _, [_, _, _]) => Some(arguments[if arguments[0].truth() { 1 } else { 2 }].clone()),
            _ => None,
        },
    }
}
