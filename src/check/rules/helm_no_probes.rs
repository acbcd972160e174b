//! # A service that gets requests before it can answer
//!
//! Without a readiness probe, Kubernetes sends requests as soon as the container has started, while the model is still
//! loading, and ends the old pods before the new ones work. A broken version replaces a good one without anybody noticing.
//!
//! ```mlops,fails
//! connection azure { type = azure_rm }
//! project p { connection = azure }
//! service api { image = "team/api", port = 8080, resources { cpu = 250m..1, memory = 512Mi..1Gi } }
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
//!   resources { cpu = 250m..1, memory = 512Mi..1Gi }
//!   probe readiness { path = "/health" }
//! }
//! environment dev { target aks { cluster = "aks", resource_group = "rg", namespace = "api" } }
//! pipeline release {
//!   trigger manual
//!   param tag: string
//!   stage dev { environment = dev, deploy api { tag = params.tag } }
//! }
//! ```
//!
//! Add `probe readiness { path = "/health" }`, with a path that answers only when the model is loaded. A probe without a
//! path waits until the port is open. Services without a `port` get no requests.
//!
//! Source: Kubernetes documentation, "Liveness, Readiness, and Startup Probes".

use crate::check::{Cx, Group, Rule, deployed};
use crate::diag::Safety;
use crate::model::project::TargetPlace;
use std::collections::BTreeSet;

pub(super) static RULE: Rule = Rule::warning(Group::Helm, "helm-no-probes", run).fixes(Safety::Unsafe);

const GUESS: &str = "probe readiness { path = \"/\" }";

fn run(cx: &mut Cx<'_>) {
    let mut seen = BTreeSet::new();
    for it in deployed::services(cx) {
        let on_cluster = matches!(it.environment.target, Some(TargetPlace::Aks { .. })) && it.service.chart.is_none();
        let probes = &it.settings.probes;
        let probed = probes.readiness.is_some() || probes.startup.is_some();
        let head = it.service.header.head;
        if !on_cluster || probed || it.settings.port.is_none() || !seen.insert(head) {
            continue;
        }
        let edit = cx.insert(head, GUESS);
        cx.report(&RULE, head, format!("`{}` gets requests before it can answer: nothing says when it is ready", it.service.header.ident.value))
            .label(it.environment.header.head, "deployed there")
            .help("add `probe readiness { path = \"…\" }`, with a path that answers only when the model is loaded")
            .edits(Safety::Unsafe, "ask for `/`", vec![edit]);
    }
}
