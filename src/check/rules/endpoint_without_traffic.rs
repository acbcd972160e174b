//! # An endpoint that nobody gives traffic
//!
//! A new deployment gets no traffic, so that it can be tested first. An online endpoint whose deployments all have none
//! answers every caller with an error.
//!
//! ```mlops,fails
//! connection azure { type = azure_rm }
//! workspace ml { name = "mlw-x", resource_group = "rg-ml", existing = true }
//! repository self { type = azure_repos }
//! model price { type = mlflow_model }
//! endpoint prices { type = online, deployment main { model = price, size = "Standard_DS3_v2" } }
//! environment dev { workspace = ml, connection = azure }
//! pipeline release {
//!   trigger manual
//!   stage dev { environment = dev, deploy prices }
//! }
//! ```
//!
//! ```mlops,passes
//! connection azure { type = azure_rm }
//! workspace ml { name = "mlw-x", resource_group = "rg-ml", existing = true }
//! repository self { type = azure_repos }
//! model price { type = mlflow_model }
//! endpoint prices { type = online, deployment main { model = price, size = "Standard_DS3_v2" } }
//! environment dev { workspace = ml, connection = azure }
//! pipeline release {
//!   trigger manual
//!   stage dev {
//!     environment = dev
//!     deploy prices
//!     set_traffic prices { main = 100% }
//!   }
//! }
//! ```
//!
//! Add `set_traffic` behind the deployment, or in a pipeline of its own.
//!
//! Source: Azure ML documentation, "Safe rollout of new deployments".

use crate::check::{Cx, Group, Rule};
use crate::model::project::EndpointKind;
use crate::model::steps::Kind;

pub(super) static RULE: Rule = Rule::warning(Group::Deployment, "endpoint-without-traffic", run).needs_all();

fn run(cx: &mut Cx<'_>) {
    let project = cx.project;
    for (id, endpoint) in project.endpoints.iter() {
        if endpoint.kind == EndpointKind::Batch || endpoint.header.existing {
            continue;
        }
        let given = cx.deliveries().iter().any(|it| matches!(&it.step.kind, Kind::SetTraffic(step) if step.endpoint == id));
        let mut deploys = cx.deliveries().iter()
            .filter(|it| matches!(&it.step.kind, Kind::Deploy(step) if step.endpoint() == Some(id)));
        if let Some(place) = deploys.next().filter(|_| !given) {
            let name = &endpoint.header.ident.value;
            cx.report(&RULE, place.step.head, format!("no step ever gives a deployment of `{name}` traffic: callers get errors"))
                .label(endpoint.header.head, "the endpoint")
                .help(format!("add `set_traffic {name} {{ … = 100% }}` behind it"));
        }
    }
}
