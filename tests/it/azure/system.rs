//! A project of Azure DevOps as its files describe it, and what runs of its pipelines execute.

use super::document::{Body, Pipeline};
use super::node::{Node, Read};
use super::setup::{Files, Organization};
use super::{expression, read};
use serde_json::Value;
use std::collections::BTreeMap;
use std::path::Path;
use std::rc::Rc;

pub struct System {
    pub(super) organization: Organization,
    /// What runs of a pipeline execute, where that does not depend on parameters.
    pub(super) bodies: Vec<Option<Rc<Body>>>,
}

impl System {
    /// Reads an output folder: the one that holds `azure-pipelines`.
    pub fn read(folder: &Path) -> Read<System> {
        let mut files = Files::new();
        let mut open = vec![folder.join("azure-pipelines")];
        while let Some(path) = open.pop() {
            for entry in std::fs::read_dir(&path).map_err(|it| format!("{}: {it}", path.display()))?.flatten()
            {
                let path = entry.path();
                if path.is_dir() {
                    open.push(path);
                } else if let (Ok(text), Ok(inside)) =
                    (std::fs::read_to_string(&path), path.strip_prefix(folder))
                {
                    files.insert(inside.to_string_lossy().into_owned(), text);
                }
            }
        }
        System::of(&files)
    }

    /// The same from memory; paths begin with `azure-pipelines/`.
    pub fn of(files: &Files) -> Read<System> {
        let organization = Organization::read(files)?;
        let mut bodies = Vec::new();
        for pipeline in &organization.pipelines {
            organization.check_sources(pipeline)?;
            let fixed = !pipeline.body.to_string().contains("${{");
            let body = Rc::new(pipeline.body(&BTreeMap::new())?);
            organization.check_uses(pipeline, &body)?;
            bodies.push(fixed.then_some(body));
        }
        Ok(System { organization, bodies })
    }

    /// Names of the files, without ending.
    pub fn pipelines(&self) -> Vec<&str> {
        self.organization.pipelines.iter().map(Pipeline::stem).collect()
    }
}

impl Pipeline {
    pub fn stem(&self) -> &str {
        let file = self.file.rsplit('/').next().unwrap_or_default();
        file.trim_end_matches(".yml")
    }

    /// Whether a name means it: its path, its name, its file.
    pub fn is(&self, name: &str) -> bool {
        let same = |own: &str| own.eq_ignore_ascii_case(name.trim_start_matches('\\'));
        same(self.path.trim_start_matches('\\')) || same(&self.name) || same(self.stem())
    }

    /// The stages with these parameters; those that are missing are empty.
    pub fn body(&self, parameters: &BTreeMap<String, String>) -> Read<Body> {
        let mut body = self.body.clone();
        expand(&mut body, &Given { pipeline: self, parameters })?;
        read::body(&Node::root(&body, &self.file))
    }
}

/// `${{ }}`: sees parameters only.
struct Given<'g> {
    pipeline: &'g Pipeline,
    parameters: &'g BTreeMap<String, String>,
}

impl expression::Scope for Given<'_> {
    fn named(&self, path: &[String]) -> Read<expression::Value> {
        let [parameters, name] = path else { return Err(format!("`{}` is not known", path.join("."))) };
        let found = self.pipeline.parameters.iter().find(|it| it.name == *name);
        let Some(parameter) = found.filter(|_| parameters == "parameters") else {
            return Err(format!("`{}` is no parameter", path.join(".")));
        };
        let value = self.parameters.get(name).or(parameter.default.as_ref()).cloned().unwrap_or_default();
        Ok(if parameter.boolean {
            expression::Value::Bool(value.eq_ignore_ascii_case("true"))
        } else {
            expression::Value::Text(value)
        })
    }

    fn status(&self, function: &str, _: &[String]) -> Read<bool> {
        Err(format!("`{function}` is not known while a file is expanded"))
    }
}

fn expand(value: &mut Value, given: &Given) -> Read<()> {
    match value {
        Value::String(text) if text.contains("${{") => *text = expand_text(text, given)?,
        Value::Array(items) => items.iter_mut().try_for_each(|it| expand(it, given))?,
        Value::Object(map) => {
            if let Some(key) = map.keys().find(|it| it.contains("${{")) {
                return Err(format!("`{key}`: expressions in keys are not understood"));
            }
            map.values_mut().try_for_each(|it| expand(it, given))?;
        }
        _ => {}
    }
    Ok(())
}

fn expand_text(text: &str, given: &Given) -> Read<String> {
    let mut parts = text.split("${{");
    let mut expanded = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (inside, behind) =
            part.split_once("}}").ok_or_else(|| format!("`{text}`: `${{{{` stays open"))?;
        expanded += &expression::evaluate(inside, given)?.text();
        expanded += behind;
    }
    Ok(expanded)
}
