//! # One replica in production
//!
//! Whenever its node is drained, updated or fails, the service is gone until another pod has started and loaded its model.
//!
//! ```mlops,fails
//! connection azure { type = azure_rm }
//! project p { connection = azure }
//! service api { image = "team/api", port = 8080, probe readiness { path = "/" }, resources { cpu = 250m..1, memory = 1Gi } }
//! approval leads { approvers = ["leads@contoso.com"] }
//! environment prod {
//!   target aks { cluster = "aks", resource_group = "rg", namespace = "api" }
//!   approval = leads
//!   lock     = sequential
//!   branches = ["main"]
//! }
//! pipeline release {
//!   trigger manual
//!   param tag: string
//!   stage prod { environment = prod, deploy api { tag = params.tag } }
//! }
//! ```
//!
//! ```mlops,passes
//! connection azure { type = azure_rm }
//! project p { connection = azure }
//! service api { image = "team/api", port = 8080, probe readiness { path = "/" }, resources { cpu = 250m..1, memory = 1Gi } }
//! approval leads { approvers = ["leads@contoso.com"] }
//! environment prod {
//!   target aks { cluster = "aks", resource_group = "rg", namespace = "api" }
//!   approval = leads
//!   lock     = sequential
//!   branches = ["main"]
//!   service api { scale { replicas = 2..6, cpu = 70% } }
//! }
//! pipeline release {
//!   trigger manual
//!   param tag: string
//!   stage prod { environment = prod, deploy api { tag = params.tag } }
//! }
//! ```
//!
//! Say `scale { replicas = 2 }` in that environment, or a range with a target. An environment counts as production if it is
//! `protected` or called so. A service without a `port`, which takes its work from elsewhere, may be meant to be alone.
//!
//! Source: Kubernetes documentation, "Disruptions".

use crate::check::production::is_production;
use crate::check::{Cx, Group, Rule, deployed};
use crate::model::project::TargetPlace;

pub(super) static RULE: Rule = Rule::warning(Group::Helm, "helm-single-replica", run);

fn run(cx: &mut Cx<'_>) {
    for it in deployed::services(cx) {
        let on_cluster = matches!(it.environment.target, Some(TargetPlace::Aks { .. })) && it.service.chart.is_none();
        let alone = it.settings.scale.as_ref().is_none_or(|it| it.replicas == (1, 1));
        if !on_cluster || !alone || it.settings.port.is_none() || !is_production(it.environment) {
            continue;
        }
        let span = it.settings.scale.as_ref().map_or(it.environment.header.head, |it| it.span);
        let name = &it.service.header.ident.value;
        cx.report(&RULE, span, format!("`{name}` has one replica in production: it is gone whenever its node is"))
            .label(it.step.head, "deployed here")
            .help(format!("add `service {name} {{ scale {{ replicas = 2 }} }}` to the environment, or a range with a target"));
    }
}
