//! Free data as JSON, from which YAML is written too.

use crate::model::data::{Data, Record};
use serde_json::{Map, Value};

pub fn json(data: &Data) -> Value {
    match data {
        Data::Bool(it) => Value::from(*it),
        Data::Int(it) => Value::from(*it),
        Data::Number(it) => Value::from(*it),
        Data::String(it) => Value::from(it.as_str()),
        Data::List(items) => Value::Array(items.iter().map(|it| json(&it.value)).collect()),
        Data::Record(record) => Value::Object(object(record)),
    }
}

/// In the order written.
pub fn object(record: &Record) -> Map<String, Value> {
    record.iter().map(|(key, entry)| (key.clone(), json(&entry.value.value))).collect()
}
