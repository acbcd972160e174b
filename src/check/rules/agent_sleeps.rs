//! # An agent is held only to wait
//!
//! A `sleep` keeps an agent, which is paid for and missing elsewhere, and ends with its job's timeout. Waiting needs
//! no agent.
//!
//! ```mlops,fails
//! pipeline nightly {
//!   trigger manual
//!   stage pause { run "sleep 1800" }
//! }
//! ```
//!
//! ```mlops,passes
//! pipeline nightly {
//!   trigger manual
//!   stage pause { wait 30m }
//! }
//! ```
//!
//! Write `wait`: the job is split there, and waits without an agent, with a timeout that is long enough.
//!
//! Source: Azure DevOps documentation, agentless jobs and the task `Delay@1`.

use crate::check::walk;
use crate::check::{Cx, Group, Rule};

pub(super) static RULE: Rule = Rule::warning(Group::Deployment, "agent-sleeps", run);

fn run(cx: &mut Cx<'_>) {
    for place in walk::steps(cx.project) {
        let Some(seconds) = walk::sleeps_long(place.step) else { continue };
        let time = walk::duration(seconds);
        cx.report(&RULE, place.step.head, format!("an agent does nothing for {time}"))
            .help(format!("write `wait {time}`, which needs no agent"));
    }
}
