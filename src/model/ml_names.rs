//! Inputs and outputs that commands of Azure ML name, and where they are declared.

use super::project::Project;
use crate::base::span::{Link, Span, Spanned};
use crate::target::ml_command::{self, Port};
use std::collections::BTreeMap;

/// A command with the places of what it may name.
struct Commanded<'p> {
    text: &'p Spanned<String>,
    inputs: BTreeMap<&'p str, Span>,
    outputs: BTreeMap<&'p str, Span>,
}

/// `source` gives the text behind a span as it is written.
pub fn links<'s>(project: &Project, source: impl Fn(Span) -> &'s str) -> Vec<Link> {
    let mut found = Vec::new();
    for it in commands(project) {
        let span = it.text.span;
        for (port, at) in ml_command::names(source(span)) {
            let name = &source(span)[at.clone()];
            let declared = match port {
                Port::Input => it.inputs.get(name),
                Port::Output => it.outputs.get(name),
            };
            let start = span.start as usize;
            let here = Span::new(span.file, start + at.start, start + at.end);
            // What a component declares stands there, and not in the step.
            let declared = declared.filter(|to| source(**to) == name);
            found.extend(declared.map(|to| Link { at: here, to: *to }));
        }
    }
    found
}

fn commands(project: &Project) -> Vec<Commanded<'_>> {
    let steps = project.ml_pipelines.values().flat_map(|it| &it.steps).filter_map(|step| {
        Some(Commanded {
            text: step.text()?,
            inputs: step.inputs.values().map(|it| (it.key.value.as_str(), it.key.span)).collect(),
            outputs: step.outputs.values().map(|it| (it.ident.value.as_str(), it.ident.span)).collect(),
        })
    });
    let components = project.components.values().filter_map(|component| {
        Some(Commanded {
            text: component.written()?.command.as_ref()?,
            inputs: component.inputs.values().map(|it| (it.ident.value.as_str(), it.ident.span)).collect(),
            outputs: component.outputs.values().map(|it| (it.ident.value.as_str(), it.ident.span)).collect(),
        })
    });
    steps.chain(components).collect()
}
