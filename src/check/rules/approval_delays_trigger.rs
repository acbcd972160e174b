//! # A pipeline starts only after another one's approval
//!
//! A run is complete when all of its stages have ended, approvals included. What starts after it waits for those people
//! too, for days perhaps, although it may need nothing but what was built before.
//!
//! ```mlops,fails
//! approval leads { approvers = ["leads@contoso.com"] }
//! environment prod { approval = leads }
//! pipeline release {
//!   trigger manual
//!   stage build { run "make" }
//!   stage prod { environment = prod, run "make deploy" }
//! }
//! pipeline scan {
//!   trigger after release
//!   stage all { run "make scan" }
//! }
//! ```
//!
//! ```mlops,passes
//! approval leads { approvers = ["leads@contoso.com"] }
//! environment prod { approval = leads }
//! pipeline release {
//!   trigger manual
//!   stage build { run "make" }
//!   stage prod { environment = prod, run "make deploy" }
//! }
//! pipeline scan {
//!   trigger after release { stages = [build] }
//!   stage all { run "make scan" }
//! }
//! ```
//!
//! Name the stages that are enough with `stages`. If it shall wait for those people, name the last stage, or allow it with the reason.
//!
//! Source: Azure Pipelines documentation, "Trigger one pipeline after another", stage filters.

use crate::base::span::Spanned;
use crate::check::{Cx, Group, Rule};
use crate::diag::Safety;
use crate::model::project::{Stage, TriggerKind};
use crate::model::steps::Kind;

pub(super) static RULE: Rule = Rule::info(Group::Approvals, "approval-delays-trigger", run).fixes(Safety::Unsafe);

fn run(cx: &mut Cx<'_>) {
    let project = cx.project;
    for pipeline in project.pipelines.values() {
        for trigger in pipeline.active_triggers() {
            let TriggerKind::After { pipeline: source, stages, tags, .. } = &trigger.kind else { continue };
            if !stages.is_empty() || cx.inside(trigger.span, "stages").is_some() {
                continue;
            }
            let source = &project.pipelines[source.value];
            let asks = source.stages.iter().position(|it| project.asked(it).is_some());
            let Some((before, asking)) = asks.and_then(|at| Some((source.stages.get(at.checked_sub(1)?)?, &source.stages[at]))) else { continue };
            let Some(span) = project.asked(asking) else { continue };
            let later = asks.map_or(&[][..], |at| &source.stages[at..]);
            if later.iter().any(|it| sets_one(it, tags)) {
                continue;
            }
            let (enough, name) = (&before.ident.value, &source.header.ident.value);
            let edit = cx.insert(trigger.span, &format!("stages = [{enough}]"));
            cx.report(&RULE, trigger.span, format!("this starts when all of `{name}` is done, also what people must agree to first"))
                .label(span, "somebody is asked here")
                .help(format!("add `stages = [{enough}]` if that is enough, or name the last stage if it is meant"))
                .edits(Safety::Unsafe, format!("start after `{enough}`"), vec![edit]);
        }
    }
}

/// Without the stage the run has not the tags.
fn sets_one(stage: &Stage, tags: &[Spanned<String>]) -> bool {
    if tags.is_empty() {
        return false;
    }
    let mut steps = stage.jobs.iter().flat_map(|it| &it.steps);
    steps.any(|it| match &it.kind {
        // A tag that only a run knows may be any.
        Kind::TagRun(run) => run.tag.as_str().is_none_or(|it| tags.iter().any(|tag| tag.value == it)),
        _ => false,
    })
}
