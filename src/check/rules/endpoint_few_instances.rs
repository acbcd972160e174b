//! # An endpoint in production with few instances
//!
//! Azure ML replaces the nodes of a deployment one after the other when it updates them. With fewer than three instances,
//! callers feel each of these, and one failing node takes half of them or all.
//!
//! ```mlops,fails
//! connection azure { type = azure_rm }
//! workspace ml { name = "mlw-x", resource_group = "rg-ml", existing = true }
//! repository self { type = azure_repos }
//! model price { type = mlflow_model }
//! approval leads { approvers = ["leads@contoso.com"] }
//! endpoint prices { type = online, deployment main { model = price, size = "Standard_DS3_v2" } }
//! environment prod { workspace = ml, connection = azure, approval = leads, lock = sequential, branches = ["main"] }
//! pipeline release {
//!   trigger manual
//!   stage prod { environment = prod, deploy prices, set_traffic prices { main = 100% } }
//! }
//! ```
//!
//! ```mlops,passes
//! connection azure { type = azure_rm }
//! workspace ml { name = "mlw-x", resource_group = "rg-ml", existing = true }
//! repository self { type = azure_repos }
//! model price { type = mlflow_model }
//! approval leads { approvers = ["leads@contoso.com"] }
//! endpoint prices { type = online, deployment main { model = price, size = "Standard_DS3_v2" } }
//! environment prod {
//!   workspace  = ml
//!   connection = azure
//!   approval   = leads
//!   lock       = sequential
//!   branches   = ["main"]
//!   endpoint prices { deployment main { instances = 3 } }
//! }
//! pipeline release {
//!   trigger manual
//!   stage prod { environment = prod, deploy prices, set_traffic prices { main = 100% } }
//! }
//! ```
//!
//! Say `instances = 3` in that environment. Azure ML keeps a fifth of the quota free for updates, so three instances need
//! quota for four.
//!
//! Source: Azure ML documentation, "CLI (v2) managed online deployment YAML schema", `instance_count`.

use crate::check::production::is_production;
use crate::check::{Cx, Group, Rule};
use crate::model::project::EndpointKind;
use crate::model::steps::Kind;
use std::collections::BTreeSet;

pub(super) static RULE: Rule = Rule::info(Group::Deployment, "endpoint-few-instances", run);

const ENOUGH: u32 = 3;

fn run(cx: &mut Cx<'_>) {
    let project = cx.project;
    let mut seen = BTreeSet::new();
    for place in cx.deliveries().iter().filter(|it| it.step.enabled && it.stage.enabled) {
        let (Kind::Deploy(deploy), Some(environment)) = (&place.step.kind, place.deployed_to()) else { continue };
        let Some(id) = deploy.endpoint().filter(|_| is_production(&project.environments[environment])) else { continue };
        let endpoint = &project.seen_in(Some(environment)).endpoints[id];
        let managed = endpoint.kind == EndpointKind::Online && endpoint.settings.compute.is_none();
        if !managed || !seen.insert((environment.index(), id.index())) {
            continue;
        }
        for deployment in endpoint.settings.deployments.values().filter(|it| it.scale.is_none()) {
            let instances = deployment.instances.as_ref().map_or(1, |it| it.value);
            if instances < ENOUGH {
                let span = deployment.instances.as_ref().map_or(deployment.head, |it| it.span);
                cx.report(&RULE, span, format!("{instances} of {ENOUGH} instances that a deployment in production should have"))
                    .label(project.environments[environment].header.head, "deployed there")
                    .help("say `instances = 3` in that environment; updates need quota for one more");
            }
        }
    }
}
