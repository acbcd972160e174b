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

use crate::base::suggest;
use crate::check::ml::{self, Commanded};
use crate::check::{Cx, Group, Rule};
use crate::diag::{Edit, Safety};
use crate::model::project::{MlPipeline, MlSource};
use crate::target::ml_command::{self, Binding};

pub(super) static RULE: Rule = Rule::warning(Group::Ml, "ml-unused-input", run).fixes(Safety::Unsafe).needs_all();

fn run(cx: &mut Cx<'_>) {
    let project = cx.project;
    for commanded in ml::commanded(project) {
        inputs(cx, &commanded);
    }
    for pipeline in project.ml_pipelines.values() {
        pipeline_inputs(cx, pipeline);
    }
}

fn inputs(cx: &mut Cx<'_>, commanded: &Commanded<'_>) {
    let used = ml_command::bindings(&commanded.text.value);
    let reads = |key: &str| used.iter().any(|it| matches!(it, Binding::Input { name, .. } if name == key));
    let what = &commanded.what;
    let meant = misspelt(commanded, &used);
    for input in commanded.inputs.iter().filter(|it| !reads(it.name) && !meant.contains(&it.name)) {
        let key = input.name;
        if commanded.read.is_none_or(|it| it.value != key) {
            // Its one brace is read by the shell, or by nobody.
            let braced = cx.places(commanded.text.span, &format!("${{inputs.{key}}}"));
            let binding = format!("${{{{inputs.{key}}}}}");
            let (title, help, edits): (&str, String, Vec<Edit>) = if braced.is_empty() {
                let edit = match input.bound {
                    Some(value) => cx.remove_attribute(value),
                    None => cx.remove_declaration(input.span),
                };
                ("remove it", format!("write `{binding}` into the command, or remove the input"), vec![edit])
            } else {
                let doubled = |span| Edit { span, text: binding.clone() };
                ("double the braces", format!("write `{binding}`: a binding has two braces"), braced.into_iter().map(doubled).collect())
            };
            // Copies are told once: they say the same.
            let command = if cx.is_copy(input.span) { "the command".to_owned() } else { format!("the command of {what}") };
            cx.report(&RULE, input.span, format!("{command} does not use its input `{key}`"))
                .help(help)
                .edits(Safety::Unsafe, title, edits);
        }
    }
    let tries = |key: &str| reads(key) || used.iter().any(|it| matches!(it, Binding::SearchSpace(name) if name == key));
    for tried in commanded.space.iter().filter(|it| !tries(&it.value)) {
        let key = &tried.value;
        cx.report(&RULE, tried.span, format!("the command of {what} does not use `{key}`, which its sweep tries"))
            .help(format!("write `${{{{search_space.{key}}}}}` into the command, or remove it from `space`"));
    }
}

/// The inputs that are near to one that the command uses and nobody declares.
fn misspelt<'c>(commanded: &'c Commanded<'_>, used: &[Binding]) -> Vec<&'c str> {
    let known = commanded.input_names();
    let undeclared = used.iter().filter_map(|it| match it {
        Binding::Input { name, .. } if !known.contains(&name.as_ref()) => Some(name),
        _ => None,
    });
    undeclared.filter_map(|it| suggest::nearest(it, known.iter().copied())).collect()
}

fn pipeline_inputs(cx: &mut Cx<'_>, pipeline: &MlPipeline) {
    let bound = |name: &str| {
        let mut sources = pipeline.steps.iter().flat_map(|it| it.inputs.values());
        sources.any(|it| matches!(&it.source, MlSource::Input(input) if input == name))
    };
    for input in pipeline.inputs.values().filter(|it| !bound(&it.ident.value)) {
        let name = &input.ident.value;
        let edit = cx.remove_declaration(input.ident.span);
        cx.report(&RULE, input.ident.span, format!("no step reads input `{name}` of `{}`", pipeline.header.ident.value))
            .help(format!("bind it in a step, `inputs {{ {name} = inputs.{name} }}`, or remove it"))
            .edits(Safety::Unsafe, "remove it", vec![edit]);
    }
}
