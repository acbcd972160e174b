//! Charts: every value is one that the schema knows, and a deployment selects the pods it makes.

use super::files;
use crate::azure::Files;
use crate::examples;
use serde_json::Value;
use std::collections::BTreeSet;

pub fn holds(files: &Files) -> Result<(), String> {
    for (path, schema) in files.iter().filter(|it| it.0.ends_with("/values.schema.json")) {
        let folder = path.trim_end_matches("values.schema.json");
        let schema: Value = serde_json::from_str(schema).map_err(|it| format!("{path}: {it}"))?;
        let values = files
            .iter()
            .filter(|it| it.0.starts_with(&format!("{folder}values")) && super::ends_in(it.0, "yaml"));
        for (path, text) in values {
            let values: Value = serde_yaml::from_str(text).map_err(|it| format!("{path}: {it}"))?;
            known(&schema, &values).map_err(|it| format!("{path}:{it} is read by nobody"))?;
        }
        selects(files, folder)?;
    }
    Ok(())
}

/// The first key that the schema does not know.
fn known(schema: &Value, values: &Value) -> Result<(), String> {
    for (key, value) in values.as_object().into_iter().flatten() {
        match (&schema["properties"][key], &schema["additionalProperties"]) {
            (Value::Null, Value::Bool(false)) => return Err(format!(" {key}")),
            (Value::Null, _) => {}
            (schema, _) => known(schema, value).map_err(|it| format!(" {key}{it}"))?,
        }
    }
    Ok(())
}

fn selects(files: &Files, folder: &str) -> Result<(), String> {
    let text =
        |name: &str| files.get(&format!("{folder}templates/{name}")).map(String::as_str).unwrap_or_default();
    let (deployment, helpers) = (text("deployment.yaml"), text("_helpers.tpl"));
    let selector = labels(between(deployment, "matchLabels:", "strategy:"), helpers);
    let pods = labels(between(deployment, "template:", "spec:"), helpers);
    if selector.is_empty() || !selector.is_subset(&pods) {
        return Err(format!("{folder}: the selector {selector:?} does not select pods with {pods:?}"));
    }
    Ok(())
}

fn between<'t>(text: &'t str, start: &str, end: &str) -> &'t str {
    let behind = text.split_once(start).map_or("", |it| it.1);
    behind.split(end).next().unwrap_or_default()
}

/// The labels that a piece of a template writes: its own lines, and those of what it includes.
fn labels(text: &str, helpers: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for line in text.lines().map(str::trim) {
        let included = line.split_once("include \"").filter(|it| it.0.starts_with("{{"));
        if let Some(name) = included.and_then(|it| it.1.split('"').next()) {
            let body = between(helpers, &format!("define \"{name}\" -}}}}"), "{{- end }}");
            found.append(&mut labels(body, helpers));
        } else if !line.starts_with("{{") && line.contains(": ") {
            found.insert(line.to_owned());
        }
    }
    found
}

#[test]
fn azure_charts_fit_themselves() {
    for example in examples::complete() {
        holds(&files(&example)).unwrap_or_else(|it| panic!("{example}: {it}"));
    }
}
