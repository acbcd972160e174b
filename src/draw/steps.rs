//! What people want to know of stages, jobs and steps.

use super::paint::Painter;
use super::picture::{Note, Sign};
use super::{condition, words};
use crate::base::arena::Id;
use crate::base::span::Span;
use crate::model::project::{Approval, Environment, Job, Pipeline, Stage, Step};
use crate::model::steps::Kind as StepKind;
use crate::model::steps::submit::Wait as Waits;
use crate::plan::{self, StepBody};
use crate::simulate::clock::spoken;
use std::collections::BTreeMap;

/// The environments that a stage or its jobs deploy to, each once.
pub(super) fn targets(stage: &Stage) -> Vec<Id<Environment>> {
    let mut found: Vec<Id<Environment>> = Vec::new();
    for it in stage.environments() {
        if !found.contains(&it.value) {
            found.push(it.value);
        }
    }
    found
}

/// Who is asked before a stage starts: its own approval, then those of what it deploys to.
pub(super) fn approvals(painter: &Painter<'_>, stage: &Stage) -> Vec<Id<Approval>> {
    let of_targets = targets(stage)
        .into_iter()
        .filter_map(|it| painter.project.environments[it].approval.as_ref().map(|it| it.value));
    let mut found: Vec<Id<Approval>> = Vec::new();
    for it in stage.approval.iter().map(|it| it.value).chain(of_targets) {
        if !found.contains(&it) {
            found.push(it);
        }
    }
    found
}

/// A stage in short.
pub(super) fn summary(painter: &Painter<'_>, pipeline: &Pipeline, stage: &Stage) -> Vec<Note> {
    let project = painter.project;
    let mut notes = head(painter, pipeline, stage);
    notes.extend(approvals(painter, stage).into_iter().map(|it| words::asks(&project.approvals[it])));
    let steps = stage.jobs.iter().flat_map(|it| &it.steps);
    notes.extend(steps.filter_map(|it| pause(painter, it)));
    for it in targets(stage) {
        notes.push(Note::new(Sign::To, project.environments[it].header.ident.value.clone()));
    }
    notes
}

/// Title, condition, and whether it runs at all.
pub(super) fn head(painter: &Painter<'_>, pipeline: &Pipeline, stage: &Stage) -> Vec<Note> {
    let mut notes = Vec::new();
    if let Some(title) = stage.title.as_ref().filter(|it| **it != stage.ident.value) {
        notes.push(Note::new(Sign::Plain, title.clone()));
    }
    notes.extend(condition::note(painter, pipeline, stage.when.as_ref()));
    if stage.manual.is_some() {
        notes.push(Note::new(Sign::Asks, "somebody starts it by hand"));
    }
    if !stage.enabled {
        notes.push(Note::new(Sign::Warns, "switched off"));
    }
    notes
}

/// What a step waits for, if it does.
fn pause(painter: &Painter<'_>, step: &Step) -> Option<Note> {
    match &step.kind {
        StepKind::Wait(it) => Some(Note::new(Sign::Waits, format!("waits {}", spoken(it.seconds)))),
        StepKind::Approve(it) => Some(words::asks(&painter.project.approvals[it.approval])),
        StepKind::Submit(it) if it.wait != Waits::None => {
            let name = &painter.project.ml_pipelines[it.ml_pipeline].header.ident.value;
            Some(Note::new(Sign::Waits, format!("until {name} has run")))
        }
        _ => None,
    }
}

/// The titles of steps as a run shows them, by where they stand.
pub(super) fn titles(stages: &[plan::Stage]) -> BTreeMap<Span, Vec<&str>> {
    let mut found: BTreeMap<Span, Vec<&str>> = BTreeMap::new();
    for step in stages.iter().flat_map(|it| &it.jobs).flat_map(|it| &it.steps) {
        let acts = !matches!(
            step.body,
            StepBody::Checkout { .. }
                | StepBody::NoCheckout
                | StepBody::NoDownload
                | StepBody::Download { .. }
        );
        if acts {
            found.entry(step.source).or_default().push(step.title.as_str());
        }
    }
    found
}

/// Lines of a job that are shown; more are counted.
const MOST: usize = 12;

/// The steps of a job in their order.
pub(super) fn listed(
    painter: &Painter<'_>,
    pipeline: &Pipeline,
    job: &Job,
    titles: &BTreeMap<Span, Vec<&str>>,
) -> Vec<Note> {
    let mut notes = Vec::new();
    for step in &job.steps {
        match pause(painter, step) {
            Some(pause) => notes.push(pause),
            None => {
                let names = names(painter, step, titles);
                notes.extend(names.into_iter().map(|it| Note::new(Sign::Does, it)));
            }
        }
        notes.extend(condition::note(painter, pipeline, step.when.as_ref()));
    }
    let all = notes.len();
    if all > MOST {
        notes.truncate(MOST - 1);
        notes.push(Note::new(Sign::Does, format!("and {} more", all - notes.len())));
    }
    notes
}

/// What the step does in short; of several things each, where it works on several.
fn names(painter: &Painter<'_>, step: &Step, titles: &BTreeMap<Span, Vec<&str>>) -> Vec<String> {
    let planned = titles.get(&step.head).map_or(&[][..], Vec::as_slice);
    match (&step.title, &step.kind) {
        (Some(title), _) => vec![title.clone()],
        (None, StepKind::Ensure(_) | StepKind::Delete(_)) if !planned.is_empty() => {
            planned.iter().map(|it| (*it).to_owned()).collect()
        }
        _ => vec![planned.first().map_or_else(|| painter.written(step.head), |it| (*it).to_owned())],
    }
}
