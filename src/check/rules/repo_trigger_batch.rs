//! # Pushes to another repository cannot be batched
//!
//! `batch` joins pushes that come while a run is going on. Azure Pipelines knows it for the repository of the pipeline
//! itself, not for others: there, every push starts a run.
//!
//! ```mlops,fails
//! repository engine { type = azure_repos, name = "engine" }
//! pipeline build {
//!   trigger push { repository = engine, branches = ["main"], batch = true }
//!   stage build { run "make" }
//! }
//! ```
//!
//! ```mlops,passes
//! repository self { type = azure_repos }
//! pipeline build {
//!   trigger push { branches = ["main"], batch = true }
//!   stage build { run "make" }
//! }
//! ```
//!
//! Remove `batch`.
//!
//! Source: Azure Pipelines YAML schema, `resources.repositories.repository.trigger`.

use crate::check::{Cx, Group, Rule};
use crate::diag::Safety;
use crate::model::project::TriggerKind;

pub(super) static RULE: Rule = Rule::error(Group::Triggers, "repo-trigger-batch", run).fixes(Safety::Safe);

fn run(cx: &mut Cx<'_>) {
    let project = cx.project;
    for trigger in project.active_triggers() {
        let TriggerKind::Push { repository: Some(named), batch: true, .. } = &trigger.kind else { continue };
        let repository = &project.repositories[named.value];
        if !repository.is_self() {
            let name = &repository.header.ident.value;
            let edit = cx.inside(trigger.span, "batch").map(|it| cx.remove(it));
            let finding = cx.report(&RULE, trigger.span, format!("pushes to `{name}` cannot be batched"))
                .help("remove `batch`: every push to another repository starts a run");
            if let Some(edit) = edit {
                finding.edits(Safety::Safe, "remove `batch`", vec![edit]);
            }
        }
    }
}
