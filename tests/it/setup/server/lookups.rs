//! What is only read: people and groups, repositories, connections, agent pools.

use super::http::{Request, Response};
use super::state::{State, bad, guid, list};
use serde_json::{Value, json};

impl State {
    pub fn add_identity(&mut self, display: &str, mail: &str, group: bool) -> String {
        let id = guid(100 + self.identities.len());
        let wrapped = |text: &str| json!({ "$type": "System.String", "$value": text });
        self.identities.push(json!({
            "id": id, "isActive": true, "isContainer": group, "providerDisplayName": display,
            "subjectDescriptor": format!("test.{}", self.identities.len()),
            "properties": { "Mail": wrapped(mail), "Account": wrapped(if mail.is_empty() { display } else { mail }) },
        }));
        id
    }

    pub fn add_repository(&mut self, name: &str) -> String {
        let id = guid(200 + self.repositories.len());
        self.repositories.push(json!({
            "id": id, "name": name, "defaultBranch": "refs/heads/main",
            "project": { "id": self.project_id, "name": self.project },
        }));
        id
    }

    /// A repository of another project of the organization.
    pub fn add_repository_of(&mut self, project: &str, name: &str) -> String {
        let id = self.add_repository(name);
        let of = guid(2 + self.others.len());
        self.repositories.last_mut().expect("it was added")["project"] = json!({ "id": of, "name": project });
        self.others.push((project.to_owned(), of));
        id
    }

    pub fn repositories_of(&self, project: &str) -> Response {
        let found = self.repositories.iter().filter(|it| it["project"]["id"] == project);
        list(&found.cloned().collect::<Vec<_>>())
    }

    pub fn add_connection(&mut self, name: &str) -> String {
        let id = guid(300 + self.connections.len());
        self.connections.push(json!({ "id": id, "name": name, "type": "azurerm", "isReady": true }));
        id
    }

    pub fn add_queue(&mut self, name: &str) -> i64 {
        let id = 50 + i64::try_from(self.queues.len()).expect("few");
        self.queues.push(json!({ "id": id, "name": name, "pool": { "id": id + 100, "name": name } }));
        id
    }

    /// The search `General`: display name, account or mail begin with the value, or the name behind the scope does.
    pub fn find_identities(&self, request: &Request) -> Result<Response, Response> {
        let filter = request.query("searchFilter").ok_or_else(|| bad("searchFilter"))?;
        if filter != "General" {
            return Err(bad("The search factor is not known here."));
        }
        let value =
            request.query("filterValue").filter(|it| !it.is_empty()).ok_or_else(|| bad("filterValue"))?;
        let value = value.to_lowercase();
        let found = self.identities.iter().filter(|it| {
            let property =
                |name: &str| it["properties"][name]["$value"].as_str().unwrap_or_default().to_lowercase();
            let display = it["providerDisplayName"].as_str().unwrap_or_default().to_lowercase();
            let bare = display.split_once("]\\").map_or(display.as_str(), |it| it.1);
            let starts = [display.as_str(), bare, &property("Mail"), &property("Account")];
            starts.iter().any(|it| it.starts_with(&value))
        });
        let found: Vec<Value> = found.cloned().collect();
        Ok(list(&found))
    }

    pub fn knows_identity(&self, id: &str) -> Option<&Value> {
        self.identities.iter().find(|it| it["id"] == id)
    }
}
