//! What Azure Pipelines accepts, in the order its users expect: the document can say nothing else.
//! After the published schema (`MicrosoftDocs/azure-devops-yaml-schema`).

#![expect(clippy::struct_field_names, reason = "the first key of a mapping says what it is")]

mod steps;

use crate::emit::yaml::Text;
use serde::{Serialize, Serializer};
use serde_yaml::SpaceAfter;
pub use steps::{Checkout, ShellCommon, Step, StepCommon};

#[derive(Serialize)]
pub struct Pipeline<'a> {
    #[serde(flatten)]
    pub extra: Pairs<'a, Free<'a>>,
    pub trigger: Trigger<'a>,
    pub pr: SpaceAfter<PullRequests<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub schedules: Option<SpaceAfter<Vec<Schedule<'a>>>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub parameters: Option<SpaceAfter<Vec<Parameter<'a>>>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub resources: Option<SpaceAfter<Resources<'a>>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub variables: Option<SpaceAfter<Vec<Variable<'a>>>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub stages: Vec<SpaceAfter<StageItem<'a>>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub extends: Option<TemplateRef<'a>>,
}

#[derive(Serialize)]
#[serde(untagged)]
pub enum StageItem<'a> {
    Stage(Box<Stage<'a>>),
    Template(TemplateRef<'a>),
}

/// An existing template with what it is given.
#[derive(Serialize)]
pub struct TemplateRef<'a> {
    pub template: Text<'a>,
    #[serde(skip_serializing_if = "Pairs::is_empty")]
    pub parameters: Pairs<'a, Free<'a>>,
}

/// Data of the user.
#[derive(Serialize)]
#[serde(untagged)]
pub enum Free<'a> {
    Scalar(Scalar<'a>),
    List(Vec<Free<'a>>),
    Record(Pairs<'a, Free<'a>>),
}

/// The word `none`.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Never {
    None,
}

#[derive(Serialize)]
#[serde(untagged)]
pub enum Trigger<'a> {
    Never(Never),
    Push {
        #[serde(skip_serializing_if = "is_false")]
        batch: bool,
        #[serde(flatten)]
        filters: Filters<'a>,
    },
}

#[derive(Serialize)]
#[serde(untagged)]
pub enum PullRequests<'a> {
    Never(Never),
    #[serde(rename_all = "camelCase")]
    Filtered {
        auto_cancel: bool,
        branches: Filter<'a>,
        #[serde(skip_serializing_if = "Filter::is_empty")]
        paths: Filter<'a>,
        /// Only GitHub has drafts.
        #[serde(skip_serializing_if = "Option::is_none")]
        drafts: Option<bool>,
    },
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Schedule<'a> {
    pub cron: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub display_name: Option<Text<'a>>,
    pub branches: Filter<'a>,
    pub always: bool,
    pub batch: bool,
}

#[derive(Serialize)]
pub struct Filters<'a> {
    #[serde(skip_serializing_if = "Filter::is_empty")]
    pub branches: Filter<'a>,
    #[serde(skip_serializing_if = "Filter::is_empty")]
    pub paths: Filter<'a>,
    #[serde(skip_serializing_if = "Filter::is_empty")]
    pub tags: Filter<'a>,
}

#[derive(Serialize)]
pub struct Filter<'a> {
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub include: Vec<&'a str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub exclude: Vec<&'a str>,
}

impl Filter<'_> {
    pub fn is_empty(&self) -> bool {
        self.include.is_empty() && self.exclude.is_empty()
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Parameter<'a> {
    pub name: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub display_name: Option<Text<'a>>,
    pub r#type: ParameterType,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub default: Option<Scalar<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub values: Vec<Scalar<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub enum ParameterType {
    String,
    Number,
    Boolean,
}

#[derive(Serialize)]
#[serde(untagged)]
pub enum Scalar<'a> {
    Bool(bool),
    Int(i64),
    Number(f64),
    Text(Text<'a>),
}

#[derive(Serialize)]
pub struct Resources<'a> {
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub repositories: Vec<Repository<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub pipelines: Vec<PipelineResource<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub containers: Vec<ImageResource<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub webhooks: Vec<Webhook<'a>>,
}

/// A repository of an Azure container registry.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ImageResource<'a> {
    pub container: &'a str,
    /// The published schema asks for it, although the four names below say as much.
    pub image: String,
    pub r#type: RegistryType,
    pub azure_subscription: Text<'a>,
    pub resource_group: &'a str,
    pub registry: &'a str,
    pub repository: &'a str,
    pub trigger: ImageTrigger<'a>,
}

#[derive(Serialize)]
pub enum RegistryType {
    #[serde(rename = "ACR")]
    Acr,
}

#[derive(Serialize)]
#[serde(untagged)]
pub enum ImageTrigger<'a> {
    Never(Never),
    /// `true` alone starts nothing (`azure-devops-docs` #11091).
    Images {
        enabled: bool,
        #[serde(skip_serializing_if = "Filter::is_empty")]
        tags: Filter<'a>,
    },
}

#[derive(Serialize)]
pub struct Webhook<'a> {
    pub webhook: &'a str,
    pub connection: Text<'a>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub filters: Vec<WebhookFilter<'a>>,
}

#[derive(Serialize)]
pub struct WebhookFilter<'a> {
    pub path: &'a str,
    pub value: &'a str,
}

