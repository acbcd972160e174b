//! Environments.

use super::http::Response;
use super::state::{State, WHEN, by_id, object, only, refusal, same, somebody, text};
use serde_json::{Value, json};

impl State {
    pub fn add_environment(&mut self, body: &Value) -> Result<Response, Response> {
        only(object(body, "environment")?, &["name", "description"])?;
        let name = text(&body["name"], "name")?;
        if self.environments.iter().any(|it| same(&it["name"], name)) {
            let message = format!("Environment with name {name} already exists in the project.");
            return Err(refusal(409, "EnvironmentExistsException", &message));
        }
        let environment = json!({
            "id": self.take_id(), "name": name, "description": body["description"], "createdBy": somebody(),
            "createdOn": WHEN, "lastModifiedBy": somebody(), "lastModifiedOn": WHEN, "resources": [],
            "project": { "id": self.project_id, "name": self.project },
        });
        self.environments.push(environment.clone());
        Ok(Response::json(200, &environment))
    }

    pub fn change_environment(&mut self, id: &str, body: &Value) -> Result<Response, Response> {
        only(object(body, "environment")?, &["name", "description"])?;
        let at = self.environment(id)?;
        for key in ["name", "description"] {
            if let Some(value) = body.get(key) {
                self.environments[at][key] = value.clone();
            }
        }
        Ok(Response::json(200, &self.environments[at]))
    }

    pub fn remove_environment(&mut self, id: &str) -> Result<Response, Response> {
        let at = self.environment(id)?;
        self.environments.remove(at);
        let on_it = |it: &Value| it["resource"]["type"] == "environment" && same(&it["resource"]["id"], id);
        self.checks.retain(|it| !on_it(it));
        self.permissions.retain(|it| !on_it(it));
        Ok(Response::empty(204))
    }

    fn environment(&self, id: &str) -> Result<usize, Response> {
        let message = format!("Environment with ID {id} does not exist.");
        by_id(&self.environments, id).ok_or_else(|| refusal(404, "EnvironmentNotFoundException", &message))
    }
}
