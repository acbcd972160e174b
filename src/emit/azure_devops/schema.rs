//! What Azure Pipelines accepts, in the order its users expect: the document can say nothing else.
//! After the published schema (`MicrosoftDocs/azure-devops-yaml-schema`).

use crate::emit::yaml::Text;
use serde::{Serialize, Serializer};
use serde_yaml::SpaceAfter;

#[derive(Serialize)]
pub struct Pipeline<'a> {
    pub trigger: Trigger<'a>,
    pub pr: SpaceAfter<Never>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub parameters: Option<SpaceAfter<Vec<Parameter<'a>>>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub resources: Option<SpaceAfter<Resources<'a>>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub variables: Option<SpaceAfter<Vec<Variable<'a>>>>,
    pub stages: Vec<SpaceAfter<Stage<'a>>>,
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
    Group { group: &'a str },
    Value { name: &'a str, value: Text<'a> },
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Stage<'a> {
    pub stage: &'a str,
    pub display_name: Text<'a>,
    pub depends_on: &'a [String],
    pub condition: Text<'a>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub variables: Vec<Variable<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lock_behavior: Option<LockBehavior>,
    pub jobs: Vec<Job<'a>>,
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
    Plain {
        job: &'a str,
        #[serde(flatten)]
        common: JobCommon<'a>,
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
    pub pool: Pool<'a>,
    pub timeout_in_minutes: u64,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub variables: Vec<Variable<'a>>,
}

#[derive(Serialize)]
#[serde(untagged)]
pub enum Pool<'a> {
    Server(Server),
    #[serde(rename_all = "camelCase")]
    Hosted {
        vm_image: &'a str,
    },
    SelfHosted {
        name: &'a str,
        #[serde(skip_serializing_if = "<[_]>::is_empty")]
        demands: &'a [String],
    },
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

#[derive(Serialize)]
#[serde(untagged)]
pub enum Step<'a> {
    NoCheckout {
        checkout: Never,
    },
    NoDownload {
        download: Never,
    },
    Checkout(Checkout<'a>),
    Download {
        download: &'a str,
        #[serde(skip_serializing_if = "Option::is_none")]
        artifact: Option<Text<'a>>,
        #[serde(flatten)]
        common: StepCommon<'a>,
        #[serde(skip_serializing_if = "Pairs::is_empty")]
        env: Pairs<'a>,
    },
    Publish {
        publish: Text<'a>,
        artifact: Text<'a>,
        #[serde(flatten)]
        common: StepCommon<'a>,
        #[serde(skip_serializing_if = "Pairs::is_empty")]
        env: Pairs<'a>,
    },
    Bash {
        bash: Text<'a>,
        #[serde(flatten)]
        shell: ShellCommon<'a>,
    },
    Pwsh {
        pwsh: Text<'a>,
        #[serde(flatten)]
        shell: ShellCommon<'a>,
    },
    Script {
        script: Text<'a>,
        #[serde(flatten)]
        shell: ShellCommon<'a>,
    },
    Task {
        task: &'a str,
        #[serde(flatten)]
        common: StepCommon<'a>,
        #[serde(skip_serializing_if = "Pairs::is_empty")]
        env: Pairs<'a>,
        #[serde(skip_serializing_if = "Pairs::is_empty")]
        inputs: Pairs<'a>,
    },
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Checkout<'a> {
    pub checkout: &'a str,
    #[serde(flatten)]
    pub common: StepCommon<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub path: Option<Text<'a>>,
    /// 0: the whole history.
    pub fetch_depth: u32,
    #[serde(skip_serializing_if = "is_false")]
    pub submodules: bool,
    #[serde(skip_serializing_if = "is_false")]
    pub lfs: bool,
    #[serde(skip_serializing_if = "is_false")]
    pub clean: bool,
    #[serde(skip_serializing_if = "Pairs::is_empty")]
    pub env: Pairs<'a>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct StepCommon<'a> {
    pub display_name: Text<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub condition: Option<Text<'a>>,
    #[serde(skip_serializing_if = "is_false")]
    pub continue_on_error: bool,
    #[serde(skip_serializing_if = "is_true")]
    pub enabled: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub timeout_in_minutes: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub retry_count_on_task_failure: Option<u32>,
}

/// What the short forms `bash`, `pwsh` and `script` share.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ShellCommon<'a> {
    #[serde(flatten)]
    pub common: StepCommon<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub working_directory: Option<Text<'a>>,
    #[serde(skip_serializing_if = "Pairs::is_empty")]
    pub env: Pairs<'a>,
}

/// A mapping with free keys, in order. Azure Pipelines takes every value of `env` and `inputs` as text.
#[derive(Default)]
pub struct Pairs<'a>(pub Vec<(&'a str, Text<'a>)>);

impl Pairs<'_> {
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl Serialize for Pairs<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(key, value)| (key, value)))
    }
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands over references")]
fn is_false(flag: &bool) -> bool {
    !flag
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands over references")]
fn is_true(flag: &bool) -> bool {
    *flag
}
