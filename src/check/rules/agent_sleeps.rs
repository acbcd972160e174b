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
use crate::diag::{Edit, Safety};
use crate::model::project::Step;
use crate::model::steps::action::ScriptSource;
use crate::target::shell;

pub(super) static RULE: Rule = Rule::warning(Group::Deployment, "agent-sleeps", run).by_pipeline().fixes(Safety::Safe);

fn run(cx: &mut Cx<'_>) {
    for place in cx.steps() {
        let Some(seconds) = walk::sleeps_long(place.step) else { continue };
        let time = walk::duration(seconds);
        let edit = only_sleeps(place.step).then(|| Edit { span: cx.whole(place.step.head), text: format!("wait {time}") });
        let finding = cx.report(&RULE, place.step.head, format!("an agent does nothing for {time}"))
            .help(format!("write `wait {time}`, which needs no agent"));
        if let Some(edit) = edit {
            finding.edits(Safety::Safe, format!("write `wait {time}`"), vec![edit]);
        }
    }
}

/// Whether nothing of the step is lost where `wait` stands in its place.
fn only_sleeps(step: &Step) -> bool {
    let Some(ScriptSource::Verbatim(text)) = step.kind.script() else { return false };
    let mut commands = shell::pipelines(text).into_iter().flat_map(|it| it.commands).filter(|it| it.name() != "set");
    let is_sleep = commands.next().is_some_and(|it| it.name() == "sleep" && it.arguments().len() == 1);
    let is_plain = step.when.is_none() && step.outputs.is_empty() && step.env.is_empty() && step.handler.is_none();
    is_sleep && commands.next().is_none() && is_plain && step.extra.is_empty()
}
