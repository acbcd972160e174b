//! What flows through ML pipelines: every binding leads to something of a type that fits.

use super::files;
use crate::azure::Files;
use crate::examples;
use serde_json::Value;

pub fn holds(files: &Files) -> Result<(), String> {
    for (path, text) in files.iter().filter(|it| it.0.starts_with("azure-ml/pipelines/")) {
        let document: Value = serde_json::from_str(text).map_err(|it| format!("{path}: {it}"))?;
        for (name, job) in document["jobs"].as_object().into_iter().flatten() {
            for side in ["inputs", "outputs"] {
                for (port, value) in job[side].as_object().into_iter().flatten() {
                    let fits = bound(&document, files, (job, side, port), value);
                    fits.map_err(|it| format!("{path}: {name}.{side}.{port}: {it}"))?;
                }
            }
        }
    }
    Ok(())
}

fn bound(document: &Value, files: &Files, own: (&Value, &str, &str), value: &Value) -> Result<(), String> {
    let Some(text) = value.as_str().or_else(|| value["path"].as_str()) else { return Ok(()) };
    let Some(inside) = text.strip_prefix("${{").and_then(|it| it.strip_suffix("}}")) else {
        return if text.contains("${{") { Err(format!("`{text}` is only part of a value")) } else { Ok(()) };
    };
    let (source, other) = match inside.split('.').collect::<Vec<_>>().as_slice() {
        ["parent", "inputs", name] if own.1 == "inputs" => (&document["inputs"][name], None),
        ["parent", "outputs", name] if own.1 == "outputs" => (&document["outputs"][name], None),
        ["parent", "jobs", job, "outputs", name] if own.1 == "inputs" => {
            let job = &document["jobs"][job];
            (&job["outputs"][name], Some((job, "outputs", *name)))
        }
        _ => return Err(format!("`{text}` is no binding")),
    };
    if source.is_null() {
        return Err(format!("`{text}` leads to nothing"));
    }
    let from = ty(source).or_else(|| declared(files, other?));
    let to = ty(value).or_else(|| declared(files, own));
    match (from, to) {
        (Some(from), Some(to)) if from != to && !(to == "uri_folder" && from.ends_with("model")) => {
            Err(format!("`{text}` is {from}, not {to}"))
        }
        _ => Ok(()),
    }
}

fn ty(value: &Value) -> Option<String> {
    value["type"].as_str().map(str::to_owned)
}

/// The type that a component in a file declares.
fn declared(files: &Files, (job, side, port): (&Value, &str, &str)) -> Option<String> {
    let file = job["component"].as_str()?.rsplit('/').next()?;
    let component: Value = serde_json::from_str(files.get(&format!("azure-ml/components/{file}"))?).ok()?;
    let ty = ty(&component[side][port])?;
    // Constants of these types may be bound to any text.
    ty.contains('_').then_some(ty)
}

#[test]
fn azure_ml_bindings_lead_somewhere() {
    for example in examples::complete() {
        holds(&files(&example)).unwrap_or_else(|it| panic!("{example}: {it}"));
    }
}
