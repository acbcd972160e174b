//! # A push trigger that Azure Pipelines does not have
//!
//! A push to another repository starts a pipeline only where both repositories are in Azure Repos; for GitHub and
//! Bitbucket such a trigger is accepted and never fires. It cannot gather pushes with `batch` either.
//!
//! ```mlops,fails
//! connection hub { type = github }
//! repository self { type = azure_repos }
//! repository engine { type = github, name = "contoso/engine", connection = hub }
//! pipeline build {
//!   trigger push { repository = engine, branches = ["main"] }
//!   stage build { checkout engine }
//! }
//! ```
//!
//! ```mlops,fails
//! repository self { type = azure_repos }
//! repository engine { type = azure_repos, name = "engine" }
//! pipeline build {
//!   trigger push { repository = engine, branches = ["main"], batch = true }
//!   stage build { checkout engine }
//! }
//! ```
//!
//! ```mlops,passes
//! repository self { type = azure_repos }
//! repository engine { type = azure_repos, name = "engine" }
//! pipeline build {
//!   trigger push { branches = ["main", "develop"], batch = true }
//!   trigger push { repository = engine, branches = ["main"] }
//!   stage build { checkout engine }
//! }
//! ```
//!
//! Keep a pipeline in the GitHub repository, and start this one with `trigger after`; or keep the project itself there.
//!
//! Source: Azure DevOps YAML schema, "resources.repositories.repository".

use crate::base::arena::Id;
use crate::base::span::Spanned;
use crate::check::{Cx, Rule};
use crate::model::project::{Pipeline, Project, Repository, RepositoryKind, Trigger, TriggerKind};

pub(super) static RULE: Rule = Rule::error("unsupported-push-trigger", run);

fn run(cx: &mut Cx<'_>) {
    for pipeline in cx.project.pipelines.values() {
        for (trigger, repository, batch) in others(cx.project, pipeline) {
            if let Some(place) = outside_azure_repos(cx.project, repository.value) {
                cx.report(&RULE, trigger.span, "this trigger never fires")
                    .label(repository.span, format!("{place} is not in Azure Repos"))
                    .help("only a push between repositories of Azure Repos starts a pipeline elsewhere: keep this project in that repository, or start with `trigger after` a pipeline");
            } else if batch {
                cx.report(&RULE, trigger.span, "a push to another repository cannot be gathered with `batch`")
                    .help("remove `batch`");
            }
        }
    }
}

/// The push triggers of other repositories, and whether they say `batch`.
fn others<'p>(
    project: &'p Project,
    pipeline: &'p Pipeline,
) -> impl Iterator<Item = (&'p Trigger, Spanned<Id<Repository>>, bool)> {
    pipeline.triggers.iter().filter_map(|trigger| match &trigger.kind {
        TriggerKind::Push { repository: Some(it), batch, .. } if !project.repositories[it.value].is_self() => {
            Some((trigger, it.clone(), *batch))
        }
        TriggerKind::Push { .. } | TriggerKind::After { .. } | TriggerKind::Manual => None,
    })
}

/// What keeps pushes to a repository from being seen, if anything does.
fn outside_azure_repos(project: &Project, repository: Id<Repository>) -> Option<String> {
    let own = project.repositories.values().filter(|it| it.is_self());
    let mut both = std::iter::once(&project.repositories[repository]).chain(own);
    both.find(|it| it.kind != RepositoryKind::AzureRepos).map(|it| format!("`{}`", it.header.ident.value))
}
