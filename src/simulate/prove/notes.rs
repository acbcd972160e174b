//! What a proof finds on its way: what never starts, what is never reached, what goes round, what starts past all gates, what is left.

mod filters;
mod left;

use super::Note;
use super::possible::{self, Consent};
use crate::base::arena::Id;
use crate::model::project::{Environment, TriggerKind};
use crate::model::steps::Kind;
use crate::schema::Kind as Declared;
use crate::simulate::system::{Pipeline, System};
use std::collections::BTreeSet;

pub(super) fn all(system: &System<'_>) -> Vec<Note> {
    let mut found = Vec::new();
    for (index, pipeline) in system.pipelines.iter().enumerate() {
        never_started(system, index, &mut found);
        filters::dead(system, index, &mut found);
        filters::refused_tags(system, pipeline, index, &mut found);
        never_reached(system, pipeline, index, &mut found);
        past_gates(system, pipeline, &mut found);
        left::running(system, index, &mut found);
    }
    goes_round(system, &mut found);
    found
}

/// All its triggers wait for tags that the other pipeline never gives its runs.
fn never_started(system: &System<'_>, index: usize, found: &mut Vec<Note>) {
    let pipeline = &system.pipelines[index];
    let idle = |kind: &TriggerKind| {
        let TriggerKind::After { pipeline, tags, .. } = kind else { return false };
        let given = tags_of(&system.pipelines[system.index_of(pipeline.value)]);
        given.is_some_and(|given| tags.iter().any(|it| !given.contains(it.value.as_str())))
    };
    let mut triggers = pipeline.source.active_triggers().peekable();
    let Some(first) = triggers.peek().map(|it| it.span) else { return };
    if triggers.all(|it| idle(&it.kind)) {
        let name = system.name(index);
        let text =
            format!("nothing but people starts `{name}`: no run has the tags that its triggers wait for");
        found.push(Note { text, span: first });
    }
}

/// The tags that runs may have; none where they are worked out in a run.
fn tags_of<'a>(pipeline: &Pipeline<'a>) -> Option<BTreeSet<&'a str>> {
    let steps = pipeline.source.stages.iter().flat_map(|it| &it.jobs).flat_map(|it| &it.steps);
    let tags = steps.filter_map(|it| match &it.kind {
        Kind::TagRun(it) => Some(it.tag.as_str()),
        _ => None,
    });
    tags.collect()
}

fn never_reached(system: &System<'_>, pipeline: &Pipeline<'_>, index: usize, found: &mut Vec<Note>) {
    let possible = possible::of(system, pipeline, Consent::Given);
    for (number, stage) in pipeline.stages.iter().enumerate() {
        let gate = stage.source.is_some_and(|it| it.ident.value != stage.plan.name);
        let off = stage.source.is_some_and(|it| !it.enabled);
        if !possible.reached[number] && !gate && !off {
            let text = format!("no outcome leads to stage `{}.{}`", system.name(index), stage.plan.name);
            found.push(Note { text, span: stage.plan.source });
        }
    }
}

/// Schedules of Azure ML in the workspace of a protected environment, set up where nobody is asked.
fn past_gates(system: &System<'_>, pipeline: &Pipeline<'_>, found: &mut Vec<Note>) {
    let silent = possible::of(system, pipeline, Consent::Never);
    for (number, stage) in pipeline.stages.iter().enumerate() {
        let Some(source) = stage.source else { continue };
        let place = source.environment.as_ref().or(source.context.as_ref());
        let Some(environment) = place.map(|it| it.value).filter(|it| is_protected(system, *it)) else {
            continue;
        };
        for (job, of) in stage.jobs.iter().enumerate().filter(|it| silent.runs[number][it.0]) {
            for step in of.steps.iter().filter_map(|it| it.source) {
                let Kind::Ensure(ensure) = &step.kind else { continue };
                let schedules = ensure.what.iter().filter(|it| it.kind == Declared::Schedule);
                for schedule in schedules.filter_map(|it| system.project.schedule(it.index)) {
                    let text = format!(
                        "Azure ML starts `{}` by itself in the workspace of `{}`, and nobody agreed to the schedule (job `{}`)",
                        schedule.0.header.ident.value,
                        system.project.environments[environment].header.ident.value,
                        stage.jobs[job].plan.name
                    );
                    found.push(Note { text, span: step.head });
                }
            }
        }
    }
}

fn is_protected(system: &System<'_>, environment: Id<Environment>) -> bool {
    system.project.environments[environment].protected
}

/// Pipelines that start each other in a circle, though under conditions.
fn goes_round(system: &System<'_>, found: &mut Vec<Note>) {
    let edges: Vec<BTreeSet<usize>> = system.pipelines.iter().map(|it| starts(system, it)).collect();
    for (index, pipeline) in system.pipelines.iter().enumerate() {
        let mut open: Vec<usize> = edges[index].iter().copied().collect();
        let mut seen = BTreeSet::new();
        while let Some(at) = open.pop() {
            if seen.insert(at) {
                open.extend(&edges[at]);
            }
        }
        // Said once, of the first in the circle.
        let first =
            seen.contains(&index) && !seen.iter().any(|it| *it < index && reaches(&edges, *it, index));
        if first {
            let name = system.name(index);
            let text = format!("a run of `{name}` can lead to another run of `{name}`");
            found.push(Note { text, span: pipeline.source.header.head });
        }
    }
}

fn reaches(edges: &[BTreeSet<usize>], from: usize, to: usize) -> bool {
    let mut open = vec![from];
    let mut seen = BTreeSet::new();
    while let Some(at) = open.pop() {
        if seen.insert(at) {
            open.extend(&edges[at]);
        }
    }
    edges[from].contains(&to) || seen.iter().any(|it| edges[*it].contains(&to))
}

/// The pipelines that runs of this one may start.
fn starts(system: &System<'_>, pipeline: &Pipeline<'_>) -> BTreeSet<usize> {
    let steps = pipeline.source.stages.iter().flat_map(|it| &it.jobs).flat_map(|it| &it.steps);
    let queued = steps.filter_map(|it| match &it.kind {
        Kind::Queue(it) => Some(system.index_of(it.pipeline)),
        _ => None,
    });
    let follows =
        system.pipelines.iter().enumerate().filter(|(_, it)| {
            it.plan.sources.iter().any(|it| it.id == pipeline.plan.id && it.trigger.is_some())
        });
    queued.chain(follows.map(|it| it.0)).collect()
}
