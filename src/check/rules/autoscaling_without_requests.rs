//! # An autoscaler that has nothing to measure against
//!
//! A target such as `cpu = 60%` means 60 % of what the container requests. Without a request the autoscaler reports
//! `unknown` and never scales.
//!
//! ```mlops,fails
//! service api {
//!   image = "team/api"
//!   port  = 8080
//!   scale { replicas = 2..10, cpu = 60% }
//! }
//! ```
//!
//! ```mlops,passes
//! service api {
//!   image = "team/api"
//!   port  = 8080
//!   resources { cpu = 250m..500m, memory = 512Mi }
//!   scale { replicas = 2..10, cpu = 60% }
//! }
//! ```
//!
//! Add what the container requests: `resources { cpu = 250m..500m }`.
//!
//! Source: Kubernetes documentation, "Horizontal Pod Autoscaling".

use crate::check::{Cx, Group, Rule};
use crate::model::project::ServiceSettings;

pub(super) static RULE: Rule = Rule::error(Group::Deployment, "autoscaling-without-requests", run);

fn run(cx: &mut Cx<'_>) {
    let project = cx.project;
    for service in project.services.values() {
        check(cx, &service.settings);
    }
    for overlay in project.environments.values().flat_map(|it| it.services.values()) {
        let merged = project.services[overlay.service.value].settings.overlaid(Some(&overlay.settings));
        if overlay.settings.scale.is_some() {
            check(cx, &merged);
        }
    }
}

fn check(cx: &mut Cx<'_>, settings: &ServiceSettings) {
    let Some(scale) = &settings.scale else { return };
    let resources = settings.resources.as_ref();
    let measured = [("cpu", scale.cpu, resources.is_some_and(|it| it.cpu.is_some())), (
        "memory",
        scale.memory,
        resources.is_some_and(|it| it.memory.is_some()),
    )];
    for (what, target, requested) in measured {
        if target.is_some() && !requested {
            cx.report(&RULE, scale.span, format!("the autoscaler aims at a share of requested {what}, and none is requested"))
                .help(format!("add `resources {{ {what} = … }}` to the service"));
        }
    }
}
