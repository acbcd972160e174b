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
use crate::base::span::Span;
use crate::check::{Cx, Group, Rule};
use crate::diag::{Edit, Safety};

pub(super) static RULE: Rule = Rule::error(Group::Ml, "ml-line-continuation", run).fixes(Safety::Safe);

fn run(cx: &mut Cx<'_>) {
    let project = cx.project;
    for commanded in ml::commanded(project) {
        if commanded.text.value.lines().any(|line| line.ends_with('\\')) {
            let span = commanded.text.span;
            let edits = folded(cx, span);
            let finding = cx
                .report(&RULE, span, format!("the command of {} continues with `\\`", commanded.what))
                .at("Azure ML knows no continued lines")
                .help("write the command on one line");
            // A line may be broken by an escape, too.
            if !edits.is_empty() {
                finding.edits(Safety::Safe, "write it on one line", edits);
            }
        }
    }
}

/// Each backslash at the end of a line, with the break and the margin behind it, becomes one blank.
fn folded(cx: &Cx<'_>, span: Span) -> Vec<Edit> {
    let text = cx.written(span);
    let breaks = text.match_indices('\n').filter_map(|(at, _)| {
        let before = text[..at].trim_end_matches('\r').strip_suffix('\\')?.trim_end_matches([' ', '\t']).len();
        let behind = text[at..].len() - text[at..].trim_start().len();
        let start = span.start as usize;
        Some(Edit { span: Span::new(span.file, start + before, start + at + behind), text: " ".to_owned() })
    });
    breaks.collect()
}
