//! # What is off yields nothing
//!
//! A stage, a job or a step with `enabled = false` never runs. What it would set is empty for those who read it: a
//! condition on it is silently false, a value silently missing.
//!
//! ```mlops,fails
//! pipeline build {
//!   trigger manual
//!   stage look {
//!     enabled = false
//!     run "./changed.sh" as changed { output any: bool }
//!   }
//!   stage make {
//!     when = look.changed.any
//!     run "make"
//!   }
//! }
//! ```
//!
//! ```mlops,passes
//! pipeline build {
//!   trigger manual
//!   stage look {
//!     run "./changed.sh" as changed { output any: bool }
//!   }
//!   stage make {
//!     when = look.changed.any
//!     run "make"
//!   }
//! }
//! ```
//!
//! Remove `enabled = false`, or what reads it. Who only waits for it goes on as if it were not there.
//!
//! Source: Azure DevOps documentation, "Expressions": outputs of what did not run are empty.

use crate::check::walk::Place;
use crate::check::{Cx, Group, Rule};
use crate::model::expr::{Expr, OutputRef};
use crate::model::project::{Pipeline, Stage};

pub(super) static RULE: Rule = Rule::error(Group::References, "disabled-is-read", run).by_pipeline();

fn run(cx: &mut Cx<'_>) {
    for pipeline in cx.pipelines() {
        for stage in pipeline.stages.iter().filter(|it| it.enabled) {
            nodes(cx, pipeline, stage);
        }
    }
    for place in cx.steps().filter(|it| it.stage.enabled && it.job.enabled && it.step.enabled) {
        steps(cx, &place);
    }
}

/// Stages and jobs that are read.
fn nodes(cx: &mut Cx<'_>, pipeline: &Pipeline, stage: &Stage) {
    for read in &stage.reads {
        if read.job.is_some_and(|it| !stage.jobs[it].enabled) {
            continue;
        }
        let target = &pipeline.stages[read.node.stage];
        let job = read.node.job.and_then(|it| target.jobs.get(it)).filter(|it| !it.enabled);
        let off = match (target.enabled, job) {
            (false, _) => Some(("stage", &target.ident)),
            (true, Some(job)) => Some(("job", &job.ident)),
            (true, None) => None,
        };
        if let Some((what, name)) = off {
            cx.report(&RULE, read.span, format!("the {what} `{}` is off and never runs", name.value))
                .label(name.span, "`enabled = false`")
                .help("remove `enabled = false` there, or what is read here");
        }
    }
}

/// Steps of this job that are read.
fn steps(cx: &mut Cx<'_>, place: &Place<'_>) {
    let values: Vec<&Expr> = place.step.env.values().chain(&place.step.when).chain(&place.step.working_directory).collect();
    for value in values {
        for output in value.outputs() {
            if let Some(step) = off(place, output) {
                cx.report(&RULE, value.span, "the step whose output this reads is off and never runs")
                    .label(step, "`enabled = false`")
                    .help("remove `enabled = false` there, or what is read here");
            }
        }
    }
}

fn off(place: &Place<'_>, output: &OutputRef) -> Option<crate::base::span::Span> {
    let job = place.pipeline.stages.get(output.stage)?.jobs.get(output.job)?;
    job.steps.get(output.step).filter(|it| !it.enabled).map(|it| it.head)
}
