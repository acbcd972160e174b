//! The project after names, references and types are resolved: what the plan and the emitters read.
//! Every reference is a typed id; every text has been understood once.

use super::expr::Expr;
use super::steps::Kind as StepKind;
use crate::base::arena::{Arena, Id};
use crate::base::span::{Span, Spanned};
use crate::schema::Kind;
use indexmap::IndexMap;
use std::collections::BTreeSet;

#[derive(Debug, Default)]
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
    pub ml_pipelines: Arena<MlPipeline>,
    pub services: Arena<Service>,
    pub environments: Arena<Environment>,
    pub approvals: Arena<Approval>,
    pub pipelines: Arena<Pipeline>,
    /// What something names: kind and index.
    pub referenced: BTreeSet<(Kind, usize)>,
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
#[derive(Debug, Default)]
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

#[derive(Debug)]
pub struct Connection {
    pub header: Header,
    pub kind: ConnectionKind,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ConnectionKind {
    AzureRm,
    DockerRegistry,
    Github,
    Kubernetes,
    Generic,
}

#[derive(Debug)]
pub struct Repository {
    pub header: Header,
    pub kind: RepositoryKind,
    pub branch: Option<Spanned<String>>,
    /// The service connection of a GitHub or Bitbucket repository.
    pub connection: Option<Spanned<Id<Connection>>>,
    /// Of `self`: the project's folder in the repository, normalized, `.` for its root.
    pub folder: String,
    /// Of others: a copy of the repository below the project's root, read to check paths.
    pub copy: Option<Spanned<String>>,
}

impl Repository {
    pub fn is_self(&self) -> bool {
        self.header.ident.value == "self"
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RepositoryKind {
    AzureRepos,
    Github,
    Bitbucket,
}

#[derive(Debug)]
pub struct Pool {
    pub header: Header,
    pub kind: PoolKind,
}

#[derive(Debug)]
pub enum PoolKind {
    /// Hosted: `vmImage`.
    Hosted {
        image: String,
    },
    SelfHosted {
        name: String,
        demands: Vec<String>,
    },
}

#[derive(Debug)]
pub struct Variables {
    pub header: Header,
    /// The variable group in Azure DevOps; none where the values are written here.
    pub group: Option<Spanned<String>>,
    pub members: IndexMap<String, Variable>,
}

#[derive(Debug)]
pub struct Variable {
    pub ident: Spanned<String>,
    /// The name in Azure DevOps.
    pub name: String,
    pub secret: bool,
    pub ty: super::expr::Ty,
    /// Written in `values { … }`.
    pub value: Option<Expr>,
}

/// An Azure Container Registry.
#[derive(Debug)]
pub struct ContainerRegistry {
    pub header: Header,
    pub resource_group: Option<Spanned<String>>,
    /// Resource id of the user-assigned identity that pulls for container instances.
    pub pull_identity: Option<Spanned<String>>,
    /// Or a user name and password (a secret) for pulling.
    pub username: Option<Expr>,
    pub password: Option<Expr>,
}

impl ContainerRegistry {
    pub fn login_server(&self) -> String {
        format!("{}.azurecr.io", self.header.name.value.to_lowercase())
    }
}

#[derive(Debug)]
pub struct Workspace {
    pub header: Header,
    pub resource_group: Spanned<String>,
    pub region: Option<Spanned<String>>,
    pub description: Option<String>,
    /// Resource ids.
    pub key_vault: Option<String>,
    pub storage_account: Option<String>,
    pub application_insights: Option<String>,
    pub container_registry: Option<String>,
    pub tags: IndexMap<String, String>,
}

#[derive(Debug)]
pub struct Compute {
    pub header: Header,
    pub size: Option<Spanned<String>>,
    pub nodes: (u32, u32),
    pub idle_seconds: Option<u64>,
    pub low_priority: bool,
    /// Resource id of a user-assigned identity, or `system`.
    pub identity: Option<String>,
    pub description: Option<String>,
    pub tags: IndexMap<String, String>,
    /// The built-in `serverless`.
    pub serverless: bool,
}

/// An Azure ML environment.
#[derive(Debug)]
pub struct Runtime {
    pub header: Header,
    pub image: Option<Spanned<String>>,
    /// A conda file, relative to the project's root.
    pub conda: Option<Spanned<String>>,
    /// A Docker build context (folder) and the Dockerfile in it.
    pub build: Option<RuntimeBuild>,
    /// Registered under this version; without one it is inlined, addressed by content.
    pub version: Option<Spanned<String>>,
    pub description: Option<String>,
}

#[derive(Debug)]
pub struct RuntimeBuild {
    pub context: Spanned<String>,
    pub dockerfile: Option<Spanned<String>>,
}

#[derive(Debug)]
pub struct Datastore {
    pub header: Header,
    pub kind: Option<DatastoreKind>,
    pub description: Option<String>,
}

#[derive(Debug)]
pub enum DatastoreKind {
    AzureBlob { account: String, container: String },
    AzureFile { account: String, share: String },
    AzureDataLakeGen2 { account: String, filesystem: String },
}

#[derive(Debug)]
pub struct Data {
    pub header: Header,
    pub ty: MlType,
    /// `None` for an existing asset.
    pub path: Option<AssetPath>,
    pub version: Option<Spanned<String>>,
    pub description: Option<String>,
}

#[derive(Clone, Debug, PartialEq)]
pub enum AssetPath {
    /// `path(store, "a/b")`
    Datastore(Id<Datastore>, String),
    /// `file("local")`, relative to the project's root.
    Local(String),
    /// `https://…`, `wasbs://…`, `abfss://…`
    Url(String),
}

#[derive(Debug)]
pub struct Model {
    pub header: Header,
    pub ty: MlType,
    pub description: Option<String>,
    pub tags: IndexMap<String, String>,
}

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

/// The model API as a container.
#[derive(Debug)]
pub struct Service {
    pub header: Header,
    /// Repository in the registry, lower case, without tag: `digitre/engine`.
    pub image: Spanned<String>,
    pub registry: Option<Spanned<Id<ContainerRegistry>>>,
    pub build: Option<Build>,
    pub settings: ServiceSettings,
}

#[derive(Debug)]
pub struct Build {
    pub repository: Option<Spanned<Id<Repository>>>,
    /// Relative to the root of the project, or of the repository.
    pub context: Spanned<String>,
    pub dockerfile: Spanned<String>,
    pub args: IndexMap<String, Expr>,
}

/// What a service says and an environment's overlay may say again: present values win.
#[derive(Clone, Debug, Default)]
pub struct ServiceSettings {
    pub port: Option<Spanned<u16>>,
    pub command: Option<Vec<String>>,
    pub args: Option<Vec<String>>,
    pub run_as_root: Option<Spanned<bool>>,
    pub probes: Probes,
    pub resources: Option<Resources>,
    pub gpu: Option<u32>,
    /// Plain and run-time values; secrets by reference.
    pub env: IndexMap<String, Expr>,
    pub scale: Option<Scale>,
    pub expose: Option<Expose>,
    pub rollout: Option<Rollout>,
    pub disruption: Option<Disruption>,
    /// Name of the Kubernetes secret for pulling images.
    pub pull_secret: Option<Spanned<String>>,
    pub place: Option<Placement>,
    pub volumes: Vec<Volume>,
    /// Container instances: a subnet's resource id.
    pub subnet: Option<Spanned<String>>,
    pub dns: Option<DnsRecord>,
}

impl ServiceSettings {
    /// These settings with an overlay's on top: what the overlay says wins, maps are merged, volumes replaced.
    #[must_use]
    pub fn overlaid(&self, overlay: Option<&ServiceSettings>) -> ServiceSettings {
        let Some(over) = overlay.cloned() else { return self.clone() };
        let below = self.clone();
        let mut env = below.env;
        env.extend(over.env);
        ServiceSettings {
            port: over.port.or(below.port),
            command: over.command.or(below.command),
            args: over.args.or(below.args),
            run_as_root: over.run_as_root.or(below.run_as_root),
            probes: Probes {
                startup: over.probes.startup.or(below.probes.startup),
                readiness: over.probes.readiness.or(below.probes.readiness),
                liveness: over.probes.liveness.or(below.probes.liveness),
            },
            resources: over.resources.or(below.resources),
            gpu: over.gpu.or(below.gpu),
            env,
            scale: over.scale.or(below.scale),
            expose: over.expose.or(below.expose),
            rollout: over.rollout.or(below.rollout),
            disruption: over.disruption.or(below.disruption),
            pull_secret: over.pull_secret.or(below.pull_secret),
            place: over.place.or(below.place),
            volumes: if over.volumes.is_empty() { below.volumes } else { over.volumes },
            subnet: over.subnet.or(below.subnet),
            dns: over.dns.or(below.dns),
        }
    }
}

#[derive(Clone, Debug, Default)]
pub struct Probes {
    pub startup: Option<Probe>,
    pub readiness: Option<Probe>,
    pub liveness: Option<Probe>,
}

/// An HTTP probe (`path`) or a TCP probe (no path). Seconds.
#[derive(Clone, Debug, PartialEq)]
pub struct Probe {
    pub path: Option<String>,
    pub delay: Option<u64>,
    pub period: Option<u64>,
    pub timeout: Option<u64>,
    pub failures: Option<u32>,
    pub span: Span,
}

/// Requests and limits as written: `250m`, `512Mi`.
#[derive(Clone, Debug, PartialEq)]
pub struct Resources {
    pub cpu: Option<(String, String)>,
    pub memory: Option<(String, String)>,
    pub span: Span,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Scale {
    /// `replicas = 3` or `3..100`.
    pub replicas: (u32, u32),
    /// Target utilization in percent.
    pub cpu: Option<u32>,
    pub memory: Option<u32>,
    pub span: Span,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Expose {
    pub kind: ExposeKind,
    /// The service's port, if another than the container's.
    pub port: Option<u16>,
    pub host: Option<String>,
    pub path: Option<String>,
    pub ingress_class: Option<String>,
    pub tls_secret: Option<String>,
    pub annotations: IndexMap<String, String>,
    pub span: Span,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExposeKind {
    ClusterIp,
    NodePort,
    LoadBalancer,
    Ingress,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Rollout {
    /// A number or a percentage as written: `1`, `25%`.
    pub surge: Option<String>,
    pub unavailable: Option<String>,
    pub span: Span,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Disruption {
    pub min_available: Option<String>,
    pub max_unavailable: Option<String>,
    pub span: Span,
}

#[derive(Clone, Debug, Default, PartialEq)]
pub struct Placement {
    pub nodes: IndexMap<String, String>,
    pub tolerations: Vec<Toleration>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Toleration {
    pub key: String,
    pub value: Option<String>,
    pub effect: Option<String>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Volume {
    pub name: Spanned<String>,
    pub path: String,
    pub source: VolumeSource,
}

#[derive(Clone, Debug, PartialEq)]
pub enum VolumeSource {
    /// An empty folder; a size such as `1Gi`.
    Empty(Option<String>),
    ConfigMap(String),
    Secret(String),
    Claim(String),
}

/// A record in an Azure private DNS zone for the address of a container instance.
#[derive(Clone, Debug, PartialEq)]
pub struct DnsRecord {
    pub zone: Spanned<String>,
    pub resource_group: Option<String>,
    pub record: Spanned<String>,
}

#[derive(Debug)]
pub struct Environment {
    pub header: Header,
    pub target: Option<TargetPlace>,
    pub approval: Option<Spanned<Id<Approval>>>,
    /// Reaching it without an approval is an error.
    pub protected: bool,
    pub lock: Option<Lock>,
    /// Branches that may deploy to it.
    pub branches: Vec<Spanned<String>>,
    pub hours: Option<BusinessHours>,
    pub inherited: Inherited,
    /// Overlays of services, by service.
    pub services: IndexMap<usize, Overlay>,
}

#[derive(Debug)]
pub struct Overlay {
    pub service: Spanned<Id<Service>>,
    pub settings: ServiceSettings,
    /// `name = "…"` of the container group or release in this environment.
    pub name: Option<Spanned<String>>,
}

#[derive(Debug)]
pub enum TargetPlace {
    Aci { resource_group: Spanned<String>, region: Option<String>, span: Span },
    Aks { cluster: Spanned<String>, resource_group: Spanned<String>, namespace: Spanned<String>, span: Span },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lock {
    Latest,
    Sequential,
}

#[derive(Debug)]
pub struct BusinessHours {
    pub days: Vec<&'static str>,
    pub from: String,
    pub to: String,
    pub zone: String,
}

#[derive(Debug)]
pub struct Approval {
    pub header: Header,
    /// E-mail addresses or group names.
    pub approvers: Vec<Spanned<String>>,
    pub minimum: Option<Spanned<u32>>,
    /// How long the approvers have.
    pub timeout_seconds: u64,
    pub self_approve: bool,
    pub instructions: Option<Expr>,
    pub on_timeout: OnTimeout,
    pub notify: Vec<Spanned<String>>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OnTimeout {
    Reject,
    Resume,
}

#[derive(Debug)]
pub struct Pipeline {
    pub header: Header,
    pub triggers: Vec<Trigger>,
    pub params: IndexMap<String, Param>,
    pub inherited: Inherited,
    pub stages: Vec<Stage>,
    /// Parameters that something reads.
    pub params_read: BTreeSet<String>,
}

#[derive(Debug)]
pub struct Trigger {
    pub span: Span,
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
    After {
        pipeline: Spanned<Id<Pipeline>>,
        branches: Filter,
        stages: Vec<Spanned<usize>>,
        tags: Vec<Spanned<String>>,
    },
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
}

#[derive(Debug)]
pub struct Param {
    pub ident: Spanned<String>,
    pub title: Option<String>,
    pub ty: super::expr::Ty,
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
    pub when: Option<Expr>,
    pub approval: Option<Spanned<Id<Approval>>>,
    /// Deploys to it.
    pub environment: Option<Spanned<Id<Environment>>>,
    /// Only takes its workspace, connection and variables.
    pub context: Option<Spanned<Id<Environment>>>,
    pub lock: Option<Lock>,
    pub inherited: Inherited,
    pub jobs: Vec<Job>,
    /// Stages and jobs whose outputs or results its expressions read.
    pub reads: Vec<Read>,
}

/// One place where an expression reads an output or a result of a stage or job.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Read {
    /// The job that holds the expression; `None`: the stage's own `when`.
    pub job: Option<usize>,
    pub node: super::expr::Node,
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
    pub inherited: Inherited,
    pub steps: Vec<Step>,
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
    /// Everything that may be read of it, declared or by kind.
    pub outputs: IndexMap<String, Output>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Output {
    pub ty: super::expr::Ty,
    /// Written by the user as `output x: bool`.
    pub declared: Option<Span>,
}
