//! What a node does, as Azure ML writes it: a command, a sweep, mini-batches, Spark.

use serde::Serialize;
use serde_json::value::RawValue;

use super::schema::{Environment, Map, Output, Parameter, Scalar};

#[derive(Serialize)]
#[serde(untagged)]
pub enum Work {
    Run(Run),
    Component { component: ComponentRef },
    Sweep(Box<Sweep>),
    Parallel(Box<Parallel>),
    Spark(Box<Spark>),
}

#[derive(Serialize)]
#[serde(untagged)]
pub enum ComponentRef {
    /// A file, or the name of a registered one.
    Named(String),
    /// Only a component can have optional inputs or refuse to be reused.
    Inline(Box<InlineComponent>),
}

#[derive(Serialize)]
pub struct InlineComponent {
    #[serde(rename = "type")]
    pub ty: &'static str,
    pub is_deterministic: bool,
    #[serde(flatten)]
    pub work: Work,
    #[serde(skip_serializing_if = "Map::is_empty")]
    pub inputs: Map<Parameter>,
    #[serde(skip_serializing_if = "Map::is_empty")]
    pub outputs: Map<Output>,
}

#[derive(Serialize)]
pub struct Run {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
    pub command: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub environment: Option<Environment>,
}

#[derive(Serialize)]
pub struct Sweep {
    /// A component, because a trial written here would lose its inputs and outputs.
    pub trial: String,
    pub sampling_algorithm: &'static str,
    pub search_space: Map<Space>,
    pub objective: Objective,
    pub limits: SweepLimits,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub early_termination: Option<EarlyTermination>,
}

/// Only the fields that its type has.
#[derive(Serialize)]
pub struct Space {
    #[serde(rename = "type")]
    pub ty: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub values: Option<Vec<Scalar>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub upper: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub min_value: Option<Box<RawValue>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_value: Option<Box<RawValue>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mu: Option<Box<RawValue>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sigma: Option<Box<RawValue>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub q: Option<Box<RawValue>>,
}

#[derive(Serialize)]
pub struct Objective {
    pub goal: &'static str,
    pub primary_metric: String,
}

#[derive(Serialize)]
pub struct SweepLimits {
    pub max_total_trials: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_concurrent_trials: Option<u32>,
    /// Seconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub timeout: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub trial_timeout: Option<u64>,
}

#[derive(Serialize)]
pub struct EarlyTermination {
    #[serde(rename = "type")]
    pub ty: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub slack_factor: Option<Box<RawValue>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub slack_amount: Option<Box<RawValue>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub truncation_percentage: Option<u32>,
    pub evaluation_interval: u32,
    pub delay_evaluation: u32,
}

#[derive(Serialize)]
pub struct Parallel {
    pub task: Task,
    pub input_data: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mini_batch_size: Option<String>,
    pub mini_batch_error_threshold: i64,
    pub error_threshold: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub retry_settings: Option<Retry>,
    pub max_concurrency_per_instance: u32,
    pub logging_level: &'static str,
}

#[derive(Serialize)]
pub struct Task {
    #[serde(rename = "type")]
    pub ty: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
    pub entry_script: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub program_arguments: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub append_row_to: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub environment: Option<Environment>,
}

#[derive(Serialize)]
pub struct Retry {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_retries: Option<u32>,
    /// Seconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub timeout: Option<u64>,
}

#[derive(Serialize)]
pub struct Spark {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
    pub entry: Entry,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub args: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub environment: Option<Environment>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub py_files: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub jars: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub files: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub archives: Vec<String>,
    pub conf: Map<Conf>,
}

#[derive(Serialize)]
pub struct Entry {
    pub file: String,
}

#[derive(Serialize)]
#[serde(untagged)]
pub enum Conf {
    Text(String),
    Count(u32),
    Flag(bool),
}
