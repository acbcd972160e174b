//! # A path filter without a branch filter
//!
//! Azure Pipelines asks for branches where paths are given. What happens without them is not documented, and differs
//! between kinds of repositories.
//!
//! ```mlops,fails
//! repository self { type = azure_repos }
//! pipeline build {
//!   trigger push { paths = ["src/*"] }
//!   stage build { run "make" }
//! }
//! ```
//!
//! ```mlops,passes
//! repository self { type = azure_repos }
//! pipeline build {
//!   trigger push { branches = ["main"], paths = ["src/*"] }
//!   stage build { run "make" }
//! }
//! ```
//!
//! Say which branches: `branches = ["*"]` is all of them.
//!
//! Source: Azure DevOps documentation, "CI triggers": "When you specify paths, you also need to explicitly specify
//! branches".

use crate::check::{Cx, Group, Rule};
use crate::diag::Safety;
use crate::model::project::TriggerKind;

pub(super) static RULE: Rule = Rule::warning(Group::Triggers, "paths-without-branches", run).fixes(Safety::Safe);

fn run(cx: &mut Cx<'_>) {
    for trigger in cx.project.active_triggers() {
        let (branches, paths) = match &trigger.kind {
            TriggerKind::Push { branches, paths, .. } => (branches, paths),
            TriggerKind::PullRequest(it) => (&it.branches, &it.paths),
            TriggerKind::Manual
            | TriggerKind::Schedule(_)
            | TriggerKind::After { .. }
            | TriggerKind::Image(_)
            | TriggerKind::Webhook(_) => continue,
        };
        if branches.is_empty() && !paths.is_empty() {
            let edit = cx.insert(trigger.span, "branches = [\"*\"]");
            cx.report(&RULE, trigger.span, "a trigger filters paths but says no branches")
                .help("add `branches = [\"main\"]`, or `[\"*\"]` for all")
                .edits(Safety::Safe, "add `branches = [\"*\"]`", vec![edit]);
        }
    }
}
