//! Which stages deploy to an environment, and how something that nobody agreed to gets there.

use super::{Graphs, PipelineGraph};
use crate::base::arena::Id;
use crate::base::span::Span;
use crate::model::project::{Environment, Pipeline, Project, Stage, Step, Trigger, TriggerKind};
use crate::model::steps::Kind as StepKind;

/// A way to an environment on which nobody is asked.
#[derive(Debug)]
pub struct Way {
    /// What happens in order, for people, with the place where it is written.
    pub steps: Vec<(String, Span)>,
    /// What a stage changes there that has the environment as its context only, so that its checks do not ask.
    pub effect: Option<(&'static str, Span)>,
}

/// The ways to a stage that deploys to `target`, or changes something in its context, without any approval on them: on
/// the environment, where it is deployed to, on the stage or a stage before it, or as a step. One for each such stage.
/// Approvals in pipelines that start this one do not count: anyone may start it by hand.
pub fn unapproved(project: &Project, graphs: &Graphs, target: Id<Environment>) -> Vec<Way> {
    let is_asked = project.environments[target].approval.is_some();
    let mut ways = Vec::new();
    for (id, pipeline) in project.pipelines.iter() {
        let graph = &graphs.pipelines[id.index()];
        for (index, stage) in pipeline.stages.iter().enumerate() {
            let deploys = stage.environments().any(|it| it.value == target) && !is_asked;
            let effect = effect_in(stage, target);
            if stage.enabled && (deploys || effect.is_some()) && !asked_before(pipeline, graph, index) {
                ways.push(Way { effect, ..way(project, pipeline, graph, index) });
            }
        }
    }
    ways
}

/// The first step that changes what is in the environment which the stage has as its context.
fn effect_in(stage: &Stage, target: Id<Environment>) -> Option<(&'static str, Span)> {
    stage.context.as_ref().filter(|it| it.value == target)?;
    let steps = stage.jobs.iter().filter(|it| it.environment.is_none()).flat_map(|it| &it.steps);
    let changes = |it: &&Step| it.enabled && it.kind.changes_environment();
    steps.into_iter().find(changes).map(|it| (it.kind.word(), it.head))
}

/// Whether every way to the stage inside its pipeline passes an approval: one on it or on any stage it waits for.
fn asked_before(pipeline: &Pipeline, graph: &PipelineGraph, stage: usize) -> bool {
    let mut seen = vec![false; pipeline.stages.len()];
    let mut open = vec![stage];
    while let Some(at) = open.pop() {
        if std::mem::replace(&mut seen[at], true) {
            continue;
        }
        let asks = pipeline.stages[at].approval.is_some() || (at != stage && has_approve_step(pipeline, at));
        if asks || (at == stage && approves_first(pipeline, at)) {
            return true;
        }
        // A stage with a condition of its own about results may run although the one before was rejected.
        let follows = pipeline.stages[at].when.as_ref().is_none_or(|it| !it.has_status());
        if follows {
            open.extend(&graph.stages[at]);
        }
    }
    false
}

fn has_approve_step(pipeline: &Pipeline, stage: usize) -> bool {
    let steps = pipeline.stages[stage].jobs.iter().flat_map(|it| &it.steps);
    steps.into_iter().any(is_approve)
}

/// In the deploying stage itself, an `approve` step guards what is behind it in its job.
fn approves_first(pipeline: &Pipeline, stage: usize) -> bool {
    let jobs = &pipeline.stages[stage].jobs;
    jobs.iter().filter(|it| it.handler.is_none()).all(|job| job.steps.first().is_some_and(is_approve))
}

fn is_approve(step: &Step) -> bool {
    matches!(step.kind, StepKind::Approve(_)) && step.enabled && step.when.is_none()
}

/// From what starts the pipeline to the stage.
fn way(project: &Project, pipeline: &Pipeline, graph: &PipelineGraph, stage: usize) -> Way {
    let mut steps = start(project, pipeline);
    let mut back = vec![stage];
    let mut seen = vec![false; pipeline.stages.len()];
    let mut at = stage;
    while let Some(before) =
        graph.stages[at].iter().copied().find(|it| !std::mem::replace(&mut seen[*it], true))
    {
        back.push(before);
        at = before;
    }
    for at in back.into_iter().rev() {
        let stage = &pipeline.stages[at];
        steps.push((format!("stage `{}`", stage.ident.value), stage.head));
    }
    Way { steps, effect: None }
}

fn start(project: &Project, pipeline: &Pipeline) -> Vec<(String, Span)> {
    let mut chain = Vec::new();
    let mut at = pipeline;
    let mut seen: Vec<Span> = Vec::new();
    loop {
        seen.push(at.header.head);
        let Some(trigger) = at.active_triggers().next().or(at.triggers.first()) else { break };
        let name = &at.header.ident.value;
        let (cause, next) = cause(project, trigger);
        let text = cause.map_or_else(
            || format!("anyone starts `{name}` by hand"),
            |cause| format!("{cause} starts `{name}`"),
        );
        let next = next.filter(|it| !seen.contains(&it.header.head));
        chain.push((text, trigger.span));
        match next {
            Some(source) => at = source,
            None => break,
        }
    }
    chain.reverse();
    chain
}

/// What starts a pipeline, in words; none where only people do. Another pipeline is started by something itself.
fn cause<'p>(project: &'p Project, trigger: &Trigger) -> (Option<String>, Option<&'p Pipeline>) {
    if !trigger.enabled {
        return (None, None);
    }
    let cause = match &trigger.kind {
        TriggerKind::Manual => return (None, None),
        TriggerKind::Push { repository, .. } => {
            let repository = repository.as_ref().map(|it| &project.repositories[it.value]);
            format!("a push to `{}`", repository.map_or("self", |it| &it.header.ident.value))
        }
        TriggerKind::PullRequest(_) => "a pull request".to_owned(),
        TriggerKind::Schedule(schedule) => format!("the clock (`{}`)", schedule.cron.value.text),
        TriggerKind::Image(image) => format!("a new image `{}`", image.repository.value),
        TriggerKind::Webhook(webhook) => format!("the webhook `{}`", webhook.name.value),
        TriggerKind::After { pipeline, .. } => {
            let source = &project.pipelines[pipeline.value];
            return (Some(format!("`{}`", source.header.ident.value)), Some(source));
        }
    };
    (Some(cause), None)
}
