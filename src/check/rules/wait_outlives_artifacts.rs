//! # A run waits longer than its artifacts are kept
//!
//! Azure DevOps deletes finished runs, with their artifacts, when they are older than the project's settings say and not
//! among the last few. A stage that downloads from another pipeline's run after a month of waits and approvals may find
//! nothing.
//!
//! ```mlops,fails
//! approval leads { approvers = ["leads@contoso.com"], timeout = 20d }
//! pipeline build {
//!   trigger manual
//!   stage all { run "make", publish app { path = "out" } }
//! }
//! pipeline release {
//!   trigger after build
//!   stage look {
//!     wait 15d
//!   }
//!   stage prod {
//!     approval = leads
//!     download build.app
//!     run "make deploy"
//!   }
//! }
//! ```
//!
//! ```mlops,passes
//! approval leads { approvers = ["leads@contoso.com"], timeout = 10d }
//! pipeline build {
//!   trigger manual
//!   stage all { run "make", publish app { path = "out" } }
//! }
//! pipeline release {
//!   trigger after build
//!   stage look {
//!     wait 15d
//!   }
//!   stage prod {
//!     approval = leads
//!     download build.app
//!     run "make deploy"
//!   }
//! }
//! ```
//!
//! Shorten the waits, or download before them and publish the files in this run: a run that is not finished is kept.
//!
//! Source: Azure DevOps documentation, "Retention policies": days count from when a run finished. How many is a setting of
//! the project, which is not known here; 30 is assumed.

use crate::check::{Cx, Group, Rule, walk};
use crate::model::project::Project;
use crate::plan::{Part, Pipeline, Stage, Step, StepBody};
use std::collections::BTreeMap;

pub(super) static RULE: Rule = Rule::warning(Group::Approvals, "wait-outlives-artifacts", run).by_pipeline().needs_all();

/// Assumed of the project's settings. Minutes.
const KEPT: u64 = 30 * 24 * 60;

fn run(cx: &mut Cx<'_>) {
    let project = cx.project;
    for pipeline in cx.planned() {
        let ends = ends(project, pipeline);
        for stage in &pipeline.stages {
            let before = begin(project, stage, &ends);
            let mut within = before;
            for step in stage.jobs.iter().flat_map(|it| &it.steps) {
                within += waits(step);
                if within > KEPT && matches!(&step.body, StepBody::Download { source: Some(_), .. }) {
                    report(cx, step, within);
                }
            }
        }
    }
}

fn report(cx: &mut Cx<'_>, step: &Step, minutes: u64) {
    let waited = walk::duration(minutes * 60);
    cx.report(&RULE, step.source, format!("up to {waited} pass before this, and finished runs may be deleted after 30d"))
        .help("shorten the waits and approvals before it, or download first and publish the files in this run");
}

/// How long the waits and approvals up to the end of each stage may take. Stages stand behind those they wait for.
fn ends(project: &Project, pipeline: &Pipeline) -> BTreeMap<String, u64> {
    let mut ends = BTreeMap::new();
    for stage in &pipeline.stages {
        let inside = stage.jobs.iter().map(|it| it.steps.iter().map(waits).sum::<u64>()).sum::<u64>();
        ends.insert(stage.name.clone(), begin(project, stage, &ends) + inside);
    }
    ends
}

fn begin(project: &Project, stage: &Stage, ends: &BTreeMap<String, u64>) -> u64 {
    let before = stage.depends_on.iter().filter_map(|it| ends.get(it)).max().copied().unwrap_or(0);
    let named = stage.jobs.iter().filter_map(|it| it.environment.as_ref());
    let environments = named.filter_map(|name| project.environments.values().find(|it| it.header.name.value == *name));
    let asked = environments.filter_map(|it| it.approval.as_ref());
    let asked = asked.map(|it| project.approvals[it.value].timeout_seconds / 60).max().unwrap_or(0);
    before + asked
}

/// Minutes that a step waits for people or for time.
fn waits(step: &Step) -> u64 {
    let StepBody::Task { name, inputs } = &step.body else { return 0 };
    match name.as_str() {
        "ManualValidation@1" => step.timeout_minutes.unwrap_or(0),
        "Delay@1" => {
            let minutes = inputs.iter().find(|it| it.0 == "delayForMinutes").map(|it| it.1.as_slice());
            let Some([Part::Literal(minutes)]) = minutes else { return 0 };
            minutes.parse().unwrap_or(0)
        }
        _ => 0,
    }
}
