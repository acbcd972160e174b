//! What is asked before a stage may deploy: checks on environments, and on the connections behind them.

use super::pipeline;
use super::uses::Uses;
use super::{
    Address, Approval, Call, Check, CheckKind, Environment, Resource, ResourceKind, Template, description,
    reference,
};
use crate::base::span::Spanned;
use crate::model::project::{
    self, CallTarget, CheckCall, ConnectionKind, Header, Project, Repository, RepositoryKind,
};
use crate::plan::gate::minutes;
use std::collections::BTreeSet;

/// A day: what Azure DevOps gives a check of a branch where nothing is said. Minutes.
const DAY: u64 = 24 * 60;

/// How long a run waits for a lock, and the longest that any check waits. Minutes.
const THIRTY_DAYS: u64 = 30 * DAY;

pub fn environments(project: &Project) -> Vec<Environment> {
    let found = project.environments.values().map(|it| Environment {
        resource: resource(ResourceKind::Environment, &it.header),
        description: description(it.description.as_ref(), &it.header),
        source: it.header.head,
    });
    found.collect()
}

pub fn checks(project: &Project, uses: &Uses) -> Vec<Check> {
    let mut found = Vec::new();
    for environment in project.environments.values() {
        let on = resource(ResourceKind::Environment, &environment.header);
        let cx = Cx { project, environment, on };
        found.extend(cx.who());
        found.extend(cx.when());
    }
    for connection in project.connections.values() {
        found.extend(of_connection(project, connection, uses));
    }
    found
}

/// What only one guarded environment uses is guarded like it, as to who may, for all that use it: a pipeline that names
/// the connection and no environment would walk around the checks. Hours, locks and services are asked once, for the environment.
fn of_connection(project: &Project, connection: &project::Connection, uses: &Uses) -> Vec<Check> {
    let reaches_out = matches!(connection.kind, ConnectionKind::AzureRm | ConnectionKind::Kubernetes);
    let only = uses.only_environment(&connection.header.name.value).filter(|_| reaches_out);
    let mut environments = project.environments.values();
    let Some(environment) = environments.find(|it| Some(it.header.name.value.as_str()) == only) else {
        return Vec::new();
    };
    Cx { project, environment, on: resource(ResourceKind::Connection, &connection.header) }.who()
}

fn resource(kind: ResourceKind, header: &Header) -> Resource {
    Resource { kind, key: header.ident.value.clone(), name: header.name.value.clone() }
}

struct Cx<'a> {
    project: &'a Project,
    environment: &'a project::Environment,
    on: Resource,
}

impl Cx<'_> {
    fn check(&self, kind: CheckKind, timeout_minutes: u64, source: crate::base::span::Span) -> Check {
        Check { on: self.on.clone(), kind, timeout_minutes, source }
    }

    /// Approval, branches, templates.
    fn who(&self) -> Vec<Check> {
        let environment = self.environment;
        let mut found = Vec::new();
        if let Some(used) = &environment.approval {
            let approval = &self.project.approvals[used.value];
            let kind = CheckKind::Approval(self::approval(approval));
            found.push(self.check(kind, minutes(approval.timeout_seconds), used.span));
        }
        let first = environment.branches.first().map(|it| it.span);
        if let Some(source) = first.or(environment.protected_branches) {
            let allowed: Vec<String> = environment.branches.iter().map(|it| reference(&it.value)).collect();
            let allowed = if allowed.is_empty() { vec!["*".to_owned()] } else { allowed };
            let only_protected = environment.protected_branches.is_some();
            found.push(self.check(CheckKind::Branches { allowed, only_protected }, DAY, source));
        }
        if let Some(first) = environment.required_templates.first() {
            let all = environment.required_templates.iter().filter_map(|it| self.template(it));
            found.push(self.check(CheckKind::Templates(all.collect()), DAY, first.head));
        }
        found
    }

    /// Hours, lock, services.
    fn when(&self) -> Vec<Check> {
        let environment = self.environment;
        let mut found = Vec::new();
        if let Some(hours) = &environment.hours {
            let kind = CheckKind::Hours {
                days: hours.days.iter().map(|it| day(it)).collect(),
                from: hours.from.clone(),
                to: hours.to.clone(),
                zone: hours.zone.value.clone(),
            };
            found.push(self.check(kind, minutes(hours.timeout_seconds), hours.zone.span));
        }
        for call in &environment.calls {
            let kind = CheckKind::Call(self.call(call));
            found.push(self.check(kind, minutes(call.timeout_seconds), call.head));
        }
        if let Some(lock) = environment.lock {
            found.push(self.check(CheckKind::Lock(lock), THIRTY_DAYS, environment.header.head));
        }
        found
    }

    fn template(&self, required: &project::RequiredTemplate) -> Option<Template> {
        let repository = template_repository(self.project, required)?;
        let branch = required.reference.as_ref().or(repository.branch.as_ref());
        Some(Template {
            kind: repository.kind,
            repository: qualified(self.project, repository)?,
            reference: reference(branch.map_or("main", |it| &it.value)),
            path: required.path.value.clone(),
        })
    }

    fn call(&self, call: &CheckCall) -> Call {
        let variables = call.variables.as_ref().map(|it| &self.project.variables[it.value]);
        Call {
            title: call_title(self.project, call),
            to: self.address(&call.to),
            method: call.method.to_uppercase(),
            headers: headers(call),
            body: call.body.as_ref().map(|it| it.value.clone()),
            callback: call.callback,
            success: call.success.clone(),
            every_minutes: call.every.as_ref().map_or(0, |it| minutes(it.value)),
            group: variables.and_then(|it| it.group.as_ref()).map(|it| it.value.clone()),
        }
    }

    fn address(&self, to: &CallTarget) -> Address {
        match to {
            CallTarget::Connection { id, path } => {
                let connection = &self.project.connections[id.value];
                Address::Connection {
                    name: connection.header.name.value.clone(),
                    azure: connection.kind == ConnectionKind::AzureRm,
                    path: path.clone(),
                }
            }
            CallTarget::Function { url, key, query } => Address::Function {
                url: url.value.clone(),
                key: key.as_ref().map(|it| it.value.clone()),
                query: query.clone(),
            },
        }
    }
}

