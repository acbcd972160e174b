//! Services, and what environments say differently about them.

use super::resources::whole_ends;
use super::workload;
use crate::base::files::{FileKind, normalize};
use crate::base::span::{Span, Spanned};
use crate::model::convert::Value;
use crate::model::data::{self, Record};
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
    let chart = fields.one("chart", workload::chart).flatten();
    let says_chart = !fields.children("chart").is_empty();
    if !fields.has("image") && !says_chart {
        fields.missing(
            "image",
            "add `image = …`: the image's repository in the registry, without tag: `digitre/engine`",
        );
    }
    if build.is_some() && !fields.has("registry") {
        fields.missing("registry", "add `registry = NAME`: an image that is built is pushed somewhere");
    }
    let registry = fields.reference("registry");
    Service { image, registry, build, chart, settings: settings(fields), header }
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
    let env = fields.env();
    ServiceSettings {
        secrets: workload::secrets(fields, &env),
        env,
        init: workload::init(fields),
        metrics: fields.one("metrics", workload::metrics),
        identity: fields.one("identity", workload::identity),
        files: workload::files(fields),
        security: fields.one("security", workload::security),
        labels: fields.string_map("labels"),
        annotations: fields.string_map("annotations"),
        extra: workload::record(fields, "extra"),
        values: workload::record(fields, "values"),
        grace: fields.seconds("grace").map(|it| it.value),
        priority: fields.string("priority"),
        pull: workload::pull(fields),
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
        scale: fields.one("scale", scale),
        expose: fields.one("expose", expose).flatten(),
        rollout: fields.one("rollout", rollout),
        disruption: fields.one("disruption", disruption),
        pull_secret: fields.string("pull_secret"),
        place: fields.one("place", placement),
        volumes: volumes(fields),
        subnet: fields.string("subnet"),
        dns_label: dns_label(fields),
        dns: fields.one("dns", |it| DnsRecord {
            zone: it.required_string("zone"),
            resource_group: it.plain("resource_group"),
            record: it.required_string("record"),
        }),
    }
}

fn dns_label(fields: &mut Fields<'_, '_>) -> Option<Spanned<String>> {
    let label = fields.string("dns_label")?;
    let legal = |it: char| it.is_ascii_lowercase() || it.is_ascii_digit() || it == '-';
    let fits = (5..=63).contains(&label.value.len())
        && label.value.chars().all(legal)
        && !label.value.starts_with('-')
        && !label.value.ends_with('-');
    if !fits {
        let help = "write 5 to 63 lower-case letters, digits and `-`, not at the ends";
        fields.cx.push(errors::invalid_value(label.span, "this cannot be a label of a public name", help));
    }
    if let Some(subnet) = fields.span_of("subnet") {
        let help =
            "remove `dns_label`, and give the address a private name with `dns { … }`, or remove `subnet`";
        let finding = errors::invalid_value(label.span, "what is in a subnet has no public name", help);
        fields.cx.push(finding.label(subnet, "the subnet"));
    }
    Some(label)
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
    let path = workload::absolute(fields, "path");
    let others: &[&str] = if fields.has("command") {
        &["path", "scheme", "port"]
    } else if fields.has("path") {
        &[]
    } else {
        &["scheme"]
    };
    for name in others {
        if let Some(span) = fields.span_of(name) {
            let of = if fields.has("command") { "a probe with a command" } else { "a probe without a path" };
            fields.cx.push(errors::invalid_value(
                span,
                format!("{of} has no `{name}`"),
                "remove one of them",
            ));
        }
    }
    let seconds = |name: &str| fields.seconds(name).map(|it| it.value);
    Probe {
        delay: seconds("delay"),
        period: seconds("period"),
        timeout: seconds("timeout"),
        failures: fields.count("failures"),
        successes: successes(fields),
        https: fields.word("scheme") == Some("https"),
        port: workload::port(fields, "port"),
        command: fields.strings("command").into_iter().map(|it| it.value).collect(),
        path,
        span: fields.head(),
    }
}

