//! # A job ends before what it waits for
//!
//! Azure Pipelines ends a job after its timeout, an hour where nothing is said: a pause or a wait inside it that takes
//! longer never ends well.
//!
//! ```mlops,fails
//! pipeline nightly {
//!   trigger manual
//!   stage pause { run "sleep 86400" }
//! }
//! ```
//!
//! ```mlops,passes
//! pipeline nightly {
//!   trigger manual
//!   stage pause { wait 24h }
//! }
//! ```
//!
//! A timeout of the pipeline, the environment or the project gives way to that of a step: the nearest wins.
//!
//! Use `wait`, or give the job a `timeout` that is longer than everything in it.
//!
//! Source: Azure DevOps documentation, "Timeouts"; notes of the tasks `Delay@1` and `ManualValidation@1`.

use crate::check::walk::{self, Place};
use crate::check::{Cx, Group, Rule};
use crate::model::project::{Project, Timeout};

pub(super) static RULE: Rule = Rule::error(Group::Approvals, "timeout-shorter-than-wait", run).by_pipeline();

const HOUR: u64 = 3600;

fn run(cx: &mut Cx<'_>) {
    let project = cx.project;
    for place in cx.steps() {
        let said = walk::timeout(project, &place);
        let needs = match (walk::sleeps(place.step), &place.step.timeout) {
            (Some(seconds), _) => seconds,
            // Only what the job or its stage says contradicts the step: a timeout from further out gives way.
            (None, Some(own)) if says_near(&place) && is_on_agent(&place) => own.value,
            (None, _) => continue,
        };
        let limit = match said.as_ref().map(|it| it.value) {
            Some(Timeout::Max) => continue,
            Some(Timeout::Seconds(seconds)) => seconds,
            None => HOUR,
        };
        if needs >= limit {
            report(cx, project, &place, needs, limit);
        }
    }
}

fn says_near(place: &Place<'_>) -> bool {
    [&place.job.inherited, &place.stage.inherited].into_iter().any(|it| it.timeout.is_some())
}

fn is_on_agent(place: &Place<'_>) -> bool {
    !matches!(place.step.kind.word(), "wait" | "approve")
}

fn report(cx: &mut Cx<'_>, project: &Project, place: &Place<'_>, needs: u64, limit: u64) {
    let (needs, limit) = (walk::duration(needs), walk::duration(limit));
    let message = format!("this takes {needs}, but its job is ended after {limit}");
    let finding = cx.report(&RULE, place.step.head, message);
    let finding = match walk::timeout(project, place) {
        Some(said) => finding.label(said.span, "by this timeout"),
        None => finding.label(place.job.head, "the default of every job"),
    };
    match walk::sleeps(place.step) {
        Some(_) => finding.help(format!("write `wait {needs}`, which needs no agent and no timeout")),
        None => finding.help(format!("write a longer timeout than {needs} there, or none: it then follows from the steps")),
    };
}
