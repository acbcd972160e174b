//! Data with free keys that goes to a target as it is: `extra { … }`, `values { … }` of a chart. Records and lists may
//! nest; a block inside is a record.

use super::{errors, numbers};
use crate::base::span::{Span, Spanned};
use crate::diag::Diagnostic;
use crate::syntax::ast::{self, ExprKind, Statement};
use indexmap::IndexMap;

#[derive(Clone, Debug, PartialEq)]
pub enum Data {
    Bool(bool),
    Int(i64),
    Number(f64),
    /// Quantities and durations too, as written: `500m`.
    String(String),
    List(Vec<Spanned<Data>>),
    Record(Record),
}

/// By key, in the order written.
pub type Record = IndexMap<String, Entry>;

#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// Where the key stands.
    pub key: Span,
    pub value: Spanned<Data>,
}

/// The body of a block whose row has `free: Some(Type::Data)`. What is no constant is reported and left out.
pub fn block(block: &ast::Block, findings: &mut Vec<Diagnostic>) -> Record {
    let statements = block.body.iter().flat_map(|body| &body.statements);
    let mut record = Record::new();
    for statement in statements {
        let (key, value) = match statement {
            Statement::Attribute(it) => {
                findings.extend(numbers::lost(&it.key.value, &it.value));
                (&it.key, expr(&it.value, findings))
            }
            Statement::Block(it) => (&it.word, nested(it, findings)),
            Statement::Declaration(it) => {
                let help = "write `key = value`, or `key { … }` for what is nested";
                findings.push(errors::invalid_value(it.span, "a declaration has no meaning in data", help));
                continue;
            }
            // Gone, or reported, before.
            Statement::For(_)
            | Statement::If(_)
            | Statement::Let(_)
            | Statement::Template(_)
            | Statement::Use(_)
            | Statement::Broken(_) => continue,
        };
        insert(&mut record, key, value, findings);
    }
    record
}

fn insert(
    record: &mut Record,
    key: &ast::Ident,
    value: Option<Spanned<Data>>,
    findings: &mut Vec<Diagnostic>,
) {
    match (record.get(&key.value), value) {
        (Some(first), _) => findings.push(errors::duplicate_attribute(key, first.key)),
        (None, Some(value)) => {
            record.insert(key.value.clone(), Entry { key: key.span, value });
        }
        (None, None) => {}
    }
}

fn nested(inner: &ast::Block, findings: &mut Vec<Diagnostic>) -> Option<Spanned<Data>> {
    if let Some(extra) = inner.arguments.first() {
        findings.push(errors::extra_argument(extra.span, &inner.word.value));
        return None;
    }
    let span = inner.body.as_ref().map_or(inner.head, |body| body.span);
    Some(Spanned::new(Data::Record(block(inner, findings)), span))
}

/// A constant; what is none is reported.
pub fn expr(value: &ast::Expr, findings: &mut Vec<Diagnostic>) -> Option<Spanned<Data>> {
    let data = match &value.kind {
        ExprKind::Bool(it) => Data::Bool(*it),
        ExprKind::Number(number) => self::number(number),
        ExprKind::String(text) if let Some(constant) = text.constant() => Data::String(constant.into_owned()),
        ExprKind::List(items) => Data::List(items.iter().filter_map(|it| expr(it, findings)).collect()),
        ExprKind::Record(attributes) => {
            let mut record = Record::new();
            for it in attributes {
                findings.extend(numbers::lost(&it.key.value, &it.value));
                let value = expr(&it.value, findings);
                insert(&mut record, &it.key, value, findings);
            }
            Data::Record(record)
        }
        ExprKind::Broken => return None,
        ExprKind::String(_)
        | ExprKind::Path(_)
        | ExprKind::Call(..)
        | ExprKind::Not(_)
        | ExprKind::Binary(..)
        | ExprKind::If(..) => {
            findings.push(errors::not_a_constant(value.span));
            return None;
        }
    };
    Some(Spanned::new(data, value.span))
}

fn number(number: &ast::Number) -> Data {
    if !number.unit.is_empty() {
        return Data::String(format!("{}{}", number.digits, number.unit));
    }
    match (number.digits.parse::<i64>(), number.digits.parse::<f64>()) {
        (Ok(whole), _) => Data::Int(whole),
        (Err(_), Ok(value)) if value.is_finite() => Data::Number(value),
        _ => Data::String(number.digits.clone()),
    }
}

/// As JSON, for a target's script.
pub fn json(record: &Record) -> String {
    let fields = record.iter().map(|(key, entry)| format!("{}:{}", quoted(key), json_of(&entry.value.value)));
    format!("{{{}}}", fields.collect::<Vec<_>>().join(","))
}

pub fn json_of(data: &Data) -> String {
    match data {
        Data::Bool(it) => it.to_string(),
        Data::Int(it) => it.to_string(),
        Data::Number(it) => it.to_string(),
        Data::String(it) => quoted(it),
        Data::List(items) => {
            format!("[{}]", items.iter().map(|it| json_of(&it.value)).collect::<Vec<_>>().join(","))
        }
        Data::Record(record) => json(record),
    }
}

fn quoted(text: &str) -> String {
    let mut out = String::from("\"");
    for it in text.chars() {
        match it {
            '"' | '\\' => out.extend(['\\', it]),
            it if it.is_control() => out.extend(format!("\\u{:04x}", u32::from(it)).chars()),
            it => out.push(it),
        }
    }
    out.push('"');
    out
}
