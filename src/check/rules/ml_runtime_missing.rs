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

use crate::check::{Cx, Rule};

pub(super) static RULE: Rule = Rule::error("ml-runtime-missing", run).needs_all().in_views();

fn run(cx: &mut Cx<'_>) {
    for step in cx.project.ml_pipelines.values().flat_map(|it| &it.steps).filter(|it| it.runtime.is_none()) {
        cx.report(&RULE, step.head, format!("ML step `{}` has no runtime", step.ident.value))
            .help("add `runtime = NAME` with a declared `runtime NAME { image = \"…\" }`");
    }
}
