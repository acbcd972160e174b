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
//! A step that does nothing rejects all its own decisions, so one that is decided later implies the earlier one:
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
//!   step evaluate {
//!     runtime = python
//!     command = "python -m evaluate ${{inputs.model}} ${{outputs.promote}}"
//!     inputs { model = train.model }
//!     output promote: decision
//!   }
//!   register price from train.model { when = evaluate.promote }
//! }
//! ```
//!
//! Register with the step's own decision, or one that depends on it.

use crate::check::{Cx, Group, Rule};
use crate::model::project::{MlPipeline, MlPort, MlSource};

pub(super) static RULE: Rule = Rule::error(Group::Ml, "ml-registers-skipped", run);

fn run(cx: &mut Cx<'_>) {
    let project = cx.project;
    for (id, pipeline) in project.ml_pipelines.iter() {
        let edges = &cx.graphs.ml_pipelines[id.index()];
        for registration in &pipeline.registrations {
            let from = registration.from.value.step;
            let asked = registration.when.as_ref().map(|it| &it.value);
            let implied = asked.map_or_else(Vec::new, |it| implied(pipeline, edges, it));
            let Some(guard) = guards(pipeline, edges, from).into_iter().find(|it| !implied.contains(it)) else { continue };
            let (step, deciding) = (&pipeline.steps[from], &pipeline.steps[guard.step].ident.value);
            let decision = format!("{deciding}.{}", guard.output);
            cx.report(&RULE, registration.from.span, format!("`{}` does nothing where `{decision}` says `reject`, but is registered", step.ident.value))
                .label(step.head, "the step")
                .help(help(pipeline, asked, &decision));
        }
    }
}

/// A registration asks one decision, so the step behind another one has to ask this one.
fn help(pipeline: &MlPipeline, asked: Option<&MlPort>, decision: &str) -> String {
    match asked {
        None => format!("add `{{ when = {decision} }}` to the registration"),
        Some(port) => {
            let deciding = &pipeline.steps[port.step].ident.value;
            format!(
                "add `when = {decision}` to step `{deciding}`: `{deciding}.{}` then says `reject` too",
                port.output
            )
        }
    }
}

/// The decisions that have said `promote` where this one has: a step that does nothing rejects all of its own.
fn implied<'p>(pipeline: &'p MlPipeline, edges: &[Vec<usize>], decision: &'p MlPort) -> Vec<&'p MlPort> {
    let mut found = vec![decision];
    let mut next = 0;
    while let Some(port) = found.get(next) {
        for guard in guards(pipeline, edges, port.step) {
            if !found.contains(&guard) {
                found.push(guard);
            }
        }
        next += 1;
    }
    found
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
