//! What a component file of Azure ML says of its inputs and outputs. Source: "CLI (v2) command component YAML schema".

use serde_json::Value;

/// A component as far as those who use it need to know it.
#[derive(Debug, PartialEq)]
pub struct Description {
    /// `command`, `parallel`, `spark`, `pipeline`, …
    pub kind: String,
    pub inputs: Vec<Port>,
    pub outputs: Vec<Port>,
}

#[derive(Debug, Default, PartialEq)]
pub struct Port {
    pub name: String,
    /// As written, in lower case.
    pub ty: String,
    pub description: Option<String>,
    pub optional: bool,
    /// As text shows it.
    pub default: Option<String>,
    pub min: Option<f64>,
    pub max: Option<f64>,
    pub choices: Vec<String>,
}

/// The error is the rest of a sentence that begins with the file's name.
pub fn read(text: &str) -> Result<Description, String> {
    let document: Value = serde_yaml::from_str(text).map_err(|error| {
        let reason = error.to_string();
        format!("is no YAML: {}", reason.lines().next().unwrap_or_default())
    })?;
    let Some(fields) = document.as_object() else { return Err("holds no component".to_owned()) };
    let schema = fields.get("$schema").and_then(Value::as_str).unwrap_or_default();
    let from_schema = schema.rsplit('/').next().and_then(|it| it.split_once("Component.schema"));
    let kind = fields.get("type").and_then(Value::as_str).or(from_schema.map(|it| it.0));
    let Some(kind) = kind else {
        return Err("holds no component: it has no `type`".to_owned());
    };
    if fields.contains_key("experiment_name") || schema.contains("Job.schema") {
        return Err("holds a job, not a component".to_owned());
    }
    Ok(Description {
        kind: kind.to_lowercase(),
        inputs: ports(fields.get("inputs"))?,
        outputs: ports(fields.get("outputs"))?,
    })
}

fn ports(value: Option<&Value>) -> Result<Vec<Port>, String> {
    match value {
        None | Some(Value::Null) => Ok(Vec::new()),
        Some(Value::Object(ports)) => ports.iter().map(|(name, it)| port(name, it)).collect(),
        Some(_) => Err("declares inputs or outputs that are no mapping".to_owned()),
    }
}

fn port(name: &str, value: &Value) -> Result<Port, String> {
    let Some(ty) = value.get("type").and_then(Value::as_str) else {
        return Err(format!("gives no type for `{name}`"));
    };
    let choices = value.get("enum").and_then(Value::as_array).into_iter().flatten();
    Ok(Port {
        name: name.to_owned(),
        ty: ty.to_lowercase(),
        description: value.get("description").and_then(Value::as_str).map(str::to_owned),
        optional: value.get("optional").and_then(Value::as_bool).unwrap_or(false),
        default: value.get("default").and_then(text),
        min: number(value.get("min")),
        max: number(value.get("max")),
        choices: choices.filter_map(text).collect(),
    })
}

/// Bounds may be written as text.
fn number(value: Option<&Value>) -> Option<f64> {
    match value? {
        Value::String(text) => text.parse().ok(),
        other => other.as_f64(),
    }
}

/// A scalar as text shows it.
fn text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(flag) => Some(flag.to_string()),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::{Description, Port, read};

    #[test]
    fn inputs_and_outputs_are_read() {
        let text = "type: command\ninputs:\n  rate: {type: Number, default: 0.5, min: 0, max: '1'}\n  \
                    kind: {type: string, enum: [a, b], optional: true}\noutputs:\n  model: {type: mlflow_model}\n";
        let port = |name: &str, ty: &str| Port { name: name.into(), ty: ty.into(), ..Port::default() };
        let rate =
            Port { default: Some("0.5".into()), min: Some(0.0), max: Some(1.0), ..port("rate", "number") };
        let kind = Port { optional: true, choices: vec!["a".into(), "b".into()], ..port("kind", "string") };
        let expected = Description {
            kind: "command".into(),
            inputs: vec![rate, kind],
            outputs: vec![port("model", "mlflow_model")],
        };
        assert_eq!(read(text), Ok(expected));
    }

    #[test]
    fn what_is_no_component_is_told() {
        assert_eq!(read("- a\n"), Err("holds no component".into()));
        assert_eq!(read("name: x\n"), Err("holds no component: it has no `type`".into()));
        assert_eq!(read("type: command\ninputs: {a: 1}\n"), Err("gives no type for `a`".into()));
        let job =
            "$schema: https://azuremlschemas.azureedge.net/latest/commandJob.schema.json\ntype: command\n";
        assert_eq!(read(job), Err("holds a job, not a component".into()));
        assert!(read("a: [").unwrap_err().starts_with("is no YAML: "));
    }
}
