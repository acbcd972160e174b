//! # Two things that get the same name outside
//!
//! Identifiers differ, but what Azure sees is the same: two pipelines with one title, two computes whose names become
//! equal because Azure has no `_`, a stage that bears the name of a generated gate. One silently takes the place of the
//! other.
//!
//! ```mlops,fails
//! compute train_cpu { size = "Standard_DS3_v2" }
//! compute other { name = "train-cpu", size = "Standard_DS3_v2" }
//! ```
//!
//! ```mlops,passes
//! compute train_cpu { size = "Standard_DS3_v2" }
//! compute other { name = "other-cpu", size = "Standard_DS3_v2" }
//! ```
//!
//! Give one of them another `name` or title. Upper and lower case do not make a difference in Azure.
//!
//! Source: "Job is pending" FAQ of Azure DevOps; Azure ML addresses computes by name within a region.

use crate::base::arena::Id;
use crate::base::span::{Span, Spanned};
use crate::check::{Cx, Group, Rule};
use crate::model::documents;
use crate::model::ml_flow;
use crate::model::project::{Header, MlPort, MlWork, TargetPlace};
use crate::model::steps::Kind;
use indexmap::IndexMap;
use std::collections::{BTreeSet, HashSet};

pub(super) static RULE: Rule = Rule::error(Group::Naming, "emitted-name-collision", run);

/// Names seen so far, without case, with the place of the first.
type Seen = IndexMap<String, Span>;

fn run(cx: &mut Cx<'_>) {
    let project = cx.project;
    let titles = project.pipelines.values().map(|it| Spanned::new(crate::plan::title(it), it.header.head));
    unique(cx, "pipelines of Azure DevOps", titles);
    let headers: [(&str, Vec<&Header>); 8] = [
        ("computes", project.computes.values().filter(|it| !it.serverless).map(|it| &it.header).collect()),
        ("environments of Azure DevOps", project.environments.values().map(|it| &it.header).collect()),
        ("datastores", project.datastores.values().map(|it| &it.header).collect()),
        ("data assets", project.data.values().map(|it| &it.header).collect()),
        ("models", project.models.values().map(|it| &it.header).collect()),
        ("services", project.services.values().map(|it| &it.header).collect()),
        ("components", components(cx)),
        ("runtimes", project.runtimes.values().map(|it| &it.header).collect()),
    ];
    for (what, headers) in headers {
        unique(cx, what, headers.into_iter().map(|it| it.name.clone()));
    }
    for pipeline in project.ml_pipelines.values() {
        let outputs = pipeline.steps.iter().enumerate().flat_map(|(index, step)| {
            step.outputs.values().map(move |it| {
                let port = MlPort { step: index, output: it.ident.value.clone() };
                let declared = pipeline.outputs.values().find(|it| it.from.value == port);
                let span = declared.map_or(it.ident.span, |it| it.ident.span);
                Spanned::new(ml_flow::exposed_name(pipeline, &port), span)
            })
        });
        unique(cx, "outputs of an ML pipeline", outputs);
    }
    let endpoints = project.ml_pipelines.values().map(|it| it.header.name.as_ref().map(|_| documents::endpoint_name(&it.header)));
    unique(cx, "ML pipelines as endpoints", endpoints);
    declared_endpoints(cx);
    workspaces(cx);
    container_groups(cx);
    stages(cx);
}

/// Those written here, and the ML pipelines that become some.
fn components<'p>(cx: &Cx<'p>) -> Vec<&'p Header> {
    let project = cx.project;
    let steps = project.ml_pipelines.values().flat_map(|it| &it.steps);
    let nested = steps.filter_map(|it| match &it.work {
        MlWork::Pipeline(it) => Some(it.value.index()),
        MlWork::Command | MlWork::Component(_) | MlWork::Sweep(_) | MlWork::Parallel(_) | MlWork::Spark(_) => None,
    });
    let published = cx.deliveries().iter().filter_map(|it| match &it.step.kind {
        Kind::PublishPipeline(it) => Some(it.ml_pipeline.index()),
        _ => None,
    });
    let pipelines: BTreeSet<usize> = nested.chain(published).collect();
    let pipelines = pipelines.into_iter().map(|it| &project.ml_pipelines[Id::new(it)].header);
    pipelines.chain(project.components.values().filter(|it| it.written().is_some()).map(|it| &it.header)).collect()
}

fn unique(cx: &mut Cx<'_>, what: &str, names: impl Iterator<Item = Spanned<String>>) {
    let mut seen = Seen::new();
    for name in names {
        check(cx, &mut seen, what, &name);
    }
}

