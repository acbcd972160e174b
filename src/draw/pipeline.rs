//! Pipelines from near: what starts them, stages and jobs with their steps, who is asked between them.

use super::paint::Painter;
use super::picture::{Draft, Kind, Link, Node, Note, Picture, Sign, What};
use super::{condition, steps, system, triggers, words};
use crate::base::arena::Id;
use crate::base::span::Span;
use crate::model::project::{Event, Job, Pipeline, Stage};
use std::collections::BTreeMap;

/// The pipeline that has the name, or all.
pub(super) fn paint(painter: &Painter<'_>, name: Option<&str>) -> Picture {
    let mut draft = Draft::default();
    for (id, pipeline) in painter.project.pipelines.iter() {
        let ident = &pipeline.header.ident.value;
        if name.is_none_or(|it| it == ident) {
            One { painter, draft: &mut draft, id, pipeline }.draw();
        }
    }
    let title = name.map_or("the pipelines".to_owned(), |it| format!("pipeline {it}"));
    draft.picture(What::Pipeline, painter.title(&title))
}

struct One<'d, 'a> {
    painter: &'d Painter<'a>,
    draft: &'d mut Draft,
    id: Id<Pipeline>,
    pipeline: &'a Pipeline,
}

/// Where a stage begins and ends: the first who is asked, and the stage itself.
struct Ends {
    first: usize,
    last: usize,
}

impl<'a> One<'_, 'a> {
    fn draw(mut self) {
        let own = self.draft.node(system::head(self.pipeline));
        let planned = &self.painter.plan.pipelines;
        let planned = planned.iter().find(|it| it.id == self.id).map_or(&[][..], |it| &it.stages);
        let titles = steps::titles(planned);
        let mut ends = Vec::with_capacity(self.pipeline.stages.len());
        for index in 0..self.pipeline.stages.len() {
            let last = self.stage(own, index, &titles);
            ends.push(Ends { first: self.gates(own, index, last), last });
        }
        let needs = &self.painter.graphs.pipelines[self.id.index()].stages;
        for (index, needs) in needs.iter().enumerate() {
            for before in needs {
                self.draft.edge((ends[*before].last, ends[index].first), Link::Then, "", None);
            }
        }
        self.outside(own);
    }

    fn name(&self) -> &'a str {
        &self.pipeline.header.ident.value
    }

    fn stage(&mut self, own: usize, index: usize, titles: &BTreeMap<Span, Vec<&str>>) -> usize {
        let stage = &self.pipeline.stages[index];
        let id = format!("stage:{}.{}", self.name(), stage.ident.value);
        let mut notes = steps::head(self.painter, self.pipeline, stage);
        notes.extend(stage.lock.map(words::lock));
        let jobs: Vec<&Job> = stage.jobs.iter().filter(|it| !it.steps.is_empty()).collect();
        if let [only] = jobs.as_slice()
            && only.implicit
        {
            notes.extend(steps::listed(self.painter, self.pipeline, only, titles));
        }
        let node = Node::new(Kind::Stage, &id, &stage.ident.value).within(Some(own)).at(stage.head);
        let own = self.draft.node(node.notes(notes));
        self.reached(stage, own);
        if jobs.len() > 1 || jobs.first().is_some_and(|it| !it.implicit) {
            self.jobs(own, index, (&id, titles));
        }
        own
    }

    fn jobs(&mut self, own: usize, index: usize, (id, titles): (&str, &BTreeMap<Span, Vec<&str>>)) {
        let stage = &self.pipeline.stages[index];
        let mut nodes = Vec::with_capacity(stage.jobs.len());
        for (number, job) in stage.jobs.iter().enumerate() {
            let node = Node::new(Kind::Job, format!("job:{id}.{number}"), &job.ident.value);
            let notes = about_job(self.painter, self.pipeline, (stage, job));
            let node = node.within(Some(own)).at(job.head).notes(notes);
            nodes.push(self.draft.node(node.notes(steps::listed(self.painter, self.pipeline, job, titles))));
        }
        let needs = &self.painter.graphs.pipelines[self.id.index()].jobs[index];
        for (number, needs) in needs.iter().enumerate() {
            for before in needs {
                self.draft.edge((nodes[*before], nodes[number]), Link::Then, "", None);
            }
        }
    }

    /// Those who are asked before a stage, one after the other; what comes first.
    fn gates(&mut self, own: usize, index: usize, last: usize) -> usize {
        let stage = &self.pipeline.stages[index];
        let mut first = last;
        for id in steps::approvals(self.painter, stage).into_iter().rev() {
            let approval = &self.painter.project.approvals[id];
            let ident = &approval.header.ident.value;
            let node = Node::new(
                Kind::Approval,
                format!("asks:{}.{}.{ident}", self.name(), stage.ident.value),
                ident,
            );
            let node = node.within(Some(own)).at(approval.header.head).notes(words::people(approval));
            let asked = self.draft.node(node);
            self.draft.edge((asked, first), Link::Then, "if they agree", None);
            first = asked;
        }
        first
    }

    fn reached(&mut self, stage: &Stage, own: usize) {
        for id in steps::targets(stage) {
            let to = self.draft.node(system::environment(self.painter.project, id));
            self.draft.edge((own, to), Link::Deploys, "deploys", Some(stage.head));
        }
    }

    fn outside(&mut self, own: usize) {
        let project = self.painter.project;
        let node = |draft: &mut Draft, id: Id<Pipeline>| draft.node(system::head(&project.pipelines[id]));
        triggers::draw(self.painter, self.draft, (self.pipeline, &[own]), &node);
    }
}

fn about_job(painter: &Painter<'_>, pipeline: &Pipeline, (stage, job): (&Stage, &Job)) -> Vec<Note> {
    let mut notes = Vec::new();
    if let Some(title) = job.title.as_ref().filter(|it| **it != job.ident.value) {
        notes.push(Note::new(Sign::Plain, title.clone()));
    }
    notes.extend(condition::note(painter, pipeline, job.when.as_ref()));
    if let Some(handler) = &job.handler {
        let watched: Vec<&str> = handler
            .of
            .iter()
            .filter_map(|it| stage.jobs.get(*it))
            .map(|it| it.ident.value.as_str())
            .collect();
        let event = match handler.event {
            Event::Failure => "fails",
            Event::Cancel => "is cancelled",
        };
        notes.push(Note::new(Sign::If, format!("{} {event}", watched.join(" or "))));
    }
    if job.matrix.is_some() {
        notes.push(Note::new(Sign::Plain, "once for each value of its matrix"));
    }
    if !job.enabled {
        notes.push(Note::new(Sign::Warns, "switched off"));
    }
    notes
}
