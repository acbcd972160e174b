//! The project after names, references and types are resolved: what the plan and the emitters read.
//! Every reference is a typed id; every text has been understood once.

mod component;
mod delivery;
mod endpoint;
mod environment;
mod foundations;
mod include;
mod job;
mod ml;
mod ml_work;
mod resources;
mod schedule;
mod service;
mod test;
mod trigger;
mod workload;

pub use component::*;
pub use delivery::*;
pub use endpoint::*;
pub use environment::*;
pub use foundations::*;
pub use include::*;
pub use job::*;
pub use ml::*;
pub use ml_work::*;
pub use resources::*;
pub use schedule::*;
pub use service::*;
pub use test::*;
pub use trigger::*;
pub use workload::*;

use crate::base::arena::{Arena, Id};
use crate::base::files::FileKind;
use crate::base::span::{Link, Span, Spanned};
use crate::model::expr::Expr;
use crate::model::steps::Kind as StepKind;
use crate::schema::Kind;
use indexmap::IndexMap;
use std::collections::BTreeSet;

/// A copy shares its declarations with the original.
#[derive(Clone, Debug, Default)]
pub struct Project {
    pub settings: Settings,
    pub connections: Arena<Connection>,
    pub repositories: Arena<Repository>,
    pub pools: Arena<Pool>,
    pub variables: Arena<Variables>,
    pub container_registries: Arena<ContainerRegistry>,
    pub workspaces: Arena<Workspace>,
    pub computes: Arena<Compute>,
    pub runtimes: Arena<Runtime>,
    pub datastores: Arena<Datastore>,
    pub data: Arena<Data>,
    pub models: Arena<Model>,
    pub ml_registries: Arena<MlRegistry>,
    pub components: Arena<Component>,
    pub ml_pipelines: Arena<MlPipeline>,
    pub services: Arena<Service>,
    pub endpoints: Arena<Endpoint>,
    pub environments: Arena<Environment>,
    pub approvals: Arena<Approval>,
    pub pipelines: Arena<Pipeline>,
    pub tests: Vec<Test>,
    /// What something names: kind and index.
    pub referenced: BTreeSet<(Kind, usize)>,
    /// Members of `variables` that some expression reads: index and name.
    pub members_read: BTreeSet<(usize, String)>,
    /// All declarations by kind.
    pub declared: Vec<Declared>,
    /// Every name that was looked up, with what it names.
    pub links: Vec<Link>,
    /// Files and folders that its declarations name, from its root.
    pub side_files: BTreeSet<(String, FileKind)>,
    /// As environments with overlays of Azure ML see it.
    pub views: Vec<View>,
    /// Of a view: the documents that it has of its own, by the path they have where nothing differs.
    pub own_documents: BTreeSet<String>,
}

/// What is known of a declaration by its head.
#[derive(Clone, Debug)]
pub struct Declared {
    pub kind: Kind,
    pub name: Spanned<String>,
    pub doc: Option<String>,
}

/// The project with the overlays of an environment on top.
#[derive(Clone, Debug)]
pub struct View {
    pub environment: Id<Environment>,
    /// Without views.
    pub project: Project,
}

impl Project {
    /// By its index among the schedules of all ML pipelines.
    pub fn schedule(&self, index: usize) -> Option<(&MlPipeline, &Schedule)> {
        let mut all =
            self.ml_pipelines.values().flat_map(|it| it.schedules.values().map(move |own| (it, own)));
        all.nth(index)
    }

    /// Where people are asked before the stage or in it: its own approval, that of where it deploys to, a step.
    pub fn asked(&self, stage: &Stage) -> Option<Span> {
        let check = stage.environments().find(|it| self.environments[it.value].approval.is_some());
        let mut steps = stage.jobs.iter().flat_map(|it| &it.steps).filter(|it| it.enabled);
        let step = || steps.find(|it| matches!(it.kind, StepKind::Approve(_))).map(|it| it.head);
        let before = stage.approval.as_ref().map(|it| it.span).or(check.map(|it| it.span));
        before.or_else(step).filter(|_| stage.enabled)
    }

    /// What a step sees that works in an environment.
    pub fn seen_in(&self, environment: Option<Id<Environment>>) -> &Project {
        let view = self.views.iter().find(|it| Some(it.environment) == environment);
        view.map_or(self, |it| &it.project)
    }
}

/// What every declaration has.
#[derive(Clone, Debug, PartialEq)]
pub struct Header {
    pub ident: Spanned<String>,
    /// The title in quotes: what people see.
    pub title: Option<Spanned<String>>,
    /// The name outside: `name = "…"`, else made from the identifier.
    pub name: Spanned<String>,
    /// `existing = true`: referenced, never created.
    pub existing: bool,
    pub doc: Option<String>,
    /// Word, name and title: what a message about the declaration underlines.
    pub head: Span,
}

/// The `project` block.
#[derive(Clone, Debug, Default)]
pub struct Settings {
    pub header: Option<Header>,
    /// `https://dev.azure.com/contoso`
    pub organization: Option<Spanned<String>>,
    /// The Azure DevOps project.
    pub project: Option<Spanned<String>>,
    /// Folder of the pipelines in Azure DevOps, without leading `\`, parts joined by `\`.
    pub folder: Option<Spanned<String>>,
    pub inherited: Inherited,
}

/// What may stand on project, pipeline, stage and job; the nearest wins.
#[derive(Clone, Debug, Default)]
pub struct Inherited {
    pub pool: Option<Spanned<Id<Pool>>>,
    pub timeout: Option<Spanned<Timeout>>,
    /// Seconds a job may go on after it was cancelled.
    pub cancel_timeout: Option<Spanned<u64>>,
    /// Merged, the nearest wins by key.
    pub env: IndexMap<String, Expr>,
    /// Added up.
    pub variables: Vec<Spanned<Id<Variables>>>,
    pub connection: Option<Spanned<Id<Connection>>>,
    pub workspace: Option<Spanned<Id<Workspace>>>,
}

/// How long a job may run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Timeout {
    /// As long as the agent's pool allows.
    Max,
    Seconds(u64),
}
