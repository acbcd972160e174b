//! Approvals and checks.

use super::http::{Request, Response};
use super::state::{State, WHEN, bad, by_id, object, only, refusal, same, somebody, text};
use serde_json::{Value, json};

const APPROVAL: &str = "8c6f20a7-a545-4486-9777-f762fafe0d4d";
const TASK: &str = "fe1de3ee-a436-41b4-bb20-f6eb4cb879a7";
const EXTENDS: &str = "4020e66e-b0f3-47e1-bc88-48f3cc59b5f3";
const LOCK: &str = "2ef31ad6-baa0-403a-8b45-2cbc9b4e5563";

/// Branch control, business hours, REST interface, Azure Function: ids and required inputs.
const TASKS: &[(&str, &[&str])] = &[
    ("86b05a0c-73e6-4f7d-b3cf-e38f3b39a75b", &["allowedBranches", "ensureProtectionOfBranch"]),
    ("445fde2f-6c39-441c-807f-8a59ff2e075f", &["businessDays", "startTime", "endTime", "timeZone"]),
    (
        "9c3e8943-130d-4c78-ac63-8af81df62dfb",
        &["connectedServiceNameSelector", "method", "waitForCompletion"],
    ),
    ("537fdb7a-a601-4537-aa70-92645a2b5ce4", &["function", "method", "waitForCompletion"]),
];

impl State {
    pub fn checks_on(&self, request: &Request) -> Result<Response, Response> {
        let kind = request.query("resourceType").ok_or_else(|| bad("resourceType"))?;
        let id = request.query("resourceId").ok_or_else(|| bad("resourceId"))?;
        let settings = request.query("$expand") == Some("settings");
        let found = self
            .checks
            .iter()
            .filter(|it| same(&it["resource"]["type"], kind) && same(&it["resource"]["id"], id));
        let found: Vec<Value> = found
            .map(|it| {
                let mut check = it.clone();
                if !settings && let Some(check) = check.as_object_mut() {
                    check.remove("settings");
                }
                check
            })
            .collect();
        Ok(Response::json(200, &json!({ "count": found.len(), "value": found })))
    }

    pub fn add_check(&mut self, body: &Value) -> Result<Response, Response> {
        let mut check = self.check(body)?;
        check["id"] = json!(self.take_id());
        self.checks.push(check.clone());
        Ok(Response::json(200, &check))
    }

    pub fn change_check(&mut self, id: &str, body: &Value) -> Result<Response, Response> {
        let at = self.find_check(id)?;
        let mut check = self.check(body)?;
        check["id"] = self.checks[at]["id"].clone();
        if check["resource"]["id"] != self.checks[at]["resource"]["id"]
            || check["type"]["id"] != self.checks[at]["type"]["id"]
        {
            return Err(bad("Neither type nor resource of a check can be changed."));
        }
        self.checks[at] = check.clone();
        Ok(Response::json(200, &check))
    }

    pub fn remove_check(&mut self, id: &str) -> Result<Response, Response> {
        let at = self.find_check(id)?;
        self.checks.remove(at);
        Ok(Response::empty(204))
    }

    fn find_check(&self, id: &str) -> Result<usize, Response> {
        let message = format!("Check configuration with id {id} does not exist.");
        by_id(&self.checks, id).ok_or_else(|| refusal(404, "CheckConfigurationNotFoundException", &message))
    }

