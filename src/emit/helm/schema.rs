//! The table of values as JSON Schema, the draft that Helm 3 and 4 read. Helm ignores values it does not know, so
//! every map is closed: a typing error stops the deployment.

use super::fields::{Field, Shape};
use serde_json::{Map, Value, json};

pub fn render(fields: &[Field]) -> String {
    let mut schema =
        Map::from_iter([("$schema".to_owned(), json!("http://json-schema.org/draft-07/schema#"))]);
    schema.extend(object(fields));
    schema.insert("required".to_owned(), json!(["image"]));
    let text = serde_json::to_string_pretty(&schema).expect("a tree of JSON values can be written");
    text + "\n"
}

fn object(fields: &[Field]) -> Map<String, Value> {
    let rows = fields.iter().map(|it| (it.name.to_owned(), Value::Object(described(it))));
    let properties: Map<String, Value> = rows.collect();
    map([
        ("type", json!("object")),
        ("properties", Value::Object(properties)),
        ("additionalProperties", json!(false)),
    ])
}

fn described(field: &Field) -> Map<String, Value> {
    let mut schema = map([("description", json!(field.doc.replace('\n', " ")))]);
    schema.extend(shape(&field.shape));
    schema
}

fn shape(of: &Shape) -> Map<String, Value> {
    match of {
        Shape::Bool => map([("type", json!("boolean"))]),
        Shape::Whole(low, high) => {
            map([("type", json!("integer")), ("minimum", json!(low)), ("maximum", json!(high))])
        }
        Shape::Text => map([("type", json!("string"))]),
        Shape::Matching(pattern) => map([("type", json!("string")), ("pattern", json!(pattern))]),
        Shape::Word(words) => map([("type", json!("string")), ("enum", json!(words))]),
        Shape::Count => map([
            ("type", json!(["integer", "string"])),
            ("minimum", json!(0)),
            ("pattern", json!("^[0-9]+%$")),
        ]),
        Shape::Quantity => map([
            ("type", json!(["string", "number"])),
            ("minimum", json!(0)),
            ("pattern", json!("^[0-9]+(\\.[0-9]+)?(m|k|Ki|[MGTPE]i?)?$")),
        ]),
        Shape::Port => map([
            ("type", json!(["integer", "string"])),
            ("minimum", json!(1)),
            ("maximum", json!(65_535)),
            ("pattern", json!("^[a-z]([-a-z0-9]{0,13}[a-z0-9])?$")),
        ]),
        Shape::Keys(names) => map([
            ("type", json!("object")),
            ("propertyNames", json!({ "enum": names })),
            ("additionalProperties", json!(true)),
        ]),
        Shape::List(item) => map([("type", json!("array")), ("items", Value::Object(shape(item)))]),
        Shape::Map(names, value) => map([
            ("type", json!("object")),
            ("propertyNames", json!({ "pattern": names })),
            ("additionalProperties", Value::Object(shape(value))),
        ]),
        Shape::Object(fields) => object(fields),
    }
}

fn map<const N: usize>(rows: [(&str, Value); N]) -> Map<String, Value> {
    rows.into_iter().map(|(key, value)| (key.to_owned(), value)).collect()
}
