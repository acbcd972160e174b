//! Values with a comment above each.

use super::fields::Field;
use crate::emit::yaml;
use serde_json::{Map, Value};
use std::fmt::Write as _;

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
        text.push_str(&yaml::write(&own));
    }
    text
}
