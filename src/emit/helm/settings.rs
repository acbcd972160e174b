//! The settings of a service as the values of its chart.

use super::values::{
    Autoscaling, Capabilities, Count, HttpGet, Image, Ingress, IngressHost, IngressPath, IngressTls, Named,
    PodDisruptionBudget, PodSecurityContext, Probe, Resources, RollingUpdate, SeccompProfile,
    SecurityContext, Service, ServiceAccount, Strategy, Strings, TcpSocket, Toleration, Values,
};
use super::volumes;
use crate::model::expr::{Expr, ExprKind};
use crate::model::project::{self, Expose, ExposeKind, Project, ServiceSettings};

/// The name of the container's port: what probes, service and ingress refer to.
const PORT: &str = "http";

impl Values {
    pub fn new(project: &Project, service: &project::Service, settings: &ServiceSettings) -> Values {
        let expose = settings.expose.as_ref();
        let container_port = settings.port.as_ref().map(|it| it.value).or(expose.and_then(|it| it.port));
        let container_port = container_port.unwrap_or(0);
        let as_root = settings.run_as_root.as_ref().is_some_and(|it| it.value);
        let (volumes, volume_mounts) = volumes::of(&settings.volumes, !as_root);
        let place = settings.place.clone().unwrap_or_default();
        Values {
            replica_count: settings.scale.as_ref().map_or(1, |it| it.replicas.0),
            image: image(project, service),
            image_pull_secrets: settings
                .pull_secret
                .iter()
                .map(|it| Named { name: it.value.clone() })
                .collect(),
            name_override: "",
            fullname_override: "",
            service_account: ServiceAccount {
                create: true,
                automount: false,
                annotations: Strings::new(),
                name: "",
            },
            pod_annotations: Strings::new(),
            pod_labels: Strings::new(),
            pod_security_context: PodSecurityContext {
                run_as_non_root: !as_root,
                seccomp_profile: SeccompProfile { ty: "RuntimeDefault" },
            },
            security_context: security_context(as_root),
            command: settings.command.clone().unwrap_or_default(),
            args: settings.args.clone().unwrap_or_default(),
            env: constants(settings),
            env_from_secret: secrets(settings),
            container_port,
            service: service_values(expose, container_port),
            ingress: expose.filter(|it| it.kind == ExposeKind::Ingress).map(ingress).unwrap_or_default(),
            resources: resources(settings),
            startup_probe: probe(settings.probes.startup.as_ref()),
            readiness_probe: probe(settings.probes.readiness.as_ref()),
            liveness_probe: probe(settings.probes.liveness.as_ref()),
            autoscaling: autoscaling(settings),
            strategy: strategy(settings),
            pod_disruption_budget: disruption(settings),
            volumes,
            volume_mounts,
            node_selector: place.nodes,
            tolerations: place.tolerations.into_iter().map(toleration).collect(),
        }
    }
}

fn image(project: &Project, service: &project::Service) -> Image {
    let registry = service.registry.as_ref().map(|it| &project.container_registries[it.value]);
    let image = &service.image.value;
    Image {
        repository: registry.map_or_else(|| image.clone(), |it| format!("{}/{image}", it.login_server())),
        tag: "",
        digest: "",
        pull_policy: "IfNotPresent",
    }
}

/// An image that starts as root often changes its user first: it keeps the usual capabilities.
fn security_context(as_root: bool) -> SecurityContext {
    let drop = if as_root { Vec::new() } else { vec!["ALL"] };
    SecurityContext {
        allow_privilege_escalation: false,
        read_only_root_filesystem: !as_root,
        capabilities: Capabilities { drop, add: Vec::new() },
    }
}

/// What the chart knows of the environment; what only a run knows is given when it deploys.
fn constants(settings: &ServiceSettings) -> Strings {
    settings.env.iter().filter_map(|(name, value)| Some((name.clone(), constant(value)?))).collect()
}

fn constant(value: &Expr) -> Option<String> {
    match &value.kind {
        ExprKind::String(text) => Some(text.clone()),
        ExprKind::Bool(it) => Some(it.to_string()),
        ExprKind::Int(it) => Some(it.to_string()),
        ExprKind::Number(it) => Some(it.to_string()),
        _ => None,
    }
}

/// Secrets by the key of the release's Kubernetes secret, which has the variable's own name.
fn secrets(settings: &ServiceSettings) -> Strings {
    let secret = settings.env.iter().filter(|(_, value)| value.has_secret());
    secret.map(|(name, _)| (name.clone(), name.clone())).collect()
}

