//! Checks that stand on a service connection because only one guarded environment uses it: a connection that is shared has none.

use super::Change;
use super::tree::{Kind, Node, Weight};
use crate::model::project::{Connection, ConnectionKind, Environment, Project};
use crate::plan::setup::uses;
use crate::simulate::System;
use std::collections::{BTreeMap, BTreeSet};

/// Who works with the connections of one version. Environments by their names outside, connections by their identifiers.
struct Hands {
    /// Checks that an environment has as to who may; none: it has no such checks.
    checks: BTreeMap<String, Vec<&'static str>>,
    users: BTreeMap<String, BTreeSet<String>>,
    /// Used, also by what belongs to no environment.
    used: BTreeSet<String>,
}

impl Hands {
    fn of(system: &System<'_>) -> Hands {
        let project = system.project;
        let found = uses(project, system.plan);
        let reaches_out =
            |it: &&Connection| matches!(it.kind, ConnectionKind::AzureRm | ConnectionKind::Kubernetes);
        let mut hands = Hands { checks: checks(project), users: BTreeMap::new(), used: BTreeSet::new() };
        for connection in project.connections.values().filter(reaches_out) {
            let Some(users) = found.users(&connection.header.name.value) else { continue };
            let name = connection.header.ident.value.clone();
            hands.users.insert(name.clone(), users.environments.clone());
            hands.used.insert(name);
        }
        hands
    }

    /// The environment whose checks stand on the connection.
    fn guard(&self, connection: &str) -> Option<&str> {
        let users = self.users.get(connection)?;
        let only = users.first().filter(|_| users.len() == 1)?;
        self.checks.contains_key(only).then_some(only.as_str())
    }

    /// Whether the environment has checks that its connection does not have.
    fn is_open(&self, environment: &str, connection: &str) -> bool {
        let uses = self.users.get(connection).is_some_and(|it| it.contains(environment));
        uses && self.checks.contains_key(environment) && self.guard(connection).is_none()
    }
}

fn checks(project: &Project) -> BTreeMap<String, Vec<&'static str>> {
    let of = |it: &Environment| {
        let branches = !it.branches.is_empty() || it.protected_branches.is_some();
        let all = [
            (it.approval.is_some(), "approval"),
            (branches, "branches"),
            (!it.required_templates.is_empty(), "required template"),
        ];
        let found: Vec<&str> = all.into_iter().filter(|it| it.0).map(|it| it.1).collect();
        (!found.is_empty()).then(|| (it.header.name.value.clone(), found))
    };
    project.environments.values().filter_map(of).collect()
}

/// What no longer stands on connections, beside what brings that about.
pub(super) fn lost(changes: &mut Vec<Change>, (old, new): (&System<'_>, &System<'_>), tree: &Node) {
    let (was, is) = (Hands::of(old), Hands::of(new));
    for environment in is.checks.keys().filter(|it| was.checks.contains_key(*it)) {
        let checks = &is.checks[environment].join(", ");
        let connections = |wanted: &dyn Fn(&str) -> bool| -> Vec<String> {
            is.used.iter().filter(|it| wanted(it)).cloned().collect()
        };
        let opened = connections(&|it| is.is_open(environment, it) && !was.is_open(environment, it));
        for connection in opened {
            let others = is.users[&connection].iter().filter(|it| *it != environment);
            let others: Vec<String> = others.map(|it| format!("`{it}`")).collect();
            let said = format!(
                "`{environment}` works with `{connection}`, which {} may use too: its checks ({checks}) stand on no connection",
                others.join(", ")
            );
            tell(changes, said, (environment, &connection), tree);
        }
        let left = connections(&|it| {
            let others = is.users.get(it).is_some_and(|it| !it.contains(environment));
            was.guard(it) == Some(environment) && is.guard(it).is_none() && others
        });
        for connection in left {
            let said = format!(
                "`{connection}` is used without the checks of `{environment}` ({checks}), which stood on it"
            );
            tell(changes, said, (environment, &connection), tree);
        }
    }
}

fn tell(changes: &mut Vec<Change>, said: String, (environment, connection): (&str, &str), tree: &Node) {
    let said_of = [connection, environment].map(|it| format!("`{it}`"));
    let names = |it: &&mut Change| {
        let about = ["connection", "deploys to", "is new"].iter().any(|word| it.message.starts_with(word));
        let own =
            it.message.starts_with("connection: ") && it.subject == format!("environment {}", said_of[1]);
        own || about && said_of.iter().any(|name| it.message.contains(name))
    };
    if let Some(change) = changes.iter_mut().find(names) {
        change.weight = Weight::LowersProtection;
        change.notes.push(said);
        return;
    }
    let path = vec![(Kind::Connection, connection.to_owned())];
    changes.push(Change {
        weight: Weight::LowersProtection,
        subject: format!("connection `{connection}`"),
        path,
        others: Vec::new(),
        message: said,
        notes: Vec::new(),
        old: None,
        new: tree.child(Kind::Connection, connection).map(|it| it.span),
    });
}
