//! What the organization holds, and which request means what.

use super::http::{Request, Response};
use serde_json::{Map, Value, json};

/// What every answer dates from.
pub const WHEN: &str = "2026-11-21T12:00:00Z";

#[derive(Clone)]
pub struct State {
    pub project: String,
    pub project_id: String,
    /// Name and id of other projects, which have repositories only.
    pub others: Vec<(String, String)>,
    /// Items on one page of the lists that have pages.
    pub page: usize,
    pub identities: Vec<Value>,
    pub repositories: Vec<Value>,
    pub connections: Vec<Value>,
    pub queues: Vec<Value>,
    pub groups: Vec<Value>,
    pub environments: Vec<Value>,
    pub checks: Vec<Value>,
    pub definitions: Vec<Value>,
    pub permissions: Vec<Value>,
    pub policies: Vec<Value>,
    /// A bearer token that is accepted too.
    pub bearer: Option<String>,
    /// The id that the next thing gets.
    pub next: i64,
}

impl Default for State {
    fn default() -> State {
        State {
            project: "Shop".to_owned(),
            project_id: guid(1),
            others: Vec::new(),
            page: 100,
            identities: Vec::new(),
            repositories: Vec::new(),
            connections: Vec::new(),
            queues: Vec::new(),
            groups: Vec::new(),
            environments: Vec::new(),
            checks: Vec::new(),
            definitions: Vec::new(),
            permissions: Vec::new(),
            policies: Vec::new(),
            bearer: None,
            next: 11,
        }
    }
}

/// A GUID that is easy to tell.
pub fn guid(number: usize) -> String {
    format!("5e7a0000-0000-4000-8000-{number:012x}")
}

/// An error as the service words it.
pub fn refusal(status: u16, key: &str, message: &str) -> Response {
    let body = json!({
        "$id": "1", "innerException": null, "message": message, "typeName": format!("Test.{key}, Test"),
        "typeKey": key, "errorCode": 0, "eventId": 3000,
    });
    Response::json(status, &body)
}

pub fn bad(message: &str) -> Response {
    refusal(400, "VssPropertyValidationException", message)
}

/// The members of a body must be among these.
pub fn only(body: &Map<String, Value>, known: &[&str]) -> Result<(), Response> {
    match body.keys().find(|it| !known.contains(&it.as_str())) {
        Some(key) => Err(bad(&format!("Could not find member '{key}'."))),
        None => Ok(()),
    }
}

pub fn object<'v>(value: &'v Value, what: &str) -> Result<&'v Map<String, Value>, Response> {
    value.as_object().ok_or_else(|| bad(&format!("Value cannot be null. Parameter name: {what}")))
}

pub fn text<'v>(value: &'v Value, what: &str) -> Result<&'v str, Response> {
    let text = value.as_str().filter(|it| !it.is_empty());
    text.ok_or_else(|| bad(&format!("Value cannot be null or empty. Parameter name: {what}")))
}

pub fn same(one: &Value, other: &str) -> bool {
    one.as_str().is_some_and(|it| it.to_lowercase() == other.to_lowercase())
}

/// A list in one answer.
pub fn list(values: &[Value]) -> Response {
    Response::json(200, &json!({ "count": values.len(), "value": values }))
}

/// Who made things.
pub fn somebody() -> Value {
    json!({ "id": guid(999), "displayName": "The token's owner" })
}

impl State {
    pub fn route(&mut self, request: &Request) -> Response {
        let version = request.query("api-version");
        if version.is_none() && request.writes() {
            return refusal(
                400,
                "VssVersionNotSpecifiedException",
                "No api-version was supplied for the request.",
            );
        }
        let path: Vec<&str> = request.path.iter().map(String::as_str).collect();
        let preview = path.contains(&"checks") || path.contains(&"pipelinePermissions");
        if preview && version.is_none_or(|it| !it.contains("-preview")) {
            let message = "The -preview flag must be supplied in the api-version for such requests.";
            return refusal(400, "VssInvalidPreviewVersionException", message);
        }
        let result = match path.as_slice() {
            ["_apis", rest @ ..] => self.of_organization(request, rest),
            [project, "_apis", "git", "repositories"] if self.other(project).is_some() => {
                Ok(self.repositories_of(self.other(project).unwrap_or_default()))
            }
            [project, "_apis", rest @ ..] => match self.require_project(project) {
                Ok(()) => self.of_project(request, rest),
                Err(response) => Err(response),
            },
            _ => Err(Response::html(404, "<html><body>Page not found</body></html>")),
        };
        result.unwrap_or_else(|it| it)
    }

    /// The id of another project.
    fn other(&self, name: &str) -> Option<&str> {
        let found = self.others.iter().find(|it| it.0.eq_ignore_ascii_case(name));
        found.map(|it| it.1.as_str())
    }

