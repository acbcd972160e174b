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
use crate::check::{Cx, Rule};
use crate::model::project::{Filter, Pipeline, Project, TriggerKind};

pub(super) static RULE: Rule = Rule::warning("double-trigger", run);

fn run(cx: &mut Cx<'_>) {
    let project = cx.project;
    for pipeline in project.pipelines.values() {
        for trigger in &pipeline.triggers {
            let TriggerKind::After { pipeline: source, .. } = &trigger.kind else { continue };
            let other = &project.pipelines[source.value];
            let theirs = pushes(project, other);
            let Some((name, span)) = pushes(project, pipeline).into_iter().find(|own| theirs.iter().any(|it| it.meets(own))).map(|it| (it.repository, it.span))
            else {
                continue;
            };
            let source = &other.header.ident.value;
            cx.report(&RULE, span, format!("a push to `{name}` starts this pipeline twice"))
                .label(trigger.span, format!("again when `{source}` is done, which starts on a push there too"))
                .help("keep one of the two triggers");
        }
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
    let found = pipeline.triggers.iter().filter_map(|it| match &it.kind {
        TriggerKind::Push { repository, branches, tags, .. } => {
            let named = repository.as_ref().map(|it| project.repositories[it.value].header.ident.value.as_str());
            Some(Pushed { repository: named.unwrap_or("self"), branches, tags, span: it.span })
        }
        TriggerKind::Manual | TriggerKind::After { .. } => None,
    });
    found.collect()
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
