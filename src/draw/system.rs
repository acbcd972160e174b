//! The whole system: pipelines with what starts them, stages, ML pipelines and environments.

use super::paint::Painter;
use super::picture::{Draft, Kind, Link, Node, Note, Picture, Sign, What};
use super::{steps, triggers, words};
use crate::base::arena::Id;
use crate::model::project::{Environment, Pipeline, Project, Stage};
use crate::model::steps::Kind as StepKind;
use crate::model::walk;

pub(super) fn paint(painter: &Painter<'_>) -> Picture {
    let mut draft = Draft::default();
    for (id, pipeline) in painter.project.pipelines.iter() {
        self::pipeline(painter, &mut draft, (id, pipeline));
    }
    let node = |draft: &mut Draft, id: Id<Pipeline>| {
        draft.find(&name(&painter.project.pipelines[id])).unwrap_or_default()
    };
    for (id, pipeline) in painter.project.pipelines.iter() {
        let own = node(&mut draft, id);
        triggers::draw(painter, &mut draft, (pipeline, &[own]), &node);
        takes(&mut draft, (pipeline, own), &node);
        runs(painter.project, &mut draft, (id, own), &node);
        for stage in &pipeline.stages {
            reaches(painter.project, &mut draft, (stage, own));
        }
    }
    schedules(painter.project, &mut draft);
    draft.picture(What::System, painter.title("the system"))
}

fn name(pipeline: &Pipeline) -> String {
    format!("pipeline:{}", pipeline.header.ident.value)
}

/// A pipeline with its stages.
fn pipeline(painter: &Painter<'_>, draft: &mut Draft, (id, pipeline): (Id<Pipeline>, &Pipeline)) {
    let ident = &pipeline.header.ident.value;
    let own = draft.node(head(pipeline));
    let mut stages = Vec::with_capacity(pipeline.stages.len());
    for stage in &pipeline.stages {
        let node = Node::new(Kind::Stage, format!("stage:{ident}.{}", stage.ident.value), &stage.ident.value);
        let node = node.within(Some(own)).at(stage.head).notes(steps::summary(painter, pipeline, stage));
        stages.push(draft.node(node));
    }
    let needs = &painter.graphs.pipelines[id.index()].stages;
    for (index, needs) in needs.iter().enumerate() {
        for before in needs {
            draft.edge((stages[*before], stages[index]), Link::Then, "", None);
        }
    }
}

/// The pipeline without its stages.
pub(super) fn head(pipeline: &Pipeline) -> Node {
    let header = &pipeline.header;
    let mut notes = Vec::new();
    if let Some(title) = header.title.as_ref().filter(|it| it.value != header.ident.value) {
        notes.push(Note::new(Sign::Plain, title.value.clone()));
    }
    if let Some(template) = &pipeline.extends {
        notes.push(Note::new(Sign::Plain, format!("extends {}", template.path)));
    }
    for it in &pipeline.includes {
        notes.push(Note::new(Sign::Plain, format!("stages of {}", it.include.path)));
    }
    if pipeline.active_triggers().next().is_none() {
        notes.push(Note::new(Sign::Asks, "only people start it"));
    }
    Node::new(Kind::Pipeline, name(pipeline), &header.ident.value).at(header.head).notes(notes)
}

type Find<'f> = &'f dyn Fn(&mut Draft, Id<Pipeline>) -> usize;

/// Artifacts of pipelines that do not start it.
fn takes(draft: &mut Draft, (pipeline, own): (&Pipeline, usize), node: Find<'_>) {
    for source in &pipeline.sources {
        let from = node(draft, source.pipeline.value);
        draft.edge((from, own), Link::Data, "artifacts", Some(source.span));
    }
}

/// Other pipelines and ML pipelines that its steps start.
fn runs(project: &Project, draft: &mut Draft, (id, own): (Id<Pipeline>, usize), node: Find<'_>) {
    for place in walk::steps_of(id, &project.pipelines[id]) {
        let (to, label) = match &place.step.kind {
            StepKind::Queue(it) => (node(draft, it.pipeline), "queues"),
            StepKind::Submit(it) => (ml(project, draft, it.ml_pipeline), "runs"),
            StepKind::PublishPipeline(it) => (ml(project, draft, it.ml_pipeline), "publishes"),
            _ => continue,
        };
        draft.edge((own, to), Link::Runs, label, Some(place.step.head));
    }
}

fn ml(project: &Project, draft: &mut Draft, id: Id<crate::model::project::MlPipeline>) -> usize {
    let pipeline = &project.ml_pipelines[id];
    let header = &pipeline.header;
    let node = Node::new(Kind::MlPipeline, format!("ml:{}", header.ident.value), &header.ident.value);
    let title = header.title.as_ref().map(|it| Note::new(Sign::Plain, it.value.clone()));
    let steps: Vec<&str> = pipeline.steps.iter().map(|it| it.ident.value.as_str()).collect();
    let models = pipeline.registrations.iter().map(|it| {
        let name = &project.models[it.model.value].header.ident.value;
        Note::new(Sign::Out, format!("registers {name}"))
    });
    let steps = Note::new(Sign::Plain, steps.join(" → "));
    draft.node(node.at(header.head).notes(title).notes([steps]).notes(models))
}

fn schedules(project: &Project, draft: &mut Draft) {
    for (id, pipeline) in project.ml_pipelines.iter() {
        for it in pipeline.schedules.values().filter(|it| it.enabled) {
            let to = ml(project, draft, id);
            let from = draft.node(triggers::schedule(&pipeline.header.ident.value, it));
            draft.edge((from, to), Link::Starts, "", Some(it.header.head));
        }
    }
}

/// Environments that a stage deploys to, or in which it changes something.
fn reaches(project: &Project, draft: &mut Draft, (stage, own): (&Stage, usize)) {
    for id in steps::targets(stage) {
        let to = draft.node(environment(project, id));
        draft.edge((own, to), Link::Deploys, "deploys", Some(stage.head));
    }
    let Some(context) = stage.context.as_ref().filter(|_| stage.environment.is_none()) else { return };
    let steps = stage.jobs.iter().flat_map(|it| &it.steps);
    for step in steps.filter(|it| it.enabled && it.kind.changes_environment()) {
        let to = draft.node(environment(project, context.value));
        draft.edge((own, to), Link::Changes, step.kind.word(), Some(step.head));
    }
}

/// An environment with what guards it.
pub(super) fn environment(project: &Project, id: Id<Environment>) -> Node {
    let environment = &project.environments[id];
    let header = &environment.header;
    let mut notes = Vec::new();
    if environment.protected {
        notes.push(Note::new(Sign::Guards, "protected"));
    }
    if let Some(approval) = &environment.approval {
        notes.push(words::asks(&project.approvals[approval.value]));
    }
    notes.extend(words::guards(environment));
    Node::new(Kind::Environment, format!("environment:{}", header.ident.value), &header.ident.value)
        .at(header.head)
        .notes(notes)
}
