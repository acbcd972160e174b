//! # A rollback in a run that deploys nothing
//!
//! `rollback` undoes what *this run* has deployed, so that it can stand behind any failure without harm. In a pipeline that
//! never deploys the service or endpoint, it never does anything.
//!
//! ```mlops,fails
//! connection azure { type = azure_rm }
//! service api { image = "team/api", port = 8080 }
//! environment prod {
//!   target aks { cluster = "aks", resource_group = "rg-prod", namespace = "api" }
//!   service api { run_as_root = false }
//! }
//! pipeline back {
//!   trigger manual
//!   stage back { environment = prod, connection = azure, rollback api }
//! }
//! ```
//!
//! ```mlops,passes
//! connection azure { type = azure_rm }
//! service api { image = "team/api", port = 8080 }
//! environment prod {
//!   target aks { cluster = "aks", resource_group = "rg-prod", namespace = "api" }
//!   service api { run_as_root = false }
//! }
//! pipeline back {
//!   trigger manual
//!   stage back { environment = prod, connection = azure, rollback api { any_run = true } }
//! }
//! ```
//!
//! Write `any_run = true`: it undoes the last deployment, whichever run made it.

use crate::check::{Cx, Group, Rule};
use crate::model::steps::Kind;
use crate::model::steps::rollback::RolledBack;

pub(super) static RULE: Rule = Rule::error(Group::Deployment, "rollback-without-deploy", run).by_pipeline();

fn run(cx: &mut Cx<'_>) {
    let project = cx.project;
    for place in cx.steps() {
        let Kind::Rollback(rollback) = &place.step.kind else { continue };
        let deploys = cx.steps().filter(|it| it.id == place.id).any(|it| match (&it.step.kind, &rollback.what) {
            (Kind::Deploy(step), RolledBack::Service(id)) => step.service() == Some(*id),
            (Kind::Deploy(step), RolledBack::Endpoint(id)) => step.endpoint() == Some(*id),
            _ => false,
        });
        if rollback.any_run || deploys {
            continue;
        }
        let name = match &rollback.what {
            RolledBack::Service(id) => &project.services[*id].header.ident.value,
            RolledBack::Endpoint(id) => &project.endpoints[*id].header.ident.value,
        };
        cx.report(&RULE, place.step.head, format!("this pipeline never deploys `{name}`, so there is nothing of its runs to undo"))
            .label(place.pipeline.header.head, "this pipeline")
            .help(format!("write `rollback {name} {{ any_run = true }}` to undo the last deployment, whichever run made it"));
    }
}
