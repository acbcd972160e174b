//! Pull requests, clocks, images and webhooks as triggers; other pipelines as sources; stages started by hand.

use super::trigger::filter;
use crate::base::arena::Id;
use crate::base::span::{Span, Spanned};
use crate::diag::Diagnostic;
use crate::model::cron::{Cron, Misfit};
use crate::model::errors;
use crate::model::fields::{Cx, Fields};
use crate::model::project::{
    Connection, ConnectionKind, CronTrigger, Image, Project, PullRequest, SourcePipeline, Webhook,
};
use crate::schema::Kind;
use crate::syntax::ast;

pub(super) fn pull_request(fields: &mut Fields<'_, '_>) -> PullRequest {
    PullRequest {
        branches: filter(fields, "branches"),
        paths: filter(fields, "paths"),
        drafts: said(fields, "drafts"),
        auto_cancel: said(fields, "auto_cancel"),
    }
}

fn said(fields: &Fields<'_, '_>, name: &str) -> Option<Spanned<bool>> {
    Some(Spanned::new(fields.bool(name)?, fields.span_of(name)?))
}

pub(super) fn schedule(fields: &mut Fields<'_, '_>, project: &Project) -> Option<CronTrigger> {
    let cron = cron(fields);
    let mut branches = filter(fields, "branches");
    if branches.is_empty() {
        branches.include.push(Spanned::new(own_branch(project), fields.head()));
    }
    Some(CronTrigger {
        cron: cron?,
        title: fields.plain("title"),
        branches,
        always: fields.bool("always"),
        batch: fields.span_of("batch").filter(|_| fields.flag("batch")),
    })
}

/// The branch of the repository that holds the project.
fn own_branch(project: &Project) -> String {
    let own = project.repositories.values().find(|it| it.is_self());
    own.and_then(|it| it.branch.as_ref()).map_or_else(|| "main".to_owned(), |it| it.value.clone())
}

fn cron(fields: &mut Fields<'_, '_>) -> Option<Spanned<Cron>> {
    let text = fields.argument_string("cron")?;
    match Cron::parse(&text.value) {
        Ok(cron) if !cron.ever_fires() => {
            let message = "no month named here has such a day: it never fires";
            fields.cx.push(
                Diagnostic::error("cron-never-fires", text.span, message)
                    .help("name a day that the months have, such as 28, or other months"),
            );
            None
        }
        Ok(cron) => Some(Spanned::new(cron, text.span)),
        Err(misfit) => {
            fields.cx.push(invalid_cron(text.span, misfit));
            None
        }
    }
}

fn invalid_cron(span: Span, misfit: Misfit) -> Diagnostic {
    let finding = Diagnostic::error("invalid-cron", span, misfit.message).help(misfit.help);
    match misfit.meant {
        Some(meant) => finding.replace(format!("write `{meant}`"), span, format!("\"{meant}\"")),
        None => finding,
    }
}

pub(super) fn image(fields: &mut Fields<'_, '_>) -> Option<Image> {
    let registry = fields.argument_ref("registry")?;
    let repository = fields.argument_string("repository")?;
    let alias = fields.ast.alias.as_ref().map(|it| it.ident.clone());
    if repository.value.is_empty() {
        let help = "write the repository in the registry, such as `\"team/api\"`";
        fields.cx.push(errors::invalid_value(repository.span, "the repository has no name", help));
    }
    Some(Image {
        alias: alias.unwrap_or_else(|| Spanned::new(alias_of(&repository.value), repository.span)),
        registry,
        tags: filter(fields, "tags"),
        connection: fields.reference("connection"),
        repository,
    })
}

/// What the images of a block's `trigger image` are called.
pub(super) fn images(block: &ast::Block) -> Vec<String> {
    let statements = block.body.iter().flat_map(|body| &body.statements);
    let found = statements.filter_map(|it| {
        let ast::Statement::Block(it) = it else { return None };
        let [event, _, repository, ..] = it.arguments.as_slice() else { return None };
        let is_image = it.word.value == "trigger" && super::names(event, "image");
        let ast::ExprKind::String(text) = &repository.kind else { return None };
        let alias = it.alias.as_ref().map(|it| it.ident.value.clone());
        let repository = text.constant()?;
        is_image.then(|| alias.unwrap_or_else(|| alias_of(&repository)))
    });
    found.collect()
}

