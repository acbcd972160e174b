//! What starts a pipeline.

use super::{Decode, event};
use crate::base::arena::Id;
use crate::base::span::Spanned;
use crate::base::suggest;
use crate::model::errors;
use crate::model::fields::{Cx, Fields};
use crate::model::project::{Filter, Pipeline, Trigger, TriggerKind};
use crate::model::scope::PipelineScope;
use crate::schema::Kind;
use crate::schema::trigger::EVENTS;
use crate::syntax::ast;

impl Decode<'_, '_> {
    pub(super) fn triggers(&self, fields: &mut Fields<'_, '_>) -> Vec<Trigger> {
        let mut found: Vec<Trigger> = Vec::new();
        for block in fields.children("trigger") {
            let event = match block.arguments.first().map(|it| &it.kind) {
                Some(ast::ExprKind::Path(path)) => path.as_ident().map(|it| it.value.as_str()),
                _ => None,
            };
            let row = event.and_then(|event| EVENTS.into_iter().find(|it| it.word == event));
            let Some(row) = row else {
                let row = fields.block.child("trigger").expect("the row has it").block;
                Fields::with_foreign(fields.cx, row, block, |_| true);
                continue;
            };
            let mut event = Fields::event(fields.cx, row, block);
            let enabled = row.attribute("enabled").is_none() || event.bool("enabled").unwrap_or(true);
            let kind = self.event(&mut event);
            found.extend(kind.map(|kind| Trigger { span: block.head, enabled, kind }));
        }
        check_manual(fields.cx, &found);
        check_aliases(fields.cx, &found);
        found
    }

    fn event(&self, fields: &mut Fields<'_, '_>) -> Option<TriggerKind> {
        match fields.block.word {
            "push" => Some(push(fields)),
            "pull_request" => Some(TriggerKind::PullRequest(event::pull_request(fields))),
            "schedule" => event::schedule(fields, self.project).map(TriggerKind::Schedule),
            "after" => self.after(fields),
            "image" => event::image(fields).map(TriggerKind::Image),
            "webhook" => event::webhook(fields, self.project).map(TriggerKind::Webhook),
            _ => Some(TriggerKind::Manual),
        }
    }

    fn after(&self, fields: &mut Fields<'_, '_>) -> Option<TriggerKind> {
        let pipeline: Spanned<Id<Pipeline>> = fields.argument_ref("pipeline")?;
        let name = fields.cx.symbols.of(Kind::Pipeline).nth(pipeline.value.index())?.name.value.clone();
        if let Some(event) = fields.word("on").filter(|it| *it != "completed") {
            let span = fields.span_of("on").unwrap_or(fields.head());
            fields.cx.push(unsupported_event(span, event, &name));
        }
        let branches = filter(fields, "branches");
        let stages = stages_of(fields, &self.scopes[pipeline.value.index()]);
        let tags = fields.strings("tags");
        Some(TriggerKind::After { pipeline, branches, stages, tags })
    }
}

pub(super) fn push(fields: &mut Fields<'_, '_>) -> TriggerKind {
    TriggerKind::Push {
        repository: fields.reference("repository"),
        branches: filter(fields, "branches"),
        paths: filter(fields, "paths"),
        tags: filter(fields, "tags"),
        batch: fields.flag("batch"),
    }
}

/// `branches = [...]` or `branches { include, exclude }`.
pub(super) fn filter(fields: &mut Fields<'_, '_>, name: &'static str) -> Filter {
    let mut found = Filter { include: fields.strings(name), exclude: Vec::new() };
    let block =
        fields.one(name, |it| Filter { include: it.strings("include"), exclude: it.strings("exclude") });
    if let Some(block) = block {
        if let Some(span) = fields.span_of(name) {
            let help = "keep the list or the block";
            fields.cx.push(errors::invalid_value(
                span,
                format!("`{name}` is written twice, as a list and as a block"),
                help,
            ));
        }
        found = block;
    }
    found
}

pub(super) fn check_manual(cx: &mut Cx<'_>, triggers: &[Trigger]) {
    let Some(manual) = triggers.iter().find(|it| matches!(it.kind, TriggerKind::Manual)) else { return };
    if let Some(other) = triggers.iter().find(|it| it.span != manual.span) {
        let help = "remove it: anyone may always start a pipeline by hand; `trigger manual` says that nothing else does";
        let finding = errors::invalid_value(manual.span, "`trigger manual` stands alone", help);
        cx.push(finding.label(other.span, "another trigger"));
    }
}

/// Images are read by their names.
fn check_aliases(cx: &mut Cx<'_>, triggers: &[Trigger]) {
    let mut seen: Vec<&Spanned<String>> = Vec::new();
    for trigger in triggers {
        let TriggerKind::Image(image) = &trigger.kind else { continue };
        match seen.iter().find(|it| it.value == image.alias.value) {
            Some(first) => {
                let finding = errors::duplicate_name("image", &image.alias, first.span);
                cx.push(finding.help("name one of them: `trigger image REGISTRY \"repository\" as NAME`"));
            }
            None => seen.push(&image.alias),
        }
    }
}

pub(super) fn unsupported_event(
    span: crate::base::span::Span,
    event: &str,
    source: &str,
) -> crate::diag::Diagnostic {
    crate::diag::Diagnostic::error("unsupported-trigger-event", span, format!("a pipeline cannot start when another has {event}"))
        .at("Azure DevOps fires completion triggers on success only")
        .help(match event {
            "started" => format!("remove `on`: it then starts when `{source}` has succeeded; to start earlier, wait for one of its stages with `stages = [NAME]`"),
            _ => format!("remove `on`, and let `{source}` itself do what must happen then, in a stage with `when = {}()`", if event == "failed" { "failed" } else { "canceled" }),
        })
}

pub(super) fn stages_of(fields: &mut Fields<'_, '_>, scope: &PipelineScope) -> Vec<Spanned<usize>> {
    let Some(expr) = fields.ast("stages") else { return Vec::new() };
    let items: Vec<&ast::Expr> = match &expr.kind {
        ast::ExprKind::List(items) => items.iter().collect(),
        _ => vec![expr],
    };
    let known: Vec<&str> = scope.stages.iter().map(|it| it.name.value.as_str()).collect();
    let mut found = Vec::new();
    for item in items {
        let name = match &item.kind {
            ast::ExprKind::Path(path) => path.as_ident().cloned(),
            _ => None,
        };
        let Some(name) = name else {
            if matches!(item.kind, ast::ExprKind::Path(_)) {
                let help = "write the identifier of one of its stages";
                fields.cx.push(errors::invalid_value(item.span, "this names no stage", help));
            }
            continue;
        };
        match known.iter().position(|it| *it == name.value) {
            Some(stage) => {
                fields.cx.symbols.link(&name, scope.stages[stage].name.span);
                found.push(Spanned::new(stage, name.span));
            }
            None => {
                let nearest = suggest::nearest(&name.value, known.iter().copied());
                let finding = errors::undefined_name(&name, "stage of that pipeline", nearest, &known);
                fields.cx.push(crate::diag::Diagnostic { code: "unknown-trigger-stage", ..finding });
            }
        }
    }
    found
}
