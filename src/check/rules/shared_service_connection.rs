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
//! Give the guarded environment a `connection` of its own: setting up then puts the approval on that connection too.
//!
//! Source: Azure DevOps documentation, "Define approvals and checks": checks hang on each resource by itself.

use crate::check::{Cx, Group, Rule};
use crate::model::project::{ConnectionKind, Environment};
use crate::plan::setup::uses;

pub(super) static RULE: Rule = Rule::warning(Group::Environments, "shared-service-connection", run).needs_all();

fn run(cx: &mut Cx<'_>) {
    let project = cx.project;
    let uses = uses(project, cx.plan);
    for connection in project.connections.values() {
        if !matches!(connection.kind, ConnectionKind::AzureRm | ConnectionKind::Kubernetes) {
            continue;
        }
        let name = &connection.header.name.value;
        let users: Vec<&str> = uses.environments(name).flatten().collect();
        let users = || project.environments.values().filter(|it| users.contains(&it.header.name.value.as_str()));
        let (Some(guarded), Some(open)) = (users().find(|it| is_guarded(it)), users().find(|it| !is_guarded(it))) else {
            continue;
        };
        let (here, there) = (&guarded.header.ident.value, &open.header.ident.value);
        let message = format!("`{here}` is guarded, and shares this connection with `{there}`, which is not");
        cx.report(&RULE, connection.header.head, message)
            .label(guarded.header.head, "guarded")
            .label(open.header.head, "not guarded")
            .help(format!("give `environment {here}` a `connection` of its own"));
    }
}

fn is_guarded(environment: &Environment) -> bool {
    environment.approval.is_some() || environment.protected
}
