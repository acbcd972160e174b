//! What will run: stages with their gates, jobs split between agents and server, steps, conditions, timeouts. In: the
//! project and its graphs. Out: a plan in which nothing is implicit, so that emitters only render and the simulator
//! only walks. Names in it are those of the target.

mod build;
mod context;
mod copies;
mod errors;
mod exclusive;
mod facts;
mod gate;
mod handler;
mod include;
mod job;
mod layout;
mod parts;
mod read;
pub mod setup;
mod stage;
pub mod term;
mod triggers;
mod vault;

pub use build::{build, title};
pub use errors::KINDS;
pub use read::variable_name;

use crate::base::arena::Id;
use crate::base::span::Span;
use crate::model::data::{Data, Record};
use crate::model::project::{self, Clean, Filter, Lock};
use crate::model::steps::action::{ScriptSource, Shell};
use term::Term;

#[derive(Debug, Default)]
pub struct Plan {
    /// In the order of the project's pipelines.
    pub pipelines: Vec<Pipeline>,
}

#[derive(Debug)]
pub struct Pipeline {
    pub id: Id<project::Pipeline>,
    /// The name in Azure DevOps.
    pub title: String,
    /// A push to `self`; `None`: no push starts it.
    pub push: Option<Push>,
    /// A pull request to `self`, where the YAML says so; `None`: none starts it by what the YAML says.
    pub pull_request: Option<project::PullRequest>,
    pub schedules: Vec<project::CronTrigger>,
    /// Images whose arrival starts it, or would if the trigger were on.
    pub images: Vec<ImageResource>,
    pub webhooks: Vec<project::Webhook>,
    /// Other repositories, for checkouts and triggers.
    pub repositories: Vec<RepositoryResource>,
    /// Other pipelines, for triggers and artifacts.
    pub sources: Vec<PipelineResource>,
    pub parameters: Vec<Parameter>,
    pub variables: Vec<Variable>,
    pub stages: Vec<Stage>,
    /// Templates of stages, each with the index of the stage behind it.
    pub includes: Vec<(usize, Include)>,
    /// The template that the pipeline is.
    pub extends: Option<Include>,
}

/// An existing template.
#[derive(Debug)]
pub struct Include {
    /// Relative to the pipeline's file, or in another repository: `steps.yml@alias`.
    pub template: String,
    pub parameters: Vec<(String, Argument)>,
}

#[derive(Debug)]
pub enum Argument {
    Data(Data),
    Value(Value),
}

#[derive(Clone, Debug)]
pub struct Push {
    pub branches: Filter,
    pub paths: Filter,
    pub tags: Filter,
    pub batch: bool,
}

#[derive(Debug)]
pub struct RepositoryResource {
    pub alias: String,
    pub id: Id<project::Repository>,
    pub push: Option<Push>,
}

#[derive(Debug)]
pub struct PipelineResource {
    pub alias: String,
    pub id: Id<project::Pipeline>,
    /// Title, behind its folder where it has one: `\ml\[ML]-Train`.
    pub source: String,
    /// Which run is taken where this pipeline is not started by it.
    pub taken: Taken,
    pub trigger: Option<Completion>,
}

/// A run of another pipeline; the latest one where nothing is said.
#[derive(Clone, Debug, Default)]
pub struct Taken {
    pub version: Option<String>,
    pub branch: Option<String>,
    pub tags: Vec<String>,
}

#[derive(Debug)]
pub struct ImageResource {
    pub image: project::Image,
    /// The service connection's name.
    pub connection: String,
    pub enabled: bool,
}

#[derive(Clone, Debug)]
pub struct Completion {
    pub branches: Filter,
    pub stages: Vec<String>,
    pub tags: Vec<String>,
}

#[derive(Debug)]
pub struct Parameter {
    pub name: String,
    pub title: Option<String>,
    pub ty: crate::model::expr::Ty,
    pub default: Option<Constant>,
    pub choices: Vec<Constant>,
}

#[derive(Clone, Debug, PartialEq)]
pub enum Constant {
    Bool(bool),
    Int(i64),
    Number(f64),
    String(String),
}

#[derive(Clone, Debug, PartialEq)]
pub enum Variable {
    /// A variable group.
    Group(String),
    /// A template of variables, relative to the pipeline's file.
    Template(String),
    Value(String, Constant),
    /// `$[ … ]`: worked out when the stage or job starts.
    Runtime(String, Term),
}

