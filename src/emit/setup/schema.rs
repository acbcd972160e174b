//! The bodies of requests, with the keys and in the order of Microsoft's REST reference, version 7.1.

use super::text::Text;
use indexmap::IndexMap;
use serde::Serialize;

/// `things.json`
#[derive(Serialize)]
pub struct Things<'a> {
    pub organization: Option<&'a str>,
    pub project: Option<&'a str>,
    pub name: &'a str,
    /// What the descriptions of environments end with.
    pub mark: String,
    /// The output folder in the repository.
    pub out: String,
    #[serde(rename = "things")]
    pub list: Vec<Thing>,
}

#[derive(Serialize)]
pub struct Thing {
    pub kind: &'static str,
    pub name: String,
    pub file: String,
    /// `path:line`
    pub source: String,
}

/// Distributedtask, "Variablegroups - Add": `VariableGroupParameters`.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct VariableGroup {
    pub name: Text,
    pub r#type: &'static str,
    #[serde(rename = "variableGroupProjectReferences")]
    pub project_references: [ProjectReference; 1],
    pub variables: IndexMap<String, VariableValue>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ProjectReference {
    pub name: Text,
    pub project_reference: Project,
}

#[derive(Serialize)]
pub struct Project {
    pub id: Text,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct VariableValue {
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub is_secret: bool,
    pub value: Text,
}

/// Environments, "Environments - Add": `EnvironmentCreateParameter`.
#[derive(Serialize)]
pub struct Environment {
    pub name: Text,
    pub description: Text,
}

/// Approvals and checks, "Check Configurations - Add": `CheckConfiguration`.
#[derive(Serialize)]
pub struct Check {
    pub r#type: CheckType,
    pub settings: Settings,
    pub resource: Resource,
    /// Minutes.
    pub timeout: u64,
}

#[derive(Clone, Copy, Serialize)]
pub struct CheckType {
    pub id: &'static str,
    pub name: &'static str,
}

#[derive(Serialize)]
#[serde(untagged)]
pub enum Settings {
    Approval(Approval),
    Task(Task),
    #[serde(rename_all = "camelCase")]
    Templates {
        extends_checks: Vec<Template>,
    },
    None {},
}

/// `ApprovalConfigSettings`
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Approval {
    pub approvers: Vec<Identity>,
    pub execution_order: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub instructions: Option<Text>,
    /// 0: all of them.
    pub min_required_approvers: u32,
    pub requester_cannot_be_approver: bool,
}

#[derive(Serialize)]
pub struct Identity {
    pub id: Text,
}

/// `TaskCheckConfig`
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Task {
    pub definition_ref: Definition,
    pub display_name: Text,
    pub inputs: IndexMap<&'static str, Text>,
    /// The group whose variables the inputs may hold.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub linked_variable_group: Option<Text>,
    /// Minutes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub retry_interval: Option<u64>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Template {
    pub repository_type: &'static str,
    pub repository_name: Text,
    pub repository_ref: Text,
    #[serde(rename = "templatePath")]
    pub path: Text,
}

#[derive(Clone, Copy, Serialize)]
pub struct Definition {
    pub id: &'static str,
    pub name: &'static str,
    pub version: &'static str,
}

#[derive(Serialize)]
pub struct Resource {
    pub r#type: &'static str,
    pub id: Text,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<Text>,
}

/// Build, "Definitions - Create": `BuildDefinition`.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Pipeline {
    pub name: Text,
    pub path: Text,
    pub r#type: &'static str,
    pub queue_status: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<Text>,
    pub process: Process,
    pub repository: Repository,
    pub triggers: Vec<Trigger>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Process {
    /// 2: YAML.
    pub r#type: u32,
    pub yaml_filename: Text,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Repository {
    pub id: Text,
    pub r#type: &'static str,
    pub name: Text,
    pub default_branch: Text,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Option<Text>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub properties: Option<RepositoryProperties>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct RepositoryProperties {
    pub api_url: Text,
    pub connected_service_id: Text,
    pub default_branch: Text,
}

/// What starts it is what its YAML says.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Trigger {
    #[serde(rename = "triggerType")]
    pub kind: &'static str,
    /// 2: the YAML.
    pub settings_source_type: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub forks: Option<Forks>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Forks {
    pub allow_secrets: bool,
    pub enabled: bool,
}

/// Approvals and checks, "Pipeline Permissions - Update Pipeline Permisions For Resource": `ResourcePipelinePermissions`.
#[derive(Serialize)]
pub struct Permission {
    pub pipelines: Vec<PipelinePermission>,
    pub resource: Resource,
}

#[derive(Serialize)]
pub struct PipelinePermission {
    pub authorized: bool,
    pub id: Text,
}

/// Policy, "Configurations - Create": `PolicyConfiguration`.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Policy {
    pub is_enabled: bool,
    pub is_blocking: bool,
    pub r#type: PolicyType,
    pub settings: BuildValidation,
}

#[derive(Serialize)]
pub struct PolicyType {
    pub id: &'static str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct BuildValidation {
    pub build_definition_id: Text,
    pub display_name: Text,
    pub queue_on_source_update_only: bool,
    pub manual_queue_only: bool,
    /// Minutes; 0: until the source changes.
    pub valid_duration: u32,
    pub filename_patterns: Vec<Text>,
    pub scope: [Scope; 1],
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Scope {
    pub repository_id: Text,
    pub ref_name: Text,
    pub match_kind: &'static str,
}
