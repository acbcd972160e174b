//! # A schedule that waits for new code
//!
//! Without `always`, Azure DevOps skips a scheduled run if nothing in the repository has changed since the last
//! successful one. New data is no new code: a model that is trained every night is then not trained.
//!
//! ```mlops,fails
//! pipeline train {
//!   trigger schedule "0 3 * * *"
//!   stage fit { run "make train" }
//! }
//! ```
//!
//! ```mlops,passes
//! pipeline train {
//!   trigger schedule "0 3 * * *" { always = true }
//!   stage fit { run "make train" }
//! }
//! ```
//!
//! Write `always = true`, or `always = false` if it is to run for new code only.
//!
//! Source: Azure Pipelines YAML schema, `schedules.cron`.

use crate::check::{Cx, Group, Rule};
use crate::diag::Safety;
use crate::model::project::TriggerKind;

pub(super) static RULE: Rule = Rule::warning(Group::Triggers, "schedule-without-always", run).fixes(Safety::Safe);

fn run(cx: &mut Cx<'_>) {
    for trigger in cx.project.active_triggers() {
        if let TriggerKind::Schedule(schedule) = &trigger.kind
            && schedule.always.is_none()
        {
            let edit = cx.insert(trigger.span, "always = true");
            cx.report(&RULE, trigger.span, "this runs only if the repository has changed since the last scheduled run")
                .help("add `always = true`; or `always = false` if that is what you want")
                .edits(Safety::Safe, "add `always = true`", vec![edit]);
        }
    }
}
