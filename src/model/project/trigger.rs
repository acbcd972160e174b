//! What starts pipelines, and which pipelines they take artifacts from.

use super::{Connection, ContainerRegistry, Pipeline, Project, Repository};
use crate::base::arena::Id;
use crate::base::span::{Span, Spanned};
use crate::model::cron::Cron;

#[derive(Debug)]
pub struct Trigger {
    pub span: Span,
    /// `false`: written, but off.
    pub enabled: bool,
    pub kind: TriggerKind,
}

#[derive(Debug)]
pub enum TriggerKind {
    Manual,
    Push {
        repository: Option<Spanned<Id<Repository>>>,
        branches: Filter,
        paths: Filter,
        tags: Filter,
        batch: bool,
    },
    PullRequest(PullRequest),
    Schedule(CronTrigger),
    After {
        pipeline: Spanned<Id<Pipeline>>,
        branches: Filter,
        stages: Vec<Spanned<usize>>,
        tags: Vec<Spanned<String>>,
    },
    Image(Image),
    Webhook(Webhook),
}

/// A pull request to `self`.
#[derive(Clone, Debug)]
pub struct PullRequest {
    pub branches: Filter,
    pub paths: Filter,
    /// `None` where nothing is said, which is `true`.
    pub drafts: Option<Spanned<bool>>,
    /// `None` where nothing is said, which is `true`.
    pub auto_cancel: Option<Spanned<bool>>,
}

#[derive(Clone, Debug)]
pub struct CronTrigger {
    pub cron: Spanned<Cron>,
    pub title: Option<String>,
    pub branches: Filter,
    /// Runs without new code too; `None` where nothing is said, which is `false`.
    pub always: Option<bool>,
    /// Where it is said.
    pub batch: Option<Span>,
}

/// A new image in a registry.
#[derive(Clone, Debug)]
pub struct Image {
    /// What references and the container resource go by.
    pub alias: Spanned<String>,
    pub registry: Spanned<Id<ContainerRegistry>>,
    /// The repository in the registry.
    pub repository: Spanned<String>,
    pub tags: Filter,
    pub connection: Option<Spanned<Id<Connection>>>,
}

#[derive(Clone, Debug)]
pub struct Webhook {
    pub name: Spanned<String>,
    pub connection: Spanned<Id<Connection>>,
    /// Paths in the message's JSON, each with the text it must hold.
    pub filters: Vec<(String, String)>,
}

/// `["a", "b"]` or `{ include = […], exclude = […] }`
#[derive(Clone, Debug, Default)]
pub struct Filter {
    pub include: Vec<Spanned<String>>,
    pub exclude: Vec<Spanned<String>>,
}

impl Filter {
    pub fn is_empty(&self) -> bool {
        self.include.is_empty() && self.exclude.is_empty()
    }

    pub fn patterns(&self) -> impl Iterator<Item = &Spanned<String>> {
        self.include.iter().chain(&self.exclude)
    }
}

/// `resource PIPELINE { … }`: artifacts of a pipeline that does not start this one.
#[derive(Debug)]
pub struct SourcePipeline {
    pub span: Span,
    /// What references go by: the name behind `as`, else the pipeline's.
    pub alias: Spanned<String>,
    pub pipeline: Spanned<Id<Pipeline>>,
    /// The number of the run.
    pub version: Option<String>,
    pub branch: Option<Spanned<String>>,
    pub tags: Vec<Spanned<String>>,
}

/// What is looked up before the stages that read it start.
#[derive(Debug, Default)]
pub struct Looks {
    /// Patterns of paths, of which any may have changed.
    pub changed: Vec<Vec<String>>,
    /// Pipelines whose run's tags are read, by what they are called here.
    pub tags: Vec<String>,
}

impl Looks {
    pub fn is_empty(&self) -> bool {
        self.changed.is_empty() && self.tags.is_empty()
    }
}

impl Pipeline {
    /// What starts it by itself: triggers that are on.
    pub fn active_triggers(&self) -> impl Iterator<Item = &Trigger> {
        self.triggers.iter().filter(|it| it.enabled && !matches!(it.kind, TriggerKind::Manual))
    }
}

impl Project {
    /// What starts any pipeline by itself.
    pub fn active_triggers(&self) -> impl Iterator<Item = &Trigger> {
        self.pipelines.values().flat_map(Pipeline::active_triggers)
    }
}
