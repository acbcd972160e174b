//! The documents of Azure ML as data: only what this compiler says, with the fields in the order people expect.

use super::work::{Run, Work};
use crate::model::project;
use indexmap::IndexMap;
use serde::Serialize;
use serde_json::value::RawValue;

pub type Map<T> = IndexMap<String, T>;

#[derive(Serialize)]
pub struct Document<'a, T> {
    #[serde(rename = "$schema")]
    pub schema: String,
    #[serde(flatten)]
    pub body: &'a T,
}

#[derive(Serialize)]
pub struct PipelineJob {
    #[serde(rename = "type")]
    pub ty: &'static str,
    pub display_name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    pub experiment_name: String,
    #[serde(skip_serializing_if = "Map::is_empty")]
    pub tags: Map<String>,
    pub settings: Settings,
    #[serde(skip_serializing_if = "Map::is_empty")]
    pub inputs: Map<Input>,
    #[serde(skip_serializing_if = "Map::is_empty")]
    pub outputs: Map<Output>,
    pub jobs: Map<Node>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub identity: Option<JobIdentity>,
    #[serde(flatten)]
    pub extra: Extra,
}

#[derive(Serialize)]
pub struct PipelineComponent {
    #[serde(rename = "type")]
    pub ty: &'static str,
    pub name: String,
    pub display_name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    #[serde(skip_serializing_if = "Map::is_empty")]
    pub tags: Map<String>,
    pub is_deterministic: bool,
    #[serde(skip_serializing_if = "Map::is_empty")]
    pub inputs: Map<Parameter>,
    #[serde(skip_serializing_if = "Map::is_empty")]
    pub outputs: Map<Output>,
    pub jobs: Map<Node>,
}

/// What runs say where their steps say nothing.
#[derive(Serialize)]
pub struct Settings {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub default_compute: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub default_datastore: Option<String>,
    pub continue_on_step_failure: bool,
    pub force_rerun: bool,
}

#[derive(Serialize)]
#[serde(untagged)]
pub enum Scalar {
    Text(String),
    Integer(i64),
    /// Without an exponent: the SDK reads JSON as YAML 1.1, where `1e-7` is a string.
    Number(Box<RawValue>),
    Flag(bool),
}

#[derive(Serialize)]
#[serde(untagged)]
pub enum Input {
    Scalar(Scalar),
    /// A binding to something that is no data.
    Binding(String),
    Data {
        #[serde(rename = "type")]
        ty: &'static str,
        /// Left out where whoever starts the pipeline must say it.
        #[serde(skip_serializing_if = "Option::is_none")]
        path: Option<String>,
        #[serde(skip_serializing_if = "Option::is_none")]
        mode: Option<&'static str>,
    },
}

#[derive(Serialize)]
pub struct Output {
    #[serde(rename = "type")]
    pub ty: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mode: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub path: Option<String>,
}

