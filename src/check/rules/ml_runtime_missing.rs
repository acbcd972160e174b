//! # An ML step has nothing to run in
//!
//! A command needs an environment: an image, and the packages on it. Azure ML refuses the job when it is submitted,
//! after the agent was started and the compute was made.
//!
//! ```mlops,fails
//! ml_pipeline training {
//!   compute = serverless
//!   step train { command = "python --version" }
//! }
//! ```
//!
//! ```mlops,passes
//! runtime python { image = "mcr.microsoft.com/azureml/openmpi4.1.0-ubuntu22.04:20250601.v1" }
//! ml_pipeline training {
//!   compute = serverless
//!   step train { runtime = python, command = "python --version" }
//! }
//! ```
//!
//! Declare a `runtime` and name it.
//!
//! Source: schema of the command job of Azure ML: `environment` is required.

use crate::check::{Cx, Group, Rule};
use crate::model::project::{MlStep, MlWork};

pub(super) static RULE: Rule = Rule::error(Group::Ml, "ml-runtime-missing", run).needs_all().in_views();

const HELP: &str = "add `runtime = NAME` with a declared `runtime NAME { image = \"…\" }`";

fn run(cx: &mut Cx<'_>) {
    let project = cx.project;
    for step in project.ml_pipelines.values().flat_map(|it| &it.steps).filter(|it| it.runtime.is_none() && needs_one(it)) {
        cx.report(&RULE, step.head, format!("ML step `{}` has no runtime", step.ident.value)).help(HELP);
    }
    for component in project.components.values() {
        if component.written().is_some_and(|it| it.runtime.is_none()) {
            let message = format!("component `{}` has no runtime", component.header.ident.value);
            cx.report(&RULE, component.header.head, message).help(HELP);
        }
    }
}

/// Components have their own; Spark comes with one.
fn needs_one(step: &MlStep) -> bool {
    match &step.work {
        MlWork::Command | MlWork::Parallel(_) => true,
        MlWork::Sweep(sweep) => sweep.trial.is_none(),
        MlWork::Component(_) | MlWork::Pipeline(_) | MlWork::Spark(_) => false,
    }
}
