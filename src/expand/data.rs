//! Files that are read at compile time: `read_yaml("silos.yml")`.

use super::options::literal;
use super::{Expand, errors};
use crate::base::files::{FileKind, normalize};
use crate::base::span::{Span, Spanned};
use crate::syntax::ast::{Attribute, Expr, ExprKind, Number};
use serde::Deserialize;
use serde::de::{Deserializer, MapAccess, SeqAccess, Visitor};
use std::fmt;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    Yaml,
    Json,
}

impl Format {
    /// The format that a function reads.
    pub fn of_word(word: &str) -> Option<Format> {
        match word {
            "read_yaml" => Some(Format::Yaml),
            "read_json" => Some(Format::Json),
            _ => None,
        }
    }

    fn word(self) -> &'static str {
        match self {
            Format::Yaml => "read_yaml",
            Format::Json => "read_json",
        }
    }
}

impl Expand<'_> {
    /// What stands in the file; None where it cannot be read, which is then reported.
    pub fn read_file(&mut self, format: Format, arguments: &[Expr], span: Span) -> Option<Expr> {
        let [argument] = arguments else {
            self.push(errors::reader_arguments(span, format.word()));
            return None;
        };
        let text = match &argument.kind {
            ExprKind::Broken => return None,
            ExprKind::String(text) => text.constant(),
            _ => None,
        };
        let Some(path) = text else {
            self.push(errors::reader_arguments(argument.span, format.word()));
            return None;
        };
        let Some(normal) = normalize(&path).filter(|_| !path.starts_with('/')) else {
            self.push(errors::leaves_project(argument.span));
            return None;
        };
        if self.files.kind(&normal) != Some(FileKind::File) {
            self.push(errors::no_file(argument.span, &path));
            return None;
        }
        let text = self
            .files
            .read(&normal)
            .and_then(|bytes| String::from_utf8(bytes).map_err(|_| "it is not UTF-8".to_owned()));
        let value = text
            .map_err(|why| (why, None))
            .and_then(|text| parse(format, &text).map_err(|it| (it.0, it.1.map(|at| (at, text)))));
        match value {
            Ok(value) => {
                let value = value.expr(span).unwrap_or(Expr { kind: ExprKind::List(Vec::new()), span });
                self.charge(super::limits::weight(&value), span);
                Some(value)
            }
            Err((why, at)) => {
                let place = at.map(|(offset, text)| {
                    let file = self.sources.add_text(normal.clone(), text);
                    Span::new(file, offset, offset)
                });
                self.push(errors::unreadable(argument.span, &path, &why, place));
                None
            }
        }
    }
}

/// The value; else why not, and at which byte.
fn parse(format: Format, text: &str) -> Result<Value, (String, Option<usize>)> {
    match format {
        Format::Yaml => serde_yaml::from_str(text).map_err(|error| {
            let at = error.location().map(|it| offset(text, to_usize(it.line()), to_usize(it.column())));
            let message = error.without_snippet().to_string();
            (message.lines().next().unwrap_or_default().to_owned(), at)
        }),
        Format::Json => serde_json::from_str(text)
            .map_err(|error| (error.to_string(), Some(offset(text, error.line(), error.column())))),
    }
}

fn to_usize(number: impl TryInto<usize>) -> usize {
    number.try_into().unwrap_or(0)
}

/// The byte at a line and column, both from 1.
fn offset(text: &str, line: usize, column: usize) -> usize {
    let start: usize = text.split_inclusive('\n').take(line.saturating_sub(1)).map(str::len).sum();
    let rest = &text[start.min(text.len())..];
    let within = rest.char_indices().nth(column.saturating_sub(1)).map_or(rest.trim_end().len(), |it| it.0);
    text.floor_char_boundary(start + within)
}

/// What such files hold.
#[derive(Debug)]
enum Value {
    Null,
    Bool(bool),
    Number(String),
    Text(String),
    List(Vec<Value>),
    Record(Vec<(String, Value)>),
}

impl Value {
    /// None for what is nothing: a key without a value is not there.
    fn expr(self, span: Span) -> Option<Expr> {
        let kind = match self {
            Value::Null => return None,
            Value::Bool(value) => ExprKind::Bool(value),
            Value::Number(digits) => ExprKind::Number(Number { digits, unit: String::new() }),
            Value::Text(text) => literal(&text, span),
            Value::List(items) => ExprKind::List(items.into_iter().filter_map(|it| it.expr(span)).collect()),
            Value::Record(entries) => {
                let attribute = |(key, value): (String, Value)| {
                    let value = value.expr(span)?;
                    Some(Attribute { span, key: Spanned::new(key, span), quoted: true, value })
                };
                ExprKind::Record(entries.into_iter().filter_map(attribute).collect())
            }
        };
        Some(Expr { kind, span })
    }
}

impl<'de> Deserialize<'de> for Value {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Any)
    }
}

struct Any;

impl<'de> Visitor<'de> for Any {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_none<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_some<D: Deserializer<'de>>(self, inner: D) -> Result<Value, D::Error> {
        inner.deserialize_any(Any)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(Value::Number(value.to_string()))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(Value::Number(value.to_string()))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Value, E> {
        Ok(Value::Number(value.to_string()))
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(Value::Text(value.to_owned()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let mut found = Vec::new();
        while let Some(item) = items.next_element()? {
            found.push(item);
        }
        Ok(Value::List(found))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Value, A::Error> {
        let mut found = Vec::new();
        while let Some((key, value)) = entries.next_entry::<Value, Value>()? {
            found.push((key.key(), value));
        }
        Ok(Value::Record(found))
    }
}

impl Value {
    fn key(self) -> String {
        match self {
            Value::Bool(value) => value.to_string(),
            Value::Number(text) | Value::Text(text) => text,
            Value::Null | Value::List(_) | Value::Record(_) => String::new(),
        }
    }
}
