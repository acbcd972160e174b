//! Endpoints of Azure ML and their deployments.

use super::{Compute, Header, MlPipeline, Model, Runtime};
use crate::base::arena::Id;
use crate::base::span::{Span, Spanned};
use indexmap::IndexMap;

#[derive(Debug)]
pub struct Endpoint {
    pub header: Header,
    pub kind: EndpointKind,
    pub settings: EndpointSettings,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EndpointKind {
    Online,
    Batch,
}

impl EndpointKind {
    /// The word of the language and of the command line.
    pub fn word(self) -> &'static str {
        match self {
            EndpointKind::Online => "online",
            EndpointKind::Batch => "batch",
        }
    }

    pub fn article(self) -> &'static str {
        match self {
            EndpointKind::Online => "an",
            EndpointKind::Batch => "a",
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EndpointAuth {
    Key,
    AmlToken,
    AadToken,
}

impl EndpointAuth {
    pub fn word(self) -> &'static str {
        match self {
            EndpointAuth::Key => "key",
            EndpointAuth::AmlToken => "aml_token",
            EndpointAuth::AadToken => "aad_token",
        }
    }
}

/// Everything about an endpoint but its name and its type.
#[derive(Clone, Debug, Default)]
pub struct EndpointSettings {
    pub description: Option<String>,
    pub auth: Option<Spanned<EndpointAuth>>,
    /// An attached Kubernetes cluster.
    pub compute: Option<Spanned<Id<Compute>>>,
    pub public: Option<Spanned<bool>>,
    /// `system`, or the resource id of a user-assigned identity.
    pub identity: Option<String>,
    /// Of a batch endpoint; a key of `deployments`.
    pub default: Option<Spanned<String>>,
    pub tags: IndexMap<String, String>,
    /// By identifier.
    pub deployments: IndexMap<String, Deployment>,
    pub traffic: Traffic,
    pub mirror: Traffic,
}

/// Percentages by the identifiers of deployments.
pub type Traffic = IndexMap<String, Spanned<u32>>;

impl Endpoint {
    /// How callers prove who they are.
    pub fn auth(&self) -> EndpointAuth {
        let otherwise = match self.kind {
            EndpointKind::Online => EndpointAuth::Key,
            EndpointKind::Batch => EndpointAuth::AadToken,
        };
        self.settings.auth.as_ref().map_or(otherwise, |it| it.value)
    }
}

#[derive(Clone, Debug)]
pub struct Deployment {
    pub ident: Spanned<String>,
    /// Word and name.
    pub head: Span,
    pub doc: Option<String>,
    pub description: Option<String>,
    pub model: Option<Spanned<ModelVersion>>,
    pub runtime: Option<Spanned<Id<Runtime>>>,
    pub code: Option<ScoringCode>,
    pub size: Option<Spanned<String>>,
    pub instances: Option<Spanned<u32>>,
    pub compute: Option<Spanned<Id<Compute>>>,
    pub ml_pipeline: Option<Spanned<Id<MlPipeline>>>,
    pub mount: Option<Spanned<String>>,
    pub app_insights: Option<Spanned<bool>>,
    pub egress: Option<Spanned<bool>>,
    pub env: IndexMap<String, String>,
    pub tags: IndexMap<String, String>,
    pub requests: Option<Requests>,
    pub readiness: Option<InstanceProbe>,
    pub liveness: Option<InstanceProbe>,
    pub collect: Option<Collect>,
    pub scale: Option<InstanceScale>,
    pub resources: Option<InstanceResources>,
    pub mini_batch: Option<MiniBatch>,
    /// Which of its words that some endpoint needs are written, well or not.
    pub said: Vec<&'static str>,
}

impl Deployment {
    /// What it is called in Azure, which has no `_`.
    pub fn name(&self) -> String {
        self.ident.value.replace('_', "-")
    }
}

#[derive(Clone, Debug, PartialEq)]
pub struct ModelVersion {
    pub model: Id<Model>,
    pub choice: ModelChoice,
}

#[derive(Clone, Debug, PartialEq)]
pub enum ModelChoice {
    Latest,
    At(String),
    /// The latest version that bears this stage, or the model's own.
    Staged(Option<String>),
}

#[derive(Clone, Debug)]
pub struct ScoringCode {
    /// Relative to the project's root.
    pub folder: Spanned<String>,
    /// Relative to the folder.
    pub script: Spanned<String>,
    pub span: Span,
}

/// Seconds.
#[derive(Clone, Debug)]
pub struct Requests {
    pub timeout: Option<u64>,
    pub concurrency: Option<u32>,
    pub queue: Option<Spanned<u64>>,
    pub span: Span,
}

/// Seconds.
#[derive(Clone, Debug)]
pub struct InstanceProbe {
    pub delay: Option<u64>,
    pub period: Option<u64>,
    pub timeout: Option<u64>,
    pub failures: Option<u32>,
    pub successes: Option<u32>,
    pub span: Span,
}

#[derive(Clone, Debug)]
pub struct Collect {
    pub inputs: bool,
    pub outputs: bool,
    /// Percent.
    pub sampling: Option<u32>,
    pub rolling: Option<&'static str>,
    pub headers: Vec<String>,
    pub span: Span,
}

#[derive(Clone, Debug)]
pub struct InstanceScale {
    pub instances: (u32, u32),
    /// Percent.
    pub utilization: Option<u32>,
    /// Seconds.
    pub poll: Option<u64>,
    pub span: Span,
}

/// Requests and limits as written.
#[derive(Clone, Debug)]
pub struct InstanceResources {
    pub cpu: Option<(String, String)>,
    pub memory: Option<(String, String)>,
    pub gpu: Option<u32>,
    pub span: Span,
}

#[derive(Clone, Debug)]
pub struct MiniBatch {
    pub size: Option<u32>,
    pub concurrency: Option<u32>,
    pub retries: Option<u32>,
    /// Seconds.
    pub timeout: Option<u64>,
    pub failures: Option<i64>,
    pub output: Option<&'static str>,
    pub file: Option<Spanned<String>>,
    pub logging: Option<&'static str>,
    pub span: Span,
}
