//! # A command uses an input or output that its step does not declare
//!
//! Azure ML's own validation takes such a binding as text; the command then sees `${{inputs.x}}` itself and fails on
//! the cluster.
//!
//! ```mlops,fails
//! runtime python { image = "mcr.microsoft.com/azureml/openmpi4.1.0-ubuntu22.04:20250601.v1" }
//! ml_pipeline training {
//!   compute = serverless
//!   input raw: uri_folder
//!   step train {
//!     runtime = python
//!     command = "python -m train ${{inputs.raws}}"
//!     inputs { raw = inputs.raw }
//!   }
//! }
//! ```
//!
//! ```mlops,passes
//! runtime python { image = "mcr.microsoft.com/azureml/openmpi4.1.0-ubuntu22.04:20250601.v1" }
//! ml_pipeline training {
//!   compute = serverless
//!   input raw: uri_folder
//!   step train {
//!     runtime = python
//!     command = "python -m train ${{inputs.raw}}"
//!     inputs { raw = inputs.raw }
//!   }
//! }
//! ```
//!
//! Declare it in `inputs { … }` or as `output name: type`, or correct the name.
//!
//! Source: measured with azure-ai-ml 1.35.2.

use crate::base::suggest;
use crate::check::{Cx, Rule};
use crate::model::project::{MlPipeline, MlStep};
use crate::target::ml_command::{self, Binding};

pub(super) static RULE: Rule = Rule::error("ml-undeclared-input", run);

fn run(cx: &mut Cx<'_>) {
    for pipeline in cx.project.ml_pipelines.values() {
        for step in &pipeline.steps {
            check(cx, pipeline, step);
        }
    }
}

fn check(cx: &mut Cx<'_>, pipeline: &MlPipeline, step: &MlStep) {
    let Some(command) = &step.command else { return };
    for binding in ml_command::bindings(&command.value) {
        let (kind, name, known): (&str, &str, Vec<&str>) = match &binding {
            Binding::Input { name, .. } => ("input", name, step.inputs.keys().map(String::as_str).collect()),
            Binding::Output(name) => ("output", name, step.outputs.keys().map(String::as_str).collect()),
            Binding::BuiltIn => continue,
            Binding::Unknown(text) => {
                cx.report(&RULE, command.span, format!("the command uses `${{{{{text}}}}}`, which Azure ML does not know"))
                    .help("write `${{inputs.NAME}}`, `${{outputs.NAME}}`, `${{name}}` or `${{default_datastore}}`");
                continue;
            }
        };
        if known.contains(&name) {
            continue;
        }
        let finding = cx
            .report(&RULE, command.span, format!("the command uses {kind} `{name}`, which step `{}` does not declare", step.ident.value))
            .label(step.head, format!("in ML pipeline `{}`", pipeline.header.ident.value));
        match suggest::nearest(name, known.iter().copied()) {
            Some(nearest) => finding.help(format!("did you mean `${{{{{kind}s.{nearest}}}}}`?")),
            None if kind == "input" => finding.help(format!("add `{name} = …` to `inputs {{ … }}`")),
            None => finding.help(format!("add `output {name}: uri_folder`")),
        };
    }
}
