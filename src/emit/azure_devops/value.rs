//! Values and user text as Azure Pipelines is to read them.

use crate::emit::yaml::Text;
use crate::plan::{Constant, Part, Value};
use std::borrow::Cow;

/// Text that reaches its reader as it is: `${{` would be taken for a template expression.
pub fn literal(text: &str) -> Text<'_> {
    Text(escaped(text))
}

pub fn escaped(text: &str) -> Cow<'_, str> {
    if text.contains("${{") { Cow::Owned(text.replace("${{", "${{ '${{' }}")) } else { Cow::Borrowed(text) }
}

/// Parts in a row. Escaped across their borders, where two literals could form a `${{`.
pub fn joined(value: &Value) -> Text<'_> {
    if let [Part::Literal(text)] = value.as_slice() {
        return literal(text);
    }
    let mut all = String::new();
    let mut open = String::new();
    for part in value {
        if let Part::Literal(text) = part {
            open.push_str(text);
        } else {
            all.push_str(&escaped(&open));
            open.clear();
            spliced(part, &mut all);
        }
    }
    all.push_str(&escaped(&open));
    Text(Cow::Owned(all))
}

fn spliced(part: &Part, out: &mut String) {
    let pieces = match part {
        Part::Literal(text) => ["", text, ""],
        Part::Variable(name) => ["$(", name, ")"],
        Part::Parameter { name, bool: false } => ["${{ parameters.", name, " }}"],
        Part::Parameter { name, bool: true } => ["${{ lower(parameters.", name, ") }}"],
    };
    out.extend(pieces);
}

/// A constant as the value of a variable: always text.
pub fn constant(constant: &Constant) -> Text<'_> {
    match constant {
        Constant::Bool(it) => it.to_string().into(),
        Constant::Int(it) => it.to_string().into(),
        Constant::Number(it) => it.to_string().into(),
        Constant::String(it) if is_expression(it) => {
            format!("$[ {} ]", escaped(&super::expression::quoted(it))).into()
        }
        Constant::String(it) => literal(it),
    }
}

/// A variable's value of this form would be evaluated.
fn is_expression(text: &str) -> bool {
    let text = text.trim();
    text.starts_with("$[") && text.ends_with(']')
}
