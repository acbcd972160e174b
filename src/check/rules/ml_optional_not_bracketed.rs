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

use crate::check::ml::{self, Commanded};
use crate::check::{Cx, Group, Rule};
use crate::target::ml_command::{self, Binding};

pub(super) static RULE: Rule = Rule::error(Group::Ml, "ml-optional-not-bracketed", run);

fn run(cx: &mut Cx<'_>) {
    let project = cx.project;
    for commanded in ml::commanded(project) {
        check(cx, &commanded);
    }
}

fn check(cx: &mut Cx<'_>, commanded: &Commanded<'_>) {
    for binding in ml_command::bindings(&commanded.text.value) {
        let Binding::Input { name, optional: false } = binding else { continue };
        let input = commanded.inputs.iter().find(|it| it.name == name);
        let Some(declared) = input.and_then(|it| it.optional) else { continue };
        cx.report(&RULE, commanded.text.span, format!("`${{{{inputs.{name}}}}}` may be missing, and the command needs it"))
            .label(declared, "optional")
            .help(format!("put the option into brackets: `$[[ --{name} ${{{{inputs.{name}}}}} ]]`"));
    }
}
