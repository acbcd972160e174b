//! # A guarded environment shares its service connection
//!
//! Approvals hang on the environment. Whoever changes a pipeline that deploys to the other, unguarded environment can
//! let it do anything that the connection may do, production included: nobody is asked.
//!
//! ```mlops,fails
//! approval managers { approvers = ["managers@contoso.com"] }
//! connection azure { type = azure_rm }
//! environment dev {}
//! environment prod { approval = managers }
//! pipeline release {
//!   trigger manual
//!   connection = azure
//!   stage dev { environment = dev, azure "az group list" }
//!   stage prod { environment = prod, azure "az group list" }
//! }
//! ```
//!
//! ```mlops,passes
//! approval managers { approvers = ["managers@contoso.com"] }
//! connection azure { type = azure_rm }
//! connection azure_prod { type = azure_rm }
//! environment dev {}
//! environment prod { approval = managers, connection = azure_prod }
//! pipeline release {
//!   trigger manual
//!   connection = azure
//!   stage dev { environment = dev, azure "az group list" }
//!   stage prod { environment = prod, azure "az group list" }
//! }
//! ```
//!
//! Where no other environment uses the connection, setting up puts approval, branches and required templates on it too,
//! so that nobody walks around them. Then they are asked of everything that uses it: also of a stage that deploys to no
//! environment, or only takes its settings from the guarded one with `context`. A nightly run waits there for a person.
//!
//! Give the guarded environment a `connection` of its own, and what needs no approval another one.
//!
//! Source: Azure DevOps documentation, "Define approvals and checks": checks hang on each resource by itself.

use crate::check::{Cx, Group, Rule};
use crate::model::project::{Connection, ConnectionKind, Environment};
use crate::plan::setup::{Outside, uses};

pub(super) static RULE: Rule = Rule::warning(Group::Environments, "shared-service-connection", run).needs_all();

fn run(cx: &mut Cx<'_>) {
    let project = cx.project;
    let uses = uses(project, cx.plan);
    for connection in project.connections.values() {
        if !matches!(connection.kind, ConnectionKind::AzureRm | ConnectionKind::Kubernetes) {
            continue;
        }
        let Some(found) = uses.users(&connection.header.name.value) else { continue };
        let users = || project.environments.values().filter(|it| found.environments.contains(&it.header.name.value));
        let Some(guarded) = users().find(|it| is_guarded(it)) else { continue };
        if let Some(open) = users().find(|it| !is_guarded(it)) {
            with_environment(cx, connection, guarded, open);
        } else if let Some(outside) = &found.outside
            && users().count() == 1
            && asks_who_may(guarded)
        {
            with_outside(cx, connection, guarded, outside);
        }
    }
}

fn with_environment(cx: &mut Cx<'_>, connection: &Connection, guarded: &Environment, open: &Environment) {
    let (here, there) = (&guarded.header.ident.value, &open.header.ident.value);
    let message = format!("`{here}` is guarded, and shares this connection with `{there}`, which is not");
    cx.report(&RULE, connection.header.head, message)
        .label(guarded.header.head, "guarded")
        .label(open.header.head, "not guarded")
        .help(format!("give `environment {here}` a `connection` of its own"));
}

fn with_outside(cx: &mut Cx<'_>, connection: &Connection, guarded: &Environment, outside: &Outside) {
    let here = &guarded.header.ident.value;
    let pipeline = &cx.project.pipelines[cx.plan.pipelines[outside.pipeline].id].header.ident.value;
    let there = match &outside.stage {
        Some(stage) => format!("stage `{stage}` of pipeline `{pipeline}`"),
        None => format!("pipeline `{pipeline}`"),
    };
    let message = format!("the checks of `{here}` stand on this connection too, so {there} has to pass them, which deploys to no environment");
    cx.report(&RULE, connection.header.head, message)
        .label(guarded.header.head, "guarded")
        .label(outside.source, "used here")
        .help(format!("if that is not meant, give `environment {here}` a `connection` of its own; `context = {here}` takes the same connection"));
}

/// Such checks stand on the connection too.
fn asks_who_may(environment: &Environment) -> bool {
    let branches = !environment.branches.is_empty() || environment.protected_branches.is_some();
    environment.approval.is_some() || branches || !environment.required_templates.is_empty()
}

fn is_guarded(environment: &Environment) -> bool {
    environment.approval.is_some() || environment.protected
}
