//! What a container of a service may say besides the basics, and charts that exist already.

use crate::base::span::{Span, Spanned};
use crate::model::data::{self, Record};
use crate::model::errors;
use crate::model::expr::Expr;
use crate::model::fields::{Fields, check_identifier};
use crate::model::project::{
    Chart, ChartSource, Init, Metrics, Monitor, MountedFile, Pull, Secret, SecretPlace, Security, Share,
    Spread, WorkloadIdentity,
};
use indexmap::IndexMap;

/// The body of a block of free data.
pub fn record(fields: &mut Fields<'_, '_>, word: &str) -> Record {
    fields.one(word, |it| data::block(it.ast, &mut it.cx.findings)).unwrap_or_default()
}

pub fn secrets(fields: &mut Fields<'_, '_>, env: &IndexMap<String, Expr>) -> IndexMap<String, Secret> {
    let mut found: IndexMap<String, (Span, Secret)> = IndexMap::new();
    for (name, secret) in fields.each("secret", secret) {
        if let Some((first, _)) = found.get(&name.value) {
            fields.cx.push(errors::duplicate_name("secret", &name, *first));
            continue;
        }
        if env.contains_key(&name.value) {
            let help = "keep the `secret`, or the line in `env`";
            fields.cx.push(errors::invalid_value(
                name.span,
                format!("`{}` stands in `env` too: a variable has one source", name.value),
                help,
            ));
        }
        if let Some(secret) = secret {
            found.insert(name.value.clone(), (name.span, secret));
        }
    }
    found.into_iter().map(|(name, (_, secret))| (name, secret)).collect()
}

fn secret(fields: &mut Fields<'_, '_>) -> (Spanned<String>, Option<Secret>) {
    let name = fields.header(str::to_owned).ident;
    let place = match (fields.plain("from"), fields.plain("key_vault")) {
        (Some(secret), None) => Some(SecretPlace::Kubernetes(secret)),
        (None, Some(vault)) => Some(SecretPlace::KeyVault(vault)),
        (None, None) if fields.has("from") || fields.has("key_vault") => None,
        (Some(_), Some(_)) => {
            let span = fields.span_of("key_vault").unwrap_or(fields.head());
            let help = "keep one of `from` and `key_vault`";
            fields.cx.push(errors::invalid_value(span, "a secret has one place; this is a second one", help));
            None
        }
        (None, None) => {
            fields.missing("from", "add `from = \"…\"`, a Kubernetes secret, or `key_vault = \"…\"`");
            None
        }
    };
    let key = fields.plain("key").unwrap_or_default();
    let span = fields.head();
    (name, place.map(|place| Secret { place, key, span }))
}

pub fn init(fields: &mut Fields<'_, '_>) -> Vec<Init> {
    let words = |it: &Fields<'_, '_>, name: &str| it.strings(name).into_iter().map(|it| it.value).collect();
    let decoded = fields.each("init", |it| {
        let header = it.header(|ident| ident.replace('_', "-"));
        let init = Init {
            name: header.name,
            image: it.plain("image"),
            command: words(it, "command"),
            args: words(it, "args"),
        };
        if init.image.is_none() && init.command.is_empty() && init.args.is_empty() {
            it.missing("command", "add `command = [\"…\"]`, or an `image` that knows what to do: else the service itself runs there, and never ends");
        }
        (header.ident, init)
    });
    let mut seen: IndexMap<&str, Span> = IndexMap::new();
    for (ident, _) in &decoded {
        check_identifier(fields.cx, ident);
        if let Some(first) = seen.insert(&ident.value, ident.span) {
            fields.cx.push(errors::duplicate_name("init", ident, first));
        }
    }
    decoded.into_iter().map(|(_, init)| init).collect()
}

pub fn metrics(fields: &mut Fields<'_, '_>) -> Metrics {
    let monitor = fields.word("monitor").map(|it| match it {
        "azure" => Monitor::Azure,
        _ => Monitor::Prometheus,
    });
    if let (None, Some(span)) = (monitor, fields.span_of("interval")) {
        let help = "remove it, or write `monitor = prometheus` or `monitor = azure`";
        fields.cx.push(errors::invalid_value(span, "annotations know no interval", help));
    }
    Metrics {
        path: absolute(fields, "path").unwrap_or_else(|| "/metrics".to_owned()),
        port: port(fields, "port"),
        monitor,
        interval: fields.seconds("interval").map(|it| it.value),
        span: fields.head(),
    }
}

pub fn port(fields: &Fields<'_, '_>, name: &str) -> Option<u16> {
    fields.int(name).and_then(|it| u16::try_from(it.value).ok())
}

