//! Services: the model API as a container.

use super::workload::{
    Chart, Init, Metrics, MountedFile, Pull, Secret, Security, Share, Spread, WorkloadIdentity, merged,
};
use super::{ContainerRegistry, Header, Repository};
use crate::base::arena::Id;
use crate::base::span::{Span, Spanned};
use crate::model::data::Record;
use crate::model::expr::Expr;
use indexmap::IndexMap;

/// The model API as a container.
#[derive(Debug)]
pub struct Service {
    pub header: Header,
    /// Repository in the registry, lower case, without tag: `digitre/engine`. Empty where a chart brings its own.
    pub image: Spanned<String>,
    pub registry: Option<Spanned<Id<ContainerRegistry>>>,
    pub build: Option<Build>,
    /// Deployed with this chart instead of a generated one.
    pub chart: Option<Chart>,
    pub settings: ServiceSettings,
}

impl Service {
    /// Whether its chart says which image runs, so that no tag is needed.
    pub fn brings_image(&self) -> bool {
        self.chart.as_ref().is_some_and(|it| it.image_tag.is_none() || self.image.value.is_empty())
    }
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
    /// Container instances: the first part of a public name.
    pub dns_label: Option<Spanned<String>>,
    pub dns: Option<DnsRecord>,
    /// By environment variable.
    pub secrets: IndexMap<String, Secret>,
    pub init: Vec<Init>,
    pub metrics: Option<Metrics>,
    pub identity: Option<WorkloadIdentity>,
    /// By the path in the container.
    pub files: IndexMap<String, MountedFile>,
    pub security: Option<Security>,
    pub labels: IndexMap<String, String>,
    pub annotations: IndexMap<String, String>,
    /// Keys of the pod's specification, or of the container group's properties.
    pub extra: Record,
    /// Values of a chart that exists.
    pub values: Record,
    /// Seconds a replica has to end.
    pub grace: Option<u64>,
    pub priority: Option<Spanned<String>>,
    pub pull: Option<Pull>,
}

impl ServiceSettings {
    /// These settings with an overlay's on top: what the overlay says wins, maps are merged, volumes replaced.
    #[must_use]
    pub fn overlaid(&self, overlay: Option<&ServiceSettings>) -> ServiceSettings {
        let Some(over) = overlay.cloned() else { return self.clone() };
        let below = self.clone();
        let (mut env, mut secrets) = (below.env, below.secrets);
        // A variable has one source: what the environment says replaces either kind.
        env.retain(|name, _| !over.secrets.contains_key(name));
        secrets.retain(|name, _| !over.env.contains_key(name));
        env.extend(over.env);
        secrets.extend(over.secrets);
        ServiceSettings {
            env,
            secrets,
            init: if over.init.is_empty() { below.init } else { over.init },
            metrics: over.metrics.or(below.metrics),
            identity: over.identity.or(below.identity),
            files: extended(below.files, over.files),
            security: Security::overlaid(below.security, over.security),
            labels: extended(below.labels, over.labels),
            annotations: extended(below.annotations, over.annotations),
            extra: merged(below.extra, over.extra),
            values: merged(below.values, over.values),
            grace: over.grace.or(below.grace),
            priority: over.priority.or(below.priority),
            pull: over.pull.or(below.pull),
            port: over.port.or(below.port),
            command: over.command.or(below.command),
            args: over.args.or(below.args),
            run_as_root: over.run_as_root.or(below.run_as_root),
            probes: Probes {
                startup: over.probes.startup.or(below.probes.startup),
                readiness: over.probes.readiness.or(below.probes.readiness),
                liveness: over.probes.liveness.or(below.probes.liveness),
            },
            resources: Resources::overlaid(below.resources, over.resources),
            gpu: over.gpu.or(below.gpu),
            scale: over.scale.or(below.scale),
            expose: over.expose.or(below.expose),
            rollout: over.rollout.or(below.rollout),
            disruption: over.disruption.or(below.disruption),
            pull_secret: over.pull_secret.or(below.pull_secret),
            place: over.place.or(below.place),
            volumes: if over.volumes.is_empty() { below.volumes } else { over.volumes },
            subnet: over.subnet.or(below.subnet),
            dns_label: over.dns_label.or(below.dns_label),
            dns: over.dns.or(below.dns),
        }
    }
}

fn extended<T>(mut below: IndexMap<String, T>, over: IndexMap<String, T>) -> IndexMap<String, T> {
    below.extend(over);
    below
}

#[derive(Clone, Debug, Default)]
pub struct Probes {
    pub startup: Option<Probe>,
    pub readiness: Option<Probe>,
    pub liveness: Option<Probe>,
}

/// An HTTP probe (`path`), a command, or a TCP probe (neither). Seconds.
#[derive(Clone, Debug, PartialEq)]
pub struct Probe {
    pub path: Option<String>,
    pub https: bool,
    pub port: Option<u16>,
    pub command: Vec<String>,
    pub successes: Option<u32>,
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

impl Resources {
    /// An environment that says only how much memory leaves the processors as they are.
    fn overlaid(below: Option<Resources>, over: Option<Resources>) -> Option<Resources> {
        match (below, over) {
            (Some(below), Some(over)) => Some(Resources {
                cpu: over.cpu.or(below.cpu),
                memory: over.memory.or(below.memory),
                span: over.span,
            }),
            (below, over) => over.or(below),
        }
    }
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
    pub hosts: Vec<String>,
    pub paths: Vec<String>,
    /// As Kubernetes says it: `Prefix`.
    pub path_type: &'static str,
    pub node_port: Option<u16>,
    pub internal: bool,
    pub sources: Vec<String>,
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
    /// All old ones end before new ones start.
    pub recreate: bool,
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
    pub spread: Vec<Spread>,
    /// In the words of Kubernetes.
    pub affinity: Record,
    pub span: Option<Span>,
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
    pub sub_path: Option<String>,
    pub read_only: bool,
    pub source: VolumeSource,
}

#[derive(Clone, Debug, PartialEq)]
pub enum VolumeSource {
    /// An empty folder; a size such as `1Gi`.
    Empty {
        size: Option<String>,
        in_memory: bool,
    },
    ConfigMap(String),
    Secret(String),
    Claim(String),
    Share(Share),
}

/// A record in an Azure private DNS zone for the address of a container instance.
#[derive(Clone, Debug, PartialEq)]
pub struct DnsRecord {
    pub zone: Spanned<String>,
    pub resource_group: Option<String>,
    pub record: Spanned<String>,
}
