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
use crate::model::project::{Pipeline, Project, TriggerKind};

pub(super) static RULE: Rule = Rule::warning("double-trigger", run);

fn run(cx: &mut Cx<'_>) {
    let project = cx.project;
    for pipeline in project.pipelines.values() {
        for trigger in &pipeline.triggers {
            let TriggerKind::After { pipeline: source, .. } = &trigger.kind else { continue };
            let other = &project.pipelines[source.value];
            let theirs = pushes(project, other);
            let Some((name, span)) = pushes(project, pipeline).into_iter().find(|(name, _)| theirs.iter().any(|it| it.0 == *name))
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

/// The repositories whose pushes start it.
fn pushes<'p>(project: &'p Project, pipeline: &'p Pipeline) -> Vec<(&'p str, Span)> {
    let found = pipeline.triggers.iter().filter_map(|it| match &it.kind {
        TriggerKind::Push { repository, .. } => {
            let named = repository.as_ref().map(|it| project.repositories[it.value].header.ident.value.as_str());
            Some((named.unwrap_or("self"), it.span))
        }
        TriggerKind::Manual | TriggerKind::After { .. } => None,
    });
    found.collect()
}