/// A path that begins with `/`.
pub fn absolute(fields: &mut Fields<'_, '_>, name: &str) -> Option<String> {
    let path = fields.string(name)?;
    if !path.value.starts_with('/') {
        let help = format!("write `\"/{}\"`", path.value);
        fields.cx.push(errors::invalid_value(path.span, format!("`{name}` begins with `/`"), help));
    }
    Some(path.value)
}

pub fn identity(fields: &mut Fields<'_, '_>) -> WorkloadIdentity {
    let resource = fields.string("resource");
    if let Some(resource) = resource.as_ref().filter(|it| !it.value.starts_with("/subscriptions/")) {
        let help = "write `/subscriptions/…/resourceGroups/…/providers/Microsoft.ManagedIdentity/userAssignedIdentities/…`";
        fields.cx.push(errors::invalid_value(resource.span, "this is no resource id", help));
    }
    WorkloadIdentity { client_id: fields.string("client_id"), account: fields.string("account"), resource }
}

/// What a config map holds at most, all files together.
const MEBIBYTE: usize = 1024 * 1024;

pub fn files(fields: &mut Fields<'_, '_>) -> IndexMap<String, MountedFile> {
    let mut found: IndexMap<String, MountedFile> = IndexMap::new();
    for (head, file) in fields.each("file", |it| (it.head(), file(it))) {
        let Some(file) = file else { continue };
        if let Some(first) = found.get(&file.path.value) {
            let finding = errors::invalid_value(
                file.path.span,
                format!("two files are at `{}`", file.path.value),
                "give one of them another path",
            );
            fields.cx.push(finding.label(first.path.span, "the first one"));
            continue;
        }
        let size: usize = found.values().map(|it| it.content.len()).sum::<usize>() + file.content.len();
        if size > MEBIBYTE {
            let help = "put large files into the image, or onto a volume";
            fields.cx.push(errors::invalid_value(
                head,
                "the files of a service are larger than 1 MiB, which is all that a config map holds",
                help,
            ));
        }
        found.insert(file.path.value.clone(), file);
    }
    found
}

fn file(fields: &mut Fields<'_, '_>) -> Option<MountedFile> {
    absolute(fields, "path");
    let path = fields.string("path");
    let source = fields.argument_string("file")?;
    let content = match fields.cx.files.read(&source.value).map(String::from_utf8) {
        Ok(Ok(content)) => content,
        Ok(Err(_)) => {
            let help = "only texts in UTF-8 can be given to a container this way; put it into the image";
            fields.cx.push(errors::invalid_value(
                source.span,
                format!("`{}` is no text", source.value),
                help,
            ));
            return None;
        }
        Err(_) => {
            fields.cx.push(errors::missing_file(source.span, &source.value, "readable file"));
            return None;
        }
    };
    Some(MountedFile { path: path?, content })
}

pub fn security(fields: &mut Fields<'_, '_>) -> Security {
    let capabilities = fields.strings("capabilities");
    for it in &capabilities {
        if !it.value.chars().all(|it| it.is_ascii_uppercase() || it == '_') || it.value.starts_with("CAP_") {
            let help = "write it in upper case, without `CAP_`: `NET_BIND_SERVICE`";
            fields.cx.push(errors::invalid_value(it.span, format!("`{}` is no capability", it.value), help));
        }
    }
    Security {
        user: fields.int("user").and_then(|it| Some(Spanned::new(u32::try_from(it.value).ok()?, it.span))),
        group: fields.count("group"),
        volume_group: fields.count("volume_group"),
        writable_root: fields.bool("writable_root"),
        capabilities: capabilities.into_iter().map(|it| it.value).collect(),
    }
}

pub fn spread(fields: &mut Fields<'_, '_>) -> Vec<Spread> {
    let decoded = fields.each("spread", |it| {
        let over = match it.argument_word("over")? {
            "zone" => "topology.kubernetes.io/zone",
            _ => "kubernetes.io/hostname",
        };
        let spread = Spread { over, skew: it.count("skew").unwrap_or(1), required: it.flag("required") };
        Some((it.head(), spread))
    });
    let mut found: Vec<(Span, Spread)> = Vec::new();
    for (head, spread) in decoded.into_iter().flatten() {
        match found.iter().find(|it| it.1.over == spread.over) {
            Some((first, _)) => fields.cx.push(errors::duplicate_block(head, "spread", *first)),
            None => found.push((head, spread)),
        }
    }
    found.into_iter().map(|it| it.1).collect()
}

pub fn pull(fields: &Fields<'_, '_>) -> Option<Pull> {
    fields.word("pull").map(|it| match it {
        "always" => Pull::Always,
        "never" => Pull::Never,
        _ => Pull::IfNotPresent,
    })
}

