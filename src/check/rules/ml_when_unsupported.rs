//! # A step that cannot be told to do nothing
//!
//! Azure ML has no step that may be skipped. A step with `when` gets a command that asks the decision first, and does
//! nothing where it says `reject`. Only a command that is written in the step can be changed so: no component, no other
//! ML pipeline, no sweep, no mini-batches and no Spark. A step that reads what such a step writes inherits its `when`.
//!
//! ```mlops,fails
//! runtime python { image = "mcr.microsoft.com/azureml/openmpi4.1.0-ubuntu22.04:20250601.v1" }
//! component explain { runtime = python, command = "python -m explain" }
//! ml_pipeline training {
//!   compute = serverless
//!   step look { runtime = python, command = "python -m look ${{outputs.good}}", output good: decision }
//!   step explain { component = explain, when = look.good }
//! }
//! ```
//!
//! ```mlops,passes
//! runtime python { image = "mcr.microsoft.com/azureml/openmpi4.1.0-ubuntu22.04:20250601.v1" }
//! ml_pipeline training {
//!   compute = serverless
//!   step look { runtime = python, command = "python -m look ${{outputs.good}}", output good: decision }
//!   step explain { runtime = python, command = "python -m explain", when = look.good }
//! }
//! ```
//!
//! Write the command into the step; or make an ML pipeline of its own of what depends on the decision, and `submit` it
//! in a stage with `when = fit.good`, which also starts no compute for nothing.

use crate::check::{Cx, Group, Rule};
use crate::model::ml_flow;
use crate::model::project::MlWork;

pub(super) static RULE: Rule = Rule::error(Group::Ml, "ml-when-unsupported", run);

fn run(cx: &mut Cx<'_>) {
    for pipeline in cx.project.ml_pipelines.values() {
        let steps = &pipeline.steps;
        let decisions = ml_flow::decisions(steps, &ml_flow::order(steps));
        for (step, decisions) in steps.iter().zip(&decisions) {
            let Some(decision) = decisions.first().filter(|_| !matches!(step.work, MlWork::Command)) else { continue };
            let name = &step.ident.value;
            let decided = format!("{}.{}", steps[decision.step].ident.value, decision.output);
            let kind = step.work.describe();
            let (message, span) = match &step.when {
                Some(when) => (format!("step `{name}` is {kind}, which cannot ask `{decided}`"), when.span),
                None => (
                    format!("step `{name}` is {kind}, and reads what nobody writes where `{decided}` says `reject`"),
                    step.head,
                ),
            };
            cx.report(&RULE, span, message)
                .help("write a `command` into the step, or put what depends on the decision into an ML pipeline of its own, submitted in a stage with a `when`");
        }
    }
}
