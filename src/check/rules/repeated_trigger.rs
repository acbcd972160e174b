//! # Two triggers with one source
//!
//! In a pipeline of Azure DevOps a repository or another pipeline has one trigger: of two, one would be ignored.
//!
//! ```mlops,fails
//! repository self { type = azure_repos }
//! pipeline build {
//!   trigger push { branches = ["main"] }
//!   trigger push { branches = ["develop"], paths = ["src"] }
//!   stage build { run "make" }
//! }
//! ```
//!
//! ```mlops,fails
//! pipeline build { trigger manual, stage all { run "make" } }
//! pipeline release {
//!   trigger after build { branches = ["main"] }
//!   trigger after build { tags = ["release"] }
//!   stage all { run "make release" }
//! }
//! ```
//!
//! ```mlops,passes
//! repository self { type = azure_repos }
//! repository engine { type = azure_repos, name = "engine" }
//! pipeline build {
//!   trigger push { branches = ["main", "develop"] }
//!   trigger push { repository = engine, branches = ["main"] }
//!   stage build { checkout engine }
//! }
//! ```
//!
//! Write one trigger with everything that may start the pipeline.
//!
//! Source: Azure DevOps YAML schema, "trigger" and "resources".

use crate::base::arena::Id;
use crate::check::{Cx, Group, Rule};
use crate::model::project::{ContainerRegistry, Pipeline, Project, Repository, Trigger, TriggerKind};

pub(super) static RULE: Rule = Rule::error(Group::Triggers, "repeated-trigger", run).by_pipeline();

/// What a trigger listens to; `Push(None)` is the repository of the project.
#[derive(PartialEq)]
enum Source {
    Push(Option<Id<Repository>>),
    PullRequest,
    Clock(String),
    After(Id<Pipeline>),
    Image(Id<ContainerRegistry>, String),
    Webhook(String),
}

fn run(cx: &mut Cx<'_>) {
    for pipeline in cx.pipelines() {
        let mut seen: Vec<(Source, &Trigger)> = Vec::new();
        for trigger in pipeline.active_triggers() {
            let Some(source) = source(cx.project, trigger) else { continue };
            match seen.iter().find(|it| it.0 == source) {
                Some((_, first)) => {
                    cx.report(&RULE, trigger.span, "a second trigger with the same source")
                        .label(first.span, "the first one")
                        .help("write one trigger with everything that may start the pipeline");
                }
                None => seen.push((source, trigger)),
            }
        }
    }
}

fn source(project: &Project, trigger: &Trigger) -> Option<Source> {
    match &trigger.kind {
        TriggerKind::Push { repository, .. } => {
            let other = repository.as_ref().map(|it| it.value);
            Some(Source::Push(other.filter(|it| !project.repositories[*it].is_self())))
        }
        TriggerKind::After { pipeline, .. } => Some(Source::After(pipeline.value)),
        TriggerKind::PullRequest(_) => Some(Source::PullRequest),
        TriggerKind::Schedule(it) => Some(Source::Clock(it.cron.value.text.clone())),
        TriggerKind::Image(it) => Some(Source::Image(it.registry.value, it.repository.value.clone())),
        TriggerKind::Webhook(it) => Some(Source::Webhook(it.name.value.clone())),
        TriggerKind::Manual => None,
    }
}
