//! What happens if, for the events that a system knows: timelines, with the node that each line is about.

use crate::base::arena::Id;
use crate::base::span::Span;
use crate::draw::paint::Painter;
use crate::draw::text::place;
use crate::model::project::MlPipeline;
use crate::model::steps::Kind as StepKind;
use crate::model::walk;
use crate::simulate::clock::spoken;
use crate::simulate::timeline::{Entry, Mark, Timeline};
use crate::simulate::{Event, Scenario, System, occasions, run};
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// Events of a page.
pub const MOST_EVENTS: usize = 60;
/// Lines of an event.
pub const MOST_ENTRIES: usize = 400;
/// Pipelines that did not start.
const MOST_IDLE: usize = 100;

pub(super) fn events(painter: &Painter<'_>) -> Vec<Value> {
    let all = occasions::all(painter.system);
    all.into_iter().take(MOST_EVENTS).map(|it| event(painter, &it)).collect()
}

fn event(painter: &Painter<'_>, event: &Event) -> Value {
    let timeline = run(painter.system, &Scenario::of(event.clone()));
    let effects = effects(painter, &timeline);
    let shown = timeline.entries.iter().take(MOST_ENTRIES).enumerate();
    let entries: Vec<Value> = shown
        .map(|(index, it)| {
            let also = effects.iter().filter(|it| it.0 == index).map(|it| it.1.as_str());
            entry(painter, &timeline, it, &also.collect::<Vec<_>>())
        })
        .collect();
    let idle = timeline.idle.iter().take(MOST_IDLE).map(|it| {
        let why: Vec<&str> = it.reasons.iter().map(|it| it.0.as_str()).collect();
        let at = it.reasons.first().map(|it| place(painter.sources, it.1));
        json!({ "name": it.name, "why": why.join("; "), "place": at })
    });
    let more = timeline.entries.len().saturating_sub(MOST_ENTRIES);
    let cut = match (more, timeline.cut) {
        (0, None) => None,
        (0, Some(at)) => Some(format!("What comes after {} is not looked at.", spoken(at))),
        (more, _) => Some(format!("{more} more lines are not shown; `mlopsc simulate` shows them.")),
    };
    let title = event.spoken(painter.project).replace('`', "");
    json!({ "title": title, "entries": entries, "idle": idle.collect::<Vec<_>>(), "cut": cut })
}

fn entry(painter: &Painter<'_>, timeline: &Timeline, entry: &Entry, also: &[&str]) -> Value {
    let run = entry.run.map(|it| &timeline.runs[it]);
    let pipeline = run.map(|it| it.pipeline.as_str());
    let stage = run.zip(entry.stage.as_ref()).map(|(run, name)| {
        let of = run.stages.iter().find(|it| it.name == *name).and_then(|it| it.origin);
        of.and_then(|it| stage_name(painter.system, run.index, it)).unwrap_or(name)
    });
    let node = match (pipeline, stage) {
        (Some(pipeline), Some(stage)) => Some(format!("stage:{pipeline}.{stage}")),
        (Some(pipeline), None) => Some(format!("pipeline:{pipeline}")),
        (None, _) => None,
    };
    let name = match (pipeline, &entry.stage) {
        (Some(pipeline), Some(stage)) => Some(format!("{pipeline}.{stage}")),
        (pipeline, _) => pipeline.map(str::to_owned),
    };
    json!({
        "at": spoken(entry.at), "mark": entry.mark.word(), "text": entry.text.replace('`', ""), "name": name, "node": node,
        "pipeline": pipeline.map(|it| format!("pipeline:{it}")), "also": also,
        "place": entry.place.map(|it| place(painter.sources, it)),
    })
}

/// The name of the stage that a stage of the plan stands for: people who are asked before it belong to it.
fn stage_name<'a>(system: &System<'a>, pipeline: usize, origin: usize) -> Option<&'a String> {
    let id = system.plan.pipelines.get(pipeline)?.id;
    system.project.pipelines[id].stages.get(origin).map(|it| &it.ident.value)
}

/// What lines are about beside pipelines and stages: the ML pipeline that runs, and the environment that something has reached when
/// its stage said the last of it.
fn effects(painter: &Painter<'_>, timeline: &Timeline) -> Vec<(usize, String)> {
    let project = painter.project;
    let submitted = walk::steps(project).filter_map(|it| match &it.step.kind {
        StepKind::Submit(submit) => Some((it.step.head, submit.ml_pipeline)),
        _ => None,
    });
    let submitted: BTreeMap<Span, Id<MlPipeline>> = submitted.collect();
    let runs = timeline.entries.iter().enumerate().filter_map(|(index, it)| {
        let id = submitted.get(&it.place?)?;
        let name = format!("ml:{}", project.ml_pipelines[*id].header.ident.value);
        let end = end(timeline, index).map(|it| (it, name.clone()));
        Some(std::iter::once((index, name)).chain(end))
    });
    let runs = runs.flatten();
    let reached = timeline.deliveries.iter().filter_map(|it| {
        let of = |entry: &Entry| {
            entry.run == Some(it.run) && entry.stage.as_ref() == Some(&it.stage) && entry.at <= it.at
        };
        let index = timeline.entries.iter().rposition(of)?;
        Some((index, format!("environment:{}", it.environment)))
    });
    runs.chain(reached).collect()
}

/// The line that says how the stage of a line ended.
fn end(timeline: &Timeline, index: usize) -> Option<usize> {
    let of = &timeline.entries[index];
    let ends = |it: &Entry| {
        let over = matches!(it.mark, Mark::Succeeds | Mark::Issues | Mark::Fails | Mark::Cancels);
        over && it.run == of.run && it.stage == of.stage
    };
    let behind = timeline.entries[index + 1..].iter().position(ends)?;
    Some(index + 1 + behind)
}
