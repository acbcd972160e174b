//! A job of the source as parts: runs of steps on an agent, and steps that need none between them.

use super::context::Context;
use crate::model::handlers::STARTED;
use crate::model::lower::Lower;
use crate::model::project::{Job, Project, Step};
use crate::model::steps::action::{Action, ActionBody, Place, ScriptSource};
use crate::target::agentless::is_agentless;

/// A job of the target to be.
#[derive(Debug)]
pub struct Part {
    pub name: String,
    pub place: Place,
    /// A deployment job, whose outputs are spelled differently.
    pub deployment: bool,
    /// Each with the index of its step.
    pub actions: Vec<(usize, Action)>,
    /// The name an emitted step has, by its place in `actions`.
    pub names: Vec<Option<String>>,
}

pub fn split(project: &Project, context: &Context, job: &Job, out: &str) -> Vec<Part> {
    let mut parts: Vec<Part> = Vec::new();
    let actions: Vec<(usize, Action)> = job
        .steps
        .iter()
        .enumerate()
        .flat_map(|(index, step)| {
            lower(project, context, (index, step), out).into_iter().map(move |it| (index, it))
        })
        .collect();
    for (index, action) in actions {
        let same = parts.last().is_some_and(|it| it.place == action.place);
        if !same {
            // Every agentless task gets a job of its own: its timeout is the job's.
            parts.push(empty(context, action.place));
        } else if action.place == Place::Server {
            parts.push(empty(context, Place::Server));
        }
        let part = parts.last_mut().expect("one was just made");
        part.names.push(step_name(&job.steps[index], index, &action));
        part.actions.push((index, action));
    }
    if parts.is_empty() {
        parts.push(empty(context, Place::Agent));
    }
    repeat_preparation(&mut parts);
    name(&mut parts, &job.ident.value);
    parts
}

fn lower(project: &Project, context: &Context, (index, step): (usize, &Step), out: &str) -> Vec<Action> {
    let cx = Lower {
        project: project.seen_in(context.environment),
        step,
        index,
        connection: step.connection.as_ref().map(|it| it.value).or(context.connection),
        workspace: context.workspace,
        environment: context.environment,
        out,
    };
    step.kind.lower(&cx).into_iter().map(without_agent).collect()
}

/// Some tasks exist on the server only.
fn without_agent(action: Action) -> Action {
    match &action.body {
        ActionBody::Task { name, .. } if is_agentless(name) => Action { place: Place::Server, ..action },
        _ => action,
    }
}

fn empty(context: &Context, place: Place) -> Part {
    let deployment = context.deploys && place == Place::Agent;
    Part { name: String::new(), place, deployment, actions: Vec::new(), names: Vec::new() }
}

fn step_name(step: &Step, index: usize, action: &Action) -> Option<String> {
    if action.outputs.is_empty() {
        return None;
    }
    if action.outputs == [STARTED] {
        return Some(format!("watch_{index}"));
    }
    let base =
        step.ident.as_ref().map_or_else(|| format!("{}_{index}", step.kind.word()), |it| it.value.clone());
    Some(action.suffix.map_or(base.clone(), |suffix| format!("{base}_{suffix}")))
}

/// A later part starts on a fresh agent: what prepared the first one is done again.
fn repeat_preparation(parts: &mut [Part]) {
    let mut before: Vec<(usize, Action)> = Vec::new();
    for part in parts.iter_mut().filter(|it| it.place == Place::Agent) {
        let own: Vec<(usize, Action)> = part.actions.iter().filter(|it| prepares(&it.1)).cloned().collect();
        for (index, action) in before.iter().rev() {
            part.actions.insert(0, (*index, action.clone()));
            part.names.insert(0, None);
        }
        before.extend(own);
    }
}

fn prepares(action: &Action) -> bool {
    let by_kind = matches!(
        action.body,
        ActionBody::Checkout { .. } | ActionBody::NoCheckout | ActionBody::Download { .. }
    );
    by_kind || action.prepares
}

fn name(parts: &mut [Part], job: &str) {
    let several = parts.len() > 1;
    for (part, number) in parts.iter_mut().zip(1..) {
        part.name = if several { format!("{job}_{number}") } else { job.to_owned() };
    }
}

impl Part {
    /// Everything in it was written by the compiler and reads no files: nothing needs to be checked out.
    pub fn needs_no_files(&self) -> bool {
        self.actions.iter().all(|(_, action)| {
            let own = match &action.body {
                ActionBody::Script(script) => matches!(script.source, ScriptSource::Template { .. }),
                ActionBody::Download { .. } | ActionBody::Approve { .. } | ActionBody::Wait { .. } => true,
                ActionBody::Task { .. }
                | ActionBody::Checkout { .. }
                | ActionBody::NoCheckout
                | ActionBody::Include(_)
                | ActionBody::Publish { .. } => false,
            };
            own && action.reads.is_empty()
        })
    }
}