/// A declared input of a component.
#[derive(Serialize)]
pub struct Parameter {
    #[serde(rename = "type")]
    pub ty: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    #[serde(skip_serializing_if = "is_false")]
    pub optional: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub default: Option<Scalar>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub min: Option<Scalar>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max: Option<Scalar>,
    /// Strings for numbers too: the SDK refuses anything else.
    #[serde(rename = "enum", skip_serializing_if = "Vec::is_empty")]
    pub choices: Vec<String>,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes fields by reference")]
fn is_false(flag: &bool) -> bool {
    !flag
}

impl Parameter {
    /// Without bounds and default.
    pub fn of(ty: &'static str, optional: bool) -> Parameter {
        Parameter {
            ty,
            description: None,
            optional,
            default: None,
            min: None,
            max: None,
            choices: Vec::new(),
        }
    }
}

/// A step.
#[derive(Serialize)]
pub struct Node {
    #[serde(rename = "type")]
    pub ty: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub display_name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    #[serde(skip_serializing_if = "Map::is_empty")]
    pub tags: Map<String>,
    #[serde(flatten)]
    pub work: Work,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub compute: Option<String>,
    #[serde(skip_serializing_if = "Map::is_empty")]
    pub inputs: Map<Input>,
    #[serde(skip_serializing_if = "Map::is_empty")]
    pub outputs: Map<Output>,
    #[serde(skip_serializing_if = "Map::is_empty")]
    pub environment_variables: Map<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub distribution: Option<Distribution>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub resources: Option<Resources>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub limits: Option<Limits>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub identity: Option<JobIdentity>,
    /// What the language has no word for.
    #[serde(flatten)]
    pub extra: Extra,
}

pub type Extra = serde_json::Map<String, serde_json::Value>;

/// A component with a command, in a file of its own.
#[derive(Serialize)]
pub struct CommandComponent {
    #[serde(rename = "type")]
    pub ty: &'static str,
    pub name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub display_name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    #[serde(skip_serializing_if = "Map::is_empty")]
    pub tags: Map<String>,
    pub is_deterministic: bool,
    #[serde(skip_serializing_if = "Map::is_empty")]
    pub inputs: Map<Parameter>,
    #[serde(skip_serializing_if = "Map::is_empty")]
    pub outputs: Map<Output>,
    #[serde(flatten)]
    pub run: Run,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub distribution: Option<Distribution>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub resources: Option<Resources>,
}

#[derive(Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Distribution {
    Pytorch {
        #[serde(skip_serializing_if = "Option::is_none")]
        process_count_per_instance: Option<u32>,
    },
    Mpi {
        #[serde(skip_serializing_if = "Option::is_none")]
        process_count_per_instance: Option<u32>,
    },
    Tensorflow {
        #[serde(skip_serializing_if = "Option::is_none")]
        worker_count: Option<u32>,
        #[serde(skip_serializing_if = "Option::is_none")]
        parameter_server_count: Option<u32>,
    },
}

impl From<project::Distribution> for Distribution {
    fn from(distribution: project::Distribution) -> Self {
        match distribution {
            project::Distribution::Pytorch { processes } => {
                Distribution::Pytorch { process_count_per_instance: processes }
            }
            project::Distribution::Mpi { processes } => {
                Distribution::Mpi { process_count_per_instance: processes }
            }
            project::Distribution::Tensorflow { workers, parameter_servers } => {
                Distribution::Tensorflow { worker_count: workers, parameter_server_count: parameter_servers }
            }
        }
    }
}

#[derive(Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum JobIdentity {
    Managed,
    #[serde(rename = "user_identity")]
    User,
    AmlToken,
}

impl From<project::Identity> for JobIdentity {
    fn from(identity: project::Identity) -> Self {
        match identity {
            project::Identity::Managed => JobIdentity::Managed,
            project::Identity::User => JobIdentity::User,
            project::Identity::Token => JobIdentity::AmlToken,
        }
    }
}

#[derive(Serialize)]
#[serde(untagged)]
pub enum Environment {
    /// `azureml:NAME:VERSION`
    Registered(String),
    Inline(Recipe),
}

/// What an environment is made from.
#[derive(Serialize)]
pub struct Recipe {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub image: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub conda_file: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub build: Option<Build>,
}

#[derive(Serialize)]
pub struct Build {
    pub path: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub dockerfile_path: Option<String>,
}

#[derive(Default, PartialEq, Serialize)]
pub struct Resources {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub instance_count: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub instance_type: Option<String>,
    /// Of Spark.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub runtime_version: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub shm_size: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub docker_args: Option<String>,
}

#[derive(Serialize)]
pub struct Limits {
    /// Seconds.
    pub timeout: u64,
}

#[derive(Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Identity {
    SystemAssigned,
    UserAssigned { user_assigned_identities: [UserAssigned; 1] },
}

#[derive(Serialize)]
pub struct UserAssigned {
    resource_id: String,
}

impl Identity {
    /// `system`, or a resource id.
    pub fn of(written: &str) -> Identity {
        if written == "system" {
            return Identity::SystemAssigned;
        }
        Identity::UserAssigned {
            user_assigned_identities: [UserAssigned { resource_id: written.to_owned() }],
        }
    }
}
