//! Variable groups.

use super::http::{Request, Response};
use super::state::{State, WHEN, bad, by_id, object, only, refusal, same, somebody, text};
use serde_json::{Map, Value, json};

const KNOWN: &[&str] =
    &["name", "type", "description", "variables", "variableGroupProjectReferences", "providerData"];

impl State {
    pub fn groups(&self, request: &Request) -> Result<Response, Response> {
        let shown: Vec<Value> = self.groups.iter().map(without_secrets).collect();
        self.page(request, &shown)
    }

    pub fn add_group(&mut self, body: &Value) -> Result<Response, Response> {
        let name = self.require_group(body)?;
        if self.groups.iter().any(|it| same(&it["name"], &name)) {
            let message = format!("Variable group with name '{name}' already exists.");
            return Err(refusal(409, "VariableGroupExistsException", &message));
        }
        let id = self.take_id();
        let group = kept(id, body, &Map::new())?;
        self.groups.push(group.clone());
        Ok(Response::json(200, &without_secrets(&group)))
    }

    pub fn change_group(&mut self, id: &str, body: &Value) -> Result<Response, Response> {
        let Some(at) = by_id(&self.groups, id) else {
            let message = format!("Variable group {id} not found.");
            return Err(refusal(404, "VariableGroupNotFoundException", &message));
        };
        self.require_group(body)?;
        let old = self.groups[at]["variables"].as_object().cloned().unwrap_or_default();
        let group = kept(self.groups[at]["id"].as_i64().unwrap_or_default(), body, &old)?;
        self.groups[at] = group.clone();
        Ok(Response::json(200, &without_secrets(&group)))
    }

    fn require_group(&self, body: &Value) -> Result<String, Response> {
        only(object(body, "group")?, KNOWN)?;
        let name = text(&body["name"], "name")?;
        if !matches!(body["type"].as_str(), Some("Vsts" | "AzureKeyVault")) {
            return Err(bad("The type of the variable group is not known."));
        }
        let references = body["variableGroupProjectReferences"].as_array().filter(|it| !it.is_empty());
        let Some(references) = references else {
            return Err(bad("Variable group project references cannot be null or empty."));
        };
        for reference in references {
            only(object(reference, "reference")?, &["name", "description", "projectReference"])?;
            text(&reference["name"], "variableGroupProjectReferences.name")?;
            let project = object(&reference["projectReference"], "projectReference")?;
            only(project, &["id", "name"])?;
            let known = same(&reference["projectReference"]["id"], &self.project_id)
                || same(&reference["projectReference"]["name"], &self.project);
            if !known {
                return Err(bad("The project reference is of no project."));
            }
        }
        Ok(name.to_owned())
    }
}

/// The group as it is kept; a secret without value keeps the one that it had.
fn kept(id: i64, body: &Value, old: &Map<String, Value>) -> Result<Value, Response> {
    let variables = object(&body["variables"], "variables")?;
    if variables.is_empty() {
        return Err(bad("A variable group must have at least one variable."));
    }
    let mut all = Map::new();
    for (name, variable) in variables {
        only(object(variable, name)?, &["value", "isSecret", "isReadOnly"])?;
        let secret = variable["isSecret"] == true;
        let value = match &variable["value"] {
            Value::Null if secret && old.get(name).is_some_and(|it| it["isSecret"] == true) => {
                old[name]["value"].clone()
            }
            Value::String(value) => json!(value),
            _ => return Err(bad(&format!("The value of the variable {name} must be a text."))),
        };
        let variable =
            if secret { json!({ "isSecret": true, "value": value }) } else { json!({ "value": value }) };
        all.insert(name.clone(), variable);
    }
    Ok(json!({
        "id": id, "name": body["name"], "type": body["type"], "description": body["description"],
        "isShared": false, "createdBy": somebody(), "createdOn": WHEN, "modifiedBy": somebody(), "modifiedOn": WHEN,
        "variables": all, "variableGroupProjectReferences": body["variableGroupProjectReferences"],
    }))
}

/// Nobody gets a secret back.
fn without_secrets(group: &Value) -> Value {
    let mut group = group.clone();
    for variable in group["variables"].as_object_mut().into_iter().flat_map(Map::values_mut) {
        if variable["isSecret"] == true {
            variable["value"] = Value::Null;
        }
    }
    group
}
