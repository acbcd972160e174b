//! # A service that asks for nothing
//!
//! A pod without requests goes to any node, however full, and is the first to be evicted when memory runs short. Without a
//! limit, it takes its neighbours with it.
//!
//! ```mlops,fails
//! connection azure { type = azure_rm }
//! project p { connection = azure }
//! service api { image = "team/api", port = 8080, probe readiness { path = "/" } }
//! environment dev { target aks { cluster = "aks", resource_group = "rg", namespace = "api" } }
//! pipeline release {
//!   trigger manual
//!   param tag: string
//!   stage dev { environment = dev, deploy api { tag = params.tag } }
//! }
//! ```
//!
//! ```mlops,passes
//! connection azure { type = azure_rm }
//! project p { connection = azure }
//! service api {
//!   image = "team/api"
//!   port  = 8080
//!   probe readiness { path = "/" }
//!   resources { cpu = 250m..1, memory = 512Mi..1Gi }
//! }
//! environment dev { target aks { cluster = "aks", resource_group = "rg", namespace = "api" } }
//! pipeline release {
//!   trigger manual
//!   param tag: string
//!   stage dev { environment = dev, deploy api { tag = params.tag } }
//! }
//! ```
//!
//! Say what it needs and what it may take: `resources { cpu = 250m..1, memory = 512Mi..1Gi }`.
//!
//! Source: Kubernetes documentation, "Resource Management for Pods and Containers" and "Pod Quality of Service Classes".

use crate::check::{Cx, Group, Rule, deployed};
use crate::diag::Safety;
use crate::model::project::TargetPlace;
use std::collections::BTreeSet;

pub(super) static RULE: Rule = Rule::warning(Group::Helm, "helm-no-resources", run).fixes(Safety::Unsafe);

const GUESS: &str = "resources { cpu = 250m..1, memory = 512Mi..1Gi }";

fn run(cx: &mut Cx<'_>) {
    let mut seen = BTreeSet::new();
    for it in deployed::services(cx) {
        let on_cluster = matches!(it.environment.target, Some(TargetPlace::Aks { .. })) && it.service.chart.is_none();
        // An autoscaler without anything to measure against is an error of its own.
        let scaled = it.settings.scale.as_ref().is_some_and(|it| it.cpu.is_some() || it.memory.is_some());
        let head = it.service.header.head;
        if !on_cluster || scaled || it.settings.resources.is_some() || !seen.insert(head) {
            continue;
        }
        let edit = cx.insert(head, GUESS);
        cx.report(&RULE, head, format!("`{}` asks for no processor and no memory, so that it is evicted first", it.service.header.ident.value))
            .label(it.environment.header.head, "deployed there")
            .help(format!("add `{GUESS}`, with what it needs"))
            .edits(Safety::Unsafe, "ask for a little", vec![edit]);
    }
}
