//! # Files of a job are gone behind a wait
//!
//! A step that needs no agent splits its job: what follows runs on a fresh agent. Checkouts and downloads are done
//! again, but files that a script wrote, tools it installed and variables it set are gone.
//!
//! ```mlops,fails
//! pipeline nightly {
//!   trigger manual
//!   stage work {
//!     run "make report"
//!     wait 1h
//!     run "cat report.txt"
//!   }
//! }
//! ```
//!
//! ```mlops,passes
//! pipeline nightly {
//!   trigger manual
//!   stage work {
//!     run "make report"
//!     publish report { path = "report" }
//!     wait 1h
//!     download report { to = "report" }
//!     run "cat report/report.txt"
//!   }
//! }
//! ```
//!
//! Publish what is needed later and download it behind the wait, or pass values as outputs.
//!
//! Source: Azure DevOps documentation: every job starts on an agent of its own.

use crate::check::{Cx, Group, Rule};
use crate::model::project::{Job, Step};
use crate::model::steps::Kind;
use crate::model::steps::action::ScriptSource;

pub(super) static RULE: Rule = Rule::warning(Group::Jobs, "files-lost-at-split", run).by_pipeline();

fn run(cx: &mut Cx<'_>) {
    for job in cx.pipelines().flat_map(|it| &it.stages).flat_map(|it| &it.jobs) {
        check(cx, job);
    }
}

fn check(cx: &mut Cx<'_>, job: &Job) {
    let Some(split) = job.steps.iter().position(needs_no_agent) else { return };
    let (before, after) = job.steps.split_at(split);
    let writes = before.iter().find(|it| is_users(it));
    let reads = after.iter().find(|it| is_users(it));
    let handed_over = after.iter().any(|it| matches!(it.kind, Kind::Download(_)));
    if let (Some(writes), Some(reads), false) = (writes, reads, handed_over) {
        cx.report(&RULE, reads.head, "this runs on another agent than the steps before the wait")
            .label(writes.head, "what this leaves behind")
            .label(after[0].head, "is gone after this")
            .help("`publish` what is needed and `download` it behind the wait, or pass values as outputs");
    }
}

fn needs_no_agent(step: &Step) -> bool {
    use crate::model::steps::submit::Wait;
    match &step.kind {
        Kind::Wait(_) | Kind::Approve(_) | Kind::Call(_) => true,
        Kind::Submit(submit) => submit.wait == Wait::Server,
        Kind::Task(task) => task.needs_no_agent(),
        _ => false,
    }
}

fn is_users(step: &Step) -> bool {
    let own = match step.kind.script() {
        Some(script) => !matches!(script, ScriptSource::Template { .. }),
        None => matches!(step.kind, Kind::Task(_)),
    };
    own && step.handler.is_none()
}
