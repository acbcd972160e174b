//! # A run of an ML pipeline lacks an input
//!
//! An input without a default must be given by every `submit`. Azure ML refuses the job otherwise, after the agent was
//! started and the compute was made.
//!
//! ```mlops,fails
//! connection azure { type = azure_rm }
//! workspace ml { name = "mlw-team", resource_group = "rg-ml", existing = true }
//! project team { connection = azure, workspace = ml }
//! runtime python { image = "mcr.microsoft.com/azureml/openmpi4.1.0-ubuntu22.04:20250601.v1" }
//! ml_pipeline training {
//!   compute = serverless
//!   input rate: number
//!   step train {
//!     runtime = python
//!     command = "python -m train --rate ${{inputs.rate}}"
//!     inputs { rate = inputs.rate }
//!   }
//! }
//! pipeline train {
//!   trigger manual
//!   stage train { submit training { wait = agent } }
//! }
//! ```
//!
//! ```mlops,passes
//! connection azure { type = azure_rm }
//! workspace ml { name = "mlw-team", resource_group = "rg-ml", existing = true }
//! project team { connection = azure, workspace = ml }
//! runtime python { image = "mcr.microsoft.com/azureml/openmpi4.1.0-ubuntu22.04:20250601.v1" }
//! ml_pipeline training {
//!   compute = serverless
//!   input rate: number
//!   step train {
//!     runtime = python
//!     command = "python -m train --rate ${{inputs.rate}}"
//!     inputs { rate = inputs.rate }
//!   }
//! }
//! pipeline train {
//!   trigger manual
//!   stage train {
//!     submit training {
//!       wait = agent
//!       inputs { rate = 0.1 }
//!     }
//!   }
//! }
//! ```
//!
//! The same holds for a step that is a component or another ML pipeline. As a step, an ML pipeline has no defaults of
//! data: those hold only where it is submitted itself.
//!
//! Give the input in `inputs { … }`, or a default where it is declared.
//!
//! Source: azure-ai-ml 1.35.2: an input without a value is refused at submission.

use crate::check::ml::Interface;
use crate::check::{Cx, Group, Rule};
use crate::model::project::{MlStep, MlWork};
use crate::model::steps::Kind;

pub(super) static RULE: Rule = Rule::error(Group::Ml, "ml-missing-input", run).needs_all();

fn run(cx: &mut Cx<'_>) {
    let project = cx.project;
    for step in project.ml_pipelines.values().flat_map(|it| &it.steps) {
        if let Some(interface) = Interface::of(project, step) {
            not_given(cx, step, &interface);
        }
    }
    for place in cx.deliveries() {
        let Kind::Submit(submit) = &place.step.kind else { continue };
        let pipeline = &project.ml_pipelines[submit.ml_pipeline];
        for input in pipeline.inputs.values() {
            let name = &input.ident.value;
            if input.default.is_none() && !input.optional && !submit.inputs.contains_key(name) {
                let ml = &pipeline.header.ident.value;
                cx.report(&RULE, place.step.head, format!("this run of `{ml}` gives no value for its input `{name}`"))
                    .label(input.ident.span, "it has no default")
                    .help(format!("add `inputs {{ {name} = … }}`, or a default behind the input's type"));
            }
        }
    }
}

fn not_given(cx: &mut Cx<'_>, step: &MlStep, interface: &Interface<'_>) {
    let tried = |name: &str| matches!(&step.work, MlWork::Sweep(sweep) if sweep.space.contains_key(name));
    for input in &interface.inputs {
        let name = &input.ident.value;
        if !input.has_own_value() && !step.inputs.contains_key(name) && !tried(name) {
            let why = if input.default.is_some() { "its default holds only where it is submitted itself" } else { "it has no default" };
            cx.report(&RULE, step.head, format!("step `{}` gives no `{name}` to {}", step.ident.value, interface.what))
                .label(input.ident.span, why)
                .help(format!("add `{name} = …` to `inputs {{ … }}`"));
        }
    }
}
