//! # A step needs an agent where there is none
//!
//! `pool = server` runs a job without any agent: only tasks of the server can stand in it, such as `wait`, `approve` or
//! `task "InvokeRESTAPI@1"`. Azure DevOps refuses everything else when the run starts.
//!
//! ```mlops,fails
//! pipeline nightly {
//!   trigger manual
//!   stage work {
//!     pool = server
//!     run "make"
//!   }
//! }
//! ```
//!
//! ```mlops,passes
//! pool linux { image = "ubuntu-24.04" }
//! pipeline nightly {
//!   trigger manual
//!   pool = server
//!   stage pause { wait 1h }
//!   stage work {
//!     pool = linux
//!     run "make"
//!   }
//! }
//! ```
//!
//! Name a pool of agents for the job, or use a task that needs none. Steps that need no agent leave the agents of a job's pool
//! by themselves: `pool = server` is hardly ever needed.
//!
//! Source: Azure DevOps documentation, "Agentless jobs"; `runsOn` of the tasks.

use crate::check::{Cx, Group, Rule};
use crate::plan::{Job, Pool, Step, StepBody};
use crate::target::agentless::is_agentless;

pub(super) static RULE: Rule = Rule::error(Group::Jobs, "server-job-needs-agentless-task", run);

fn run(cx: &mut Cx<'_>) {
    let plan = cx.plan;
    let jobs = plan.pipelines.iter().flat_map(|it| &it.stages).flat_map(|it| &it.jobs);
    for job in jobs.filter(|it| matches!(it.pool, Pool::Server)) {
        if let Some(step) = needs_agent(job) {
            cx.report(&RULE, step.source, "this needs an agent, and the pool is `server`")
                .help("give the job, the stage or the pipeline a `pool` with agents");
        }
    }
}

/// The first step that somebody wrote, and only then one that prepares for it.
fn needs_agent(job: &Job) -> Option<&Step> {
    let mut found = job.steps.iter().filter(|it| !matches!(&it.body, StepBody::Task { name, .. } if is_agentless(name)));
    found.clone().find(|it| it.source != job.source).or_else(|| found.next())
}
