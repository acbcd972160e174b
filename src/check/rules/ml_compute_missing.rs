//! # An ML step has nowhere to run
//!
//! Neither the step nor its ML pipeline names a compute. Azure ML refuses the job when it is submitted.
//!
//! ```mlops,fails
//! runtime python { image = "mcr.microsoft.com/azureml/openmpi4.1.0-ubuntu22.04:20250601.v1" }
//! ml_pipeline training {
//!   step train { runtime = python, command = "python --version" }
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
//! Name a declared `compute`, or `serverless`, which is always there.
//!
//! Source: azure-ai-ml 1.35.2, "Compute not set".

use crate::check::ml;
use crate::check::{Cx, Group, Rule};
use crate::diag::Safety;

pub(super) static RULE: Rule = Rule::error(Group::Ml, "ml-compute-missing", run).fixes(Safety::Unsafe).needs_all().in_views();

fn run(cx: &mut Cx<'_>) {
    let project = cx.project;
    for pipeline in project.ml_pipelines.values() {
        for step in pipeline.steps.iter().filter(|it| it.compute.is_none() && ml::needs_compute(project, it)) {
            let name = &step.ident.value;
            if ml::is_spark(project, step) {
                cx.report(&RULE, step.head, format!("ML step `{name}` has no Spark to run on"))
                    .help("add `instance_type = standard_e4s_v3` and `runtime_version = \"3.4\"` to `spark { … }`, or the attached Spark pool as `compute` of the step");
            } else if pipeline.compute.is_none() {
                let edit = cx.insert(pipeline.header.head, "compute = serverless");
                cx.report(&RULE, step.head, format!("ML step `{name}` has no compute"))
                    .label(pipeline.header.head, "and none is set for the whole pipeline")
                    .help("add `compute = serverless` or the name of a declared `compute`, here or on the ML pipeline")
                    .edits(Safety::Unsafe, "let all of it run serverless", vec![edit]);
            }
        }
    }
}