#[derive(Serialize)]
pub struct Repository<'a> {
    pub repository: &'a str,
    pub r#type: RepositoryType,
    pub name: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub r#ref: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub endpoint: Option<&'a str>,
    pub trigger: RepositoryTrigger<'a>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub enum RepositoryType {
    Git,
    Github,
    Bitbucket,
}

/// Without `batch`, which only the own repository takes.
#[derive(Serialize)]
#[serde(untagged)]
pub enum RepositoryTrigger<'a> {
    Never(Never),
    Push(Filters<'a>),
}

#[derive(Serialize)]
pub struct PipelineResource<'a> {
    pub pipeline: &'a str,
    pub source: &'a str,
    /// Which run is taken when this pipeline is not started by it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub version: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub branch: Option<&'a str>,
    /// Tags that run must have.
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    pub tags: &'a [String],
    pub trigger: CompletionTrigger<'a>,
}

#[derive(Serialize)]
#[serde(untagged)]
pub enum CompletionTrigger<'a> {
    Never(Never),
    /// `true`
    Always(bool),
    Filtered {
        #[serde(skip_serializing_if = "Filter::is_empty")]
        branches: Filter<'a>,
        #[serde(skip_serializing_if = "<[_]>::is_empty")]
        stages: &'a [String],
        #[serde(skip_serializing_if = "<[_]>::is_empty")]
        tags: &'a [String],
    },
}

/// Groups force the list form.
#[derive(Serialize)]
#[serde(untagged)]
pub enum Variable<'a> {
    Template {
        template: &'a str,
    },
    Group {
        group: &'a str,
    },
    Value {
        name: &'a str,
        value: Text<'a>,
        /// No script of the run can give it another value.
        #[serde(skip_serializing_if = "std::ops::Not::not")]
        readonly: bool,
    },
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Stage<'a> {
    pub stage: &'a str,
    pub display_name: Text<'a>,
    /// One that is started by hand must not have any, not even an empty list.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub depends_on: Option<&'a [String]>,
    pub condition: Text<'a>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub variables: Vec<Variable<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lock_behavior: Option<LockBehavior>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub trigger: Option<StageTrigger>,
    #[serde(flatten)]
    pub extra: Pairs<'a, Free<'a>>,
    pub jobs: Vec<Job<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub enum StageTrigger {
    Manual,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub enum LockBehavior {
    Sequential,
    RunLatest,
}

#[derive(Serialize)]
#[serde(untagged)]
pub enum Job<'a> {
    Template(TemplateRef<'a>),
    Plain {
        job: &'a str,
        #[serde(flatten)]
        common: JobCommon<'a>,
        #[serde(skip_serializing_if = "Option::is_none")]
        strategy: Option<Copies<'a>>,
        steps: Vec<Step<'a>>,
    },
    Deployment {
        deployment: &'a str,
        #[serde(flatten)]
        common: JobCommon<'a>,
        environment: Environment<'a>,
        strategy: Strategy<'a>,
    },
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct JobCommon<'a> {
    pub display_name: Text<'a>,
    pub depends_on: &'a [String],
    pub condition: Text<'a>,
    #[serde(skip_serializing_if = "is_false")]
    pub continue_on_error: bool,
    pub pool: Pool<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub container: Option<Container<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub workspace: Option<Workspace>,
    pub timeout_in_minutes: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cancel_timeout_in_minutes: Option<u64>,
    #[serde(flatten)]
    pub extra: Pairs<'a, Free<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub variables: Vec<Variable<'a>>,
}

#[derive(Serialize)]
#[serde(untagged)]
pub enum Pool<'a> {
    Server(Server),
    #[serde(rename_all = "camelCase")]
    Hosted {
        vm_image: Text<'a>,
    },
    SelfHosted {
        name: &'a str,
        #[serde(skip_serializing_if = "<[_]>::is_empty")]
        demands: &'a [String],
    },
}

/// What a job is copied for.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Copies<'a> {
    pub matrix: Pairs<'a, Pairs<'a, Text<'a>>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_parallel: Option<u32>,
}

#[derive(Serialize)]
pub struct Workspace {
    pub clean: Clean,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Clean {
    Outputs,
    Resources,
    All,
}

#[derive(Serialize)]
pub struct Container<'a> {
    pub image: Text<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub endpoint: Option<Text<'a>>,
    #[serde(skip_serializing_if = "Pairs::is_empty")]
    pub env: Pairs<'a, Text<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub options: Option<Text<'a>>,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    pub ports: &'a [String],
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    pub volumes: &'a [String],
}

/// The word `server`.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Server {
    Server,
}

/// A dot in the short form would name a resource of the environment.
#[derive(Serialize)]
#[serde(untagged)]
pub enum Environment<'a> {
    Short(Text<'a>),
    Named { name: Text<'a> },
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Strategy<'a> {
    pub run_once: RunOnce<'a>,
}

#[derive(Serialize)]
pub struct RunOnce<'a> {
    pub deploy: Deploy<'a>,
}

#[derive(Serialize)]
pub struct Deploy<'a> {
    pub steps: Vec<Step<'a>>,
}

/// A mapping with free keys, in order.
pub struct Pairs<'a, V>(pub Vec<(&'a str, V)>);

impl<V> Pairs<'_, V> {
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl<V: Serialize> Serialize for Pairs<'_, V> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(key, value)| (key, value)))
    }
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands over references")]
fn is_false(flag: &bool) -> bool {
    !flag
}
