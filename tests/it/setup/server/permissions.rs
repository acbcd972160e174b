//! Which pipelines may use which resource.

use super::http::Response;
use super::state::{State, WHEN, bad, by_id, object, only, refusal, same, somebody, text};
use serde_json::{Value, json};

impl State {
    /// The resource must be there.
    pub fn require_resource(&self, resource: &Value) -> Result<(), Response> {
        let (kind, id) = (text(&resource["type"], "resource.type")?, text(&resource["id"], "resource.id")?);
        let guid = |values: &[Value]| values.iter().any(|it| same(&it["id"], id));
        let there = match kind {
            "environment" => by_id(&self.environments, id).is_some(),
            "variablegroup" => by_id(&self.groups, id).is_some(),
            "queue" => by_id(&self.queues, id).is_some(),
            "endpoint" => guid(&self.connections),
            // Its own project's id, whichever project the pipeline is in.
            "repository" => self.repositories.iter().any(|it| {
                let part = |value: &Value| value.as_str().unwrap_or_default().to_owned();
                format!("{}.{}", part(&it["project"]["id"]), part(&it["id"])) == id
            }),
            _ => return Err(bad(&format!("The resource type {kind} is not supported."))),
        };
        let message = format!("Resource of the type {kind} with the id {id} could not be found.");
        if there { Ok(()) } else { Err(refusal(404, "ResourceNotFoundException", &message)) }
    }

    pub fn permissions_of(&self, kind: &str, id: &str) -> Result<Response, Response> {
        let resource = json!({ "type": kind, "id": id });
        self.require_resource(&resource)?;
        let known = self.permission(kind, id).map(|at| self.permissions[at].clone());
        Ok(Response::json(200, &known.unwrap_or_else(|| json!({ "resource": resource, "pipelines": [] }))))
    }

    pub fn permit(&mut self, kind: &str, id: &str, body: &Value) -> Result<Response, Response> {
        only(object(body, "permissions")?, &["pipelines", "resource", "allPipelines"])?;
        let resource = json!({ "type": kind, "id": id });
        self.require_resource(&resource)?;
        if body.get("resource").is_some_and(|it| it["id"] != id || it["type"] != kind) {
            return Err(bad("The resource of the body is not that of the address."));
        }
        let asked = body["pipelines"].as_array().cloned().unwrap_or_default();
        for pipeline in &asked {
            only(object(pipeline, "pipeline")?, &["id", "authorized"])?;
            let known = self.definitions.iter().any(|it| it["id"] == pipeline["id"]);
            if !known {
                let message = format!("Pipeline with id {} could not be found.", pipeline["id"]);
                return Err(refusal(404, "PipelineNotFoundException", &message));
            }
        }
        let at = self.permission(kind, id).unwrap_or_else(|| {
            self.permissions.push(json!({ "resource": resource, "pipelines": [] }));
            self.permissions.len() - 1
        });
        let Some(pipelines) = self.permissions[at]["pipelines"].as_array_mut() else {
            return Err(bad("pipelines"));
        };
        for pipeline in asked {
            pipelines.retain(|it| it["id"] != pipeline["id"]);
            if pipeline["authorized"] == true {
                pipelines.push(json!({
                    "id": pipeline["id"], "authorized": true, "authorizedBy": somebody(), "authorizedOn": WHEN,
                }));
            }
        }
        Ok(Response::json(200, &self.permissions[at]))
    }

    fn permission(&self, kind: &str, id: &str) -> Option<usize> {
        self.permissions.iter().position(|it| it["resource"]["type"] == kind && it["resource"]["id"] == id)
    }
}
