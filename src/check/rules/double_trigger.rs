//! # One push starts a pipeline twice
//!
//! A pipeline that starts on a push and after another pipeline that starts on the same push runs twice: at once, with
//! what the other one made last time, and again when the other one is done.
//!
//! ```mlops,fails
//! repository self { type = azure_repos }
//! pipeline build {
//!   trigger push { branches = ["main"] }
//!   stage build { run "make" }
//! }
//! pipeline release {
//!   trigger push { branches = ["main"] }
//!   trigger after build
//!   stage release { run "make release" }
//! }
//! ```
//!
//! ```mlops,passes
//! repository self { type = azure_repos }
//! pipeline build {
//!   trigger push { branches = ["main"] }
//!   stage build { run "make" }
//! }
//! pipeline release {
//!   trigger after build
//!   stage release { run "make release" }
//! }
//! ```
//!
//! Keep one of the two.
//!
//! Source: Azure DevOps documentation, "Pipeline completion triggers", on combining trigger types.

use crate::base::span::Span;
use crate::check::{Cx, Group, Rule};
use crate::diag::Safety;
use crate::model::project::{Filter, Pipeline, Project, TriggerKind};

pub(super) static RULE: Rule = Rule::warning(Group::Triggers, "double-trigger", run).by_pipeline().fixes(Safety::Unsafe);

fn run(cx: &mut Cx<'_>) {
    let project = cx.project;
    for pipeline in cx.pipelines() {
        for trigger in pipeline.active_triggers() {
            let TriggerKind::After { pipeline: source, .. } = &trigger.kind else { continue };
            let other = &project.pipelines[source.value];
            let Some((what, span)) = pushed(project, pipeline, other).or_else(|| same(pipeline, other)) else { continue };
            let source = &other.header.ident.value;
            let edit = cx.remove_block(span);
            cx.report(&RULE, span, format!("{what} starts this pipeline twice"))
                .label(trigger.span, format!("again when `{source}` is done, which it starts too"))
                .help("keep one of the two triggers")
                .edits(Safety::Unsafe, "remove this trigger", vec![edit]);
        }
    }
}

/// A push that starts both, in words.
fn pushed(project: &Project, pipeline: &Pipeline, other: &Pipeline) -> Option<(String, Span)> {
    let theirs = pushes(project, other);
    let own = pushes(project, pipeline).into_iter().find(|own| theirs.iter().any(|it| it.meets(own)))?;
    Some((format!("a push to `{}`", own.repository), own.span))
}

/// Something else that starts both, in words.
fn same(pipeline: &Pipeline, other: &Pipeline) -> Option<(String, Span)> {
    pipeline.active_triggers().find_map(|own| {
        let what = match &own.kind {
            TriggerKind::PullRequest(_) => "a pull request".to_owned(),
            TriggerKind::Schedule(it) => format!("the clock (`{}`)", it.cron.value.text),
            TriggerKind::Image(it) => format!("a new image `{}`", it.repository.value),
            TriggerKind::Webhook(it) => format!("the webhook `{}`", it.name.value),
            TriggerKind::Manual | TriggerKind::Push { .. } | TriggerKind::After { .. } => return None,
        };
        other.active_triggers().any(|it| is_same(&own.kind, &it.kind)).then_some((what, own.span))
    })
}

fn is_same(one: &TriggerKind, other: &TriggerKind) -> bool {
    match (one, other) {
        (TriggerKind::PullRequest(one), TriggerKind::PullRequest(other)) => may_share(&one.branches, &other.branches),
        (TriggerKind::Schedule(one), TriggerKind::Schedule(other)) => one.cron.value == other.cron.value,
        (TriggerKind::Image(one), TriggerKind::Image(other)) => {
            let one_repository = one.registry.value == other.registry.value && one.repository.value == other.repository.value;
            one_repository && may_share(&one.tags, &other.tags)
        }
        (TriggerKind::Webhook(one), TriggerKind::Webhook(other)) => one.connection.value == other.connection.value,
        _ => false,
    }
}

/// What pushes start a pipeline.
struct Pushed<'p> {
    repository: &'p str,
    branches: &'p Filter,
    tags: &'p Filter,
    span: Span,
}

fn pushes<'p>(project: &'p Project, pipeline: &'p Pipeline) -> Vec<Pushed<'p>> {
    let mut found = Vec::new();
    for trigger in pipeline.active_triggers() {
        let TriggerKind::Push { repository, branches, tags, .. } = &trigger.kind else { continue };
        let named = repository.as_ref().map(|it| project.repositories[it.value].header.ident.value.as_str());
        found.push(Pushed { repository: named.unwrap_or("self"), branches, tags, span: trigger.span });
    }
    found
}

impl Pushed<'_> {
    /// One push may start both, as far as branches and tags tell.
    fn meets(&self, other: &Pushed<'_>) -> bool {
        let branches = !self.only_tags() && !other.only_tags() && may_share(self.branches, other.branches);
        let tags = !self.tags.is_empty() && !other.tags.is_empty() && may_share(self.tags, other.tags);
        self.repository == other.repository && (branches || tags)
    }

    fn only_tags(&self) -> bool {
        self.branches.is_empty() && !self.tags.is_empty()
    }
}

/// Only names without patterns can be told apart.
fn may_share(one: &Filter, other: &Filter) -> bool {
    let all = |it: &Filter| it.include.is_empty();
    let pattern = |it: &Filter| it.include.iter().any(|it| it.value.contains('*'));
    let common = || one.include.iter().any(|it| other.include.iter().any(|its| its.value == it.value));
    all(one) || all(other) || pattern(one) || pattern(other) || common()
}
