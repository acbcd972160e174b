//! # A check calls through a connection that cannot be called
//!
//! Checks of services send requests to an address. Connections of type `generic` have one, and for `azure_rm` it is that of
//! Azure's resource manager; the others hold credentials for one product, and Azure DevOps offers none of them.
//!
//! ```mlops,fails
//! connection hub { type = github }
//! environment prod {
//!   call hub { path = "freeze" }
//! }
//! pipeline release {
//!   trigger manual
//!   stage prod { environment = prod, run "make deploy" }
//! }
//! ```
//!
//! ```mlops,passes
//! connection hook { type = generic }
//! environment prod {
//!   call hook { path = "freeze" }
//! }
//! pipeline release {
//!   trigger manual
//!   stage prod { environment = prod, run "make deploy" }
//! }
//! ```
//!
//! Declare a connection with `type = generic` for the service.
//!
//! Source: the task `InvokeRESTAPI@1`, inputs `connectedServiceName` and `connectedServiceNameARM`.

use crate::check::{Cx, Group, Rule};
use crate::model::project::{CallTarget, ConnectionKind};

pub(super) static RULE: Rule = Rule::error(Group::Environments, "check-connection-unfit", run);

fn run(cx: &mut Cx<'_>) {
    let project = cx.project;
    for call in project.environments.values().flat_map(|it| &it.calls) {
        let CallTarget::Connection { id, .. } = &call.to else { continue };
        let connection = &project.connections[id.value];
        if !matches!(connection.kind, ConnectionKind::Generic | ConnectionKind::AzureRm) {
            cx.report(&RULE, id.span, "checks send requests to generic connections and to Azure")
                .label(connection.header.head, "this one is neither")
                .help("name a connection with `type = generic`, or `type = azure_rm`");
        }
    }
}
