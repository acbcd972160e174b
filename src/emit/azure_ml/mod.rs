//! Azure ML. In: the resolved project, without errors. Out: a JSON document for each pipeline and for each resource
//! that the project creates, below `azure-ml/`. Side files are named relative to the document that names them.

mod component;
mod compute;
mod data;
mod datastore;
mod endpoint;
mod environment;
mod graph;
mod guard;
mod node;
mod pipeline;
mod place;
mod schema;
mod workspace;

use super::OutputFile;
use crate::base::arena::Id;
use crate::base::span::Span;
use crate::model::project::{MlPipeline, Project};
use serde::Serialize;

/// The documents, sorted by path. `out` is the output folder relative to the project's root, normalized; `published`
/// are the ML pipelines that become batch endpoints.
pub fn emit(project: &Project, out: &str, published: &[Id<MlPipeline>]) -> Vec<OutputFile> {
    let cx = Cx { project, out };
    let mut files: Vec<OutputFile> =
        project.ml_pipelines.values().map(|it| pipeline::emit(&cx, it)).collect();
    for id in published {
        files.extend(endpoint::emit(&cx, &project.ml_pipelines[*id]));
    }
    files.extend(project.workspaces.values().filter_map(workspace::emit));
    files.extend(project.computes.values().filter_map(compute::emit));
    files.extend(project.datastores.values().filter_map(datastore::emit));
    files.extend(project.runtimes.values().filter_map(|it| environment::emit(&cx, it)));
    files.extend(project.data.values().filter_map(|it| data::emit(&cx, it)));
    files.sort_by(|a, b| a.path.cmp(&b.path));
    files.dedup_by(|a, b| a.path == b.path);
    files
}

/// What all documents are made from.
struct Cx<'a> {
    project: &'a Project,
    out: &'a str,
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
