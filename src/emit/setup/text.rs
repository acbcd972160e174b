//! Texts of bodies: what is meant as it stands, and what the script looks up.

use serde::{Serialize, Serializer};

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Text {
    Literal(String),
    /// The id of a thing, or a value that no file holds: `${environment:prod}`.
    Lookup(&'static str, String),
}

impl Text {
    pub fn literal(text: &str) -> Text {
        Text::Literal(text.to_owned())
    }

    pub fn lookup(kind: &'static str, name: &str) -> Text {
        Text::Lookup(kind, name.to_owned())
    }
}

impl Serialize for Text {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            // One `$` more than is meant, so that nothing that is meant is taken for a look-up.
            Text::Literal(text) if text.starts_with('$') && text.trim_start_matches('$').starts_with('{') => {
                serializer.collect_str(&format_args!("${text}"))
            }
            Text::Literal(text) => serializer.serialize_str(text),
            Text::Lookup(kind, name) => serializer.collect_str(&format_args!("${{{kind}:{name}}}")),
        }
    }
}
