//! Templates, and data of the user.

use super::schema::{Free, Pairs, Scalar, TemplateRef};
use super::{number, value};
use crate::model::data::{Data, Record};
use crate::plan::{Argument, Include, Part, Value};

pub(super) fn template(include: &Include) -> TemplateRef<'_> {
    let parameters = include.parameters.iter().map(|(name, it)| {
        let argument = match it {
            Argument::Data(it) => data(it),
            Argument::Value(it) => Free::Scalar(Scalar::Text(spliced(it))),
        };
        (name.as_str(), argument)
    });
    TemplateRef { template: value::literal(&include.template), parameters: Pairs(parameters.collect()) }
}

/// A parameter is handed on with its type.
fn spliced(it: &Value) -> crate::emit::yaml::Text<'_> {
    match it.as_slice() {
        [Part::Parameter { name, .. }] => format!("${{{{ parameters.{name} }}}}").into(),
        _ => value::joined(it),
    }
}

pub(super) fn data(data: &Data) -> Free<'_> {
    Free::Scalar(match data {
        Data::Bool(it) => Scalar::Bool(*it),
        Data::Int(it) => Scalar::Int(*it),
        Data::Number(it) => number(*it),
        Data::String(it) => Scalar::Text(value::literal(it)),
        Data::List(items) => return Free::List(items.iter().map(|it| self::data(&it.value)).collect()),
        Data::Record(record) => return Free::Record(pairs(record)),
    })
}

pub(super) fn pairs(record: &Record) -> Pairs<'_, Free<'_>> {
    Pairs(record.iter().map(|(key, it)| (key.as_str(), data(&it.value.value))).collect())
}
