//! What is asked before a stage may deploy: checks on environments, and on the connections behind them.

use super::uses::Uses;
use super::{Approval, Check, CheckKind, Environment, Resource, ResourceKind, reference};
use crate::model::project::{self, ConnectionKind, Header, Project};
use crate::plan::gate::minutes;

/// A day: what Azure DevOps gives a check of a branch where nothing is said. Minutes.
const DAY: u64 = 24 * 60;

/// How long a run waits for a lock, and the longest that any check waits. Minutes.
const THIRTY_DAYS: u64 = 30 * DAY;

pub fn environments(project: &Project) -> Vec<Environment> {
    let found = project.environments.values().map(|it| Environment {
        resource: resource(ResourceKind::Environment, &it.header),
        description: it.header.doc.as_ref().map(|it| it.trim().to_owned()),
        source: it.header.head,
    });
    found.collect()
}

pub fn checks(project: &Project, uses: &Uses) -> Vec<Check> {
    let mut found = Vec::new();
    for environment in project.environments.values() {
        let on = resource(ResourceKind::Environment, &environment.header);
        found.extend(of_environment(project, environment, &on));
    }
    for connection in project.connections.values() {
        found.extend(of_connection(project, connection, uses));
    }
    found
}

fn resource(kind: ResourceKind, header: &Header) -> Resource {
    Resource { kind, key: header.ident.value.clone(), name: header.name.value.clone() }
}

fn of_environment(project: &Project, environment: &project::Environment, on: &Resource) -> Vec<Check> {
    let head = environment.header.head;
    let check = |kind, timeout_minutes, source| Check { on: on.clone(), kind, timeout_minutes, source };
    let mut found = Vec::new();
    if let Some(used) = &environment.approval {
        let approval = &project.approvals[used.value];
        found.push(check(
            CheckKind::Approval(self::approval(approval)),
            minutes(approval.timeout_seconds),
            used.span,
        ));
    }
    if let Some(first) = environment.branches.first() {
        let allowed = environment.branches.iter().map(|it| reference(&it.value)).collect();
        found.push(check(CheckKind::Branches { allowed, only_protected: false }, DAY, first.span));
    }
    if let Some(hours) = &environment.hours {
        let kind = CheckKind::Hours {
            days: hours.days.iter().map(|it| day(it)).collect(),
            from: hours.from.clone(),
            to: hours.to.clone(),
            zone: hours.zone.value.clone(),
        };
        found.push(check(kind, DAY, hours.zone.span));
    }
    if environment.lock.is_some() {
        found.push(check(CheckKind::Lock, THIRTY_DAYS, head));
    }
    found
}

/// What only one guarded environment uses is guarded like it: a pipeline that names the connection and no environment
/// would walk around the checks.
fn of_connection(project: &Project, connection: &project::Connection, uses: &Uses) -> Vec<Check> {
    let reaches_out = matches!(connection.kind, ConnectionKind::AzureRm | ConnectionKind::Kubernetes);
    let only = uses.only_environment(&connection.header.name.value).filter(|_| reaches_out);
    let mut environments = project.environments.values();
    let Some(environment) = environments.find(|it| Some(it.header.name.value.as_str()) == only) else {
        return Vec::new();
    };
    let on = resource(ResourceKind::Connection, &connection.header);
    let mut found = of_environment(project, environment, &on);
    found.retain(|it| !matches!(it.kind, CheckKind::Lock));
    found
}

fn approval(approval: &project::Approval) -> Approval {
    Approval {
        approvers: approval.approvers.iter().map(|it| it.value.clone()).collect(),
        minimum: approval.minimum.as_ref().map_or(0, |it| it.value),
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