    fn require_project(&self, name: &str) -> Result<(), Response> {
        if name.eq_ignore_ascii_case(&self.project) || name == self.project_id {
            return Ok(());
        }
        let message = format!("TF200016: The following project does not exist: {name}.");
        Err(refusal(404, "ProjectDoesNotExistWithNameException", &message))
    }

    fn of_organization(&mut self, request: &Request, path: &[&str]) -> Result<Response, Response> {
        match (request.method.as_str(), path) {
            ("GET", ["projects", name]) => {
                self.require_project(name)?;
                let body = json!({ "id": self.project_id, "name": self.project, "state": "wellFormed" });
                Ok(Response::json(200, &body))
            }
            ("GET", ["identities"]) => self.find_identities(request),
            ("POST", ["distributedtask", "variablegroups"]) => self.add_group(&body(request)?),
            ("PUT", ["distributedtask", "variablegroups", id]) => self.change_group(id, &body(request)?),
            _ => Err(unknown(request)),
        }
    }

    fn of_project(&mut self, request: &Request, path: &[&str]) -> Result<Response, Response> {
        match (request.method.as_str(), path) {
            ("GET", ["distributedtask", "variablegroups"]) => self.groups(request),
            ("GET", ["distributedtask", "queues"]) => Ok(list(&self.queues)),
            ("GET", ["serviceendpoint", "endpoints"]) => Ok(list(&self.connections)),
            ("GET", ["git", "repositories"]) => Ok(self.repositories_of(&self.project_id)),
            ("GET", ["pipelines", "environments"]) => self.page(request, &self.environments),
            ("POST", ["pipelines", "environments"]) => self.add_environment(&body(request)?),
            ("PATCH", ["pipelines", "environments", id]) => self.change_environment(id, &body(request)?),
            ("DELETE", ["pipelines", "environments", id]) => self.remove_environment(id),
            ("GET", ["pipelines", "checks", "configurations"]) => self.checks_on(request),
            ("POST", ["pipelines", "checks", "configurations"]) => self.add_check(&body(request)?),
            ("PATCH", ["pipelines", "checks", "configurations", id]) => {
                self.change_check(id, &body(request)?)
            }
            ("DELETE", ["pipelines", "checks", "configurations", id]) => self.remove_check(id),
            ("GET", ["pipelines", "pipelinePermissions", kind, id]) => self.permissions_of(kind, id),
            ("PATCH", ["pipelines", "pipelinePermissions", kind, id]) => {
                self.permit(kind, id, &body(request)?)
            }
            ("GET", ["build", "definitions"]) => self.definitions(request),
            ("GET", ["build", "definitions", id]) => self.definition(id),
            ("POST", ["build", "definitions"]) => self.add_definition(&body(request)?),
            ("PUT", ["build", "definitions", id]) => self.change_definition(id, &body(request)?),
            ("DELETE", ["build", "definitions", id]) => self.remove_definition(id),
            ("GET", ["policy", "configurations"]) => self.policies(request),
            ("POST", ["policy", "configurations"]) => self.add_policy(&body(request)?),
            ("PUT", ["policy", "configurations", id]) => self.change_policy(id, &body(request)?),
            ("DELETE", ["policy", "configurations", id]) => self.remove_policy(id),
            _ => Err(unknown(request)),
        }
    }

    pub fn take_id(&mut self) -> i64 {
        self.next += 1;
        self.next
    }

    /// One page of a list; the token is the number of the first item.
    pub fn page(&self, request: &Request, values: &[Value]) -> Result<Response, Response> {
        let first = match request.query("continuationToken") {
            Some(token) => token.parse().map_err(|_| bad("The continuation token is not valid."))?,
            None => 0,
        };
        let last = values.len().min(first + self.page);
        let response = list(values.get(first..last).unwrap_or_default());
        Ok(if last < values.len() { response.with("x-ms-continuationtoken", &last) } else { response })
    }

    pub fn all(&self) -> Value {
        json!({
            "groups": self.groups, "environments": self.environments, "checks": self.checks,
            "definitions": self.definitions, "permissions": self.permissions, "policies": self.policies,
        })
    }
}

fn body(request: &Request) -> Result<Value, Response> {
    if request.header("content-type").is_none_or(|it| !it.starts_with("application/json")) {
        return Err(refusal(
            415,
            "UnsupportedMediaTypeException",
            "The request's media type is not supported.",
        ));
    }
    request.json().filter(Value::is_object).ok_or_else(|| bad("The request body is not JSON."))
}

fn unknown(request: &Request) -> Response {
    let message = format!("The controller for path '{}' was not found.", request.target);
    refusal(404, "VssResourceNotFoundException", &message)
}

/// The item with this id in its `id`.
pub fn by_id(values: &[Value], id: &str) -> Option<usize> {
    let number: i64 = id.parse().ok()?;
    values.iter().position(|it| it["id"] == number)
}
