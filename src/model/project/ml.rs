//! ML pipelines: steps with typed ports, and what is registered from them.

use super::{AssetPath, Compute, Data, Datastore, Header, Model, Runtime, Schedule};
use crate::base::arena::Id;
use crate::base::span::{Span, Spanned};
use indexmap::IndexMap;

/// The types of Azure ML inputs and outputs. A decision is the compiler's own: a file that holds `promote` or `reject`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MlType {
    UriFile,
    UriFolder,
    MlTable,
    MlflowModel,
    CustomModel,
    TritonModel,
    String,
    Integer,
    Number,
    Boolean,
    Decision,
}

impl MlType {
    /// The spelling of language and platform; a decision travels as a file.
    pub fn word(self) -> &'static str {
        match self {
            MlType::UriFile | MlType::Decision => "uri_file",
            MlType::UriFolder => "uri_folder",
            MlType::MlTable => "mltable",
            MlType::MlflowModel => "mlflow_model",
            MlType::CustomModel => "custom_model",
            MlType::TritonModel => "triton_model",
            MlType::String => "string",
            MlType::Integer => "integer",
            MlType::Number => "number",
            MlType::Boolean => "boolean",
        }
    }

    pub fn is_literal(self) -> bool {
        matches!(self, MlType::String | MlType::Integer | MlType::Number | MlType::Boolean)
    }

    pub fn is_model(self) -> bool {
        matches!(self, MlType::MlflowModel | MlType::CustomModel | MlType::TritonModel)
    }
}

#[derive(Debug)]
pub struct MlPipeline {
    pub header: Header,
    pub description: Option<String>,
    pub experiment: Option<Spanned<String>>,
    pub compute: Option<Spanned<Id<Compute>>>,
    pub datastore: Option<Spanned<Id<Datastore>>>,
    pub tags: IndexMap<String, String>,
    pub inputs: IndexMap<String, MlInput>,
    pub steps: Vec<MlStep>,
    pub registrations: Vec<Registration>,
    pub schedules: IndexMap<String, Schedule>,
    /// `force_rerun`: no step's earlier result is reused.
    pub reuse: bool,
}

#[derive(Debug)]
pub struct MlInput {
    pub ident: Spanned<String>,
    pub ty: MlType,
    pub doc: Option<String>,
    pub default: Option<MlDefault>,
    pub min: Option<f64>,
    pub max: Option<f64>,
    pub choices: Vec<String>,
    pub optional: bool,
}

#[derive(Clone, Debug, PartialEq)]
pub enum MlDefault {
    /// A literal as text would show it.
    String(String),
    Integer(i64),
    Number(f64),
    Boolean(bool),
    Data(DataSource),
}

/// Where data of an input comes from.
#[derive(Clone, Debug, PartialEq)]
pub enum DataSource {
    /// A declared asset: its version, `latest(x)` or `at(x, "3")`.
    Asset(Id<Data>, AssetVersion),
    Path(AssetPath),
}

#[derive(Clone, Debug, PartialEq)]
pub enum AssetVersion {
    Declared,
    Latest,
    At(String),
}

#[derive(Debug)]
pub struct MlStep {
    pub ident: Spanned<String>,
    pub title: Option<String>,
    pub doc: Option<String>,
    pub head: Span,
    /// A folder or file, relative to the project's root.
    pub code: Option<Spanned<String>>,
    pub runtime: Option<Spanned<Id<Runtime>>>,
    pub command: Option<Spanned<String>>,
    pub compute: Option<Spanned<Id<Compute>>>,
    pub env: IndexMap<String, String>,
    pub inputs: IndexMap<String, MlBinding>,
    pub outputs: IndexMap<String, MlOutput>,
    /// `reuse = false`: runs anew each time.
    pub reuse: bool,
    /// Runs only if this decision of another step says `promote`.
    pub when: Option<Spanned<MlPort>>,
    pub instance_count: Option<u32>,
    pub shm_size: Option<String>,
    pub timeout_seconds: Option<u64>,
}

/// `step.output` of the same ML pipeline.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MlPort {
    /// Index of the step in its pipeline.
    pub step: usize,
    pub output: String,
}

#[derive(Debug)]
pub struct MlBinding {
    pub key: Spanned<String>,
    pub source: MlSource,
    pub span: Span,
    pub mode: Option<&'static str>,
}

#[derive(Clone, Debug, PartialEq)]
pub enum MlSource {
    /// `inputs.x` of the pipeline.
    Input(String),
    Output(MlPort),
    Literal(MlDefault),
}

#[derive(Debug)]
pub struct MlOutput {
    pub ident: Spanned<String>,
    pub ty: MlType,
    pub mode: Option<&'static str>,
    pub path: Option<AssetPath>,
}

/// `register MODEL from step.output { when = step.decision }`
#[derive(Debug)]
pub struct Registration {
    pub span: Span,
    pub model: Spanned<Id<Model>>,
    pub from: Spanned<MlPort>,
    pub when: Option<Spanned<MlPort>>,
}
