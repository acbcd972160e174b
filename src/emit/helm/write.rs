//! Typed data as YAML that YAML 1.1 readers, Helm among them, understand alike.

use super::fields::Field;
use serde::Serialize;
use serde_json::{Map, Value};
use std::fmt::Write as _;

/// No line is folded, and text of several lines is quoted with escapes: trailing blanks survive every editor.
pub fn to_yaml(value: &impl Serialize) -> String {
    let options = serde_yaml::ser_options! { folded_wrap_chars: usize::MAX, prefer_block_scalars: false };
    let text = serde_yaml::to_string_with_options(value, options);
    let mut text = text.expect("maps with string keys can be written as YAML");
    if !text.ends_with('\n') {
        text.push('\n');
    }
    text
}

/// A map with each field's documentation above it.
pub fn documented(values: &Map<String, Value>, fields: &[Field]) -> String {
    let mut text = String::new();
    for (key, value) in values {
        let field =
            fields.iter().find(|it| it.name == key).expect("every value has its row among the fields");
        let own = Map::from_iter([(key.clone(), value.clone())]);
        text.push('\n');
        for line in field.doc.lines() {
            writeln!(text, "# {line}").expect("a string takes all that is written to it");
        }
        text.push_str(&to_yaml(&own));
    }
    text
}
