//! # A trigger that depends on a repository of which nothing is known
//!
//! Where the project's own repository is hosted decides how its pull requests start pipelines: Azure Repos does it by
//! policies of its branches and ignores the YAML, GitHub and Bitbucket read the YAML. Paths of pushes are counted from
//! its root, which need not be the project's folder.
//!
//! ```mlops,fails
//! pipeline checks {
//!   trigger pull_request { branches = ["main"] }
//!   stage test { run "make test" }
//! }
//! ```
//!
//! ```mlops,fails
//! pipeline build {
//!   trigger push { branches = ["main"], paths = ["src"] }
//!   stage make { run "make" }
//! }
//! ```
//!
//! ```mlops,passes
//! repository self { type = github, branch = "main" }
//! pipeline checks {
//!   trigger pull_request { branches = ["main"] }
//!   stage test { run "make test" }
//! }
//! ```
//!
//! Declare `repository self` with its `type`, its default `branch`, and the project's `folder` in it.
//!
//! Source: Azure Pipelines YAML schema, `pr`: "YAML PR triggers are supported only in GitHub and Bitbucket Cloud".

use crate::check::{Cx, Group, Rule};
use crate::model::project::{Repository, Trigger, TriggerKind};

pub(super) static RULE: Rule = Rule::error(Group::References, "self-not-declared", run);

fn run(cx: &mut Cx<'_>) {
    let project = cx.project;
    if project.repositories.values().any(Repository::is_self) {
        return;
    }
    for trigger in project.active_triggers() {
        if let Some(what) = needs_it(trigger) {
            cx.report(&RULE, trigger.span, format!("{what}, and `repository self` is not declared"))
                .help("add `repository self { type = azure_repos }`, or `github`, `bitbucket`");
        }
    }
}

fn needs_it(trigger: &Trigger) -> Option<&'static str> {
    match &trigger.kind {
        TriggerKind::PullRequest(_) => Some("how a pull request starts a pipeline depends on where the repository is"),
        TriggerKind::Push { repository: None, paths, .. } if !paths.is_empty() => {
            Some("paths are those of the repository that holds the project")
        }
        TriggerKind::Push { .. }
        | TriggerKind::Manual
        | TriggerKind::Schedule(_)
        | TriggerKind::After { .. }
        | TriggerKind::Image(_)
        | TriggerKind::Webhook(_) => None,
    }
}
