//! Documents of Azure ML: the steps of ML pipelines by their names, and below them and elsewhere what bears the name of
//! the key.

use super::Cx;
use super::outline::ROOT;
use super::trees::{with_name, with_word};
use crate::base::span::Span;
use crate::model::project::MlPipeline;
use crate::syntax::ast::Statement;

/// Sections of a document whose keys are names of the user.
const SECTIONS: [&str; 2] = ["inputs", "outputs"];

pub fn trace(cx: &mut Cx<'_, '_>) {
    if !cx.file.path.starts_with("azure-ml/") {
        return;
    }
    inside(cx, ROOT, cx.file.source);
    let Some(pipeline) = pipeline(cx) else { return };
    let Some(jobs) = cx.outline.child(ROOT, "jobs") else { return };
    for (name, node) in cx.keys(jobs) {
        if let Some(step) = pipeline.steps.iter().find(|it| it.ident.value == name) {
            cx.push(node, step.head, format!("step `{name}`"));
            inside(cx, node, step.head);
        }
    }
}

/// The ML pipeline of the document, as its environment sees it: where it is declared is the same for all.
fn pipeline<'a>(cx: &Cx<'a, '_>) -> Option<&'a MlPipeline> {
    let project = cx.tracer.project;
    let views = project.views.iter().flat_map(|it| it.project.ml_pipelines.values());
    let mut all = project.ml_pipelines.values().chain(views);
    all.find(|it| it.header.head == cx.file.source)
}

/// Keys of the user's own, and attributes of the same name.
fn inside(cx: &mut Cx<'_, '_>, node: usize, head: Span) {
    let sources = cx.tracer.sources;
    let around = cx.tracer.trees.around(sources.real(head.file), head.start);
    let Some(statement) = around.last() else { return };
    for (key, node) in cx.keys(node) {
        if SECTIONS.contains(&key.as_str()) {
            for (name, node) in cx.keys(node) {
                if let Some(found) = port(statement, &key, &name) {
                    cx.push(node, at(head, found), format!("{} `{name}`", key.trim_end_matches('s')));
                }
            }
        } else if let Some(found) =
            with_word(statement, &key).filter(|it| matches!(it, Statement::Attribute(_)))
        {
            cx.push(node, at(head, found), format!("`{key}`"));
        }
    }
}

/// `input NAME: type` or `NAME = value` in `inputs { … }`.
fn port<'t>(statement: &'t Statement, section: &str, name: &str) -> Option<&'t Statement> {
    let listed = with_word(statement, section).and_then(|it| with_name(it, name));
    listed.or_else(|| with_name(statement, name))
}

/// The place of a statement in the copy in which its surroundings were found.
fn at(head: Span, found: &Statement) -> Span {
    Span { file: head.file, ..found.span() }
}
