//! # What the repository's host cannot do with pull requests
//!
//! In Azure Repos a pull request starts a pipeline by a policy of the branch it would change. A policy is for one branch,
//! or for all that begin alike (`release/*`), and excludes none; drafts never start it, and whether a newer push cancels
//! the older run is not its choice. Drafts are known to GitHub only.
//!
//! ```mlops,fails
//! repository self { type = azure_repos }
//! pipeline checks {
//!   trigger pull_request { branches { include = ["*"], exclude = ["wip/*"] } }
//!   stage test { run "make test" }
//! }
//! ```
//!
//! ```mlops,fails
//! repository self { type = bitbucket }
//! pipeline checks {
//!   trigger pull_request { drafts = false }
//!   stage test { run "make test" }
//! }
//! ```
//!
//! ```mlops,passes
//! repository self { type = azure_repos }
//! pipeline checks {
//!   trigger pull_request { branches = ["main", "release/*"], paths { include = ["src"], exclude = ["src/docs"] } }
//!   stage test { run "make test" }
//! }
//! ```
//!
//! Name the branches that matter, and leave out what the host decides itself.
//!
//! Source: Azure DevOps, "Branch policies", build validation; Azure Pipelines YAML schema, `pr`.

use crate::base::span::Span;
use crate::check::{Cx, Group, Rule};
use crate::model::project::{PullRequest, RepositoryKind, TriggerKind};

pub(super) static RULE: Rule = Rule::error(Group::Triggers, "pull-request-limits", run);

fn run(cx: &mut Cx<'_>) {
    let project = cx.project;
    let Some(own) = project.repositories.values().find(|it| it.is_self()) else { return };
    for trigger in project.active_triggers() {
        let TriggerKind::PullRequest(request) = &trigger.kind else { continue };
        let wrong = match own.kind {
            RepositoryKind::AzureRepos => policy(request),
            RepositoryKind::Bitbucket => drafts(request),
            RepositoryKind::Github => Vec::new(),
        };
        for Wrong { span, message, help } in wrong {
            cx.report(&RULE, span, message).label(own.header.head, "where the repository is").help(help);
        }
    }
}

struct Wrong {
    span: Span,
    message: String,
    help: &'static str,
}

fn policy(request: &PullRequest) -> Vec<Wrong> {
    let mut found = Vec::new();
    for pattern in request.branches.include.iter().filter(|it| !is_prefix(&it.value)) {
        found.push(Wrong {
            span: pattern.span,
            message: format!("no branch policy can say `{}`", pattern.value),
            help: "name one branch, or end the pattern with `/*`",
        });
    }
    for pattern in &request.branches.exclude {
        found.push(Wrong {
            span: pattern.span,
            message: "a branch policy excludes no branches".to_owned(),
            help: "list the branches that are meant with `branches = [...]`",
        });
    }
    if let Some(drafts) = request.drafts.as_ref().filter(|it| it.value) {
        found.push(Wrong {
            span: drafts.span,
            message: "a draft never starts a pipeline in Azure Repos".to_owned(),
            help: "remove `drafts`",
        });
    }
    if let Some(cancel) = &request.auto_cancel {
        found.push(Wrong {
            span: cancel.span,
            message: "a branch policy does not choose whether older runs are cancelled".to_owned(),
            help: "remove `auto_cancel`",
        });
    }
    found
}

/// A branch, all of them, or all below a folder.
fn is_prefix(pattern: &str) -> bool {
    let before = pattern.strip_suffix('*').filter(|it| it.is_empty() || it.ends_with('/'));
    !before.unwrap_or(pattern).contains(['*', '?'])
}

fn drafts(request: &PullRequest) -> Vec<Wrong> {
    let said = request.drafts.iter().map(|it| Wrong {
        span: it.span,
        message: "Bitbucket has no drafts".to_owned(),
        help: "remove `drafts`: only GitHub lets a pipeline choose",
    });
    said.collect()
}