fn successes(fields: &mut Fields<'_, '_>) -> Option<u32> {
    let count = fields.count("successes");
    if let Some(span) = fields
        .span_of("successes")
        .filter(|_| fields.argument_word("kind") != Some("readiness") && count != Some(1))
    {
        let help = "remove it: Kubernetes takes 1 for all others";
        fields.cx.push(errors::invalid_value(
            span,
            "only a readiness probe may ask for several successes",
            help,
        ));
    }
    count
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
    let is_readable = fields.has("replicas") == fields.value("replicas").is_some();
    let span = fields.span_of("replicas").unwrap_or(fields.head());
    if ranges && !fields.has("cpu") && !fields.has("memory") {
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
    if let Some(span) = fields.span_of("cpu").or(fields.span_of("memory")).filter(|_| !ranges && is_readable)
    {
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
    let belongs = [
        (
            ExposeKind::Ingress,
            "ingress",
            "an ingress",
            ["host", "path", "path_type", "class", "tls_secret"].as_slice(),
        ),
        (ExposeKind::LoadBalancer, "load_balancer", "a load balancer", &["internal", "sources"]),
        (ExposeKind::NodePort, "node_port", "a port of nodes", &["node_port"]),
    ];
    for (of, word, what, names) in belongs {
        for name in names.iter().filter(|_| kind != of) {
            if let Some(span) = fields.span_of(name) {
                let help = format!("remove it, or write `type = {word}`");
                fields.cx.push(errors::invalid_value(span, format!("`{name}` belongs to {what}"), help));
            }
        }
    }
    let texts = |name: &str| fields.strings(name).into_iter().map(|it| it.value).collect::<Vec<_>>();
    let (hosts, mut paths) = (texts("host"), texts("path"));
    for path in fields.strings("path").into_iter().filter(|it| !it.value.starts_with('/')) {
        let help = format!("write `\"/{}\"`", path.value);
        fields.cx.push(errors::invalid_value(path.span, "the path of an ingress begins with `/`", help));
    }
    if paths.is_empty() {
        paths.push("/".to_owned());
    }
    check_sources(fields);
    if kind == ExposeKind::Ingress && !fields.has("host") {
        fields.missing("host", "add `host = \"api.example.com\"`");
    }
    Some(Expose {
        kind,
        port: fields.int("port").and_then(|it| u16::try_from(it.value).ok()),
        hosts,
        paths,
        path_type: match fields.word("path_type") {
            Some("exact") => "Exact",
            Some("implementation_specific") => "ImplementationSpecific",
            _ => "Prefix",
        },
        node_port: workload::port(fields, "node_port"),
        internal: fields.flag("internal"),
        sources: fields.strings("sources").into_iter().map(|it| it.value).collect(),
        ingress_class: fields.plain("class"),
        tls_secret: fields.plain("tls_secret"),
        annotations: fields.string_map("annotations"),
        span: fields.head(),
    })
}

/// `10.0.0.0/8`
fn check_sources(fields: &mut Fields<'_, '_>) {
    for source in fields.strings("sources") {
        let block = source.value.split_once('/').is_some_and(|(address, bits)| {
            address.parse::<std::net::IpAddr>().is_ok_and(|it| {
                bits.parse::<u8>().is_ok_and(|bits| bits <= if it.is_ipv4() { 32 } else { 128 })
            })
        });
        if !block {
            let help = "write a block of addresses: `10.0.0.0/8`, or `203.0.113.7/32` for one";
            let message = format!("`{}` is no block of addresses", source.value);
            fields.cx.push(errors::invalid_value(source.span, message, help));
        }
    }
}

fn rollout(fields: &mut Fields<'_, '_>) -> Rollout {
    let recreate = fields.word("type") == Some("recreate");
    for name in ["surge", "unavailable"] {
        if let Some(span) = fields.span_of(name).filter(|_| recreate) {
            let help = "remove it, or `type = recreate`";
            fields.cx.push(errors::invalid_value(
                span,
                format!("`{name}` belongs to a rolling rollout"),
                help,
            ));
        }
    }
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
    Rollout { recreate, surge, unavailable, span: fields.head() }
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
        spread: workload::spread(fields),
        affinity: fields.one("affinity", affinity).unwrap_or_default(),
        span: Some(fields.head()),
    }
}

fn affinity(fields: &mut Fields<'_, '_>) -> Record {
    let found = data::block(fields.ast, &mut fields.cx.findings);
    let known = ["nodeAffinity", "podAffinity", "podAntiAffinity"];
    for (key, entry) in found.iter().filter(|it| !known.contains(&it.0.as_str())) {
        let help = "Kubernetes knows `nodeAffinity`, `podAffinity` and `podAntiAffinity`";
        fields.cx.push(errors::invalid_value(entry.key, format!("there is no affinity `{key}`"), help));
    }
    found
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
    let named = ["config_map", "secret", "claim", "share"];
    let given: Vec<(&str, Span)> = named.iter().filter_map(|it| Some((*it, fields.span_of(it)?))).collect();
    if let [_, (second, span), ..] = given.as_slice() {
        let help = "keep one of `config_map`, `secret`, `claim` and `share`";
        fields.cx.push(errors::invalid_value(
            *span,
            format!("a volume has one source; `{second}` is a second one"),
            help,
        ));
    }
    let source = match given.first() {
        Some(("config_map", _)) => VolumeSource::ConfigMap(fields.plain("config_map").unwrap_or_default()),
        Some(("secret", _)) => VolumeSource::Secret(fields.plain("secret").unwrap_or_default()),
        Some(("claim", _)) => VolumeSource::Claim(fields.plain("claim").unwrap_or_default()),
        _ => VolumeSource::Empty { size: fields.plain("size"), in_memory: fields.flag("in_memory") },
    };
    let source = workload::share(fields).map_or(source, VolumeSource::Share);
    for name in ["size", "in_memory"] {
        if let Some(span) = fields.span_of(name).filter(|_| !matches!(source, VolumeSource::Empty { .. })) {
            let help = "remove it, or the source";
            fields.cx.push(errors::invalid_value(span, format!("`{name}` belongs to an empty volume"), help));
        }
    }
    let volume = Volume {
        name: header.name,
        path: workload::absolute(fields, "path").unwrap_or_default(),
        sub_path: fields.plain("sub_path"),
        read_only: fields.flag("read_only"),
        source,
    };
    (header.ident, volume)
}
