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
use crate::base::span::Span;
use crate::check::{Cx, Group, Rule};
use crate::diag::{Edit, Safety};
use crate::target::ml_command::{self, Binding};

pub(super) static RULE: Rule = Rule::error(Group::Ml, "ml-optional-not-bracketed", run).fixes(Safety::Safe);

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
        let edit = bracketed(cx, commanded.text.span, &name);
        let finding = cx
            .report(&RULE, commanded.text.span, format!("`${{{{inputs.{name}}}}}` may be missing, and the command needs it"))
            .label(declared, "optional")
            .help(format!("put the option into brackets: `$[[ --{name} ${{{{inputs.{name}}}}} ]]`"));
        if let Some(edit) = edit {
            finding.edits(Safety::Safe, "put it into brackets", vec![edit]);
        }
    }
}

/// The binding, with the option before it, `--note ${{inputs.note}}`; where it stands once and in blanks.
fn bracketed(cx: &Cx<'_>, span: Span, name: &str) -> Option<Edit> {
    let places = cx.places(span, &format!("${{{{inputs.{name}}}}}"));
    let &[place] = places.as_slice() else { return None };
    let text = cx.written(span);
    let (start, end) = ((place.start - span.start) as usize, (place.end - span.start) as usize);
    let blank = |it: char| it.is_whitespace() || it == '"';
    if !text[end..].starts_with(blank) || !text[..start].ends_with([' ', '\t']) {
        return None;
    }
    let before = text[..start].trim_end_matches([' ', '\t']);
    let word = before.rfind(char::is_whitespace).map_or(0, |it| it + 1);
    let from = if before[word..].starts_with('-') { word } else { start };
    let span = Span::new(span.file, span.start as usize + from, span.start as usize + end);
    Some(Edit { span, text: format!("$[[ {} ]]", &text[from..end]) })
}
