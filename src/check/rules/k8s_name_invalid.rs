//! # A name that Kubernetes refuses
//!
//! The API server takes only certain names and labels, and says so when the release is installed. Helm then leaves a
//! failed release behind.
//!
//! ```mlops,fails
//! service api { image = "team/api", port = 8080, labels { team = "ml platform" }, pull_secret = "acr_secret" }
//! environment dev { target aks { cluster = "aks", resource_group = "rg", namespace = "api" } }
//! ```
//!
//! ```mlops,passes
//! service api { image = "team/api", port = 8080, labels { team = "ml-platform" }, pull_secret = "acr-secret" }
//! environment dev { target aks { cluster = "aks", resource_group = "rg", namespace = "api" } }
//! ```
//!
//! The message says what is allowed. What is free text belongs into `annotations`.
//!
//! Source: Kubernetes documentation, "Object Names and IDs" and "Labels and Selectors".

use crate::base::span::{Span, Spanned};
use crate::check::{Cx, Group, Rule};
use crate::diag::{Edit, Safety};
use crate::model::project::{SecretPlace, ServiceSettings, TargetPlace, VolumeSource};
use crate::target::naming::{self, Limit};

pub(super) static RULE: Rule = Rule::error(Group::Naming, "k8s-name-invalid", run).fixes(Safety::Unsafe);

fn run(cx: &mut Cx<'_>) {
    let project = cx.project;
    let clusters = || project.environments.values().filter(|it| matches!(it.target, Some(TargetPlace::Aks { .. })));
    if clusters().next().is_none() {
        return;
    }
    for service in project.services.values() {
        check(cx, &service.settings, service.header.head);
    }
    for overlay in clusters().flat_map(|it| it.services.values()) {
        check(cx, &overlay.settings, overlay.service.span);
    }
}

/// Names stand at the place of what they belong to where they have none of their own.
fn check(cx: &mut Cx<'_>, settings: &ServiceSettings, head: Span) {
    let plain = |name: &String, span: Span| Spanned::new(name.clone(), span);
    let mut objects: Vec<Spanned<String>> = Vec::new();
    objects.extend(settings.pull_secret.clone());
    objects.extend(settings.priority.clone());
    objects.extend(settings.identity.as_ref().and_then(|it| it.account.clone()));
    objects.extend(settings.expose.as_ref().and_then(|it| Some(plain(it.tls_secret.as_ref()?, it.span))));
    objects.extend(settings.secrets.values().filter_map(|it| match &it.place {
        SecretPlace::Kubernetes(name) => Some(plain(name, it.span)),
        SecretPlace::KeyVault(_) => None,
    }));
    objects.extend(settings.volumes.iter().filter_map(|it| match &it.source {
        VolumeSource::ConfigMap(name) | VolumeSource::Secret(name) | VolumeSource::Claim(name) => {
            Some(plain(name, it.name.span))
        }
        VolumeSource::Empty { .. } | VolumeSource::Share(_) => None,
    }));
    for name in &objects {
        one(cx, &naming::KUBERNETES_NAME, name);
    }
    for volume in &settings.volumes {
        one(cx, &naming::KUBERNETES_VOLUME, &volume.name);
    }
    for (key, value) in &settings.labels {
        one(cx, &naming::LABEL_KEY, &plain(key, head));
        one(cx, &naming::LABEL_VALUE, &plain(value, head));
    }
    for key in settings.annotations.keys() {
        one(cx, &naming::LABEL_KEY, &plain(key, head));
    }
    for (key, value) in settings.place.iter().flat_map(|it| &it.nodes) {
        one(cx, &naming::LABEL_KEY, &plain(key, head));
        one(cx, &naming::LABEL_VALUE, &plain(value, head));
    }
}

fn one(cx: &mut Cx<'_>, limit: &Limit, name: &Spanned<String>) {
    let empty_name = name.value.is_empty() && limit.length.0 > 0;
    if empty_name || limit.fits(&name.value) {
        return;
    }
    let better = name.value.to_lowercase().replace(['_', ' '], "-");
    let edit = (limit.fits(&better) && cx.written(name.span) == format!("\"{}\"", name.value))
        .then(|| Edit { span: name.span, text: format!("\"{better}\"") });
    let finding = cx
        .report(&RULE, name.span, format!("`{}` cannot be {}", name.value, spoken(limit)))
        .help(format!("allowed: {}", limit.words));
    if let Some(edit) = edit {
        finding.edits(Safety::Unsafe, format!("write `{better}`"), vec![edit]);
    }
}

fn spoken(limit: &Limit) -> String {
    let is_value = limit.what.starts_with("the ");
    if is_value { limit.what.to_owned() } else { format!("the name of {}", limit.what) }
}
