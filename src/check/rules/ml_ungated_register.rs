//! # A model is registered whatever its quality
//!
//! Without a decision, every run registers its model, and the next deployment takes it although it may be worse.
//!
//! ```mlops,fails
//! model price { type = mlflow_model }
//! runtime python { image = "mcr.microsoft.com/azureml/openmpi4.1.0-ubuntu22.04:20250601.v1" }
//! ml_pipeline training {
//!   compute = serverless
//!   step train {
//!     runtime = python
//!     command = "python -m train --model ${{outputs.model}}"
//!     output model: mlflow_model
//!   }
//!   register price from train.model
//! }
//! ```
//!
//! ```mlops,passes
//! model price { type = mlflow_model }
//! runtime python { image = "mcr.microsoft.com/azureml/openmpi4.1.0-ubuntu22.04:20250601.v1" }
//! ml_pipeline training {
//!   compute = serverless
//!   step train {
//!     runtime = python
//!     command = "python -m train --model ${{outputs.model}}"
//!     output model: mlflow_model
//!   }
//!   step evaluate {
//!     runtime = python
//!     command = "python -m evaluate --model ${{inputs.model}} --promote ${{outputs.promote}}"
//!     inputs { model = train.model }
//!     output promote: decision
//!   }
//!   register price from train.model { when = evaluate.promote }
//! }
//! ```
//!
//! Let a step decide: an `output NAME: decision` into which the script writes `promote` or `reject`.

use crate::check::{Cx, Group, Rule};

pub(super) static RULE: Rule = Rule::warning(Group::Ml, "ml-ungated-register", run);

fn run(cx: &mut Cx<'_>) {
    let project = cx.project;
    for registration in project.ml_pipelines.values().flat_map(|it| &it.registrations).filter(|it| it.when.is_none()) {
        let model = &project.models[registration.model.value].header.ident.value;
        cx.report(&RULE, registration.span, format!("every run registers `{model}`, however good it is"))
            .help("add `{ when = STEP.DECISION }`, with an `output DECISION: decision` of a step that evaluates");
    }
}