/// None where it is that of the project, which is not declared.
pub fn template_repository<'a>(
    project: &'a Project,
    required: &project::RequiredTemplate,
) -> Option<&'a Repository> {
    match &required.repository {
        Some(id) => Some(&project.repositories[id.value]),
        None => project.repositories.values().find(|it| it.is_self()),
    }
}

/// As checks name it: in Azure Repos `project/repository`. None where that is not known.
pub fn qualified(project: &Project, repository: &Repository) -> Option<String> {
    let name = if repository.is_self() {
        pipeline::own_name(project, repository)?
    } else {
        &repository.header.name.value
    };
    if repository.kind != RepositoryKind::AzureRepos || name.contains('/') {
        return Some(name.clone());
    }
    let around = project.settings.project.as_ref()?;
    Some(format!("{}/{name}", around.value))
}

/// What a service needs to call back: the names of the documentation of such checks.
const CALLBACK: &[(&str, &str)] = &[
    ("PlanUrl", "$(system.CollectionUri)"),
    ("ProjectId", "$(system.TeamProjectId)"),
    ("HubName", "$(system.HostType)"),
    ("PlanId", "$(system.PlanId)"),
    ("JobId", "$(system.JobId)"),
    ("TimelineId", "$(system.TimelineId)"),
    ("TaskInstanceId", "$(system.TaskInstanceId)"),
    ("AuthToken", "$(system.AccessToken)"),
];

/// Always some: left out, the run's token is sent to whatever answers. What is said wins.
fn headers(call: &CheckCall) -> Vec<(String, String)> {
    let callback = CALLBACK.iter().filter(|_| call.callback);
    let implied = [("Content-Type", "application/json")].iter().chain(callback);
    let said = |name: &str| call.headers.keys().any(|it| it.eq_ignore_ascii_case(name));
    let implied = implied.filter(|it| !said(it.0)).map(|it| (it.0.to_owned(), it.1.to_owned()));
    implied.chain(call.headers.iter().map(|(name, value)| (name.clone(), value.clone()))).collect()
}

/// What people see, and what tells one call from another.
pub fn call_title(project: &Project, call: &CheckCall) -> String {
    match (&call.title, &call.to) {
        (Some(title), _) => title.value.clone(),
        (None, CallTarget::Connection { id, .. }) => {
            format!("Call {}", project.connections[id.value].header.ident.value)
        }
        (None, CallTarget::Function { url, .. }) => {
            let name = url.value.split('?').next().unwrap_or_default().trim_end_matches('/');
            format!("Call {}", name.rsplit('/').next().unwrap_or_default())
        }
    }
}

/// Azure DevOps does not tell capitals from small letters in the names of people and groups.
fn different(approvers: &[Spanned<String>]) -> Vec<String> {
    let mut seen = BTreeSet::new();
    approvers.iter().map(|it| it.value.clone()).filter(|it| seen.insert(it.to_lowercase())).collect()
}

fn approval(approval: &project::Approval) -> Approval {
    Approval {
        approvers: different(&approval.approvers),
        minimum: approval.minimum.as_ref().map_or(0, |it| it.value),
        in_sequence: approval.in_sequence.is_some(),
        self_approve: approval.self_approve,
        instructions: approval.instructions.as_ref().and_then(|it| it.as_str()).map(str::to_owned),
    }
}

fn day(word: &str) -> &'static str {
    let days = [
        ("mon", "Monday"),
        ("tue", "Tuesday"),
        ("wed", "Wednesday"),
        ("thu", "Thursday"),
        ("fri", "Friday"),
        ("sat", "Saturday"),
    ];
    days.iter().find(|it| it.0 == word).map_or("Sunday", |it| it.1)
}
