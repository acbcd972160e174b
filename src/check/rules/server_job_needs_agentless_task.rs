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
use crate::diag::{Edit, Safety};
use crate::model::project::PoolKind;
use crate::plan::{Job, Pool, Step, StepBody};
use crate::target::agentless::is_agentless;

pub(super) static RULE: Rule = Rule::error(Group::Jobs, "server-job-needs-agentless-task", run).by_pipeline().fixes(Safety::Safe);

fn run(cx: &mut Cx<'_>) {
    let jobs = cx.planned().iter().flat_map(|it| &it.stages).flat_map(|it| &it.jobs);
    for job in jobs.filter(|it| matches!(it.pool, Pool::Server)) {
        if let Some(step) = needs_agent(job) {
            let edit = removal(cx, step);
            let finding = cx.report(&RULE, step.source, "this needs an agent, and the pool is `server`")
                .help("give the job, the stage or the pipeline a `pool` with agents; what needs none leaves them by itself");
            if let Some(edit) = edit {
                finding.edits(Safety::Safe, "remove `pool = server`", vec![edit]);
            }
        }
    }
}

/// The first step that somebody wrote, and only then one that prepares for it.
fn needs_agent(job: &Job) -> Option<&Step> {
    let mut found = job.steps.iter().filter(|it| !matches!(&it.body, StepBody::Task { name, .. } if is_agentless(name)));
    found.clone().find(|it| it.source != job.source).or_else(|| found.next())
}

/// Without `pool = server`, a job has agents, and gives what needs none to the server by itself.
fn removal(cx: &Cx<'_>, step: &Step) -> Option<Edit> {
    let place = cx.steps().find(|it| it.step.head == step.source)?;
    let inherited = [&place.job.inherited, &place.stage.inherited, &place.pipeline.inherited];
    let said = inherited.into_iter().find_map(|it| it.pool.as_ref())?;
    let is_server = matches!(cx.project.pools[said.value].kind, PoolKind::Server);
    is_server.then(|| cx.remove_attribute(said.span))
}
