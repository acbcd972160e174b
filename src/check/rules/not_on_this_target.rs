//! # A setting that the target does not know
//!
//! Azure Container Instances have no replicas, no rollout, no ingress and nothing of what a cluster holds: its secrets,
//! config maps and claims; Kubernetes knows nothing of a subnet written
//! on the service. Such a setting is left out, and what was meant does not happen.
//!
//! ```mlops,fails
//! service api { image = "team/api", port = 8080 }
//! environment dev {
//!   target aci { resource_group = "rg-dev" }
//!   service api {
//!     scale { replicas = 3 }
//!   }
//! }
//! ```
//!
//! ```mlops,passes
//! service api { image = "team/api", port = 8080 }
//! environment dev {
//!   target aci { resource_group = "rg-dev" }
//!   service api { subnet = "/subscriptions/0/resourceGroups/rg/providers/Microsoft.Network/virtualNetworks/v/subnets/s" }
//! }
//! ```
//!
//! Move it to an environment whose target knows it, or remove it.
//!
//! Source: schema of container groups, Azure Container Instances.

use crate::base::span::Span;
use crate::check::{Cx, Group, Rule};
use crate::model::project::{
    Overlay, Secret, SecretPlace, ServiceSettings, TargetPlace, Volume, VolumeSource,
};

pub(super) static RULE: Rule = Rule::warning(Group::Deployment, "not-on-this-target", run);

fn run(cx: &mut Cx<'_>) {
    let project = cx.project;
    for environment in project.environments.values() {
        for overlay in environment.services.values() {
            let (unknown, target) = match &environment.target {
                Some(TargetPlace::Aci { .. }) => {
                    let below = &project.services[overlay.service.value].settings;
                    (unknown_to_instances(overlay, below), "Azure Container Instances do")
                }
                Some(TargetPlace::Aks { .. }) => (unknown_to_clusters(overlay), "Azure Kubernetes Service does"),
                None => continue,
            };
            for (what, span) in unknown {
                cx.report(&RULE, span, format!("{target} not know {what}: it is left out"))
                    .label(environment.header.head, "deployed there")
                    .help("remove it, or move it to an environment whose target knows it");
            }
        }
    }
}

/// What the environment itself says; and of the service as a whole, what its container would miss.
fn unknown_to_instances(overlay: &Overlay, below: &ServiceSettings) -> Vec<(&'static str, Span)> {
    let own = &overlay.settings;
    let all = below.overlaid(Some(own));
    let here = overlay.service.span;
    let mut found: Vec<(&'static str, Span)> = Vec::new();
    let mut add = |what, span: Option<Span>| found.extend(span.map(|span| (what, span)));
    add("`scale`", own.scale.as_ref().map(|it| it.span));
    add("`expose`", own.expose.as_ref().map(|it| it.span));
    add("`rollout`", own.rollout.as_ref().map(|it| it.span));
    add("`disruption`", own.disruption.as_ref().map(|it| it.span));
    add("`pull_secret`", own.pull_secret.as_ref().map(|it| it.span));
    add("`place`", own.place.is_some().then_some(here));
    add("`probe startup`", own.probes.startup.as_ref().map(|it| it.span));
    add("`metrics`", own.metrics.as_ref().map(|it| it.span));
    add("`priority`", own.priority.as_ref().map(|it| it.span));
    add("`labels`", (!own.labels.is_empty()).then_some(here));
    add("`annotations`", (!own.annotations.is_empty()).then_some(here));
    add("`values`", (!own.values.is_empty()).then_some(here));
    add("`file`", all.files.values().next().map(|_| here));
    let of_cluster = |it: &Secret| matches!(it.place, SecretPlace::Kubernetes(_));
    add("a `secret` of Kubernetes", all.secrets.values().any(of_cluster).then_some(here));
    let own_container = |it: &&Volume| matches!(it.source, VolumeSource::Empty { .. } | VolumeSource::Share(_));
    add("a `volume` from Kubernetes", (all.volumes.iter().filter(own_container).count() < all.volumes.len()).then_some(here));
    add("`sub_path`", all.volumes.iter().any(|it| it.sub_path.is_some()).then_some(here));
    let over_tcp = [&own.probes.readiness, &own.probes.liveness].into_iter().flatten();
    let over_tcp = over_tcp.filter(|it| it.path.is_none() && it.command.is_empty()).map(|it| it.span).next();
    add("a `probe` that only connects", over_tcp);
    let identity = own.identity.as_ref();
    add("`client_id`", identity.and_then(|it| it.client_id.as_ref()).map(|it| it.span));
    add("`account`", identity.and_then(|it| it.account.as_ref()).map(|it| it.span));
    add("`gpu`", all.gpu.is_some().then_some(here));
    add("`args` without `command`", (all.args.is_some() && all.command.is_none()).then_some(here));
    found
}

fn unknown_to_clusters(overlay: &Overlay) -> Vec<(&'static str, Span)> {
    let own = &overlay.settings;
    let subnet = own.subnet.as_ref().map(|it| ("`subnet`", it.span));
    let dns = own.dns.as_ref().map(|it| ("`dns`", it.zone.span));
    let resource = own.identity.as_ref().and_then(|it| it.resource.as_ref());
    let resource = resource.map(|it| ("`resource` of an identity", it.span));
    subnet.into_iter().chain(dns).chain(resource).collect()
}
