//! # A schedule that runs more often than Azure DevOps lets it
//!
//! A pipeline gets at most ten scheduled runs in fifteen minutes and about a thousand a week; the others are dropped.
//!
//! ```mlops,fails
//! pipeline watch {
//!   trigger schedule "* * * * *" { always = true }
//!   stage look { run "make look" }
//! }
//! ```
//!
//! ```mlops,passes
//! pipeline watch {
//!   trigger schedule "*/15 * * * *" { always = true }
//!   stage look { run "make look" }
//! }
//! ```
//!
//! Run it less often, or let what it waits for start it: an image, a webhook, another pipeline.
//!
//! Source: Azure DevOps documentation, "Configure schedules for pipelines", limits.

use crate::check::{Cx, Group, Rule};
use crate::model::cron::Cron;
use crate::model::project::TriggerKind;

pub(super) static RULE: Rule = Rule::error(Group::Triggers, "schedule-too-frequent", run);

const A_QUARTER_HOUR: u32 = 10;
const A_WEEK: u32 = 1000;

fn run(cx: &mut Cx<'_>) {
    for trigger in cx.project.active_triggers() {
        let TriggerKind::Schedule(schedule) = &trigger.kind else { continue };
        if let Some(message) = too_often(&schedule.cron.value) {
            cx.report(&RULE, schedule.cron.span, message).help("run it less often, such as `*/15 * * * *`");
        }
    }
}

fn too_often(cron: &Cron) -> Option<String> {
    let (quarter, week) = (cron.a_quarter_hour(), cron.a_week());
    if quarter > A_QUARTER_HOUR {
        return Some(format!("{quarter} runs in fifteen minutes: Azure DevOps allows {A_QUARTER_HOUR}"));
    }
    (week > A_WEEK).then(|| format!("{week} runs a week: Azure DevOps allows about {A_WEEK}"))
}
