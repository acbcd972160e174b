//! # A branch of an environment that matches nothing
//!
//! The check compares whole references: `main` is written `refs/heads/main` for you. What begins with `heads/`, with
//! the name of a remote, or with another folder of `refs/` than branches and tags is no reference of a run, and the
//! check then fails every stage. All branches are written into one text with commas between them.
//!
//! ```mlops,fails
//! environment prod { branches = ["origin/main"] }
//! pipeline release {
//!   trigger manual
//!   stage prod { environment = prod, run "make deploy" }
//! }
//! ```
//!
//! ```mlops,passes
//! environment prod { branches = ["main", "release/*", "refs/tags/v*"] }
//! pipeline release {
//!   trigger manual
//!   stage prod { environment = prod, run "make deploy" }
//! }
//! ```
//!
//! Write the branch's name alone, and tags as `refs/tags/v*`.
//!
//! Source: Azure DevOps documentation, "Define approvals and checks", Branch control.

use crate::check::{Cx, Group, Rule};
use crate::diag::Safety;

pub(super) static RULE: Rule = Rule::error(Group::Environments, "branch-control-unqualified", run).fixes(Safety::Unsafe);

fn run(cx: &mut Cx<'_>) {
    for branch in cx.project.environments.values().flat_map(|it| &it.branches) {
        if let Some(wrong) = wrong(&branch.value) {
            let better = mended(&branch.value).filter(|_| cx.written(branch.span).starts_with('"'));
            let finding = cx.report(&RULE, branch.span, format!("`{}` matches no branch: {wrong}", branch.value))
                .help("write the name of a branch, such as `main` or `release/*`, or `refs/tags/v*` for tags");
            if let Some(better) = better {
                finding.suggest(format!("write `{better}`"), branch.span, format!("\"{better}\""));
            }
        }
    }
}

/// What may have been meant, where that matches something.
fn mended(branch: &str) -> Option<String> {
    let known = ["refs/heads/", "heads/", "refs/remotes/origin/", "remotes/origin/", "origin/", "refs/"];
    let rest = known.iter().find_map(|it| branch.strip_prefix(it)).unwrap_or(branch);
    let parts: Vec<&str> = rest.split('/').filter(|it| !it.is_empty()).collect();
    let better = match parts.as_slice() {
        ["tags", _, ..] => format!("refs/{}", parts.join("/")),
        _ => parts.join("/"),
    };
    (!better.is_empty() && wrong(&better).is_none()).then_some(better)
}

fn wrong(branch: &str) -> Option<String> {
    if let Some(bad) = branch.chars().find(|it| ",~^:[]\\ ".contains(*it)) {
        return Some(format!("names of branches hold no `{bad}` here"));
    }
    if let Some(rest) = branch.strip_prefix("refs/") {
        let known = ["heads/", "tags/", "pull/"].iter().any(|it| rest.strip_prefix(it).is_some_and(|it| !it.is_empty()));
        return (!known).then(|| "references of runs begin with `refs/heads/`, `refs/tags/` or `refs/pull/`".to_owned());
    }
    let begins = ["heads/", "tags/", "origin/"].iter().find(|it| branch.starts_with(**it));
    begins.map(|it| format!("it stands for `refs/heads/{branch}`, and `{it}` is no part of a branch's name")).or_else(|| {
        branch.split('/').any(str::is_empty).then(|| "a part of it is empty".to_owned())
    })
}
