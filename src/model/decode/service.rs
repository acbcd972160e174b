//! Services, and what environments say differently about them.

use super::resources::whole_ends;
use crate::base::files::{FileKind, normalize};
use crate::base::span::{Span, Spanned};
use crate::model::convert::Value;
use crate::model::errors;
use crate::model::fields::{Fields, check_identifier};
use crate::model::naming;
use crate::model::project::{
    Build, Disruption, DnsRecord, Expose, ExposeKind, Placement, Probe, Probes, Resources, Rollout, Scale,
    Service, ServiceSettings, Toleration, Volume, VolumeSource,
};
use crate::schema::Kind;
use indexmap::IndexMap;

pub fn service(fields: &mut Fields<'_, '_>) -> Service {
    let header = fields.header(|ident| naming::outside(Kind::Service, ident));
    let image = fields.required_string("image");
    check_image(fields, &image);
    let build = fields.one("build", build);
    if build.is_some() && !fields.has("registry") {
        fields.missing("registry", "add `registry = NAME`: an image that is built is pushed somewhere");
    }
    Service { image, registry: fields.reference("registry"), build, settings: settings(fields), header }
}

fn check_image(fields: &mut Fields<'_, '_>, image: &Spanned<String>) {
    let legal = |part: &str| {
        !part.is_empty()
            && part.chars().all(|it| it.is_ascii_lowercase() || it.is_ascii_digit() || "._-".contains(it))
    };
    if image.value.is_empty() || image.value.split('/').all(legal) {
        return;
    }
    let help = "write the repository only, in lower case: `team/engine`; the registry and the tag come from elsewhere";
    fields.cx.push(errors::invalid_value(image.span, "this is no image repository", help));
}

fn build(fields: &mut Fields<'_, '_>) -> Build {
    let repository = fields.reference("repository");
    let mut path = |name: &str, otherwise: &str, kind: FileKind| {
        let written =
            fields.string(name).unwrap_or_else(|| Spanned::new(otherwise.to_owned(), fields.head()));
        if repository.is_none() {
            return fields.cx.existing_path(&written, Some(kind)).unwrap_or(written);
        }
        match normalize(&written.value) {
            Some(normal) => Spanned::new(normal, written.span),
            None => {
                fields.cx.push(errors::path_leaves_project(written.span));
                written
            }
        }
    };
    let context = path("context", ".", FileKind::Folder);
    let dockerfile = path("dockerfile", "Dockerfile", FileKind::File);
    let args = fields.expr_map("args");
    Build { repository, context, dockerfile, args }
}

/// The part that services and overlays share.
pub fn settings(fields: &mut Fields<'_, '_>) -> ServiceSettings {
    let words = |fields: &Fields<'_, '_>, name: &str| {
        fields.has(name).then(|| fields.strings(name).into_iter().map(|it| it.value).collect::<Vec<String>>())
    };
    ServiceSettings {
        port: fields.int("port").and_then(|it| Some(Spanned::new(u16::try_from(it.value).ok()?, it.span))),
        command: words(fields, "command"),
        args: words(fields, "args"),
        run_as_root: fields
            .bool("run_as_root")
            .zip(fields.span_of("run_as_root"))
            .map(|(it, span)| Spanned::new(it, span)),
        probes: probes(fields),
        resources: fields.one("resources", resources),
        gpu: fields.count("gpu"),
        env: fields.env(),
        scale: fields.one("scale", scale),
        expose: fields.one("expose", expose).flatten(),
        rollout: fields.one("rollout", rollout),
        disruption: fields.one("disruption", disruption),
        pull_secret: fields.string("pull_secret"),
        place: fields.one("place", placement),
        volumes: volumes(fields),
        subnet: fields.string("subnet"),
        dns: fields.one("dns", |it| DnsRecord {
            zone: it.required_string("zone"),
            resource_group: it.plain("resource_group"),
            record: it.required_string("record"),
        }),
    }
}

fn probes(fields: &mut Fields<'_, '_>) -> Probes {
    let mut probes = Probes::default();
    for (kind, probe) in fields.each("probe", |it| (it.argument_word("kind"), probe(it))) {
        let slot = match kind {
            Some("startup") => &mut probes.startup,
            Some("liveness") => &mut probes.liveness,
            Some(_) => &mut probes.readiness,
            None => continue,
        };
        match slot {
            Some(first) => {
                let finding = errors::duplicate_block(
                    probe.span,
                    &format!("probe {}", kind.unwrap_or_default()),
                    first.span,
                );
                fields.cx.push(finding);
            }
            None => *slot = Some(probe),
        }
    }
    probes
}

fn probe(fields: &mut Fields<'_, '_>) -> Probe {
    let path = fields.string("path");
    if let Some(path) = path.as_ref().filter(|it| !it.value.starts_with('/')) {
        let help = format!("write `\"/{}\"`", path.value);
        fields.cx.push(errors::invalid_value(path.span, "the path of a probe begins with `/`", help));
    }
    let seconds = |name: &str| fields.seconds(name).map(|it| it.value);
    Probe {
        delay: seconds("delay"),
        period: seconds("period"),
        timeout: seconds("timeout"),
        failures: fields.count("failures"),
        path: path.map(|it| it.value),
        span: fields.head(),
    }
}

fn resources(fields: &mut Fields<'_, '_>) -> Resources {
    let ends = |name: &str| {
        let (low, high) = fields.value(name)?.value.ends();
        Some((low.as_string()?.to_owned(), high.as_string()?.to_owned()))
    };
    Resources { cpu: ends("cpu"), memory: ends("memory"), span: fields.head() }
}

