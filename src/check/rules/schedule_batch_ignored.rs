//! # `batch` beside `always`
//!
//! A schedule that always runs does not look whether the scheduled run before it still does: `batch` has no effect.
//!
//! ```mlops,fails
//! pipeline train {
//!   trigger schedule "0 3 * * *" { always = true, batch = true }
//!   stage fit { run "make train" }
//! }
//! ```
//!
//! ```mlops,passes
//! pipeline train {
//!   trigger schedule "0 3 * * *" { always = false, batch = true }
//!   stage fit { run "make train" }
//! }
//! ```
//!
//! Remove one of them. `lock = sequential` on a stage lets only one run in at a time.
//!
//! Source: Azure Pipelines YAML schema, `schedules.cron`, the table of `always` and `batch`.

use crate::check::{Cx, Group, Rule};
use crate::diag::Safety;
use crate::model::project::TriggerKind;

pub(super) static RULE: Rule = Rule::warning(Group::Triggers, "schedule-batch-ignored", run).fixes(Safety::Safe);

fn run(cx: &mut Cx<'_>) {
    for trigger in cx.project.active_triggers() {
        if let TriggerKind::Schedule(schedule) = &trigger.kind
            && let (Some(true), Some(batch)) = (schedule.always, schedule.batch)
        {
            let edit = cx.inside(trigger.span, "batch").map(|it| cx.remove(it));
            let finding = cx.report(&RULE, batch, "`batch` has no effect on a schedule that always runs")
                .help("remove `batch`, or `always = true`; to let one run in at a time, write `lock = sequential` on a stage");
            if let Some(edit) = edit {
                finding.edits(Safety::Safe, "remove `batch`", vec![edit]);
            }
        }
    }
}
