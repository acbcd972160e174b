//! # An optional input outside of `$[[ … ]]`
//!
//! Where an optional input is not given, Azure ML leaves out what stands in `$[[ … ]]`. Anything else stays: the
//! script then reads `${{inputs.x}}` itself.
//!
//! ```mlops,fails
//! runtime python { image = "mcr.microsoft.com/azureml/openmpi4.1.0-ubuntu22.04:20250601.v1" }
//! ml_pipeline training {
//!   compute = serverless
//!   input rate: number { optional = true }
//!   step train {
//!     runtime = python
//!     command = "python -m train --rate ${{inputs.rate}}"
//!     inputs { rate = inputs.rate }
//!   }
//! }
//! ```
//!
//! ```mlops,passes
//! runtime python { image = "mcr.microsoft.com/azureml/openmpi4.1.0-ubuntu22.04:20250601.v1" }
//! ml_pipeline training {
//!   compute = serverless
//!   input rate: number { optional = true }
//!   step train {
//!     runtime = python
//!     command = "python -m train $[[ --rate ${{inputs.rate}} ]]"
//!     inputs { rate = inputs.rate }
//!   }
//! }
//! ```
//!
//! Put the option and its value into `$[[ … ]]`.
//!
//! Source: Azure ML documentation, "Core yaml syntax"; azure-ai-ml 1.35.2 accepts the mistake.

use crate::check::{Cx, Rule};
use crate::model::project::{MlPipeline, MlSource, MlStep};
use crate::target::ml_command::{self, Binding};

pub(super) static RULE: Rule = Rule::error("ml-optional-not-bracketed", run);

fn run(cx: &mut Cx<'_>) {
    let project = cx.project;
    for pipeline in project.ml_pipelines.values() {
        for step in &pipeline.steps {
            check(cx, pipeline, step);
        }
    }
}

fn check(cx: &mut Cx<'_>, pipeline: &MlPipeline, step: &MlStep) {
    let Some(command) = &step.command else { return };
    for binding in ml_command::bindings(&command.value) {
        let Binding::Input { name, optional: false } = binding else { continue };
        let Some(MlSource::Input(source)) = step.inputs.get(&name).map(|it| &it.source) else { continue };
        let Some(input) = pipeline.inputs.get(source).filter(|it| it.optional) else { continue };
        cx.report(&RULE, command.span, format!("`${{{{inputs.{name}}}}}` may be missing, and the command needs it"))
            .label(input.ident.span, "optional")
            .help(format!("put the option into brackets: `$[[ --{name} ${{{{inputs.{name}}}}} ]]`"));
    }
}