fn scale(fields: &mut Fields<'_, '_>) -> Scale {
    let percent = |name: &str| match fields.value(name)?.value {
        Value::Percent(it) => Some(it),
        _ => None,
    };
    let (cpu, memory) = (percent("cpu"), percent("memory"));
    let replicas = fields.value("replicas").map_or((1, 1), |it| whole_ends(&it.value));
    let ranges = replicas.0 != replicas.1;
    let span = fields.span_of("replicas").unwrap_or(fields.head());
    if ranges && cpu.is_none() && memory.is_none() {
        let help = "add what the autoscaler aims at: `cpu = 60%` or `memory = 70%`";
        fields.cx.push(errors::invalid_value(
            span,
            "a range of replicas without a target never scales",
            help,
        ));
    }
    if ranges && replicas.0 == 0 {
        let help = "start the range at 1; an autoscaler that looks at CPU or memory never leaves 0";
        fields.cx.push(errors::invalid_value(span, "an autoscaler cannot start from 0 replicas", help));
    }
    if let Some(span) = fields.span_of("cpu").or(fields.span_of("memory")).filter(|_| !ranges) {
        let help = "write a range, `replicas = 2..10`, or remove the target";
        fields.cx.push(errors::invalid_value(span, "a fixed number of replicas has no target", help));
    }
    Scale { replicas, cpu, memory, span: fields.head() }
}

fn expose(fields: &mut Fields<'_, '_>) -> Option<Expose> {
    let kind = match fields.word("type")? {
        "node_port" => ExposeKind::NodePort,
        "load_balancer" => ExposeKind::LoadBalancer,
        "ingress" => ExposeKind::Ingress,
        _ => ExposeKind::ClusterIp,
    };
    for name in ["host", "path", "class", "tls_secret"] {
        if let Some(span) = fields.span_of(name).filter(|_| kind != ExposeKind::Ingress) {
            let help = "remove it, or write `type = ingress`";
            fields.cx.push(errors::invalid_value(span, format!("`{name}` belongs to an ingress"), help));
        }
    }
    if kind == ExposeKind::Ingress && !fields.has("host") {
        fields.missing("host", "add `host = \"api.example.com\"`");
    }
    Some(Expose {
        kind,
        port: fields.int("port").and_then(|it| u16::try_from(it.value).ok()),
        host: fields.plain("host"),
        path: fields.plain("path"),
        ingress_class: fields.plain("class"),
        tls_secret: fields.plain("tls_secret"),
        annotations: fields.string_map("annotations"),
        span: fields.head(),
    })
}

fn rollout(fields: &mut Fields<'_, '_>) -> Rollout {
    let (surge, unavailable) = (fields.plain("surge"), fields.plain("unavailable"));
    let zero = |it: &Option<String>| it.as_deref().is_some_and(|it| matches!(it, "0" | "0%"));
    if zero(&surge) && zero(&unavailable) {
        let help = "allow one more or one less: `surge = 1` or `unavailable = 1`";
        fields.cx.push(errors::invalid_value(
            fields.head(),
            "a rollout with no surge and nothing unavailable cannot move",
            help,
        ));
    }
    Rollout { surge, unavailable, span: fields.head() }
}

fn disruption(fields: &mut Fields<'_, '_>) -> Disruption {
    let (min_available, max_unavailable) = (fields.plain("min_available"), fields.plain("max_unavailable"));
    if min_available.is_some() == max_unavailable.is_some() && !fields.is_broken() {
        let help = "write `min_available = 1` or `max_unavailable = 1`";
        fields.cx.push(errors::invalid_value(
            fields.head(),
            "a disruption budget takes one of its two attributes",
            help,
        ));
    }
    Disruption { min_available, max_unavailable, span: fields.head() }
}

fn placement(fields: &mut Fields<'_, '_>) -> Placement {
    Placement {
        nodes: fields.string_map("nodes"),
        tolerations: fields.each("toleration", |it| Toleration {
            key: it.argument_string("key").map_or_else(String::new, |it| it.value),
            value: it.plain("value"),
            effect: it.word("effect").map(str::to_owned),
        }),
    }
}

fn volumes(fields: &mut Fields<'_, '_>) -> Vec<Volume> {
    let decoded = fields.each("volume", volume);
    let mut seen: IndexMap<&str, Span> = IndexMap::new();
    for (ident, _) in &decoded {
        check_identifier(fields.cx, ident);
        if let Some(first) = seen.insert(&ident.value, ident.span) {
            fields.cx.push(errors::duplicate_name("volume", ident, first));
        }
    }
    decoded.into_iter().map(|(_, volume)| volume).collect()
}

fn volume(fields: &mut Fields<'_, '_>) -> (Spanned<String>, Volume) {
    let header = fields.header(|ident| ident.replace('_', "-"));
    let named = ["config_map", "secret", "claim"];
    let given: Vec<(&str, Span)> = named.iter().filter_map(|it| Some((*it, fields.span_of(it)?))).collect();
    if let [_, (second, span), ..] = given.as_slice() {
        let help = "keep one of `config_map`, `secret` and `claim`";
        fields.cx.push(errors::invalid_value(
            *span,
            format!("a volume has one source; `{second}` is a second one"),
            help,
        ));
    }
    let source = match given.first() {
        Some(("config_map", _)) => VolumeSource::ConfigMap(fields.plain("config_map").unwrap_or_default()),
        Some(("secret", _)) => VolumeSource::Secret(fields.plain("secret").unwrap_or_default()),
        Some(_) => VolumeSource::Claim(fields.plain("claim").unwrap_or_default()),
        None => VolumeSource::Empty(fields.plain("size")),
    };
    let path = fields.plain("path").unwrap_or_default();
    (header.ident, Volume { name: header.name, path, source })
}
