//! # A push to a repository that cannot start a pipeline of another one
//!
//! A push starts a pipeline whose YAML lies in the same repository, wherever that is hosted. A push to *another*
//! repository starts it only if both are in Azure Repos; for GitHub and Bitbucket the trigger is ignored without a word.
//!
//! ```mlops,fails
//! connection hub { type = github }
//! repository engine { type = github, name = "contoso/engine", connection = hub }
//! pipeline build {
//!   trigger push { repository = engine, branches = ["main"] }
//!   stage build { run "make" }
//! }
//! ```
//!
//! ```mlops,fails
//! repository self { type = github }
//! repository engine { type = azure_repos, name = "engine" }
//! pipeline build {
//!   trigger push { repository = engine, branches = ["main"] }
//!   stage build { run "make" }
//! }
//! ```
//!
//! ```mlops,passes
//! repository engine { type = azure_repos, name = "engine" }
//! pipeline build {
//!   trigger push { repository = engine, branches = ["main"] }
//!   stage build { run "make" }
//! }
//! ```
//!
//! Let a pipeline in that repository start on the push, and this one `after` it.
//!
//! Source: Azure Pipelines YAML schema, `resources.repositories.repository`: triggers for Azure Repos Git only.

use crate::check::{Cx, Group, Rule};
use crate::model::project::{RepositoryKind, TriggerKind};

pub(super) static RULE: Rule = Rule::error(Group::Triggers, "repo-trigger-unsupported", run);

fn run(cx: &mut Cx<'_>) {
    let project = cx.project;
    for trigger in project.active_triggers() {
        let TriggerKind::Push { repository: Some(named), .. } = &trigger.kind else { continue };
        let repository = &project.repositories[named.value];
        if repository.is_self() {
            continue;
        }
        let own = project.repositories.values().find(|it| it.is_self());
        let both = [Some(repository), own];
        let outside = both.into_iter().flatten().find(|it| it.kind != RepositoryKind::AzureRepos);
        if let Some(outside) = outside {
            let name = &repository.header.ident.value;
            cx.report(&RULE, named.span, format!("a push to `{name}` cannot start this pipeline"))
                .label(outside.header.head, "not in Azure Repos")
                .help("let a pipeline in that repository start on the push, and this one `after` it");
        }
    }
}
