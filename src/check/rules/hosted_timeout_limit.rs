//! # A job on a hosted agent that runs longer than the platform lets it
//!
//! Microsoft ends a job on its hosted agents after six hours (one hour for private projects without a paid parallel
//! job). What the job was waiting for goes on, and is paid for.
//!
//! ```mlops,fails
//! pool linux { image = "ubuntu-24.04" }
//! pipeline nightly {
//!   trigger manual
//!   stage work {
//!     pool    = linux
//!     timeout = 10h
//!     run "make all"
//!   }
//! }
//! ```
//!
//! ```mlops,passes
//! pool linux { name = "build-agents" }
//! pipeline nightly {
//!   trigger manual
//!   stage work {
//!     pool    = linux
//!     timeout = 10h
//!     run "make all"
//!   }
//! }
//! ```
//!
//! Wait without an agent (`submit … { wait = server }`, `wait`), shorten the work, or use agents of your own.
//!
//! Source: Azure DevOps documentation, "Timeouts".

use crate::base::span::Span;
use crate::check::{Cx, Group, Rule, walk};
use crate::diag::Safety;
use crate::model::project::{PoolKind, Timeout};
use crate::plan::Pool;

pub(super) static RULE: Rule = Rule::warning(Group::Jobs, "hosted-timeout-limit", run).fixes(Safety::Unsafe).by_pipeline();

/// Six hours, in minutes.
const LIMIT: u64 = 360;

fn run(cx: &mut Cx<'_>) {
    let project = cx.project;
    for job in cx.planned().iter().flat_map(|it| &it.stages).flat_map(|it| &it.jobs) {
        let hosted = match &job.pool {
            Pool::Agents(id) => matches!(project.pools[*id].kind, PoolKind::Hosted { .. }),
            Pool::Default => true,
            Pool::Server => false,
        };
        if hosted && job.timeout_minutes > LIMIT {
            let hours = job.timeout_minutes.div_ceil(60);
            let written = written(cx, job.source, job.timeout_minutes);
            let finding = cx
                .report(&RULE, written.unwrap_or(job.source), format!("this may take {hours} hours, but hosted agents end a job after 6"))
                .help("wait without an agent (`wait = server` on a `submit`, or `wait`), or name a self-hosted `pool`");
            if let Some(span) = written {
                finding.suggest("let it take 6 hours", span, "6h");
            }
        }
    }
}

/// Where the timeout of the job with this head stands, if somebody wrote it.
fn written(cx: &Cx<'_>, head: Span, minutes: u64) -> Option<Span> {
    let place = cx.steps().find(|it| it.job.head == head || it.stage.head == head)?;
    let found = walk::timeout(cx.project, &place)?;
    matches!(found.value, Timeout::Seconds(it) if it.div_ceil(60) == minutes && cx.is_written(found.span)).then_some(found.span)
}
