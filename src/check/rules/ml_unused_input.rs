//! # An input that nothing reads
//!
//! A declared input that the command does not use is mounted for nothing; one of the pipeline that no step is bound to
//! looks as if it changed something, and does not.
//!
//! ```mlops,fails
//! runtime python { image = "mcr.microsoft.com/azureml/openmpi4.1.0-ubuntu22.04:20250601.v1" }
//! ml_pipeline training {
//!   compute = serverless
//!   input rate: number = 0.1
//!   step train { runtime = python, command = "python -m train" }
//! }
//! ```
//!
//! ```mlops,passes
//! runtime python { image = "mcr.microsoft.com/azureml/openmpi4.1.0-ubuntu22.04:20250601.v1" }
//! ml_pipeline training {
//!   compute = serverless
//!   input rate: number = 0.1
//!   step train {
//!     runtime = python
//!     command = "python -m train --rate ${{inputs.rate}}"
//!     inputs { rate = inputs.rate }
//!   }
//! }
//! ```
//!
//! Use it or remove it. If it is there for order only, keep it: this is a warning.
//!
//! Source: 15 of 272 public command components declare an input that their command does not use.

use crate::check::{Cx, Rule};
use crate::model::project::{MlPipeline, MlSource, MlStep};
use crate::target::ml_command::{self, Binding};

pub(super) static RULE: Rule = Rule::warning("ml-unused-input", run).needs_all();

fn run(cx: &mut Cx<'_>) {
    for pipeline in cx.project.ml_pipelines.values() {
        for step in &pipeline.steps {
            step_inputs(cx, step);
        }
        pipeline_inputs(cx, pipeline);
    }
}

fn step_inputs(cx: &mut Cx<'_>, step: &MlStep) {
    let Some(command) = &step.command else { return };
    let used = ml_command::bindings(&command.value);
    let reads = |key: &str| used.iter().any(|it| matches!(it, Binding::Input { name, .. } if name == key));
    for (key, binding) in step.inputs.iter().filter(|(key, _)| !reads(key)) {
        cx.report(&RULE, binding.key.span, format!("the command of step `{}` does not use its input `{key}`", step.ident.value))
            .help(format!("write `${{{{inputs.{key}}}}}` into the command, or remove the input"));
    }
}

fn pipeline_inputs(cx: &mut Cx<'_>, pipeline: &MlPipeline) {
    let bound = |name: &str| {
        let mut sources = pipeline.steps.iter().flat_map(|it| it.inputs.values());
        sources.any(|it| matches!(&it.source, MlSource::Input(input) if input == name))
    };
    for input in pipeline.inputs.values().filter(|it| !bound(&it.ident.value)) {
        let name = &input.ident.value;
        cx.report(&RULE, input.ident.span, format!("no step reads input `{name}` of `{}`", pipeline.header.ident.value))
            .help(format!("bind it in a step, `inputs {{ {name} = inputs.{name} }}`, or remove it"));
    }
}
