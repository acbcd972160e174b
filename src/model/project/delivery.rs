//! Delivery pipelines: triggers, parameters, stages, jobs, steps.

use super::{
    Approval, Clean, Connection, Container, Environment, Header, Include, Inherited, Lock, Looks, Matrix,
    SourcePipeline, StageInclude, Trigger,
};
use crate::base::arena::Id;
use crate::base::span::{Span, Spanned};
use crate::model::data::Record;
use crate::model::expr::{Expr, Node, Ty};
use crate::model::steps::Kind as StepKind;
use indexmap::IndexMap;
use std::collections::BTreeSet;

#[derive(Debug)]
pub struct Pipeline {
    pub header: Header,
    pub description: Option<String>,
    pub triggers: Vec<Trigger>,
    /// Pipelines whose artifacts it reads and that do not start it.
    pub sources: Vec<SourcePipeline>,
    pub params: IndexMap<String, Param>,
    pub inherited: Inherited,
    pub stages: Vec<Stage>,
    pub looks: Looks,
    /// Stages of existing templates between them.
    pub includes: Vec<StageInclude>,
    /// The template that the whole pipeline is; it then has no stages.
    pub extends: Option<Include>,
    /// Keys of the target as they are.
    pub extra: Record,
    /// Parameters that something reads.
    pub params_read: BTreeSet<String>,
    /// Outputs that some expression reads: stage, job and step by index.
    pub outputs_read: BTreeSet<(usize, usize, usize, String)>,
}

#[derive(Debug)]
pub struct Param {
    pub ident: Spanned<String>,
    pub title: Option<String>,
    pub ty: Ty,
    pub default: Option<Expr>,
    pub choices: Vec<Expr>,
}

#[derive(Debug)]
pub struct Stage {
    pub ident: Spanned<String>,
    pub title: Option<String>,
    pub head: Span,
    /// Indices of stages; `None`: the stage written before.
    pub needs: Option<Vec<Spanned<usize>>>,
    /// Stages of the template that is written before it: what it waits for where it says no `needs`.
    pub follows: Option<Vec<String>>,
    pub when: Option<Expr>,
    pub approval: Option<Spanned<Id<Approval>>>,
    /// Deploys to it.
    pub environment: Option<Spanned<Id<Environment>>>,
    /// Only takes its workspace, connection and variables.
    pub context: Option<Spanned<Id<Environment>>>,
    pub lock: Option<Lock>,
    /// Where that is said.
    pub lock_at: Option<Span>,
    /// `false`: written but off.
    pub enabled: bool,
    /// `trigger manual`: somebody starts it by hand.
    pub manual: Option<Span>,
    /// Whether something in it must be looked up before.
    pub looks: bool,
    pub inherited: Inherited,
    pub jobs: Vec<Job>,
    /// Jobs of existing templates.
    pub includes: Vec<Include>,
    pub extra: Record,
    /// Stages and jobs whose outputs or results its expressions read.
    pub reads: Vec<Read>,
}

impl Stage {
    /// Where it and its jobs deploy to, as often as that is said. Azure DevOps asks for jobs that are off too.
    pub fn environments(&self) -> impl Iterator<Item = &Spanned<Id<Environment>>> {
        self.environment.iter().chain(self.jobs.iter().filter_map(|it| it.environment.as_ref()))
    }
}

/// One place where an expression reads an output or a result of a stage or job.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Read {
    /// The job that holds the expression; `None`: the stage's own `when`.
    pub job: Option<usize>,
    pub node: Node,
    pub span: Span,
}

#[derive(Debug)]
pub struct Job {
    /// Of an implicit job: the stage's.
    pub ident: Spanned<String>,
    pub title: Option<String>,
    pub head: Span,
    /// Steps written directly in the stage.
    pub implicit: bool,
    /// Indices of jobs of the same stage.
    pub needs: Vec<Spanned<usize>>,
    pub when: Option<Expr>,
    pub environment: Option<Spanned<Id<Environment>>>,
    /// `false`: written but off.
    pub enabled: bool,
    pub continue_on_error: bool,
    pub clean: Option<Clean>,
    pub container: Option<Container>,
    pub matrix: Option<Matrix>,
    /// It is there for when others go wrong.
    pub handler: Option<Handler>,
    pub extra: Record,
    pub inherited: Inherited,
    pub steps: Vec<Step>,
}

/// When the steps of an `on` block run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Event {
    Failure,
    Cancel,
}

/// `on failure { … }` of a job or a stage.
#[derive(Clone, Debug)]
pub struct Handler {
    pub event: Event,
    /// The jobs of the same stage that it watches, by index.
    pub of: Vec<usize>,
}

/// `on failure { … }` of a step: one of its steps.
#[derive(Clone, Copy, Debug)]
pub struct StepHandler {
    pub event: Event,
    /// The step of the same job that notes when the watched one starts, by index.
    pub marker: usize,
    /// A failure of the watched step does not end the job.
    pub tolerated: bool,
}

#[derive(Debug)]
pub struct Step {
    /// What references and the emitted step go by; `None` where two unnamed steps of a kind share a job.
    pub ident: Option<Spanned<String>>,
    pub title: Option<String>,
    pub head: Span,
    pub kind: StepKind,
    pub when: Option<Expr>,
    pub env: IndexMap<String, Expr>,
    pub timeout: Option<Spanned<u64>>,
    pub retries: u32,
    pub continue_on_error: bool,
    pub enabled: bool,
    pub working_directory: Option<Expr>,
    pub connection: Option<Spanned<Id<Connection>>>,
    pub handler: Option<StepHandler>,
    pub extra: Record,
    /// Everything that may be read of it, declared or by kind.
    pub outputs: IndexMap<String, Output>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Output {
    pub ty: Ty,
    /// Written by the user as `output x: bool`.
    pub declared: Option<Span>,
    /// The variable that is set, where it is called otherwise than the output.
    pub variable: Option<String>,
}
