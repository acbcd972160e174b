//! ML pipelines: steps with typed ports, and what is registered from them.

use super::{
    AssetPath, Compute, Data, Datastore, Distribution, Header, Identity, MlResources, MlWork, Model, Runtime,
    Schedule,
};
use crate::base::arena::Id;
use crate::base::span::{Span, Spanned};
use crate::model::data::Record;
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

    /// Whether what is of this type may be read as that: a model or a table as a folder, a whole number as a number.
    pub fn fits(self, wanted: MlType) -> bool {
        self == wanted
            || self.word() == wanted.word()
            || (wanted == MlType::UriFolder && (self.is_model() || self == MlType::MlTable))
            || (self == MlType::Integer && wanted == MlType::Number)
    }

    pub fn is_model(self) -> bool {
        matches!(self, MlType::MlflowModel | MlType::CustomModel | MlType::TritonModel)
    }
}

#[derive(Clone, Debug)]
pub struct MlPipeline {
    pub header: Header,
    pub description: Option<String>,
    pub experiment: Option<Spanned<String>>,
    pub compute: Option<Spanned<Id<Compute>>>,
    pub datastore: Option<Spanned<Id<Datastore>>>,
    pub tags: IndexMap<String, String>,
    pub inputs: IndexMap<String, MlInput>,
    pub outputs: IndexMap<String, MlPipelineOutput>,
    pub steps: Vec<MlStep>,
    pub registrations: Vec<Registration>,
    pub schedules: IndexMap<String, Schedule>,
    /// `force_rerun`: no step's earlier result is reused.
    pub reuse: bool,
    pub continue_on_step_failure: bool,
    pub identity: Option<Identity>,
    pub extra: Record,
}

/// `output x: type { from = step.output }`
#[derive(Clone, Debug)]
pub struct MlPipelineOutput {
    pub ident: Spanned<String>,
    pub ty: MlType,
    pub from: Spanned<MlPort>,
    pub mode: Option<&'static str>,
    pub path: Option<AssetPath>,
}

#[derive(Clone, Debug)]
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

impl MlInput {
    /// Whether a step that is this component or ML pipeline may leave it out. Data have a default only where a pipeline
    /// is submitted itself.
    pub fn has_own_value(&self) -> bool {
        self.optional || self.default.as_ref().is_some_and(|it| !matches!(it, MlDefault::Data(_)))
    }
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
    /// A model in the registry: the latest version, or `at(x, "3")`.
    Model(Id<Model>, AssetVersion),
    Path(AssetPath),
}

#[derive(Clone, Debug, PartialEq)]
pub enum AssetVersion {
    Declared,
    Latest,
    At(String),
}

impl AssetVersion {
    /// Of an asset whose declaration says no version.
    pub fn uri(&self, name: &str) -> String {
        match self {
            AssetVersion::At(version) => format!("azureml:{name}:{version}"),
            AssetVersion::Declared | AssetVersion::Latest => format!("azureml:{name}@latest"),
        }
    }
}

#[derive(Clone, Debug)]
pub struct MlStep {
    pub ident: Spanned<String>,
    pub title: Option<String>,
    pub doc: Option<String>,
    pub head: Span,
    /// A folder or file, relative to the project's root.
    pub code: Option<Spanned<String>>,
    pub runtime: Option<Spanned<Id<Runtime>>>,
    pub command: Option<Spanned<String>>,
    pub work: MlWork,
    pub compute: Option<Spanned<Id<Compute>>>,
    pub env: IndexMap<String, String>,
    pub tags: IndexMap<String, String>,
    pub inputs: IndexMap<String, MlBinding>,
    pub outputs: IndexMap<String, MlOutput>,
    /// `reuse = false`: runs anew each time.
    pub reuse: bool,
    /// Runs only if this decision of another step says `promote`.
    pub when: Option<Spanned<MlPort>>,
    /// Steps, by index, that must have ended before, without data from them.
    pub after: Vec<Spanned<usize>>,
    pub resources: MlResources,
    pub distribution: Option<Distribution>,
    pub identity: Option<Identity>,
    pub timeout_seconds: Option<u64>,
    pub extra: Record,
}

impl MlStep {
    /// The text that holds bindings: the command, or the arguments of a script.
    pub fn text(&self) -> Option<&Spanned<String>> {
        match &self.work {
            MlWork::Parallel(it) => it.arguments.as_ref(),
            MlWork::Spark(it) => it.arguments.as_ref(),
            MlWork::Command | MlWork::Sweep(_) | MlWork::Component(_) | MlWork::Pipeline(_) => {
                self.command.as_ref()
            }
        }
    }

    /// The steps whose data it reads.
    pub fn producers(&self) -> impl Iterator<Item = usize> {
        self.inputs.values().filter_map(|it| match &it.source {
            MlSource::Output(port) => Some(port.step),
            MlSource::Input(_) | MlSource::Literal(_) => None,
        })
    }
}

/// `step.output` of the same ML pipeline.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MlPort {
    /// Index of the step in its pipeline.
    pub step: usize,
    pub output: String,
}

#[derive(Clone, Debug)]
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

#[derive(Clone, Debug)]
pub struct MlOutput {
    pub ident: Spanned<String>,
    pub ty: MlType,
    pub mode: Option<&'static str>,
    pub path: Option<AssetPath>,
}

/// `register MODEL from step.output { when = step.decision }`
#[derive(Clone, Debug)]
pub struct Registration {
    pub span: Span,
    pub model: Spanned<Id<Model>>,
    pub from: Spanned<MlPort>,
    pub when: Option<Spanned<MlPort>>,
}
