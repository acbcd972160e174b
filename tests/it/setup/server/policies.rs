//! Branch policies: build validation.

use super::http::{Request, Response};
use super::state::{State, WHEN, bad, by_id, object, only, refusal, same, somebody, text};
use serde_json::{Value, json};

const BUILD: &str = "0609b952-1397-4640-95ec-e00a01b2c241";

impl State {
    pub fn policies(&self, request: &Request) -> Result<Response, Response> {
        let kind = request.query("policyType");
        let found = self.policies.iter().filter(|it| kind.is_none_or(|kind| same(&it["type"]["id"], kind)));
        let found: Vec<Value> = found.cloned().collect();
        self.page(request, &found)
    }

    pub fn add_policy(&mut self, body: &Value) -> Result<Response, Response> {
        let id = self.take_id();
        let policy = self.policy(id, body)?;
        self.policies.push(policy.clone());
        Ok(Response::json(200, &policy))
    }

    pub fn change_policy(&mut self, id: &str, body: &Value) -> Result<Response, Response> {
        let at = self.find_policy(id)?;
        let policy = self.policy(self.policies[at]["id"].as_i64().unwrap_or_default(), body)?;
        self.policies[at] = policy.clone();
        Ok(Response::json(200, &policy))
    }

    pub fn remove_policy(&mut self, id: &str) -> Result<Response, Response> {
        let at = self.find_policy(id)?;
        self.policies.remove(at);
        Ok(Response::empty(204))
    }

    fn find_policy(&self, id: &str) -> Result<usize, Response> {
        let message = format!("TF402463: The policy configuration {id} does not exist.");
        by_id(&self.policies, id)
            .ok_or_else(|| refusal(404, "PolicyConfigurationNotFoundException", &message))
    }

    fn policy(&self, id: i64, body: &Value) -> Result<Value, Response> {
        only(object(body, "configuration")?, &["isEnabled", "isBlocking", "type", "settings"])?;
        if !body["isEnabled"].is_boolean() || !body["isBlocking"].is_boolean() {
            return Err(bad("isEnabled and isBlocking are needed."));
        }
        if !same(&body["type"]["id"], BUILD) {
            return Err(refusal(404, "PolicyTypeNotFoundException", "The policy type is not known."));
        }
        self.require_build(&body["settings"])?;
        Ok(json!({
            "id": id, "revision": 1, "createdBy": somebody(), "createdDate": WHEN, "isDeleted": false,
            "isEnabled": body["isEnabled"], "isBlocking": body["isBlocking"],
            "type": { "id": BUILD, "displayName": "Build" }, "settings": body["settings"],
        }))
    }

    fn require_build(&self, settings: &Value) -> Result<(), Response> {
        let known = [
            "buildDefinitionId",
            "displayName",
            "queueOnSourceUpdateOnly",
            "manualQueueOnly",
            "validDuration",
            "filenamePatterns",
            "scope",
        ];
        only(object(settings, "settings")?, &known)?;
        if !self.definitions.iter().any(|it| it["id"] == settings["buildDefinitionId"]) {
            return Err(bad("The build definition of the policy does not exist."));
        }
        if !settings["queueOnSourceUpdateOnly"].is_boolean()
            || !settings["manualQueueOnly"].is_boolean()
            || !settings["validDuration"].is_number()
        {
            return Err(bad("The policy's settings are not whole."));
        }
        let scope = settings["scope"].as_array().filter(|it| !it.is_empty());
        for part in scope.ok_or_else(|| bad("The policy needs a scope."))? {
            only(object(part, "scope")?, &["repositoryId", "refName", "matchKind"])?;
            let repository = text(&part["repositoryId"], "repositoryId")?;
            if !self.repositories.iter().any(|it| same(&it["id"], repository)) {
                return Err(bad("The repository of the policy does not exist."));
            }
            if !text(&part["refName"], "refName")?.starts_with("refs/heads/") {
                return Err(bad("The branch is written with refs/heads/."));
            }
            if !matches!(text(&part["matchKind"], "matchKind")?.to_lowercase().as_str(), "exact" | "prefix") {
                return Err(bad("The match kind is not known."));
            }
        }
        Ok(())
    }
}
