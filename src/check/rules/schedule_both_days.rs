//! # A schedule with a day of the month and a day of the week
//!
//! On Unix a cron line with both fires on either of them. Azure DevOps asks for both at once: `0 3 1 * mon` fires on the
//! first of a month only if that is a Monday, about twice a year.
//!
//! ```mlops,fails
//! pipeline train {
//!   trigger schedule "0 3 1 * mon" { always = true }
//!   stage fit { run "make train" }
//! }
//! ```
//!
//! ```mlops,passes
//! pipeline train {
//!   trigger schedule "0 3 1 * *" { always = true }
//!   trigger schedule "0 3 * * mon" { always = true }
//!   stage fit { run "make train" }
//! }
//! ```
//!
//! Write two schedules where either day is meant.
//!
//! Source: the `NCrontab` library, which Azure DevOps names as its reference.

use crate::check::{Cx, Group, Rule};
use crate::model::project::TriggerKind;

pub(super) static RULE: Rule = Rule::warning(Group::Triggers, "schedule-both-days", run);

fn run(cx: &mut Cx<'_>) {
    for trigger in cx.project.active_triggers() {
        if let TriggerKind::Schedule(schedule) = &trigger.kind
            && schedule.cron.value.says_two_days()
        {
            cx.report(&RULE, schedule.cron.span, "this fires only when the day of the month is that day of the week")
                .help("where either is meant, write two schedules with `*` in one of the fields");
        }
    }
}
