//! # What follows a run does not wait for it
//!
//! `submit … { wait = none }` is done as soon as Azure ML has taken the job. What stands behind it uses a model that is
//! not trained yet: the one of last time, or none. And if the training fails, the pipeline is green.
//!
//! ```mlops,fails
//! connection azure { type = azure_rm }
//! workspace ml { name = "mlw-team", resource_group = "rg-ml", existing = true }
//! project p { connection = azure, workspace = ml }
//! model price {}
//! runtime python { image = "mcr.microsoft.com/azureml/openmpi4.1.0-ubuntu22.04:20250601.v1" }
//! ml_pipeline training {
//!   compute = serverless
//!   step fit { runtime = python, command = "python -m fit" }
//! }
//! pipeline train {
//!   trigger manual
//!   stage all {
//!     submit training { wait = none }
//!     download_model price { to = "model", version = "1" }
//!   }
//! }
//! ```
//!
//! ```mlops,passes
//! connection azure { type = azure_rm }
//! workspace ml { name = "mlw-team", resource_group = "rg-ml", existing = true }
//! project p { connection = azure, workspace = ml }
//! model price {}
//! runtime python { image = "mcr.microsoft.com/azureml/openmpi4.1.0-ubuntu22.04:20250601.v1" }
//! ml_pipeline training {
//!   compute = serverless
//!   step fit { runtime = python, command = "python -m fit" }
//! }
//! pipeline train {
//!   trigger manual
//!   stage all {
//!     submit training { wait = agent }
//!     download_model price { to = "model", version = "1" }
//!   }
//! }
//! ```
//!
//! Say who waits: `agent`, or `server` for long runs, which holds no agent. Where nothing behind it uses a model, or
//! `run_id` is handed on, `wait = none` is fine.
//!
//! Source: Azure ML documentation, `az ml job create`: it returns when the job is submitted.

use crate::base::span::Span;
use crate::check::walk::Place;
use crate::check::{Cx, Group, Rule, Safety};
use crate::model::steps::Kind;
use crate::model::steps::submit::Wait;

pub(super) static RULE: Rule = Rule::warning(Group::Ml, "ml-unwatched-job", run).by_pipeline().fixes(Safety::Safe);

fn run(cx: &mut Cx<'_>) {
    let project = cx.project;
    for place in cx.steps().filter(|it| it.step.enabled) {
        let Kind::Submit(submit) = &place.step.kind else { continue };
        if submit.wait != Wait::None {
            continue;
        }
        let registration = project.ml_pipelines[submit.ml_pipeline].registrations.first();
        let follower = follower(cx, &place).map(|it| (it, "uses a model, at once"));
        let lost = || registration.map(|it| (it.span, "registered by the agent that waits"));
        let Some((span, text)) = follower.or_else(lost) else { continue };
        let value = cx.value(place.step.head, "wait");
        let name = &project.ml_pipelines[submit.ml_pipeline].header.ident.value;
        let finding = cx
            .report(&RULE, place.step.head, format!("nobody waits for the run of `{name}`, and what follows needs its end"))
            .label(span, text)
            .help("write `wait = server`, or `wait = agent` for a short run");
        if let Some(value) = value {
            finding.replace("wait for it without an agent", value, "server");
        }
    }
}

/// A step behind this one, in its job or in a stage that waits for its stage, that uses a model or an endpoint.
fn follower(cx: &Cx<'_>, place: &Place<'_>) -> Option<Span> {
    let graph = &cx.graphs.pipelines[place.id.index()];
    let here = &place.job.steps[place.step_index + 1..];
    let later = (0..place.pipeline.stages.len()).filter(|it| graph.before(*it).contains(&place.stage_index));
    let there = later.flat_map(|it| &place.pipeline.stages[it].jobs).flat_map(|it| &it.steps);
    here.iter().chain(there).find(|it| it.enabled && uses_model(&it.kind)).map(|it| it.head)
}

fn uses_model(kind: &Kind) -> bool {
    match kind {
        Kind::Deploy(deploy) => deploy.endpoint().is_some(),
        Kind::DownloadModel(_) | Kind::Promote(_) | Kind::Compare(_) | Kind::Register(_) => true,
        _ => false,
    }
}
