//! # A name that Azure refuses
//!
//! Every kind of resource has its own alphabet and length. Azure refuses a wrong name in the middle of a deployment,
//! after other resources were made.
//!
//! ```mlops,fails
//! compute train { name = "train_cpu", size = "Standard_DS3_v2" }
//! ```
//!
//! ```mlops,passes
//! compute train { name = "train-cpu", size = "Standard_DS3_v2" }
//! ```
//!
//! The message says what is allowed. Without `name`, the identifier is used, with `-` for `_` where it must be; where that does
//! not do, say the name outside as `name = "…"`.
//!
//! An identifier is the name of a file in the output too, so it has 200 characters at most.
//!
//! Source: Azure documentation, "Naming rules and restrictions for Azure resources".

use crate::base::span::Spanned;
use crate::check::{Cx, Finding, Group, Rule, Safety};
use crate::model::documents;
use crate::model::project::{DatastoreKind, Header, SecretPlace, TargetPlace};
use crate::model::steps::Kind;
use crate::target::naming::{self, Limit};

pub(super) static RULE: Rule = Rule::error(Group::Naming, "resource-name-invalid", run).fixes(Safety::Unsafe).in_views();

/// Disks take 255; the compiler puts endings behind it.
const LONGEST_FILE: usize = 200;

/// Of an endpoint and its deployment together.
const LONGEST_ON_CLUSTER: usize = 62;

fn run(cx: &mut Cx<'_>) {
    let project = cx.project;
    for registry in project.container_registries.values() {
        named(cx, &naming::CONTAINER_REGISTRY, &registry.header);
        check_all(cx, &naming::RESOURCE_GROUP, registry.resource_group.as_ref());
    }
    for workspace in project.workspaces.values() {
        named(cx, &naming::ML_WORKSPACE, &workspace.header);
        check(cx, &naming::RESOURCE_GROUP, &workspace.resource_group);
    }
    for compute in project.computes.values().filter(|it| !it.serverless) {
        named(cx, &naming::ML_COMPUTE, &compute.header);
    }
    for store in project.datastores.values() {
        named(cx, &naming::ML_DATASTORE, &store.header);
        let account = match &store.kind {
            Some(
                DatastoreKind::AzureBlob { account, .. }
                | DatastoreKind::AzureFile { account, .. }
                | DatastoreKind::AzureDataLakeGen2 { account, .. },
            ) => Some(Spanned::new(account.clone(), store.header.head)),
            None => None,
        };
        check_all(cx, &naming::STORAGE_ACCOUNT, account.as_ref());
    }
    let assets = project.data.values().map(|it| &it.header).chain(project.models.values().map(|it| &it.header));
    for header in assets.chain(project.runtimes.values().map(|it| &it.header)) {
        named(cx, &naming::ML_ASSET, header);
    }
    for component in project.components.values().filter(|it| it.written().is_some()) {
        named(cx, &naming::ML_COMPONENT, &component.header);
    }
    for registry in project.ml_registries.values() {
        named(cx, &naming::ML_REGISTRY, &registry.header);
    }
    for place in cx.deliveries() {
        if let Kind::PublishPipeline(publish) = &place.step.kind {
            let header = &project.ml_pipelines[publish.ml_pipeline].header;
            check(cx, &naming::ML_ENDPOINT, &header.name.as_ref().map(|_| documents::endpoint_name(header)));
        }
    }
    for pipeline in project.pipelines.values() {
        check_all(cx, &naming::PIPELINE, &pipeline.header.title);
    }
    check_all(cx, &naming::PIPELINE_FOLDER, project.settings.folder.as_ref());
    vaults(cx);
    endpoints(cx);
    environments(cx);
    files(cx);
}

fn vaults(cx: &mut Cx<'_>) {
    let project = cx.project;
    for vault in project.variables.values().filter_map(|it| it.key_vault.as_ref()) {
        check(cx, &naming::KEY_VAULT, &vault.name);
    }
    let overlays = project.environments.values().flat_map(|it| it.services.values()).map(|it| &it.settings);
    let settings = project.services.values().map(|it| &it.settings).chain(overlays);
    for secret in settings.flat_map(|it| it.secrets.values()) {
        if let SecretPlace::KeyVault(vault) = &secret.place {
            check(cx, &naming::KEY_VAULT, &Spanned::new(vault.clone(), secret.span));
        }
    }
}

