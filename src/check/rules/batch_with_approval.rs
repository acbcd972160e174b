//! # Batched pushes wait for an approval
//!
//! With `batch`, no run starts for new pushes while one is going on. A run that waits for somebody's approval is going on:
//! until somebody answers, nothing is built and nothing is tested.
//!
//! ```mlops,fails
//! approval leads { approvers = ["lead@contoso.example"] }
//! pipeline build {
//!   trigger push { branches = ["main"], batch = true }
//!   stage build { run "make" }
//!   stage ship { approval = leads, run "make ship" }
//! }
//! ```
//!
//! ```mlops,passes
//! approval leads { approvers = ["lead@contoso.example"] }
//! pipeline build {
//!   trigger push { branches = ["main"] }
//!   stage build { run "make" }
//!   stage ship { approval = leads, lock = latest, run "make ship" }
//! }
//! ```
//!
//! Leave `batch` out and let only the newest run in with `lock = latest`, or deliver in a pipeline of its own that starts
//! `after` this one.
//!
//! Source: Azure DevOps documentation, "CI triggers", batching: the next batch waits until the run is complete.

use crate::base::span::Span;
use crate::check::{Cx, Group, Rule};
use crate::diag::Safety;
use crate::model::project::{Pipeline, Project, TriggerKind};
use crate::model::steps::Kind;

pub(super) static RULE: Rule = Rule::warning(Group::Triggers, "batch-with-approval", run).by_pipeline().fixes(Safety::Unsafe);

fn run(cx: &mut Cx<'_>) {
    let project = cx.project;
    for pipeline in cx.pipelines() {
        let batched = |kind: &TriggerKind| matches!(kind, TriggerKind::Push { batch: true, .. });
        let Some(trigger) = pipeline.active_triggers().find(|it| batched(&it.kind)) else { continue };
        let Some((what, span)) = waits(project, pipeline) else { continue };
        let written = cx.inside(trigger.span, "batch");
        let edit = written.map(|it| cx.remove(it));
        let place = written.unwrap_or(trigger.span);
        let finding = cx
            .report(&RULE, place, "new pushes are not looked at while a run waits")
            .label(span, what)
            .help("remove `batch`, and write `lock = latest` where only the newest run may go on");
        if let Some(edit) = edit {
            finding.edits(Safety::Unsafe, "remove `batch`", vec![edit]);
        }
    }
}

/// What in the pipeline waits for people.
fn waits(project: &Project, pipeline: &Pipeline) -> Option<(&'static str, Span)> {
    pipeline.stages.iter().filter(|it| it.enabled).find_map(|stage| {
        if let Some(approval) = &stage.approval {
            return Some(("somebody must agree here", approval.span));
        }
        let asks = stage.environments().find(|it| project.environments[it.value].approval.is_some());
        let steps = stage.jobs.iter().flat_map(|it| &it.steps).filter(|it| it.enabled);
        let step = steps.into_iter().find_map(|it| match it.kind {
            Kind::Approve(_) => Some(("somebody must agree here", it.head)),
            Kind::Wait(_) => Some(("the run waits here", it.head)),
            _ => None,
        });
        asks.map(|it| ("somebody must agree to this environment", it.span)).or(step)
    })
}
