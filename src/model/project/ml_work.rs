//! What an ML step does: a command, a sweep of one, mini-batches, Spark, a component or another ML pipeline.

use super::{Component, MlPipeline, MlType};
use crate::base::arena::Id;
use crate::base::span::Spanned;
use indexmap::IndexMap;

#[derive(Clone, Debug)]
pub enum MlWork {
    /// The step's own command.
    Command,
    Component(Spanned<Id<Component>>),
    Pipeline(Spanned<Id<MlPipeline>>),
    /// Of the step's own command, or of a component.
    Sweep(Box<Sweep>),
    Parallel(Box<Parallel>),
    Spark(Box<Spark>),
}

impl MlWork {
    /// The component that the step is, or that its trials are.
    pub fn component(&self) -> Option<&Spanned<Id<Component>>> {
        match self {
            MlWork::Component(it) => Some(it),
            MlWork::Sweep(sweep) => sweep.trial.as_ref(),
            MlWork::Command | MlWork::Pipeline(_) | MlWork::Parallel(_) | MlWork::Spark(_) => None,
        }
    }

    /// With an article, for messages.
    pub fn describe(&self) -> &'static str {
        match self {
            MlWork::Command => "a command",
            MlWork::Component(_) => "a component",
            MlWork::Pipeline(_) => "an ML pipeline",
            MlWork::Sweep(_) => "a sweep",
            MlWork::Parallel(_) => "a parallel step",
            MlWork::Spark(_) => "a Spark step",
        }
    }
}

#[derive(Clone, Debug)]
pub struct Sweep {
    /// `None`: the step's own command.
    pub trial: Option<Spanned<Id<Component>>>,
    pub sampling: Sampling,
    pub space: IndexMap<String, SpaceEntry>,
    pub metric: String,
    pub maximize: bool,
    pub max_total: u32,
    pub max_concurrent: Option<u32>,
    /// Seconds.
    pub timeout: Option<u64>,
    pub trial_timeout: Option<u64>,
    pub early_stop: Option<EarlyStop>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sampling {
    Random,
    Grid,
    Bayesian,
}

impl Sampling {
    pub fn word(self) -> &'static str {
        match self {
            Sampling::Random => "random",
            Sampling::Grid => "grid",
            Sampling::Bayesian => "bayesian",
        }
    }
}

#[derive(Clone, Debug)]
pub struct SpaceEntry {
    pub key: Spanned<String>,
    pub values: Spanned<Space>,
}

/// Values to try. Bounds are those of the value itself, whatever Azure ML calculates with.
#[derive(Clone, Debug, PartialEq)]
pub enum Space {
    Choice(Vec<Choice>),
    /// From 0, below this.
    Randint(i64),
    Uniform(f64, f64),
    QUniform(f64, f64, f64),
    LogUniform(f64, f64),
    QLogUniform(f64, f64, f64),
    Normal(f64, f64),
    QNormal(f64, f64, f64),
    /// Mean and deviation of the logarithm.
    LogNormal(f64, f64),
    QLogNormal(f64, f64, f64),
}

#[derive(Clone, Debug, PartialEq)]
pub enum Choice {
    Text(String),
    Integer(i64),
    Number(f64),
}

impl Space {
    /// The function's name, of language and platform.
    pub fn word(&self) -> &'static str {
        match self {
            Space::Choice(_) => "choice",
            Space::Randint(_) => "randint",
            Space::Uniform(..) => "uniform",
            Space::QUniform(..) => "quniform",
            Space::LogUniform(..) => "loguniform",
            Space::QLogUniform(..) => "qloguniform",
            Space::Normal(..) => "normal",
            Space::QNormal(..) => "qnormal",
            Space::LogNormal(..) => "lognormal",
            Space::QLogNormal(..) => "qlognormal",
        }
    }

    /// What its values are.
    pub fn ty(&self) -> MlType {
        match self {
            Space::Choice(values) if values.iter().all(|it| matches!(it, Choice::Integer(_))) => {
                MlType::Integer
            }
            Space::Choice(values) if values.iter().any(|it| matches!(it, Choice::Text(_))) => MlType::String,
            Space::Randint(_) => MlType::Integer,
            Space::Choice(_)
            | Space::Uniform(..)
            | Space::QUniform(..)
            | Space::LogUniform(..)
            | Space::QLogUniform(..)
            | Space::Normal(..)
            | Space::QNormal(..)
            | Space::LogNormal(..)
            | Space::QLogNormal(..) => MlType::Number,
        }
    }
}

#[derive(Clone, Debug)]
pub struct EarlyStop {
    pub policy: StopPolicy,
    pub interval: u32,
    pub delay: u32,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub enum StopPolicy {
    BanditFactor(f64),
    BanditAmount(f64),
    Median,
    Truncation(u32),
}

#[derive(Clone, Debug)]
pub struct Parallel {
    /// In the step's `code`.
    pub entry: Spanned<String>,
    pub arguments: Option<Spanned<String>>,
    /// An input of the step.
    pub input_data: Spanned<String>,
    /// A count of files, or a size such as `10kb`.
    pub mini_batch_size: Option<String>,
    /// An output of the step.
    pub append_row_to: Option<Spanned<String>>,
    /// `-1`: all of them.
    pub mini_batch_error_threshold: i64,
    pub error_threshold: i64,
    pub retries: Option<u32>,
    /// Seconds for one mini-batch.
    pub timeout: Option<u64>,
    pub max_concurrency_per_instance: u32,
    pub logging_level: &'static str,
}

#[derive(Clone, Debug)]
pub struct Spark {
    pub entry: Spanned<String>,
    pub arguments: Option<Spanned<String>>,
    /// Of serverless Spark; else `compute` names an attached pool.
    pub instance_type: Option<Spanned<String>>,
    pub runtime_version: Option<Spanned<String>>,
    pub py_files: Vec<String>,
    pub jars: Vec<String>,
    pub files: Vec<String>,
    pub archives: Vec<String>,
    pub driver: Cores,
    pub executor: Cores,
    /// Fewest and most; dynamic where they differ.
    pub executors: (u32, u32),
    pub conf: IndexMap<String, String>,
}

#[derive(Clone, Debug, Default)]
pub struct Cores {
    pub cores: u32,
    /// A Kubernetes quantity.
    pub memory: String,
}

/// How a command is started on several nodes or processors.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Distribution {
    Pytorch { processes: Option<u32> },
    Mpi { processes: Option<u32> },
    Tensorflow { workers: Option<u32>, parameter_servers: Option<u32> },
}

#[derive(Clone, Debug, Default)]
pub struct MlResources {
    pub instances: Option<u32>,
    pub instance_type: Option<String>,
    /// A Kubernetes quantity.
    pub shm_size: Option<String>,
    pub docker_args: Option<String>,
}

/// Whose rights a job has at its data.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Identity {
    Managed,
    User,
    Token,
}
