//! `values.yaml` as data: the keys and their order are those of `helm create`, so that users find what they know.

use indexmap::IndexMap;
use serde::Serialize;
use serde_json::{Map, Value};

pub type Strings = IndexMap<String, String>;

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Values {
    pub replica_count: u32,
    pub image: Image,
    pub image_pull_secrets: Vec<Named>,
    pub name_override: &'static str,
    pub fullname_override: &'static str,
    pub service_account: ServiceAccount,
    pub pod_annotations: Strings,
    pub pod_labels: Strings,
    pub pod_security_context: PodSecurityContext,
    pub security_context: SecurityContext,
    pub command: Vec<String>,
    pub args: Vec<String>,
    pub env: Strings,
    /// Name of the variable to key of the release's secret.
    pub env_from_secret: Strings,
    pub secret_env: IndexMap<String, SecretKey>,
    /// 0: the container listens nowhere.
    pub container_port: u16,
    pub service: Service,
    pub metrics: Metrics,
    pub ingress: Ingress,
    pub resources: Resources,
    pub startup_probe: Probe,
    pub readiness_probe: Probe,
    pub liveness_probe: Probe,
    pub autoscaling: Autoscaling,
    pub strategy: Strategy,
    pub pod_disruption_budget: PodDisruptionBudget,
    pub volumes: Vec<Volume>,
    pub volume_mounts: Vec<VolumeMount>,
    /// Entry of the config map to content.
    pub files: Strings,
    pub init_containers: Vec<InitContainer>,
    pub node_selector: Strings,
    pub tolerations: Vec<Toleration>,
    pub affinity: Map<String, Value>,
    pub topology_spread_constraints: Vec<Spread>,
    pub priority_class_name: String,
    pub termination_grace_period_seconds: u64,
    pub extra_pod_spec: Map<String, Value>,
}

#[derive(Debug, Serialize)]
pub struct SecretKey {
    pub secret: String,
    pub key: String,
}

#[derive(Debug, Serialize)]
pub struct Metrics {
    /// 0: none of its own.
    pub port: u16,
    pub path: String,
    pub monitor: &'static str,
    pub interval: String,
}

#[derive(Debug, Serialize)]
pub struct InitContainer {
    pub name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub image: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub command: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub args: Vec<String>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Spread {
    pub topology_key: &'static str,
    pub max_skew: u32,
    pub when_unsatisfiable: &'static str,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Image {
    pub repository: String,
    pub tag: &'static str,
    pub digest: &'static str,
    pub pull_policy: &'static str,
}

#[derive(Debug, Serialize)]
pub struct Named {
    pub name: String,
}

#[derive(Debug, Serialize)]
pub struct ServiceAccount {
    pub create: bool,
    pub automount: bool,
    pub annotations: Strings,
    pub name: String,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct PodSecurityContext {
    pub run_as_non_root: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub run_as_user: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub run_as_group: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fs_group: Option<u32>,
    pub seccomp_profile: SeccompProfile,
}

#[derive(Debug, Serialize)]
pub struct SeccompProfile {
    #[serde(rename = "type")]
    pub ty: &'static str,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct SecurityContext {
    pub allow_privilege_escalation: bool,
    pub read_only_root_filesystem: bool,
    pub capabilities: Capabilities,
}

#[derive(Debug, Serialize)]
pub struct Capabilities {
    pub drop: Vec<&'static str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub add: Vec<String>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Service {
    #[serde(rename = "type")]
    pub ty: &'static str,
    pub port: u16,
    pub annotations: Strings,
    /// 0: the cluster chooses.
    pub node_port: u16,
    pub load_balancer_source_ranges: Vec<String>,
}

#[derive(Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Ingress {
    pub enabled: bool,
    pub class_name: String,
    pub annotations: Strings,
    pub hosts: Vec<IngressHost>,
    pub tls: Vec<IngressTls>,
}

#[derive(Debug, Serialize)]
pub struct IngressHost {
    pub host: String,
    pub paths: Vec<IngressPath>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct IngressPath {
    pub path: String,
    pub path_type: &'static str,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct IngressTls {
    pub hosts: Vec<String>,
    pub secret_name: String,
}

#[derive(Debug, Default, Serialize)]
pub struct Resources {
    #[serde(skip_serializing_if = "Strings::is_empty")]
    pub requests: Strings,
    #[serde(skip_serializing_if = "Strings::is_empty")]
    pub limits: Strings,
}

#[derive(Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Probe {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub http_get: Option<HttpGet>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tcp_socket: Option<TcpSocket>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub exec: Option<Exec>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub initial_delay_seconds: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub period_seconds: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub timeout_seconds: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub failure_threshold: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub success_threshold: Option<u32>,
}

/// The container's own port by its name, another by its number.
#[derive(Debug, Serialize)]
#[serde(untagged)]
pub enum Port {
    Name(&'static str),
    Number(u16),
}

#[derive(Debug, Serialize)]
pub struct Exec {
    pub command: Vec<String>,
}

#[derive(Debug, Serialize)]
pub struct HttpGet {
    pub path: String,
    pub port: Port,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub scheme: Option<&'static str>,
}

#[derive(Debug, Serialize)]
pub struct TcpSocket {
    pub port: Port,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Autoscaling {
    pub enabled: bool,
    pub min_replicas: u32,
    pub max_replicas: u32,
    #[serde(rename = "targetCPUUtilizationPercentage", skip_serializing_if = "Option::is_none")]
    pub target_cpu: Option<u32>,
    #[serde(rename = "targetMemoryUtilizationPercentage", skip_serializing_if = "Option::is_none")]
    pub target_memory: Option<u32>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Strategy {
    #[serde(rename = "type")]
    pub ty: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rolling_update: Option<RollingUpdate>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct RollingUpdate {
    pub max_surge: Count,
    pub max_unavailable: Count,
}

/// How many replicas: a number, or a percentage as text.
#[derive(Debug, Serialize)]
#[serde(untagged)]
pub enum Count {
    Number(u32),
    Percent(String),
}

#[derive(Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct PodDisruptionBudget {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub min_available: Option<Count>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_unavailable: Option<Count>,
}

#[derive(Debug, Serialize)]
pub struct Volume {
    pub name: String,
    #[serde(flatten)]
    pub source: VolumeSource,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum VolumeSource {
    EmptyDir(EmptyDir),
    ConfigMap(Named),
    #[serde(rename_all = "camelCase")]
    Secret {
        secret_name: String,
    },
    #[serde(rename_all = "camelCase")]
    PersistentVolumeClaim {
        claim_name: String,
    },
    #[serde(rename_all = "camelCase")]
    AzureShare {
        name: String,
        read_only: bool,
    },
    /// The config map of the chart's files.
    Files(bool),
}

#[derive(Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct EmptyDir {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub size_limit: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub medium: Option<&'static str>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct VolumeMount {
    pub name: String,
    pub mount_path: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sub_path: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub read_only: Option<bool>,
}

#[derive(Debug, Serialize)]
pub struct Toleration {
    pub key: String,
    pub operator: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub effect: Option<String>,
}

impl Values {
    /// As a tree, in the order of the fields.
    pub fn tree(&self) -> Map<String, Value> {
        match serde_json::to_value(self) {
            Ok(Value::Object(tree)) => tree,
            other => unreachable!("values are a map with string keys, not {other:?}"),
        }
    }
}
