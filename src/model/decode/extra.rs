//! `extra { … }`: keys of Azure Pipelines that the language does not model.

use crate::base::span::Spanned;
use crate::base::suggest;
use crate::diag::Diagnostic;
use crate::model::data::{self, Record};
use crate::model::errors;
use crate::model::fields::Cx;
use crate::model::steps::Kind;
use crate::model::steps::action::{ScriptSource, Shell};
use crate::syntax::ast::{self, Statement};
use crate::target::pipeline_keys::Place;

/// The keys of a block, each checked against what may stand there.
pub fn extra(cx: &mut Cx<'_>, block: &ast::Block, place: Place) -> Record {
    let statements = block.body.iter().flat_map(|body| &body.statements);
    let mut blocks = statements.filter_map(|it| match it {
        Statement::Block(it) if it.word.value == "extra" && !it.quoted => Some(it),
        _ => None,
    });
    let Some(first) = blocks.next() else { return Record::new() };
    if let (Some(second), true) = (blocks.next(), is_step(place)) {
        cx.push(errors::duplicate_block(second.head, "extra", first.head));
    }
    if let Some(argument) = first.arguments.first() {
        cx.push(errors::extra_argument(argument.span, "extra"));
    }
    let record = data::block(first, &mut cx.findings);
    for (key, entry) in &record {
        cx.findings.extend(wrong(&Spanned::new(key.clone(), entry.key), place));
    }
    record
}

fn is_step(place: Place) -> bool {
    matches!(place, Place::Script | Place::Checkout | Place::Publish | Place::Task)
}

/// What kind of step it becomes.
pub fn place(kind: &Kind) -> Place {
    match kind {
        Kind::Run(run) if run.shell != Shell::Python && !matches!(run.source, ScriptSource::File(_)) => {
            Place::Script
        }
        Kind::Checkout(_) => Place::Checkout,
        Kind::Publish(_) => Place::Publish,
        _ => Place::Task,
    }
}

fn wrong(key: &Spanned<String>, place: Place) -> Option<Diagnostic> {
    let known = place.free();
    if known.contains(&key.value.as_str()) {
        return None;
    }
    let finding = |message: String| Diagnostic::error("unknown-target-key", key.span, message);
    if let Some((_, word)) = place.modelled().iter().find(|it| it.0 == key.value) {
        let message = format!("the compiler writes `{}` itself", key.value);
        return Some(finding(message).help(format!("say it with `{word}`")));
    }
    let message = format!("Azure Pipelines knows no `{}` here", key.value);
    Some(match suggest::nearest(&key.value, known.iter().copied()) {
        Some(nearest) => finding(message).help(format!("did you mean `{nearest}`?")).suggest(
            format!("change to `{nearest}`"),
            key.span,
            nearest,
        ),
        None if known.is_empty() => finding(message).help("give a task what it takes as `inputs`"),
        None => finding(message).help(format!("it knows {}", errors::quoted_list(known))),
    })
}
