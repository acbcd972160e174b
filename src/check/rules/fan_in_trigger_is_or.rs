//! # Two triggers that are meant together
//!
//! Each `trigger after` starts the pipeline by itself. One that takes artifacts of two pipelines runs twice: first with the
//! new artifacts of the one and old ones of the other.
//!
//! ```mlops,fails
//! pipeline model { trigger manual, stage all { run "make", publish model { path = "model" } } }
//! pipeline image { trigger manual, stage all { run "make", publish image { path = "image" } } }
//! pipeline release {
//!   trigger after model
//!   trigger after image
//!   stage all {
//!     download model.model
//!     download image.image
//!     run "make"
//!   }
//! }
//! ```
//!
//! ```mlops,passes
//! pipeline model { trigger manual, stage all { run "make", publish model { path = "model" } } }
//! pipeline image { trigger manual, stage all { run "make", publish image { path = "image" } } }
//! pipeline release {
//!   trigger after model
//!   resource image
//!   stage all {
//!     download model.model
//!     download image.image
//!     run "make"
//!   }
//! }
//! ```
//!
//! Let one of them start the pipeline, the one that ends last, and take the other with `resource`; or build both in one
//! pipeline.
//!
//! Source: Azure DevOps documentation, "Resources in YAML pipelines": each resource's trigger is evaluated on its own.

use crate::check::{Cx, Group, Rule};
use crate::model::project::{Pipeline, TriggerKind};
use crate::model::steps::Kind;
use std::collections::BTreeSet;

pub(super) static RULE: Rule = Rule::warning(Group::Triggers, "fan-in-trigger-is-or", run).by_pipeline();

fn run(cx: &mut Cx<'_>) {
    let project = cx.project;
    for pipeline in cx.pipelines() {
        let taken = taken(pipeline);
        let starts = pipeline.active_triggers().filter_map(|it| match &it.kind {
            TriggerKind::After { pipeline: source, .. } => Some((it.span, &project.pipelines[source.value].header.ident.value)),
            _ => None,
        });
        let starts: Vec<_> = starts.filter(|it| taken.contains(it.1.as_str())).collect();
        if let [(first, one), (second, other), ..] = starts.as_slice() {
            cx.report(&RULE, *second, format!("this starts when `{one}` or `{other}` is done, not when both are"))
                .label(*first, "starts it, too")
                .help(format!("keep the trigger of the one that ends last, and write `resource {one}` or `resource {other}` for the other"));
        }
    }
}

/// Of which pipelines it takes artifacts, without a condition.
fn taken(pipeline: &Pipeline) -> BTreeSet<&str> {
    let steps = pipeline.stages.iter().filter(|it| it.when.is_none()).flat_map(|it| &it.jobs).filter(|it| it.when.is_none());
    let steps = steps.flat_map(|it| &it.steps).filter(|it| it.when.is_none() && it.enabled);
    steps
        .filter_map(|it| match &it.kind {
            Kind::Download(it) => it.source.as_deref(),
            _ => None,
        })
        .collect()
}
