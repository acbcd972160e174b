//! # A task is deprecated
//!
//! Microsoft says so in the task itself: it gets no repairs any more, every run shows a warning, and one day it is gone.
//!
//! ```mlops,fails
//! pipeline build {
//!   trigger manual
//!   stage all {
//!     task "AzureKeyVault@1" { inputs { azureSubscription = "azure", KeyVaultName = "kv-team" } }
//!   }
//! }
//! ```
//!
//! ```mlops,passes
//! pipeline build {
//!   trigger manual
//!   stage all {
//!     task "AzureKeyVault@2" { inputs { azureSubscription = "azure", KeyVaultName = "kv-team" } }
//!   }
//! }
//! ```
//!
//! Write the newest version of it, or the task that its reference names instead. Inputs may be called differently there.
//!
//! Source: the descriptions in microsoft/azure-pipelines-tasks.

use crate::check::{Cx, Group, Rule, Safety};
use crate::model::steps::Kind;
use crate::model::steps::task::Task;
use crate::schema::tasks;

pub(super) static RULE: Rule = Rule::warning(Group::Jobs, "task-deprecated", run).by_pipeline().fixes(Safety::Unsafe);

fn run(cx: &mut Cx<'_>) {
    for place in cx.steps() {
        let Kind::Task(step) = &place.step.kind else { continue };
        let Some(task) = step.known.filter(|it| it.deprecated) else { continue };
        let newer = tasks::versions(task.name).into_iter().rev().find(|it| !it.deprecated);
        let help = match newer {
            Some(newer) => format!("write `{}@{}`, and look up what has become of its inputs", newer.name, newer.major),
            None => "look up in its reference what takes its place".to_owned(),
        };
        let message = format!("the task `{}` is deprecated", step.name.value);
        let finding = cx.report(&RULE, step.name.span, message).help(help);
        if let Some(newer) = newer.filter(|it| takes(it, step)) {
            let better = format!("{}@{}", newer.name, newer.major);
            finding.suggest(format!("write `{better}`"), step.name.span, format!("\"{better}\""));
        }
    }
}

/// Whether the newer one knows all inputs that are given.
fn takes(newer: &tasks::Task, step: &Task) -> bool {
    let known: Vec<_> = newer.inputs().flat_map(|it| it.names).collect();
    step.inputs.keys().all(|given| known.iter().any(|it| it.eq_ignore_ascii_case(given)))
}
