//! `mlopsc config`: what `mlopsc.toml` may hold.

use crate::cli::Outcome;
use crate::cli::edge::Edge;
use crate::cli::trouble::Trouble;
use crate::config::{KEYS, Key, Shape};
use serde_json::{Map, Value, json};

/// Say what `mlopsc.toml` may hold
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Print the JSON schema, for editors
    #[arg(long)]
    pub schema: bool,
}

pub fn run(args: &Args, edge: &mut Edge<'_>) -> Result<Outcome, Trouble> {
    edge.out.print(&if args.schema { schema() } else { keys() })?;
    Ok(Outcome::Fine)
}

fn keys() -> String {
    let line = |key: &Key| {
        let name =
            if key.table.is_empty() { key.name.to_owned() } else { format!("{}.{}", key.table, key.name) };
        let default =
            if key.default.is_empty() { String::new() } else { format!(" [default: {}]", key.default) };
        format!("{name}\n    {}{default}\n", key.doc)
    };
    KEYS.iter().map(line).collect()
}

/// The JSON schema of `mlopsc.toml`, with a line break at its end.
pub fn schema() -> String {
    let mut top = Map::new();
    for key in KEYS {
        if key.table.is_empty() {
            top.insert(key.name.to_owned(), value(key));
            continue;
        }
        let table = top
            .entry(key.table)
            .or_insert_with(|| json!({ "type": "object", "additionalProperties": false, "properties": {} }));
        table["properties"][key.name] = value(key);
    }
    let schema = json!({
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": "mlopsc.toml",
        "type": "object",
        "additionalProperties": false,
        "properties": top,
    });
    format!("{schema:#}\n")
}

fn value(key: &Key) -> Value {
    let rules = || json!({ "type": "array", "items": { "type": "string" } });
    let mut schema = match key.shape {
        Shape::Folder => json!({ "type": "string", "minLength": 1, "default": key.default }),
        Shape::Scalars => json!({
            "type": "object",
            "additionalProperties": { "type": ["string", "number", "boolean"] },
        }),
        Shape::Rules => rules(),
        Shape::Severities => json!({
            "type": "object",
            "additionalProperties": { "enum": ["error", "warning", "info", "off"] },
        }),
        Shape::RulesByPattern => json!({ "type": "object", "additionalProperties": rules() }),
    };
    schema["description"] = json!(key.doc);
    schema
}
