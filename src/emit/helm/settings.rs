//! The settings of a service as the values of its chart.

use super::values::{
    Autoscaling, Capabilities, Count, Image, Ingress, IngressHost, IngressPath, IngressTls, Named,
    PodDisruptionBudget, Resources, RollingUpdate, SecurityContext, Service, Strategy, Strings, Values,
};
use super::{pods, volumes};
use crate::emit::data;
use crate::model::expr::{Expr, ExprKind};
use crate::model::project::{self, Expose, ExposeKind, Project, Pull, SecretPlace, ServiceSettings};

impl Values {
    pub fn new(project: &Project, service: &project::Service, settings: &ServiceSettings) -> Values {
        let expose = settings.expose.as_ref();
        let container_port = settings.port.as_ref().map(|it| it.value).or(expose.and_then(|it| it.port));
        let container_port = container_port.unwrap_or(0);
        let as_root = settings.run_as_root.as_ref().is_some_and(|it| it.value);
        let writable = settings.security.as_ref().and_then(|it| it.writable_root).unwrap_or(as_root);
        let storage = volumes::of(settings, !writable);
        let place = settings.place.clone().unwrap_or_default();
        Values {
            replica_count: settings.scale.as_ref().map_or(1, |it| it.replicas.0),
            image: image(project, service, settings.pull),
            image_pull_secrets: settings
                .pull_secret
                .iter()
                .map(|it| Named { name: it.value.clone() })
                .collect(),
            name_override: "",
            fullname_override: "",
            service_account: pods::account(settings),
            pod_annotations: pods::annotations(settings, container_port),
            pod_labels: pods::labels(settings),
            pod_security_context: pods::security(settings, as_root),
            security_context: security_context(settings, as_root, writable),
            command: settings.command.clone().unwrap_or_default(),
            args: settings.args.clone().unwrap_or_default(),
            env: constants(settings),
            env_from_secret: secrets(settings),
            secret_env: pods::secret_env(settings),
            container_port,
            service: service_values(expose, container_port),
            metrics: pods::metrics(settings, container_port),
            ingress: expose.filter(|it| it.kind == ExposeKind::Ingress).map(ingress).unwrap_or_default(),
            resources: resources(settings),
            startup_probe: pods::probe(settings.probes.startup.as_ref()),
            readiness_probe: pods::probe(settings.probes.readiness.as_ref()),
            liveness_probe: pods::probe(settings.probes.liveness.as_ref()),
            autoscaling: autoscaling(settings),
            strategy: strategy(settings),
            pod_disruption_budget: disruption(settings),
            volumes: storage.volumes,
            volume_mounts: storage.mounts,
            files: storage.files,
            init_containers: settings.init.iter().map(pods::init).collect(),
            node_selector: place.nodes,
            tolerations: place.tolerations.iter().map(pods::toleration).collect(),
            affinity: data::object(&place.affinity),
            topology_spread_constraints: place.spread.iter().map(pods::spread).collect(),
            priority_class_name: settings.priority.as_ref().map_or_else(String::new, |it| it.value.clone()),
            termination_grace_period_seconds: settings.grace.unwrap_or(30),
            extra_pod_spec: data::object(&settings.extra),
        }
    }
}

fn image(project: &Project, service: &project::Service, pull: Option<Pull>) -> Image {
    let registry = service.registry.as_ref().map(|it| &project.container_registries[it.value]);
    let image = &service.image.value;
    Image {
        repository: registry.map_or_else(|| image.clone(), |it| format!("{}/{image}", it.login_server())),
        tag: "",
        digest: "",
        pull_policy: match pull {
            None | Some(Pull::IfNotPresent) => "IfNotPresent",
            Some(Pull::Always) => "Always",
            Some(Pull::Never) => "Never",
        },
    }
}

/// An image that starts as root often changes its user first: it keeps the usual capabilities.
fn security_context(settings: &ServiceSettings, as_root: bool, writable: bool) -> SecurityContext {
    let drop = if as_root { Vec::new() } else { vec!["ALL"] };
    let add = settings.security.as_ref().map(|it| it.capabilities.clone()).unwrap_or_default();
    SecurityContext {
        allow_privilege_escalation: false,
        read_only_root_filesystem: !writable,
        capabilities: Capabilities { drop, add },
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
    let variables = settings.env.iter().filter(|(_, value)| value.has_secret()).map(|it| it.0);
    let of_vault = |it: &project::Secret| matches!(it.place, SecretPlace::KeyVault(_));
    let fetched = settings.secrets.iter().filter(|(_, it)| of_vault(it)).map(|it| it.0);
    variables.chain(fetched).map(|name| (name.clone(), name.clone())).collect()
}

fn service_values(expose: Option<&Expose>, container_port: u16) -> Service {
    let kind = expose.map_or(ExposeKind::ClusterIp, |it| it.kind);
    let annotations = expose.filter(|it| it.kind != ExposeKind::Ingress).map(|it| it.annotations.clone());
    let mut annotations = annotations.unwrap_or_default();
    if expose.is_some_and(|it| it.internal) {
        let key = "service.beta.kubernetes.io/azure-load-balancer-internal";
        annotations.insert(key.to_owned(), "true".to_owned());
    }
    Service {
        ty: match kind {
            ExposeKind::ClusterIp | ExposeKind::Ingress => "ClusterIP",
            ExposeKind::NodePort => "NodePort",
            ExposeKind::LoadBalancer => "LoadBalancer",
        },
        port: expose.and_then(|it| it.port).unwrap_or(container_port),
        annotations,
        node_port: expose.and_then(|it| it.node_port).unwrap_or(0),
        load_balancer_source_ranges: expose.map(|it| it.sources.clone()).unwrap_or_default(),
    }
}

fn ingress(expose: &Expose) -> Ingress {
    let paths = || {
        let path = |path: &String| IngressPath { path: path.clone(), path_type: expose.path_type };
        expose.paths.iter().map(path).collect()
    };
    let tls = expose.tls_secret.iter();
    Ingress {
        enabled: true,
        class_name: expose.ingress_class.clone().unwrap_or_default(),
        annotations: expose.annotations.clone(),
        tls: tls.map(|it| IngressTls { hosts: expose.hosts.clone(), secret_name: it.clone() }).collect(),
        hosts: expose.hosts.iter().map(|host| IngressHost { host: host.clone(), paths: paths() }).collect(),
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
    if rollout.is_some_and(|it| it.recreate) {
        return Strategy { ty: "Recreate", rolling_update: None };
    }
    let count = |written: Option<&String>| count(written.map_or("25%", String::as_str));
    Strategy {
        ty: "RollingUpdate",
        rolling_update: Some(RollingUpdate {
            max_surge: count(rollout.and_then(|it| it.surge.as_ref())),
            max_unavailable: count(rollout.and_then(|it| it.unavailable.as_ref())),
        }),
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
