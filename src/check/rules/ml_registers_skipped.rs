//! # An output is registered although its step did nothing
//!
//! A step with `when` does nothing and succeeds where its decision says `reject`; what it leaves in its outputs is only
//! a marker. A registration that does not ask the same decision registers that marker as a model.
//!
//! ```mlops,fails
//! model price { type = mlflow_model }
//! runtime python { image = "mcr.microsoft.com/azureml/openmpi4.1.0-ubuntu22.04:20250601.v1" }
//! ml_pipeline training {
//!   compute = serverless
//!   step look {
//!     runtime = python
//!     command = "python -m look ${{outputs.worth_it}} ${{outputs.again}}"
//!     output worth_it: decision
//!     output again: decision
//!   }
//!   step train {
//!     runtime = python
//!     command = "python -m train --model ${{outputs.model}}"
//!     when = look.worth_it
//!     output model: mlflow_model
//!   }
//!   register price from train.model { when = look.again }
//! }
//! ```
//!
//! ```mlops,passes
//! model price { type = mlflow_model }
//! runtime python { image = "mcr.microsoft.com/azureml/openmpi4.1.0-ubuntu22.04:20250601.v1" }
//! ml_pipeline training {
//!   compute = serverless
//!   step look {
//!     runtime = python
//!     command = "python -m look ${{outputs.worth_it}}"
//!     output worth_it: decision
//!   }
//!   step train {
//!     runtime = python
//!     command = "python -m train --model ${{outputs.model}}"
//!     when = look.worth_it
//!     output model: mlflow_model
//!   }
//!   register price from train.model { when = look.worth_it }
//! }
//! ```
//!
//! Register with the step's own decision.

use crate::check::{Cx, Rule};
use crate::model::project::{MlPipeline, MlPort, MlSource};

pub(super) static RULE: Rule = Rule::error("ml-registers-skipped", run);

fn run(cx: &mut Cx<'_>) {
    let project = cx.project;
    for (id, pipeline) in project.ml_pipelines.iter() {
        let edges = &cx.graphs.ml_pipelines[id.index()];
        for registration in &pipeline.registrations {
            let from = registration.from.value.step;
            let asked = registration.when.as_ref().map(|it| &it.value);
            let Some(guard) = guards(pipeline, edges, from).into_iter().find(|it| Some(*it) != asked) else { continue };
            let (step, deciding) = (&pipeline.steps[from], &pipeline.steps[guard.step].ident.value);
            let decision = format!("{deciding}.{}", guard.output);
            cx.report(&RULE, registration.from.span, format!("`{}` does nothing where `{decision}` says `reject`, but is registered", step.ident.value))
                .label(step.head, "the step")
                .help(format!("add `{{ when = {decision} }}` to the registration"));
        }
    }
}

/// The decisions that keep a step, or a step whose data it reads, from working.
fn guards<'p>(pipeline: &'p MlPipeline, edges: &[Vec<usize>], step: usize) -> Vec<&'p MlPort> {
    let mut found = Vec::new();
    let mut seen = vec![false; pipeline.steps.len()];
    let mut open = vec![step];
    while let Some(at) = open.pop() {
        if std::mem::replace(&mut seen[at], true) {
            continue;
        }
        let here = &pipeline.steps[at];
        found.extend(here.when.as_ref().map(|it| &it.value));
        let reads = |other: &usize| here.inputs.values().any(|it| matches!(&it.source, MlSource::Output(port) if port.step == *other));
        open.extend(edges[at].iter().copied().filter(reads));
    }
    found
}
