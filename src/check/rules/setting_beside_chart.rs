//! # A setting that an existing chart never sees
//!
//! For a service with a `chart`, only values are written: what the chart makes of them is its own business. Probes,
//! resources, variables and the like of the service would be left out.
//!
//! ```mlops,fails
//! service api {
//!   chart { repo = "https://charts.contoso.example", name = "api", version = "1.2.3" }
//!   image = "team/api"
//!   probe readiness { path = "/health" }
//! }
//! environment prod { target aks { cluster = "aks", resource_group = "rg", namespace = "api" } }
//! ```
//!
//! ```mlops,passes
//! service api {
//!   chart { repo = "https://charts.contoso.example", name = "api", version = "1.2.3" }
//!   image = "team/api"
//!   values { readinessProbe { httpGet { path = "/health", port = "http" } } }
//! }
//! environment prod { target aks { cluster = "aks", resource_group = "rg", namespace = "api" } }
//! ```
//!
//! Say it in `values`, in the chart's own words, or in the environments with container instances, which use no chart.
//! `values` without a `chart` are nothing either.

use crate::base::span::Span;
use crate::check::{Cx, Group, Rule};
use crate::model::project::{Environment, ServiceSettings, TargetPlace};

pub(super) static RULE: Rule = Rule::warning(Group::Helm, "setting-beside-chart", run);

fn run(cx: &mut Cx<'_>) {
    let project = cx.project;
    for (id, service) in project.services.iter() {
        let overlays = || project.environments.values().filter_map(|it| Some((it, it.services.get(&id.index())?)));
        let Some(chart) = &service.chart else {
            let own = service.settings.values.values().next().map(|it| it.key);
            let there = overlays().filter_map(|it| Some(it.1.settings.values.values().next()?.key));
            for span in own.into_iter().chain(there).collect::<Vec<_>>() {
                cx.report(&RULE, span, "values of a service that has no `chart`")
                    .label(service.header.head, "its chart is generated")
                    .help("use the words of the language, or name the chart they belong to: `chart \"charts/api\"`");
            }
            continue;
        };
        let of_instances = |it: &Environment| matches!(it.target, Some(TargetPlace::Aci { .. }));
        let mut unseen = Vec::new();
        if !overlays().any(|it| of_instances(it.0)) {
            unseen.extend(settings(&service.settings, service.header.head));
        }
        for (_, overlay) in overlays().filter(|it| !of_instances(it.0)) {
            unseen.extend(settings(&overlay.settings, overlay.service.span));
        }
        for (what, span) in unseen {
            cx.report(&RULE, span, format!("`{what}` does not reach a chart that exists"))
                .label(chart.span, "only values are written for it")
                .help("say it in `values { … }`, in the chart's own words");
        }
    }
}

/// What is said besides values, and where; `here` where it knows no place of its own.
fn settings(of: &ServiceSettings, here: Span) -> Vec<(&'static str, Span)> {
    let probes = [&of.probes.startup, &of.probes.readiness, &of.probes.liveness];
    let span = |given: bool| given.then_some(here);
    let all = [
        ("command", span(of.command.is_some())),
        ("args", span(of.args.is_some())),
        ("run_as_root", of.run_as_root.as_ref().map(|it| it.span)),
        ("probe", probes.into_iter().flatten().next().map(|it| it.span)),
        ("resources", of.resources.as_ref().map(|it| it.span)),
        ("gpu", span(of.gpu.is_some())),
        ("env", of.env.values().next().map(|it| it.span)),
        ("scale", of.scale.as_ref().map(|it| it.span)),
        ("expose", of.expose.as_ref().map(|it| it.span)),
        ("rollout", of.rollout.as_ref().map(|it| it.span)),
        ("disruption", of.disruption.as_ref().map(|it| it.span)),
        ("pull_secret", of.pull_secret.as_ref().map(|it| it.span)),
        ("place", of.place.as_ref().and_then(|it| it.span)),
        ("volume", of.volumes.first().map(|it| it.name.span)),
        ("secret", of.secrets.values().next().map(|it| it.span)),
        ("init", of.init.first().map(|it| it.name.span)),
        ("metrics", of.metrics.as_ref().map(|it| it.span)),
        ("identity", span(of.identity.is_some())),
        ("file", of.files.values().next().map(|it| it.path.span)),
        ("security", span(of.security.is_some())),
        ("labels", span(!of.labels.is_empty())),
        ("annotations", span(!of.annotations.is_empty())),
        ("extra", of.extra.values().next().map(|it| it.key)),
        ("grace", span(of.grace.is_some())),
        ("priority", of.priority.as_ref().map(|it| it.span)),
        ("pull", span(of.pull.is_some())),
    ];
    all.into_iter().filter_map(|(what, span)| Some((what, span?))).collect()
}
