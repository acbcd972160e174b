//! # A pattern of branches that cannot match
//!
//! Branch names hold no `~ ^ : [ ] \` and no blanks, and no part between slashes is empty. A pattern with such a
//! character is refused, or silently never matches.
//!
//! ```mlops,fails
//! repository self { type = azure_repos }
//! pipeline build {
//!   trigger push { branches = ["release/[0-9]*"] }
//!   stage build { run "make" }
//! }
//! ```
//!
//! ```mlops,passes
//! repository self { type = azure_repos }
//! pipeline build {
//!   trigger push { branches = ["release/*"] }
//!   stage build { run "make" }
//! }
//! ```
//!
//! Wildcards are `*` (anything) and `?` (one character).
//!
//! Source: the pattern `branchFilter` in the schema of Azure Pipelines.

use crate::base::span::Spanned;
use crate::check::{Cx, Group, Rule};
use crate::model::project::{Filter, TriggerKind};

pub(super) static RULE: Rule = Rule::error(Group::Triggers, "invalid-branch-pattern", run).by_pipeline();

fn run(cx: &mut Cx<'_>) {
    for trigger in cx.pipelines().flat_map(|it| &it.triggers) {
        match &trigger.kind {
            TriggerKind::Push { branches, .. } | TriggerKind::After { branches, .. } => check(cx, branches),
            TriggerKind::PullRequest(it) => check(cx, &it.branches),
            TriggerKind::Schedule(it) => check(cx, &it.branches),
            TriggerKind::Manual | TriggerKind::Image(_) | TriggerKind::Webhook(_) => {}
        }
    }
}

fn check(cx: &mut Cx<'_>, filter: &Filter) {
    for pattern in filter.include.iter().chain(&filter.exclude) {
        if let Some(wrong) = wrong(pattern) {
            cx.report(&RULE, pattern.span, format!("the pattern `{}` matches no branch: {wrong}", pattern.value))
                .help("a pattern is a branch name in which `*` stands for anything, such as `release/*`");
        }
    }
}

fn wrong(pattern: &Spanned<String>) -> Option<String> {
    if let Some(bad) = pattern.value.chars().find(|it| "~^:[]\\ ".contains(*it)) {
        return Some(format!("branch names hold no `{bad}`"));
    }
    pattern.value.split('/').any(str::is_empty).then(|| "a part of it is empty".to_owned())
}