fn service_values(expose: Option<&Expose>, container_port: u16) -> Service {
    let kind = expose.map_or(ExposeKind::ClusterIp, |it| it.kind);
    let annotations = expose.filter(|it| it.kind != ExposeKind::Ingress).map(|it| it.annotations.clone());
    Service {
        ty: match kind {
            ExposeKind::ClusterIp | ExposeKind::Ingress => "ClusterIP",
            ExposeKind::NodePort => "NodePort",
            ExposeKind::LoadBalancer => "LoadBalancer",
        },
        port: expose.and_then(|it| it.port).unwrap_or(container_port),
        annotations: annotations.unwrap_or_default(),
    }
}

fn ingress(expose: &Expose) -> Ingress {
    let host = expose.host.clone().unwrap_or_default();
    let path =
        IngressPath { path: expose.path.clone().unwrap_or_else(|| "/".to_owned()), path_type: "Prefix" };
    let tls = expose.tls_secret.iter();
    Ingress {
        enabled: true,
        class_name: expose.ingress_class.clone().unwrap_or_default(),
        annotations: expose.annotations.clone(),
        tls: tls.map(|it| IngressTls { hosts: vec![host.clone()], secret_name: it.clone() }).collect(),
        hosts: vec![IngressHost { host, paths: vec![path] }],
    }
}

fn resources(settings: &ServiceSettings) -> Resources {
    let mut found = Resources::default();
    let written = settings.resources.as_ref();
    let pairs = [
        ("cpu", written.and_then(|it| it.cpu.as_ref())),
        ("memory", written.and_then(|it| it.memory.as_ref())),
    ];
    for (name, (request, limit)) in pairs.into_iter().filter_map(|(name, pair)| Some((name, pair?))) {
        found.requests.insert(name.to_owned(), request.clone());
        found.limits.insert(name.to_owned(), limit.clone());
    }
    if let Some(count) = settings.gpu {
        found.limits.insert("nvidia.com/gpu".to_owned(), count.to_string());
    }
    found
}

fn probe(written: Option<&project::Probe>) -> Probe {
    let Some(written) = written else { return Probe::default() };
    Probe {
        http_get: written.path.clone().map(|path| HttpGet { path, port: PORT }),
        tcp_socket: written.path.is_none().then_some(TcpSocket { port: PORT }),
        initial_delay_seconds: written.delay,
        period_seconds: written.period,
        timeout_seconds: written.timeout,
        failure_threshold: written.failures,
    }
}

fn autoscaling(settings: &ServiceSettings) -> Autoscaling {
    let scale = settings.scale.as_ref();
    let (min_replicas, max_replicas) = scale.map_or((1, 1), |it| it.replicas);
    Autoscaling {
        enabled: min_replicas != max_replicas,
        // An autoscaler that is off still needs legal bounds.
        min_replicas: min_replicas.max(1),
        max_replicas: max_replicas.max(1),
        target_cpu: scale.and_then(|it| it.cpu),
        target_memory: scale.and_then(|it| it.memory),
    }
}

/// A quarter is what Kubernetes takes where nothing is said.
fn strategy(settings: &ServiceSettings) -> Strategy {
    let rollout = settings.rollout.as_ref();
    let count = |written: Option<&String>| count(written.map_or("25%", String::as_str));
    Strategy {
        ty: "RollingUpdate",
        rolling_update: RollingUpdate {
            max_surge: count(rollout.and_then(|it| it.surge.as_ref())),
            max_unavailable: count(rollout.and_then(|it| it.unavailable.as_ref())),
        },
    }
}

fn disruption(settings: &ServiceSettings) -> PodDisruptionBudget {
    let written = settings.disruption.as_ref();
    PodDisruptionBudget {
        min_available: written.and_then(|it| it.min_available.as_deref()).map(count),
        max_unavailable: written.and_then(|it| it.max_unavailable.as_deref()).map(count),
    }
}

fn count(written: &str) -> Count {
    written.parse().map_or_else(|_| Count::Percent(written.to_owned()), Count::Number)
}

fn toleration(written: project::Toleration) -> Toleration {
    Toleration {
        operator: if written.value.is_some() { "Equal" } else { "Exists" },
        key: written.key,
        value: written.value,
        effect: written.effect,
    }
}
