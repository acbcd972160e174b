//! # A trigger asks for a tag that nothing sets
//!
//! `trigger after` with `tags` starts a run only if the run before it has all of these tags when it ends. If no step of that
//! pipeline sets one of them, this pipeline is never started, and nothing says so.
//!
//! ```mlops,fails
//! pipeline train {
//!   trigger manual
//!   stage train { run "make train", tag_run "model" }
//! }
//! pipeline deliver {
//!   trigger after train { tags = ["models"] }
//!   stage deliver { run "make deliver" }
//! }
//! ```
//!
//! ```mlops,passes
//! pipeline train {
//!   trigger manual
//!   stage train { run "make train", tag_run "model" }
//! }
//! pipeline deliver {
//!   trigger after train { tags = ["model"] }
//!   stage deliver { run "make deliver" }
//! }
//! ```
//!
//! Set it with `tag_run`, or write the tag that is set. Of a pipeline that tags in a script, in a task or in a template nothing is told.
//!
//! Source: Azure DevOps documentation, "Trigger one pipeline after another", filters by tags.

use crate::base::suggest;
use crate::check::{Cx, Group, Rule};
use crate::diag::Safety;
use crate::model::expr::{Expr, ExprKind};
use crate::model::project::{Pipeline, Step, TriggerKind};
use crate::model::steps::Kind;

pub(super) static RULE: Rule = Rule::warning(Group::Triggers, "tag-never-set", run).fixes(Safety::Unsafe).needs_all();

fn run(cx: &mut Cx<'_>) {
    let project = cx.project;
    for trigger in project.pipelines.values().flat_map(Pipeline::active_triggers) {
        let TriggerKind::After { pipeline, tags, .. } = &trigger.kind else { continue };
        let source = &project.pipelines[pipeline.value];
        let Some(set) = tags_of(source) else { continue };
        for tag in tags.iter().filter(|it| !set.iter().any(|set| set.eq_ignore_ascii_case(&it.value))) {
            let name = &source.header.ident.value;
            let nearest = suggest::nearest(&tag.value, set.iter().copied());
            let help = match nearest {
                Some(nearest) => format!("did you mean `{nearest}`?"),
                None => format!("set it in `{name}`: `tag_run \"{}\"`", tag.value),
            };
            let is_text = cx.written(tag.span).starts_with('"');
            let finding = cx
                .report(&RULE, tag.span, format!("no step of `{name}` sets the tag `{}`", tag.value))
                .label(source.header.head, "this never has it")
                .help(help);
            if let Some(nearest) = nearest.filter(|_| is_text) {
                finding.suggest(format!("write `{nearest}`"), tag.span, format!("\"{nearest}\""));
            }
        }
    }
}

/// The tags that its steps set; `None` where nobody can tell.
fn tags_of(pipeline: &Pipeline) -> Option<Vec<&str>> {
    let hidden = pipeline.extends.is_some()
        || !pipeline.includes.is_empty()
        || pipeline.stages.iter().any(|it| !it.includes.is_empty());
    if hidden {
        return None;
    }
    let steps = pipeline.stages.iter().flat_map(|it| &it.jobs).flat_map(|it| &it.steps);
    let mut found = Vec::new();
    for step in steps.filter(|it| it.enabled) {
        match &step.kind {
            Kind::TagRun(it) => found.extend(constants(&it.tag)?),
            _ if may_tag(step) => return None,
            _ => {}
        }
    }
    Some(found)
}

fn constants(tag: &Expr) -> Option<Vec<&str>> {
    match &tag.kind {
        ExprKind::String(tag) => Some(vec![tag]),
        ExprKind::If(_, then, otherwise) => Some([constants(then)?, constants(otherwise)?].concat()),
        _ => None,
    }
}

/// A script whose text cannot be seen, or that speaks of tags.
fn may_tag(step: &Step) -> bool {
    let texts = step.kind.script_texts();
    let is_hidden = step.kind.script().is_some() && texts.is_empty();
    is_hidden || matches!(step.kind, Kind::Task(_) | Kind::Include(_)) || texts.iter().any(|it| it.to_lowercase().contains("tag"))
}
