//! What a service is given where it runs.

use super::{Reader, service::extra};
use crate::compare::tree::{Node, Weight};
use crate::model::project::{
    Expose, ExposeKind, Scale, SecretPlace, ServiceSettings, Share, Volume, VolumeSource,
};

pub(super) fn facts(reader: &Reader<'_>, node: &mut Node, it: &ServiceSettings) {
    sizes(node, it);
    access(node, it);
    node.number("port", it.port.as_ref().map(|it| it.value), Weight::Runs);
    node.text("command", it.command.as_ref().map(|it| it.join(" ")), Weight::Runs);
    node.text("args", it.args.as_ref().map(|it| it.join(" ")), Weight::Runs);
    node.long("probe startup", it.probes.startup.as_ref(), Weight::Runs);
    node.long("probe readiness", it.probes.readiness.as_ref(), Weight::Runs);
    node.long("probe liveness", it.probes.liveness.as_ref(), Weight::Runs);
    reader.variables(node, &it.env);
    for (key, secret) in &it.secrets {
        let (SecretPlace::Kubernetes(place) | SecretPlace::KeyVault(place)) = &secret.place;
        node.text(&format!("secret {key}"), Some(format!("{place}/{}", secret.key)), Weight::Secrets);
    }
    if let Some(rollout) = &it.rollout {
        node.flag("recreate", rollout.recreate, Weight::Runs);
        node.text("surge", rollout.surge.as_ref(), Weight::Costs);
        node.text("unavailable", rollout.unavailable.as_ref(), Weight::Runs);
    }
    if let Some(disruption) = &it.disruption {
        node.text("min_available", disruption.min_available.as_ref(), Weight::Runs);
        node.text("max_unavailable", disruption.max_unavailable.as_ref(), Weight::Runs);
    }
    for init in &it.init {
        node.image(&format!("image of init `{}`", init.name.value), init.image.as_deref());
        let command = init.command.iter().chain(&init.args).map(String::as_str).collect::<Vec<_>>().join(" ");
        node.text(&format!("command of init `{}`", init.name.value), Some(command), Weight::Runs);
    }
    for volume in &it.volumes {
        self::volume(reader, node, volume);
    }
    node.long("metrics", it.metrics.as_ref(), Weight::Runs);
    node.long("placement", it.place.as_ref(), Weight::Costs);
    node.table("file", it.files.iter().map(|(path, file)| (path, file.path.value.clone())), Weight::Runs);
    for (path, file) in &it.files {
        node.long(&format!("content of file `{path}`"), Some(&file.content), Weight::Runs);
    }
    node.table("label", it.labels.iter().map(|(key, value)| (key, value.clone())), Weight::Other);
    node.table("annotation", it.annotations.iter().map(|(key, value)| (key, value.clone())), Weight::Other);
    extra(node, "key", &it.extra);
    extra(node, "value", &it.values);
    node.time("grace", it.grace, Weight::Runs);
    node.text("priority", it.priority.as_ref().map(|it| &it.value), Weight::Runs);
    node.text("pull", it.pull.map(|it| format!("{it:?}")), Weight::Images);
    node.text("pull_secret", it.pull_secret.as_ref().map(|it| &it.value), Weight::Secrets);
}

fn sizes(node: &mut Node, it: &ServiceSettings) {
    if let Some(resources) = &it.resources {
        let parts = [("cpu", &resources.cpu), ("memory", &resources.memory)];
        for (label, range) in parts {
            let text = range
                .as_ref()
                .map(|(low, high)| if low == high { low.clone() } else { format!("{low}..{high}") });
            node.text(label, text, Weight::Costs);
        }
    }
    node.number("gpu", it.gpu, Weight::Costs);
    if let Some(Scale { replicas, cpu, memory, .. }) = &it.scale {
        let text = if replicas.0 == replicas.1 {
            replicas.0.to_string()
        } else {
            format!("{}..{}", replicas.0, replicas.1)
        };
        node.text("replicas", Some(text), Weight::Costs);
        node.number("percent of cpu", *cpu, Weight::Costs);
        node.number("percent of memory", *memory, Weight::Costs);
    }
}

/// Who reaches it, and what it may do.
fn access(node: &mut Node, it: &ServiceSettings) {
    let root = it.run_as_root.as_ref().is_some_and(|it| it.value);
    node.flag("run_as_root", root, Weight::LowersProtection).down(Weight::RaisesProtection);
    node.long("security", it.security.as_ref(), Weight::ChangesProtection);
    node.long("identity", it.identity.as_ref(), Weight::ChangesProtection);
    node.text("subnet", it.subnet.as_ref().map(|it| &it.value), Weight::Reaches);
    node.text("dns_label", it.dns_label.as_ref().map(|it| &it.value), Weight::Reaches);
    node.long("dns", it.dns.as_ref(), Weight::Runs);
    let Some(expose) = &it.expose else { return };
    node.text("expose", Some(exposed(expose)), Weight::Reaches);
    node.number("exposed port", expose.port, Weight::Reaches);
    node.number("node_port", expose.node_port, Weight::Reaches);
    node.flag("internal", expose.internal, Weight::Runs).down(Weight::Reaches);
    let all = ["*".to_owned()];
    let sources = if expose.sources.is_empty() { all.as_slice() } else { &expose.sources };
    node.set("sources", sources.iter().map(String::as_str), Weight::Reaches).down(Weight::Runs);
    node.set("hosts", expose.hosts.iter().map(String::as_str), Weight::Reaches).down(Weight::Runs);
    node.set("paths", expose.paths.iter().map(String::as_str), Weight::Reaches).down(Weight::Runs);
    node.text("path_type", Some(expose.path_type), Weight::Runs);
    node.text("ingress_class", expose.ingress_class.as_ref(), Weight::Runs);
    node.text("tls_secret", expose.tls_secret.as_ref(), Weight::ChangesProtection);
    let annotations = expose.annotations.iter().map(|(key, value)| (key, value.clone()));
    node.table("annotation of the ingress", annotations, Weight::Runs);
}

fn exposed(expose: &Expose) -> &'static str {
    match expose.kind {
        ExposeKind::ClusterIp => "cluster_ip",
        ExposeKind::NodePort => "node_port",
        ExposeKind::LoadBalancer => "load_balancer",
        ExposeKind::Ingress => "ingress",
    }
}

fn volume(reader: &Reader<'_>, node: &mut Node, volume: &Volume) {
    let source = match &volume.source {
        VolumeSource::Empty { size, in_memory } => format!("empty {size:?} {in_memory}"),
        VolumeSource::ConfigMap(it) => format!("config map {it}"),
        VolumeSource::Secret(it) => format!("secret {it}"),
        VolumeSource::Claim(it) => format!("claim {it}"),
        VolumeSource::Share(Share { name, account, key }) => {
            let key = key.as_ref().map(|it| reader.expr(it)).unwrap_or_default();
            format!("share {account}/{name} {key}")
        }
    };
    let weight =
        if matches!(volume.source, VolumeSource::Secret(_)) { Weight::Secrets } else { Weight::Runs };
    let rest = format!("{} {:?} {}", volume.path, volume.sub_path, volume.read_only);
    node.text(&format!("volume `{}`", volume.name.value), Some(source), weight);
    node.long(&format!("mount of volume `{}`", volume.name.value), Some(&rest), Weight::Runs);
}
