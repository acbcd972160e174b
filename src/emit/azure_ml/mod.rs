//! Azure ML. In: the resolved project, without errors. Out: a JSON document for each pipeline and for each resource
//! that the project creates, below `azure-ml/`; for each environment that says something differently, those that differ
//! there, below `azure-ml/ENVIRONMENT/`. Side files are named relative to the document that names them.

mod batch;
mod batches;
mod component;
mod compute;
mod data;
mod datastore;
mod endpoint;
mod environment;
mod guard;
mod memory;
mod node;
mod online;
mod order;
mod pipeline;
mod place;
mod schedule;
mod schema;
mod sweep;
mod work;
mod workspace;

use super::OutputFile;
use crate::base::arena::Id;
use crate::base::span::Span;
use crate::model::documents;
use crate::model::project::{EndpointKind, MlPipeline, MlWork, Project, View};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// The documents, sorted by path. `out` is the output folder relative to the project's root, normalized; `published`
/// are the ML pipelines that become batch endpoints.
pub fn emit(project: &Project, out: &str, published: &[Id<MlPipeline>]) -> Vec<OutputFile> {
    let mut files = all(&Cx::shared(project, out), published);
    for view in &project.views {
        files.extend(of_environment(project, view, out, published));
    }
    files.sort_by(|a, b| a.path.cmp(&b.path));
    files.dedup_by(|a, b| a.path == b.path);
    files
}

/// What an environment has of its own.
fn of_environment(
    project: &Project,
    view: &View,
    out: &str,
    published: &[Id<MlPipeline>],
) -> Vec<OutputFile> {
    let folder = &project.environments[view.environment].header.ident.value;
    let own = &view.project.own_documents;
    let cx = Cx { project: &view.project, out, own, folder, probing: false };
    let mut files = all(&cx, published);
    files.retain(|it| own.contains(&it.path));
    for file in &mut files {
        file.path = cx.placed(&file.path);
    }
    files
}

/// The documents that differ in an environment, by the path they have where nothing differs. A document that names one
/// of them differs too, because it names it in another place.
pub fn own_documents(project: &Project, view: &View, published: &[Id<MlPipeline>]) -> BTreeSet<String> {
    let out = "out";
    let shared: BTreeMap<String, String> =
        all(&Cx::shared(project, out), published).into_iter().map(|it| (it.path, it.text)).collect();
    let folder = &project.environments[view.environment].header.ident.value;
    let mut own = BTreeSet::new();
    loop {
        let cx = Cx { project: &view.project, out, own: &own, folder, probing: true };
        let differ = all(&cx, published).into_iter().filter(|it| shared.get(&it.path) != Some(&it.text));
        let found: BTreeSet<String> = differ.map(|it| it.path).collect();
        if found == own {
            return own;
        }
        own = found;
    }
}

fn all(cx: &Cx<'_>, published: &[Id<MlPipeline>]) -> Vec<OutputFile> {
    let project = cx.project;
    let mut files: Vec<OutputFile> =
        project.ml_pipelines.values().flat_map(|it| pipeline::emit(cx, it)).collect();
    files.extend(nested(project).map(|it| component::of_pipeline(cx, &project.ml_pipelines[it])));
    files.extend(project.components.values().filter_map(|it| component::emit(cx, it)));
    files.extend(project.ml_pipelines.values().flat_map(|it| schedule::emit(cx, it)));
    for id in published {
        files.extend(endpoint::emit(cx, &project.ml_pipelines[*id]));
    }
    files.extend(project.workspaces.values().filter_map(workspace::emit));
    files.extend(project.computes.values().filter_map(compute::emit));
    files.extend(project.datastores.values().filter_map(datastore::emit));
    files.extend(project.runtimes.values().filter_map(|it| environment::emit(cx, it)));
    files.extend(project.data.values().filter_map(|it| data::emit(cx, it)));
    for endpoint in project.endpoints.values() {
        files.extend(match endpoint.kind {
            EndpointKind::Online => online::emit(cx, endpoint),
            EndpointKind::Batch => batch::emit(cx, endpoint),
        });
    }
    files
}

/// The ML pipelines that are steps of others.
fn nested(project: &Project) -> impl Iterator<Item = Id<MlPipeline>> {
    project.ml_pipelines.values().flat_map(|it| &it.steps).filter_map(|it| match &it.work {
        MlWork::Pipeline(it) => Some(it.value),
        MlWork::Command
        | MlWork::Component(_)
        | MlWork::Sweep(_)
        | MlWork::Parallel(_)
        | MlWork::Spark(_) => None,
    })
}

/// What all documents are made from.
#[derive(Clone, Copy)]
struct Cx<'a> {
    project: &'a Project,
    out: &'a str,
    /// The documents that stand in the environment's folder.
    own: &'a BTreeSet<String>,
    folder: &'a str,
    /// Whether it is still asked which documents differ: then each is written as if it stood among the shared ones.
    probing: bool,
}

static NONE: BTreeSet<String> = BTreeSet::new();

impl<'a> Cx<'a> {
    fn shared(project: &'a Project, out: &'a str) -> Cx<'a> {
        Cx { project, out, own: &NONE, folder: "", probing: false }
    }

    /// Where a document stands: among the shared ones, or in the environment's folder. Whoever names another document
    /// asks here.
    fn placed(&self, path: &str) -> String {
        if self.own.contains(path) { documents::in_environment(path, self.folder) } else { path.to_owned() }
    }

    /// The place from which a document names other files.
    fn stands(&self, path: &str) -> String {
        if self.probing { path.to_owned() } else { self.placed(path) }
    }
}

/// A document under Microsoft's schema of that name.
fn document<T: Serialize>(path: String, schema: &str, body: &T, source: Span) -> OutputFile {
    let schema = format!("https://azuremlschemas.azureedge.net/latest/{schema}.schema.json");
    OutputFile { path, text: json(&schema::Document { schema, body }), source }
}

fn json<T: Serialize>(value: &T) -> String {
    let text = serde_json::to_string_pretty(value).expect("keys are strings and numbers are finite");
    text + "\n"
}
