//! # A command continues with a backslash
//!
//! Azure ML does not take `\` at the end of a line for a continuation: the arguments behind it are lost.
//!
//! ```mlops,fails
//! runtime python { image = "mcr.microsoft.com/azureml/openmpi4.1.0-ubuntu22.04:20250601.v1" }
//! ml_pipeline training {
//!   compute = serverless
//!   step train {
//!     runtime = python
//!     command = """
//!       python -m train \
//!         --epochs 3
//!       """
//!   }
//! }
//! ```
//!
//! ```mlops,passes
//! runtime python { image = "mcr.microsoft.com/azureml/openmpi4.1.0-ubuntu22.04:20250601.v1" }
//! ml_pipeline training {
//!   compute = serverless
//!   step train {
//!     runtime = python
//!     command = "python -m train --epochs 3"
//!   }
//! }
//! ```
//!
//! Write the command on one line.
//!
//! Source: Azure ML documentation, command component, "Using \ to make a new line isn't supported in command".

use crate::check::ml;
use crate::check::{Cx, Group, Rule};

pub(super) static RULE: Rule = Rule::error(Group::Ml, "ml-line-continuation", run);

fn run(cx: &mut Cx<'_>) {
    let project = cx.project;
    for commanded in ml::commanded(project) {
        if commanded.text.value.lines().any(|line| line.ends_with('\\')) {
            cx.report(&RULE, commanded.text.span, format!("the command of {} continues with `\\`", commanded.what))
                .at("Azure ML knows no continued lines")
                .help("write the command on one line");
        }
    }
}
