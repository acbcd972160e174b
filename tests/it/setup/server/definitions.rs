//! Pipelines, which the interface calls build definitions.

use super::http::{Request, Response};
use super::state::{State, WHEN, bad, by_id, object, only, refusal, same, somebody, text};
use serde_json::{Map, Value, json};

/// What a definition can have, read or written.
const KNOWN: &[&str] = &[
    "_links",
    "authoredBy",
    "badgeEnabled",
    "buildNumberFormat",
    "comment",
    "createdDate",
    "demands",
    "description",
    "draftOf",
    "drafts",
    "dropLocation",
    "id",
    "jobAuthorizationScope",
    "jobCancelTimeoutInMinutes",
    "jobTimeoutInMinutes",
    "latestBuild",
    "latestCompletedBuild",
    "metrics",
    "name",
    "options",
    "path",
    "process",
    "processParameters",
    "project",
    "properties",
    "quality",
    "queue",
    "queueStatus",
    "repository",
    "retentionRules",
    "revision",
    "tags",
    "triggers",
    "type",
    "uri",
    "url",
    "variableGroups",
    "variables",
];

/// What a list shows without `includeAllProperties`.
const SHALLOW: &[&str] = &[
    "id",
    "name",
    "path",
    "type",
    "queueStatus",
    "revision",
    "uri",
    "url",
    "project",
    "quality",
    "createdDate",
];

impl State {
    pub fn definitions(&self, request: &Request) -> Result<Response, Response> {
        let full = request.query("includeAllProperties") == Some("true");
        let repository = request.query("repositoryId");
        if repository.is_some() && request.query("repositoryType").is_none() {
            return Err(bad("A repository type is needed beside the repository's id."));
        }
        let found = self
            .definitions
            .iter()
            .filter(|it| repository.is_none_or(|id| same(&it["repository"]["id"], id)));
        let shown: Vec<Value> = found.map(|it| if full { it.clone() } else { shallow(it) }).collect();
        self.page(request, &shown)
    }

    pub fn definition(&self, id: &str) -> Result<Response, Response> {
        Ok(Response::json(200, &self.definitions[self.find_definition(id)?]))
    }

    pub fn add_definition(&mut self, body: &Value) -> Result<Response, Response> {
        self.require_definition(body)?;
        let path = folder(body);
        self.require_free(&body["name"], &path, None)?;
        let id = self.take_id();
        let mut definition = body.clone();
        let made = json!({
            "id": id, "revision": 1, "path": path, "uri": format!("vstfs:///Build/Definition/{id}"),
            "createdDate": WHEN, "authoredBy": somebody(), "quality": "definition", "drafts": [],
            "jobAuthorizationScope": "projectCollection", "jobTimeoutInMinutes": 60, "jobCancelTimeoutInMinutes": 5,
            "project": { "id": self.project_id, "name": self.project },
        });
        merge(&mut definition, &made);
        self.definitions.push(definition.clone());
        Ok(Response::json(200, &definition))
    }

    pub fn change_definition(&mut self, id: &str, body: &Value) -> Result<Response, Response> {
        let at = self.find_definition(id)?;
        self.require_definition(body)?;
        let old = &self.definitions[at];
        if body["id"] != old["id"] {
            return Err(bad("The definition's id is not that of the address."));
        }
        if body["revision"] != old["revision"] {
            let message = format!(
                "Definition {id} was changed by somebody else: revision {} is old.",
                body["revision"]
            );
            return Err(refusal(409, "DefinitionRevisionConflictException", &message));
        }
        self.require_free(&body["name"], &folder(body), Some(at))?;
        let revision = self.definitions[at]["revision"].as_i64().unwrap_or(0) + 1;
        self.definitions[at] = body.clone();
        self.definitions[at]["revision"] = json!(revision);
        Ok(Response::json(200, &self.definitions[at]))
    }