/// `team/price-api` is called `price_api`.
fn alias_of(repository: &str) -> String {
    let last = repository.rsplit('/').next().unwrap_or(repository).to_lowercase();
    last.chars().map(|it| if it.is_ascii_alphanumeric() { it } else { '_' }).collect()
}

pub(super) fn webhook(fields: &mut Fields<'_, '_>, project: &Project) -> Option<Webhook> {
    let name = fields.argument_string("name")?;
    let legal = |it: char| it.is_ascii_alphanumeric() || it == '_' || it == '-';
    if name.value.is_empty() || !name.value.chars().all(legal) {
        let help = "use letters, digits, `-` and `_`";
        fields.cx.push(errors::invalid_value(name.span, "this cannot be the name of a webhook", help));
    }
    let connection: Spanned<Id<Connection>> = fields.reference("connection")?;
    let declared = &project.connections[connection.value];
    if declared.kind != ConnectionKind::IncomingWebhook {
        let message = format!("`{}` receives no messages", declared.header.ident.value);
        let help = "name a connection with `type = incoming_webhook`";
        let finding = errors::invalid_value(connection.span, message, help);
        fields.cx.push(finding.label(declared.header.head, "declared here"));
    }
    let filters = fields.string_map("filters").into_iter().collect();
    Some(Webhook { name, connection, filters })
}

/// `resource PIPELINE { … }`
pub(super) fn resource(fields: &mut Fields<'_, '_>) -> Option<SourcePipeline> {
    let pipeline = fields.argument_ref("pipeline")?;
    let alias = fields.ast.alias.as_ref().map(|it| it.ident.clone());
    let own =
        || fields.cx.symbols.of(Kind::Pipeline).nth(pipeline.value.index()).map(|it| it.name.value.clone());
    let alias = alias.or_else(|| own().map(|it| Spanned::new(it, pipeline.span)))?;
    let branch = fields.string("branch");
    if let Some(pattern) = branch.as_ref().filter(|it| it.value.contains(['*', '?'])) {
        let help = "write the name of one branch; Azure DevOps takes no pattern here";
        fields.cx.push(errors::invalid_value(pattern.span, "this is a pattern, not a branch", help));
    }
    Some(SourcePipeline {
        span: fields.head(),
        alias,
        pipeline,
        version: fields.plain("version"),
        branch,
        tags: fields.strings("tags"),
    })
}

pub(super) fn resources(fields: &mut Fields<'_, '_>) -> Vec<SourcePipeline> {
    let found: Vec<SourcePipeline> = fields.each("resource", resource).into_iter().flatten().collect();
    let mut seen: Vec<&SourcePipeline> = Vec::new();
    for it in &found {
        check_alias(fields.cx, it);
        match seen.iter().find(|other| other.alias.value == it.alias.value) {
            Some(first) => {
                let finding = errors::duplicate_name("resource", &it.alias, first.alias.span);
                fields.cx.push(finding.help("name one of them: `resource PIPELINE as NAME`"));
            }
            None => seen.push(it),
        }
    }
    found
}

/// A name of its own must not be that of another pipeline.
fn check_alias(cx: &mut Cx<'_>, source: &SourcePipeline) {
    crate::model::fields::check_identifier(cx, &source.alias);
    let named = cx.symbols.get(Kind::Pipeline, &source.alias.value);
    if named.is_some_and(|it| it.index != source.pipeline.value.index()) {
        let message = format!("`{}` is the name of another pipeline", source.alias.value);
        cx.push(errors::invalid_value(source.alias.span, message, "choose another name behind `as`"));
    }
}

/// `trigger manual` in a stage.
pub(super) fn by_hand(fields: &mut Fields<'_, '_>) -> Option<Span> {
    fields.one("trigger", |it| it.argument_word("event").map(|_| it.head())).flatten()
}
