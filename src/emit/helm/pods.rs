//! What of a service becomes labels, accounts, probes and places of its pods.

use super::values::{
    Exec, HttpGet, InitContainer, Metrics, PodSecurityContext, Port, Probe, SeccompProfile, SecretKey,
    ServiceAccount, Spread, Strings, TcpSocket, Toleration,
};
use crate::model::project::{self, Monitor, SecretPlace, ServiceSettings};
use indexmap::IndexMap;

/// The name of the container's port: what probes, service and ingress refer to.
const PORT: &str = "http";

pub fn account(settings: &ServiceSettings) -> ServiceAccount {
    let identity = settings.identity.clone().unwrap_or_default();
    let client = identity.client_id.filter(|_| identity.account.is_none());
    let annotation = client.map(|it| ("azure.workload.identity/client-id".to_owned(), it.value));
    ServiceAccount {
        create: identity.account.is_none(),
        automount: false,
        annotations: annotation.into_iter().collect(),
        name: identity.account.map_or_else(String::new, |it| it.value),
    }
}

pub fn labels(settings: &ServiceSettings) -> Strings {
    let mut labels = settings.labels.clone();
    if settings.identity.as_ref().is_some_and(|it| it.client_id.is_some() || it.account.is_some()) {
        labels.insert("azure.workload.identity/use".to_owned(), "true".to_owned());
    }
    labels
}

/// The written ones, and those that Prometheus looks for.
pub fn annotations(settings: &ServiceSettings, container_port: u16) -> Strings {
    let mut annotations = settings.annotations.clone();
    if let Some(metrics) = settings.metrics.as_ref().filter(|it| it.monitor.is_none()) {
        let port = metrics.port.unwrap_or(container_port);
        annotations.insert("prometheus.io/scrape".to_owned(), "true".to_owned());
        annotations.insert("prometheus.io/path".to_owned(), metrics.path.clone());
        annotations.insert("prometheus.io/port".to_owned(), port.to_string());
    }
    annotations
}

pub fn metrics(settings: &ServiceSettings, container_port: u16) -> Metrics {
    let written = settings.metrics.as_ref();
    Metrics {
        port: written.and_then(|it| it.port).filter(|it| *it != container_port).unwrap_or(0),
        path: written.map_or_else(|| "/metrics".to_owned(), |it| it.path.clone()),
        monitor: match written.and_then(|it| it.monitor) {
            None => "",
            Some(Monitor::Prometheus) => "prometheus",
            Some(Monitor::Azure) => "azure",
        },
        interval: written.and_then(|it| it.interval).map_or_else(String::new, |it| format!("{it}s")),
    }
}

pub fn security(settings: &ServiceSettings, as_root: bool) -> PodSecurityContext {
    let written = settings.security.clone().unwrap_or_default();
    PodSecurityContext {
        run_as_non_root: !as_root,
        run_as_user: written.user.map(|it| it.value),
        run_as_group: written.group,
        fs_group: written.volume_group,
        seccomp_profile: SeccompProfile { ty: "RuntimeDefault" },
    }
}

/// Secrets of the cluster; those of a key vault come with the release's own.
pub fn secret_env(settings: &ServiceSettings) -> IndexMap<String, SecretKey> {
    let known = settings.secrets.iter().filter_map(|(name, it)| match &it.place {
        SecretPlace::Kubernetes(secret) => {
            Some((name.clone(), SecretKey { secret: secret.clone(), key: it.key.clone() }))
        }
        SecretPlace::KeyVault(_) => None,
    });
    known.collect()
}

pub fn init(written: &project::Init) -> InitContainer {
    InitContainer {
        name: written.name.value.clone(),
        image: written.image.clone(),
        command: written.command.clone(),
        args: written.args.clone(),
    }
}

pub fn probe(written: Option<&project::Probe>) -> Probe {
    let Some(written) = written else { return Probe::default() };
    let port = || written.port.map_or(Port::Name(PORT), Port::Number);
    let by_command = !written.command.is_empty();
    Probe {
        http_get: written.path.clone().map(|path| HttpGet {
            path,
            port: port(),
            scheme: written.https.then_some("HTTPS"),
        }),
        tcp_socket: (written.path.is_none() && !by_command).then(|| TcpSocket { port: port() }),
        exec: by_command.then(|| Exec { command: written.command.clone() }),
        initial_delay_seconds: written.delay,
        period_seconds: written.period,
        timeout_seconds: written.timeout,
        failure_threshold: written.failures,
        success_threshold: written.successes,
    }
}

pub fn spread(written: &project::Spread) -> Spread {
    Spread {
        topology_key: written.over,
        max_skew: written.skew,
        when_unsatisfiable: if written.required { "DoNotSchedule" } else { "ScheduleAnyway" },
    }
}

pub fn toleration(written: &project::Toleration) -> Toleration {
    Toleration {
        operator: if written.value.is_some() { "Equal" } else { "Exists" },
        key: written.key.clone(),
        value: written.value.clone(),
        effect: written.effect.clone(),
    }
}