fn endpoints(cx: &mut Cx<'_>) {
    let project = cx.project;
    for endpoint in project.endpoints.values() {
        named(cx, &naming::ML_ENDPOINT, &endpoint.header);
        for deployment in endpoint.settings.deployments.values() {
            check(cx, &naming::ML_DEPLOYMENT, &deployment.ident.as_ref().map(|_| deployment.name()));
            let length = endpoint.header.name.value.len() + deployment.name().len();
            let clustered = endpoint.settings.compute.is_some();
            if clustered && length > LONGEST_ON_CLUSTER {
                cx.report(&RULE, deployment.ident.span, format!("on Kubernetes, endpoint and deployment have {LONGEST_ON_CLUSTER} characters together at most, not {length}"))
                    .label(endpoint.header.name.span, "the endpoint")
                    .help("give one of them a shorter name");
            }
        }
    }
}

fn environments(cx: &mut Cx<'_>) {
    let project = cx.project;
    for environment in project.environments.values() {
        let release = match &environment.target {
            Some(TargetPlace::Aci { resource_group, .. }) => {
                check(cx, &naming::RESOURCE_GROUP, resource_group);
                &naming::CONTAINER_GROUP
            }
            Some(TargetPlace::Aks { cluster, resource_group, namespace, .. }) => {
                check(cx, &naming::RESOURCE_GROUP, resource_group);
                check(cx, &naming::KUBERNETES_CLUSTER, cluster);
                check(cx, &naming::NAMESPACE, namespace);
                &naming::HELM_RELEASE
            }
            None => continue,
        };
        for overlay in environment.services.values() {
            let service = &project.services[overlay.service.value];
            match &overlay.name {
                Some(name) => check(cx, release, name),
                None => named(cx, release, &service.header),
            }
        }
    }
}

/// Identifiers become names of files.
fn files(cx: &mut Cx<'_>) {
    let project = cx.project;
    let headers = (project.pipelines.values().map(|it| &it.header))
        .chain(project.ml_pipelines.values().map(|it| &it.header))
        .chain(project.components.values().map(|it| &it.header))
        .chain(project.workspaces.values().map(|it| &it.header))
        .chain(project.computes.values().map(|it| &it.header))
        .chain(project.runtimes.values().map(|it| &it.header))
        .chain(project.datastores.values().map(|it| &it.header))
        .chain(project.data.values().map(|it| &it.header))
        .chain(project.endpoints.values().map(|it| &it.header));
    for ident in headers.map(|it| &it.ident) {
        let length = ident.value.len();
        if length > LONGEST_FILE {
            cx.report(&RULE, ident.span, format!("a name of {length} characters cannot be the name of a file"))
                .help(format!("write at most {LONGEST_FILE} characters; a longer name can stand in quotes as the title"));
        }
    }
}

fn check_all<'a>(cx: &mut Cx<'_>, limit: &Limit, names: impl IntoIterator<Item = &'a Spanned<String>>) {
    for name in names {
        check(cx, limit, name);
    }
}

/// What a declaration is called outside, which its identifier says where nothing else does.
fn named(cx: &mut Cx<'_>, limit: &Limit, header: &Header) {
    let name = &header.name;
    if name.span != header.ident.span {
        return check(cx, limit, name);
    }
    if let Some(finding) = refused(cx, limit, name) {
        let better = nearest(&name.value, limit).unwrap_or("…".to_owned());
        finding.help(format!("say the name outside as `name = \"{better}\"`; allowed: {}", limit.words));
    }
}

fn check(cx: &mut Cx<'_>, limit: &Limit, name: &Spanned<String>) {
    let written = cx.written(name.span);
    let better = nearest(&name.value, limit).filter(|_| written == format!("\"{}\"", name.value));
    let Some(finding) = refused(cx, limit, name) else { return };
    let finding = finding.help(format!("allowed: {}", limit.words));
    if let Some(better) = better {
        finding.suggest(format!("call it `{better}`"), name.span, format!("\"{better}\""));
    }
}

/// An empty name was reported as missing already.
fn refused<'c>(cx: &'c mut Cx<'_>, limit: &Limit, name: &Spanned<String>) -> Option<Finding<'c>> {
    if name.value.is_empty() || limit.fits(&name.value) {
        return None;
    }
    Some(cx.report(&RULE, name.span, format!("`{}` cannot be the name of {}", name.value, limit.what)))
}

/// What it might be called: other characters taken out, where that is enough.
fn nearest(name: &str, limit: &Limit) -> Option<String> {
    let dashed: String =
        name.chars().map(|it| if it.is_ascii_alphanumeric() { it.to_ascii_lowercase() } else { '-' }).collect();
    let words: Vec<&str> = dashed.split('-').filter(|it| !it.is_empty()).collect();
    let cut = |text: String| text.chars().take(limit.length.1).collect::<String>().trim_end_matches('-').to_owned();
    ["-", "_", ""].into_iter().map(|it| cut(words.join(it))).find(|it| limit.fits(it))
}