/// The share of a volume: its account and key stand with it.
pub fn share(fields: &mut Fields<'_, '_>) -> Option<Share> {
    let name = fields.plain("share");
    for other in ["account", "account_key"] {
        match (&name, fields.span_of(other)) {
            (None, Some(span)) if !fields.has("share") => {
                let help = "remove it, or add `share = \"…\"`";
                fields.cx.push(errors::invalid_value(
                    span,
                    format!("`{other}` belongs to a file share"),
                    help,
                ));
            }
            (Some(_), None) if !fields.has(other) => {
                let help = if other == "account" { "\"…\"" } else { "vars.storage_key" };
                fields.missing(other, &format!("add `{other} = {help}`"));
            }
            _ => {}
        }
    }
    let key = fields.expr("account_key");
    if let Some(key) = key.as_ref().filter(|it| !it.has_secret()) {
        let help =
            "write it as a secret of a group of variables, and read it: `account_key = vars.storage_key`";
        fields.cx.push(errors::invalid_value(key.span, "a storage account's key in plain text", help));
    }
    Some(Share { name: name?, account: fields.plain("account").unwrap_or_default(), key })
}

pub fn chart(fields: &mut Fields<'_, '_>) -> Option<Chart> {
    let folder = fields.argument_string("folder");
    let parts = ["repo", "name", "version"];
    if fields.has_arguments() {
        for name in parts {
            if let Some(span) = fields.span_of(name) {
                let help = "keep the folder, or `repo`, `name` and `version`";
                let message =
                    format!("`{name}` belongs to a chart of a repository, and this one is a folder");
                fields.cx.push(errors::invalid_value(span, message, help));
            }
        }
    } else {
        for name in parts {
            if !fields.has(name) {
                fields.missing(
                    name,
                    "name the chart's folder, `chart \"charts/api\"`, or say `repo`, `name` and `version`",
                );
            }
        }
    }
    let source = match folder {
        Some(folder) => ChartSource::Folder(folder),
        None => remote(fields)?,
    };
    Some(Chart {
        source,
        image_repository: key_path(fields, "image_repository"),
        image_tag: key_path(fields, "image_tag"),
        span: fields.head(),
    })
}

fn remote(fields: &mut Fields<'_, '_>) -> Option<ChartSource> {
    let (repo, name, version) = (fields.string("repo")?, fields.string("name")?, fields.string("version")?);
    if !["https://", "http://", "oci://"].iter().any(|it| repo.value.starts_with(it)) {
        let help = "write `https://…`, or `oci://…` for a registry";
        fields.cx.push(errors::invalid_value(
            repo.span,
            "this is no address of a repository of charts",
            help,
        ));
    }
    let legal = |it: char| it.is_ascii_alphanumeric() || "._-".contains(it);
    if !name.value.chars().all(legal) {
        let help = "write the chart's name only; the repository's address stands in `repo`";
        fields.cx.push(errors::invalid_value(name.span, "this is no name of a chart", help));
    }
    if !is_version(&version.value) {
        let help = "write one version, `1.2.3`: with a range, the chart would change without a change here";
        fields.cx.push(errors::invalid_value(
            version.span,
            format!("`{}` is no version", version.value),
            help,
        ));
    }
    Some(ChartSource::Remote { repo, name, version })
}

/// Semantic versioning, which Helm holds charts to.
fn is_version(text: &str) -> bool {
    let core = text.strip_prefix('v').unwrap_or(text).split(['-', '+']).next().unwrap_or_default();
    let number = |it: &str| !it.is_empty() && it.chars().all(|it| it.is_ascii_digit());
    let legal = |it: char| it.is_ascii_alphanumeric() || ".-+".contains(it);
    core.split('.').count() == 3 && core.split('.').all(number) && text.chars().all(legal)
}

/// `image.tag` as the keys to go through; none for `none`.
fn key_path(fields: &mut Fields<'_, '_>, name: &str) -> Option<Vec<String>> {
    let otherwise = if name == "image_tag" { "image.tag" } else { "image.repository" };
    let written = fields.string(name);
    let text = written.as_ref().map_or(otherwise, |it| it.value.as_str());
    if text == "none" {
        return None;
    }
    let keys: Vec<String> = text.split('.').map(str::to_owned).collect();
    let legal = |key: &String| {
        !key.is_empty() && key.chars().all(|it| it.is_ascii_alphanumeric() || it == '_' || it == '-')
    };
    if let Some(written) = written.as_ref().filter(|_| !keys.iter().all(legal)) {
        let help = "write the keys with dots between them: `image.tag`, or `none`";
        fields.cx.push(errors::invalid_value(written.span, "this is no path of a value", help));
    }
    Some(keys)
}
