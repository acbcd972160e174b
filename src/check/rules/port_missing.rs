//! # A service is reached or probed, but says no port
//!
//! A probe, and everything that exposes a service, needs the port the container listens on.
//!
//! ```mlops,fails
//! service api {
//!   image = "team/api"
//!   probe readiness { path = "/health" }
//! }
//! ```
//!
//! ```mlops,passes
//! service api {
//!   image = "team/api"
//!   port  = 8080
//!   probe readiness { path = "/health" }
//! }
//! ```
//!
//! Add `port = 8080`, or whichever the container listens on.

use crate::base::span::Span;
use crate::check::{Cx, Group, Rule};
use crate::model::project::ServiceSettings;

pub(super) static RULE: Rule = Rule::error(Group::Deployment, "port-missing", run).needs_all();

fn run(cx: &mut Cx<'_>) {
    let project = cx.project;
    for service in project.services.values() {
        check(cx, &service.settings);
    }
    for overlay in project.environments.values().flat_map(|it| it.services.values()) {
        let below = &project.services[overlay.service.value].settings;
        let adds = reason(&overlay.settings).is_some() && reason(below).is_none();
        if adds {
            check(cx, &below.overlaid(Some(&overlay.settings)));
        }
    }
}

fn check(cx: &mut Cx<'_>, settings: &ServiceSettings) {
    if let (None, Some((why, span))) = (&settings.port, reason(settings)) {
        cx.report(&RULE, span, format!("{why} needs the service's port")).help("add `port = 8080`, or whichever the container listens on");
    }
}

/// What needs a port.
fn reason(settings: &ServiceSettings) -> Option<(&'static str, Span)> {
    let probes = [&settings.probes.startup, &settings.probes.readiness, &settings.probes.liveness];
    let own = |it: &&crate::model::project::Probe| it.port.is_none() && it.command.is_empty();
    let probe = probes.into_iter().flatten().find(own).map(|it| ("a probe", it.span));
    let metrics = settings.metrics.as_ref().filter(|it| it.port.is_none()).map(|it| ("`metrics`", it.span));
    probe.or_else(|| settings.expose.as_ref().map(|it| ("`expose`", it.span))).or(metrics)
}