    /// The check as it is kept.
    fn check(&self, body: &Value) -> Result<Value, Response> {
        only(object(body, "configuration")?, &["id", "type", "settings", "resource", "timeout"])?;
        only(object(&body["type"], "type")?, &["id", "name"])?;
        only(object(&body["resource"], "resource")?, &["type", "id", "name"])?;
        self.require_resource(&body["resource"])?;
        if body.get("timeout").is_some_and(|it| it.as_i64().is_none_or(|it| !(1..=43200).contains(&it))) {
            return Err(bad("The timeout must be between 1 and 43200 minutes."));
        }
        let (name, settings) = match text(&body["type"]["id"], "type.id")? {
            APPROVAL => ("Approval", self.approval(&body["settings"])?),
            TASK => ("Task Check", task(&body["settings"])?),
            EXTENDS => ("ExtendsCheck", extends(&body["settings"])?),
            LOCK => ("ExclusiveLock", json!({})),
            other => {
                let message = format!("Check type {other} is not valid.");
                return Err(refusal(404, "InvalidCheckTypeException", &message));
            }
        };
        Ok(json!({
            "id": 0, "type": { "id": body["type"]["id"], "name": name }, "settings": settings,
            "resource": body["resource"], "timeout": body.get("timeout").cloned().unwrap_or(json!(43200)),
            "createdBy": somebody(), "createdOn": WHEN, "modifiedBy": somebody(), "modifiedOn": WHEN,
        }))
    }

    fn approval(&self, settings: &Value) -> Result<Value, Response> {
        let known = [
            "approvers",
            "blockedApprovers",
            "executionOrder",
            "instructions",
            "minRequiredApprovers",
            "requesterCannotBeApprover",
        ];
        only(object(settings, "settings")?, &known)?;
        let approvers = settings["approvers"].as_array().filter(|it| !it.is_empty());
        let approvers = approvers.ok_or_else(|| bad("At least one approver is needed."))?;
        let mut kept = Vec::new();
        for approver in approvers {
            let id = text(&approver["id"], "approvers.id")?;
            if kept.iter().any(|it: &Value| it["id"] == id) {
                return Err(bad(&format!("The approver {id} is named twice.")));
            }
            let identity =
                self.knows_identity(id).ok_or_else(|| bad(&format!("The identity {id} is not known.")))?;
            kept.push(json!({ "id": id, "displayName": identity["providerDisplayName"] }));
        }
        let minimum = settings["minRequiredApprovers"].as_u64().unwrap_or(0);
        if minimum > approvers.len() as u64 {
            return Err(bad("There are fewer approvers than are required."));
        }
        if !matches!(settings["executionOrder"].as_str(), None | Some("anyOrder" | "inSequence")) {
            return Err(bad("The execution order is not known."));
        }
        let mut settings = settings.clone();
        settings["approvers"] = json!(kept);
        settings["blockedApprovers"] = json!([]);
        Ok(settings)
    }
}

fn task(settings: &Value) -> Result<Value, Response> {
    let known = ["definitionRef", "displayName", "inputs", "retryInterval", "linkedVariableGroup"];
    only(object(settings, "settings")?, &known)?;
    text(&settings["displayName"], "displayName")?;
    let id = text(&settings["definitionRef"]["id"], "definitionRef.id")?;
    text(&settings["definitionRef"]["name"], "definitionRef.name")?;
    text(&settings["definitionRef"]["version"], "definitionRef.version")?;
    let Some((_, required)) = TASKS.iter().find(|it| it.0 == id) else {
        return Err(bad(&format!("The task {id} is not known.")));
    };
    let inputs = object(&settings["inputs"], "inputs")?;
    if let Some((name, _)) = inputs.iter().find(|it| !it.1.is_string()) {
        return Err(bad(&format!("The input {name} must be a text.")));
    }
    if let Some(name) = required.iter().find(|it| !inputs.contains_key(**it)) {
        return Err(bad(&format!("The input {name} is missing.")));
    }
    let branches = inputs.get("allowedBranches").and_then(Value::as_str).unwrap_or("*");
    if branches.split(',').any(|it| !it.trim().starts_with("refs/") && it.trim() != "*") {
        return Err(bad("Branches are written with refs/heads/."));
    }
    Ok(settings.clone())
}

fn extends(settings: &Value) -> Result<Value, Response> {
    only(object(settings, "settings")?, &["extendsChecks"])?;
    let checks = settings["extendsChecks"].as_array().filter(|it| !it.is_empty());
    for check in checks.ok_or_else(|| bad("extendsChecks must not be empty."))? {
        for key in ["repositoryType", "repositoryName", "repositoryRef", "templatePath"] {
            text(&check[key], key)?;
        }
    }
    Ok(settings.clone())
}
