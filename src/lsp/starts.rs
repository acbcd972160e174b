//! Who starts whom: pipelines by their triggers and by steps that queue or submit.

use crate::base::span::{Span, Spanned};
use crate::driver::Analysis;
use crate::model::project::{Filter, Header, MlWork, Pipeline, Project, Trigger, TriggerKind};
use crate::model::steps::Kind as StepKind;
use crate::model::walk;

/// Something that runs, by its index.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Node {
    Pipeline(usize),
    MlPipeline(usize),
}

#[derive(Clone, Copy, Debug)]
pub struct Start {
    pub by: Node,
    pub of: Node,
    /// Where it is written: a trigger of what is started, or a step of what starts.
    pub at: Span,
}

impl Node {
    pub fn header(self, project: &Project) -> Option<&Header> {
        match self {
            Node::Pipeline(at) => project.pipelines.values().nth(at).map(|it| &it.header),
            Node::MlPipeline(at) => project.ml_pipelines.values().nth(at).map(|it| &it.header),
        }
    }

    pub fn name(self, project: &Project) -> &str {
        self.header(project).map_or("", |it| &it.ident.value)
    }

    /// The word that declares it.
    pub fn word(self) -> &'static str {
        match self {
            Node::Pipeline(_) => "pipeline",
            Node::MlPipeline(_) => "ml_pipeline",
        }
    }

    pub fn find(project: &Project, word: &str, name: &str) -> Option<Node> {
        all(project).find(|it| it.word() == word && it.name(project) == name)
    }

    /// What is declared at the place, in the file that it was copied from if it is a copy.
    pub fn declared_at(analysis: &Analysis, place: Span) -> Option<Node> {
        let is_there =
            |it: &Header| Span { file: analysis.sources.real(it.ident.span.file), ..it.ident.span } == place;
        all(&analysis.project).find(|it| it.header(&analysis.project).is_some_and(is_there))
    }
}

pub fn all(project: &Project) -> impl Iterator<Item = Node> {
    let pipelines = (0..project.pipelines.len()).map(Node::Pipeline);
    pipelines.chain((0..project.ml_pipelines.len()).map(Node::MlPipeline))
}

/// In the order of the sources of who starts.
pub fn starts(project: &Project) -> Vec<Start> {
    let mut found = Vec::new();
    for (id, pipeline) in project.pipelines.iter() {
        for trigger in pipeline.active_triggers() {
            if let TriggerKind::After { pipeline: source, .. } = &trigger.kind {
                let (by, of) = (Node::Pipeline(source.value.index()), Node::Pipeline(id.index()));
                found.push(Start { by, of, at: trigger.span });
            }
        }
    }
    for place in walk::steps(project) {
        let of = match &place.step.kind {
            StepKind::Queue(it) => Node::Pipeline(it.pipeline.index()),
            StepKind::Submit(it) => Node::MlPipeline(it.ml_pipeline.index()),
            _ => continue,
        };
        found.push(Start { by: Node::Pipeline(place.id.index()), of, at: place.step.head });
    }
    for (id, pipeline) in project.ml_pipelines.iter() {
        for step in &pipeline.steps {
            if let MlWork::Pipeline(inner) = &step.work {
                let (by, of) = (Node::MlPipeline(id.index()), Node::MlPipeline(inner.value.index()));
                found.push(Start { by, of, at: step.head });
            }
        }
    }
    found
}

/// What starts a pipeline that is no other pipeline, in a few words each.
pub fn events(pipeline: &Pipeline) -> Vec<String> {
    pipeline.active_triggers().filter_map(event).collect()
}

fn event(trigger: &Trigger) -> Option<String> {
    Some(match &trigger.kind {
        TriggerKind::Manual | TriggerKind::After { .. } => return None,
        TriggerKind::Push { branches, tags, .. } => {
            let to = [of(" to ", branches), of(" of tag ", tags)].concat();
            format!("push{to}")
        }
        TriggerKind::PullRequest(it) => format!("pull request{}", of(" to ", &it.branches)),
        TriggerKind::Schedule(it) => format!("schedule {}", it.title.as_ref().unwrap_or(&it.cron.value.text)),
        TriggerKind::Image(it) => format!("image {}", it.repository.value),
        TriggerKind::Webhook(it) => format!("webhook {}", it.name.value),
    })
}

fn of(before: &str, filter: &Filter) -> String {
    let texts =
        |all: &[Spanned<String>]| all.iter().map(|it| it.value.as_str()).collect::<Vec<_>>().join(", ");
    match (filter.include.as_slice(), filter.exclude.as_slice()) {
        ([], []) => String::new(),
        ([], but) => format!("{before}all but {}", texts(but)),
        (these, []) => format!("{before}{}", texts(these)),
        (these, but) => format!("{before}{} but not {}", texts(these), texts(but)),
    }
}
