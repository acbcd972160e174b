//! A Helm chart in a folder: what it is called, its own values, their schema, and which values its templates read.

mod actions;
mod reads;

pub use reads::Reads;

use crate::base::files::{FileKind, Files};
use serde_json::{Map, Value};

#[derive(Debug)]
pub struct Chart {
    /// What stands in its `values.yaml`.
    pub values: Map<String, Value>,
    /// What stands in its `values.schema.json`.
    pub schema: Option<Value>,
    pub reads: Reads,
}

/// Why Helm would refuse the chart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// The file, from the project's root.
    pub path: String,
    pub message: String,
}

/// Reads the chart in this folder of the project.
pub fn read(folder: &str, files: &dyn Files) -> Result<Chart, Fault> {
    let source = Source { files };
    let metadata = source.metadata(folder)?;
    let values = source.values(folder)?;
    let schema = match source.text(&format!("{folder}/values.schema.json"))? {
        None => None,
        Some(text) => Some(serde_json::from_str(&text).map_err(|error| Fault {
            path: format!("{folder}/values.schema.json"),
            message: format!("is no JSON: {error}"),
        })?),
    };
    let mut found = reads::Found::default();
    source.templates(folder, &metadata, &values, &mut found)?;
    Ok(Chart { values, schema, reads: found.finish() })
}

struct Source<'a> {
    files: &'a dyn Files,
}

impl Source<'_> {
    fn text(&self, path: &str) -> Result<Option<String>, Fault> {
        if self.files.kind(path) != Some(FileKind::File) {
            return Ok(None);
        }
        let fault = |message: String| Fault { path: path.to_owned(), message };
        let bytes = self.files.read(path).map_err(|it| fault(format!("cannot be read: {it}")))?;
        String::from_utf8(bytes).map(Some).map_err(|_| fault("is not UTF-8".to_owned()))
    }

    fn yaml(&self, path: &str) -> Result<Option<Map<String, Value>>, Fault> {
        let Some(text) = self.text(path)? else { return Ok(None) };
        let fault = |message: String| Fault { path: path.to_owned(), message };
        match serde_yaml::from_str::<Value>(&text) {
            Ok(Value::Object(map)) => Ok(Some(map)),
            Ok(Value::Null) => Ok(Some(Map::new())),
            Ok(_) => Err(fault("is no map".to_owned())),
            Err(error) => {
                let text = error.to_string();
                Err(fault(format!("is no YAML: {}", text.lines().next().unwrap_or("it does not parse"))))
            }
        }
    }

    fn values(&self, folder: &str) -> Result<Map<String, Value>, Fault> {
        Ok(self.yaml(&format!("{folder}/values.yaml"))?.unwrap_or_default())
    }

    /// `Chart.yaml`, with what Helm insists on.
    fn metadata(&self, folder: &str) -> Result<Map<String, Value>, Fault> {
        let path = format!("{folder}/Chart.yaml");
        let fault = |message: &str| Fault { path: path.clone(), message: message.to_owned() };
        let metadata = self.yaml(&path)?.ok_or_else(|| fault("is missing"))?;
        let text = |key: &str| metadata.get(key).and_then(Value::as_str).unwrap_or_default();
        if !matches!(text("apiVersion"), "v1" | "v2") {
            return Err(fault("has no `apiVersion: v2`"));
        }
        if text("name").is_empty() {
            return Err(fault("has no `name`"));
        }
        let core = text("version").trim_start_matches('v').split(['-', '+']).next().unwrap_or_default();
        let number = |it: &str| !it.is_empty() && it.chars().all(|it| it.is_ascii_digit());
        if !(1..=3).contains(&core.split('.').count()) || !core.split('.').all(number) {
            return Err(fault(
                "has no `version` such as `1.2.3`, in quotes where YAML would take it for a number",
            ));
        }
        Ok(metadata)
    }

    /// The reads of a chart and of the charts in it.
    fn templates(
        &self,
        folder: &str,
        metadata: &Map<String, Value>,
        values: &Map<String, Value>,
        found: &mut reads::Found,
    ) -> Result<(), Fault> {
        for path in self.below(&format!("{folder}/templates")) {
            if let Ok(Some(text)) = self.text(&path) {
                found.template(&text);
            }
        }
        // `tpl` makes templates of values.
        strings(values, &mut |text| found.template(text));
        let dependencies = metadata.get("dependencies").and_then(Value::as_array);
        for dependency in dependencies.into_iter().flatten() {
            let text = |key: &str| dependency[key].as_str();
            for condition in text("condition").into_iter().flat_map(|it| it.split(',')) {
                found.read(&condition.trim().split('.').collect::<Vec<_>>());
            }
            if let Some(name) = text("name") {
                let key = text("alias").unwrap_or(name);
                self.inner(&format!("{folder}/charts/{name}"), key, found)?;
            }
        }
        found.read(&["tags"]);
        found.read(&["global"]);
        for entry in self.files.list(&format!("{folder}/charts")) {
            let key = entry.trim_end_matches(".tgz");
            let end = key
                .char_indices()
                .find(|(at, it)| *it == '-' && key[at + 1..].starts_with(|it: char| it.is_ascii_digit()));
            let key = if entry.len() == key.len() { key } else { &key[..end.map_or(key.len(), |it| it.0)] };
            self.inner(&format!("{folder}/charts/{entry}"), key, found)?;
        }
        Ok(())
    }

    /// A chart inside: one that is packed, or not fetched yet, may read anything below its key.
    fn inner(&self, folder: &str, key: &str, found: &mut reads::Found) -> Result<(), Fault> {
        if self.files.kind(&format!("{folder}/Chart.yaml")) != Some(FileKind::File) {
            found.read(&[key]);
            return Ok(());
        }
        let metadata = self.metadata(folder)?;
        let mut inner = reads::Found::default();
        self.templates(folder, &metadata, &self.values(folder)?, &mut inner)?;
        found.graft(key, inner);
        Ok(())
    }

    fn below(&self, folder: &str) -> Vec<String> {
        let mut found = Vec::new();
        let mut folders = vec![folder.to_owned()];
        while let Some(folder) = folders.pop() {
            for entry in self.files.list(&folder) {
                let path = format!("{folder}/{entry}");
                match self.files.kind(&path) {
                    Some(FileKind::Folder) => folders.push(path),
                    Some(FileKind::File) => found.push(path),
                    None => {}
                }
            }
        }
        found.sort();
        found
    }
}

fn strings(values: &Map<String, Value>, each: &mut impl FnMut(&str)) {
    for value in values.values() {
        string(value, each);
    }
}

fn string(value: &Value, each: &mut impl FnMut(&str)) {
    match value {
        Value::String(text) if text.contains("{{") => each(text),
        Value::Array(items) => items.iter().for_each(|it| string(it, each)),
        Value::Object(map) => strings(map, each),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}