    pub fn remove_definition(&mut self, id: &str) -> Result<Response, Response> {
        let at = self.find_definition(id)?;
        let removed = self.definitions.remove(at)["id"].clone();
        for permission in &mut self.permissions {
            if let Some(pipelines) = permission["pipelines"].as_array_mut() {
                pipelines.retain(|it| it["id"] != removed);
            }
        }
        Ok(Response::empty(204))
    }

    fn find_definition(&self, id: &str) -> Result<usize, Response> {
        let message = format!("The definition with id {id} does not exist.");
        by_id(&self.definitions, id).ok_or_else(|| refusal(404, "DefinitionNotFoundException", &message))
    }

    fn require_free(&self, name: &Value, path: &str, own: Option<usize>) -> Result<(), Response> {
        let name = text(name, "name")?;
        let taken =
            |(at, it): (usize, &Value)| Some(at) != own && same(&it["name"], name) && same(&it["path"], path);
        if self.definitions.iter().enumerate().any(taken) {
            let message = format!("A definition named {name} already exists in the folder {path}.");
            return Err(refusal(409, "DefinitionExistsException", &message));
        }
        Ok(())
    }

    fn require_definition(&self, body: &Value) -> Result<(), Response> {
        only(object(body, "definition")?, KNOWN)?;
        text(&body["name"], "name")?;
        if body["type"] != "build" || body["process"]["type"] != 2 {
            return Err(bad("Only YAML definitions can be written here."));
        }
        only(object(&body["process"], "process")?, &["type", "yamlFilename", "resources"])?;
        text(&body["process"]["yamlFilename"], "process.yamlFilename")?;
        if !matches!(body["queueStatus"].as_str(), None | Some("enabled" | "paused" | "disabled")) {
            return Err(bad("The queue status is not known."));
        }
        self.require_home(&body["repository"])?;
        for trigger in body["triggers"].as_array().into_iter().flatten() {
            let known = ["continuousIntegration", "pullRequest", "schedule", "buildCompletion"];
            if !known.contains(&text(&trigger["triggerType"], "triggerType")?) {
                return Err(bad("The trigger type is not known."));
            }
        }
        Ok(())
    }

    fn require_home(&self, repository: &Value) -> Result<(), Response> {
        let known = [
            "id",
            "type",
            "name",
            "url",
            "defaultBranch",
            "clean",
            "checkoutSubmodules",
            "properties",
            "rootFolder",
        ];
        only(object(repository, "repository")?, &known)?;
        let id = text(&repository["id"], "repository.id")?;
        text(&repository["defaultBranch"], "repository.defaultBranch")?;
        match repository["type"].as_str() {
            Some("TfsGit") if self.repositories.iter().any(|it| same(&it["id"], id)) => Ok(()),
            Some("TfsGit") => {
                let message =
                    format!("TF401019: The Git repository with name or identifier {id} does not exist.");
                Err(refusal(404, "GitRepositoryNotFoundException", &message))
            }
            Some("GitHub" | "Bitbucket") => {
                let connection = text(&repository["properties"]["connectedServiceId"], "connectedServiceId")?;
                let known = self.connections.iter().any(|it| same(&it["id"], connection));
                if known {
                    Ok(())
                } else {
                    Err(bad("The service connection of the repository is not known."))
                }
            }
            _ => Err(bad("The repository type is not supported.")),
        }
    }
}

/// The folder as it is kept.
fn folder(body: &Value) -> String {
    let path = body["path"].as_str().unwrap_or_default();
    format!("\\{}", path.trim_start_matches('\\'))
}

fn shallow(definition: &Value) -> Value {
    let members = definition.as_object().into_iter().flatten();
    let shown = members.filter(|it| SHALLOW.contains(&it.0.as_str()));
    Value::Object(shown.map(|(key, value)| (key.clone(), value.clone())).collect::<Map<_, _>>())
}

fn merge(into: &mut Value, from: &Value) {
    for (key, value) in from.as_object().into_iter().flatten() {
        into[key] = value.clone();
    }
}