fn check(cx: &mut Cx<'_>, seen: &mut Seen, what: &str, name: &Spanned<String>) {
    if name.value.is_empty() {
        return;
    }
    match seen.get(&name.value.to_lowercase()) {
        Some(first) => {
            let first = *first;
            cx.report(&RULE, name.span, format!("two {what} are called `{}`", name.value))
                .label(first, "the other one")
                .help("give one of them another name or title; upper and lower case do not make a difference");
        }
        None => {
            seen.insert(name.value.to_lowercase(), name.span);
        }
    }
}

/// Endpoints, the published ML pipelines among them, share one alphabet of names, and their documents one folder.
fn declared_endpoints(cx: &mut Cx<'_>) {
    let project = cx.project;
    let mut published: Vec<&Header> = cx.deliveries().iter()
        .filter_map(|it| match &it.step.kind {
            Kind::PublishPipeline(step) => Some(&project.ml_pipelines[step.ml_pipeline].header),
            _ => None,
        })
        .collect();
    published.dedup();
    let declared = || project.endpoints.values().map(|it| &it.header);
    let names = published.iter().map(|it| it.name.as_ref().map(|_| documents::endpoint_name(it)));
    unique(cx, "endpoints", names.chain(declared().map(|it| it.name.clone())).collect::<Vec<_>>().into_iter());
    let idents = published.iter().copied().filter(|it| declared().any(|own| own.ident.value == it.ident.value && own.name.value != documents::endpoint_name(it)));
    for header in idents.collect::<Vec<_>>() {
        let ident = &header.ident;
        cx.report(&RULE, ident.span, format!("the endpoint of ML pipeline `{0}` and endpoint `{0}` get the same file", ident.value))
            .help("rename one of them");
    }
}

/// Each resource group may have a workspace of the same name.
fn workspaces(cx: &mut Cx<'_>) {
    let mut groups: IndexMap<String, Seen> = IndexMap::new();
    for workspace in cx.project.workspaces.values() {
        let seen = groups.entry(workspace.resource_group.value.to_lowercase()).or_default();
        check(cx, seen, "workspaces of a resource group", &workspace.header.name);
    }
}

/// Two environments that deploy into one resource group replace each other's container groups.
fn container_groups(cx: &mut Cx<'_>) {
    let project = cx.project;
    let mut seen = Seen::new();
    for environment in project.environments.values() {
        let place = match &environment.target {
            Some(TargetPlace::Aci { resource_group, .. }) => resource_group.value.clone(),
            Some(TargetPlace::Aks { cluster, namespace, .. }) => format!("{}/{}", cluster.value, namespace.value),
            None => continue,
        };
        for overlay in environment.services.values() {
            let name = overlay.name.as_ref().unwrap_or(&project.services[overlay.service.value].header.name);
            let key = format!("{place}/{}", name.value).to_lowercase();
            let here = overlay.service.span;
            match seen.get(&key) {
                Some(first) => {
                    let first = *first;
                    cx.report(&RULE, here, format!("two environments deploy `{}` to the same place", name.value))
                        .label(first, "the other one")
                        .help("give one of them another `name` in its environment, or another resource group or namespace");
                }
                None => {
                    seen.insert(key, here);
                }
            }
        }
    }
}

/// Names of stages and jobs that the compiler makes. Two that people wrote alike are reported where names are declared.
fn stages(cx: &mut Cx<'_>) {
    let (project, plan) = (cx.project, cx.plan);
    for pipeline in &plan.pipelines {
        let written = &project.pipelines[pipeline.id].stages;
        let names: Vec<&str> = written.iter().map(|it| it.ident.value.as_str()).collect();
        made(cx, "stages", &names, pipeline.stages.iter().map(|it| (it.name.as_str(), it.source)));
        for stage in &pipeline.stages {
            let Some(origin) = stage.origin else { continue };
            let names: Vec<&str> = written[origin].jobs.iter().map(|it| it.ident.value.as_str()).collect();
            made(cx, "jobs of a stage", &names, stage.jobs.iter().map(|it| (it.name.as_str(), it.source)));
        }
    }
}

fn made<'a>(cx: &mut Cx<'_>, what: &str, written: &[&str], all: impl Iterator<Item = (&'a str, Span)>) {
    let mut once = HashSet::new();
    let twice: HashSet<&str> = written.iter().copied().filter(|it| !once.insert(*it)).collect();
    let mut seen = Seen::new();
    for (name, source) in all {
        if !twice.contains(name) {
            check(cx, &mut seen, what, &Spanned::new(name.to_owned(), source));
        }
    }
}