#[derive(Debug)]
pub struct Stage {
    pub name: String,
    pub title: String,
    pub depends_on: Vec<String>,
    pub condition: Term,
    pub variables: Vec<Variable>,
    pub lock: Option<Lock>,
    /// Somebody starts it by hand: it waits for nothing.
    pub manual: bool,
    pub jobs: Vec<Job>,
    /// Templates of jobs.
    pub includes: Vec<Include>,
    /// The stage of the source; the gate before a stage has its index too. `None`: made for the whole pipeline.
    pub origin: Option<usize>,
    pub source: Span,
}

#[derive(Debug)]
pub struct Job {
    pub name: String,
    pub title: String,
    pub pool: Pool,
    /// A deployment job: the environment's name in Azure DevOps.
    pub environment: Option<String>,
    pub depends_on: Vec<String>,
    pub condition: Term,
    /// 0: as long as the pool allows.
    pub timeout_minutes: u64,
    pub settings: JobSettings,
    pub variables: Vec<Variable>,
    pub steps: Vec<Step>,
    pub source: Span,
}

/// What few jobs have.
#[derive(Debug, Default)]
pub struct JobSettings {
    pub continue_on_error: bool,
    pub cancel_timeout_minutes: Option<u64>,
    pub clean: Option<Clean>,
    pub container: Option<Container>,
    pub matrix: Option<Matrix>,
    /// Keys of the user.
    pub extra: Record,
}

/// So many minutes a cancelled job may go on where it says nothing.
const CANCEL_MINUTES: u64 = 5;

impl JobSettings {
    /// How long the job may go on after it was cancelled, before its agent is stopped.
    pub fn cancel_minutes(&self) -> u64 {
        self.cancel_timeout_minutes.unwrap_or(CANCEL_MINUTES)
    }
}

/// A container that steps run in.
#[derive(Debug)]
pub struct Container {
    pub image: String,
    /// The service connection that pulls the image.
    pub endpoint: Option<String>,
    pub options: Option<String>,
    pub ports: Vec<String>,
    pub volumes: Vec<String>,
    pub env: Vec<(String, String)>,
}

/// Copies of a job.
#[derive(Debug)]
pub struct Matrix {
    /// Name and variables of each.
    pub legs: Vec<(String, Vec<(String, Constant)>)>,
    /// The variable that holds each copy's hosted image, if they differ.
    pub image: Option<String>,
    pub max_parallel: Option<u32>,
}

#[derive(Clone, Debug)]
pub enum Pool {
    Server,
    Agents(Id<project::Pool>),
    /// No pool was named anywhere: Azure Pipelines' own default image, written out.
    Default,
}

#[derive(Debug)]
pub struct Step {
    /// What outputs are read by.
    pub name: Option<String>,
    pub title: String,
    pub body: StepBody,
    pub condition: Option<Term>,
    pub env: Vec<(String, Value)>,
    pub timeout_minutes: Option<u64>,
    pub retries: u32,
    pub continue_on_error: bool,
    pub enabled: bool,
    pub working_directory: Option<Value>,
    /// Keys of the user.
    pub extra: Record,
    pub source: Span,
}

#[derive(Debug)]
pub enum StepBody {
    Checkout {
        repository: String,
        path: Option<String>,
        depth: u32,
        submodules: bool,
        lfs: bool,
        clean: bool,
    },
    NoCheckout,
    /// A template of steps.
    Include(Include),
    /// `download: none`, so that a deployment job does not fetch every artifact.
    NoDownload,
    /// From this run, or from the run of a pipeline resource.
    Download {
        source: Option<String>,
        artifact: Option<String>,
        path: Option<Value>,
    },
    Publish {
        artifact: String,
        path: Value,
    },
    Script {
        source: ScriptSource,
        shell: Shell,
    },
    /// Signed in with a service connection.
    AzureCli {
        connection: String,
        source: ScriptSource,
        shell: Shell,
        keep_session: bool,
    },
    Task {
        name: String,
        inputs: Vec<(String, Value)>,
    },
}

/// A text that is put together before a step starts.
pub type Value = Vec<Part>;

#[derive(Clone, Debug, PartialEq)]
pub enum Part {
    /// Reaches its reader unchanged.
    Literal(String),
    /// `$(name)`: a variable of the run.
    Variable(String),
    /// `${{ parameters.name }}`; a boolean is written in lower case.
    Parameter { name: String, bool: bool },
}
