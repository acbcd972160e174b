//! # Two clocks start the same training
//!
//! An ML pipeline with a `schedule` is started by Azure ML, and a delivery pipeline with a schedule submits it again:
//! both runs use the compute, and whichever ends last registers the model.
//!
//! ```mlops,fails
//! project prices { connection = azure, workspace = mlw }
//! connection azure { type = azure_rm }
//! workspace mlw { resource_group = "rg", existing = true }
//! runtime python { image = "mcr.microsoft.com/azureml/openmpi4.1.0-ubuntu22.04:20250601.v1" }
//! ml_pipeline training {
//!   compute = serverless
//!   schedule nightly { cron = "0 3 * * *" }
//!   step train { runtime = python, command = "python train.py" }
//! }
//! pipeline train {
//!   trigger schedule "0 3 * * *" { always = true }
//!   stage all { submit training { wait = none } }
//! }
//! pipeline set_up { trigger manual, stage all { ensure training.nightly } }
//! ```
//!
//! ```mlops,passes
//! project prices { connection = azure, workspace = mlw }
//! connection azure { type = azure_rm }
//! workspace mlw { resource_group = "rg", existing = true }
//! runtime python { image = "mcr.microsoft.com/azureml/openmpi4.1.0-ubuntu22.04:20250601.v1" }
//! ml_pipeline training {
//!   compute = serverless
//!   step train { runtime = python, command = "python train.py" }
//! }
//! pipeline train {
//!   trigger schedule "0 3 * * *" { always = true }
//!   stage all { submit training { wait = none } }
//! }
//! ```
//!
//! Keep one. The schedule of Azure DevOps sees whether the run succeeded, and what comes after it.

use crate::check::{Cx, Group, Rule};
use crate::model::project::TriggerKind;
use crate::model::steps::Kind;
use std::collections::BTreeSet;

pub(super) static RULE: Rule = Rule::warning(Group::Triggers, "two-schedulers", run).by_pipeline();

fn run(cx: &mut Cx<'_>) {
    let project = cx.project;
    let mut told = BTreeSet::new();
    for place in cx.steps() {
        let Kind::Submit(submit) = &place.step.kind else { continue };
        let ml = &project.ml_pipelines[submit.ml_pipeline];
        let Some(own) = ml.schedules.values().find(|it| it.enabled) else { continue };
        let clock = place.pipeline.active_triggers().find(|it| matches!(it.kind, TriggerKind::Schedule(_)));
        let Some(clock) = clock.filter(|_| place.step.enabled && told.insert((place.id, submit.ml_pipeline))) else { continue };
        let name = &ml.header.ident.value;
        cx.report(&RULE, clock.span, format!("the clock starts `{name}` here and in Azure ML"))
            .label(own.header.head, "Azure ML's schedule")
            .label(place.step.head, "started by this pipeline")
            .help("remove one of the two schedules, or write `enabled = false` in it");
    }
}
