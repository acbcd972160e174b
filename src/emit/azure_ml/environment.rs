//! Runtimes that are registered under a version; others are written where they are used.

use super::place::Place;
use super::schema::Recipe;
use super::{Cx, document};
use crate::emit::OutputFile;
use crate::model::documents;
use crate::model::project::Runtime;
use serde::Serialize;

#[derive(Serialize)]
struct Environment {
    name: String,
    version: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<String>,
    #[serde(flatten)]
    recipe: Recipe,
}

pub fn emit(cx: &Cx<'_>, runtime: &Runtime) -> Option<OutputFile> {
    let version = runtime.version.as_ref().filter(|_| !runtime.header.existing)?;
    let path = documents::runtime(&runtime.header);
    let environment = Environment {
        name: runtime.header.name.value.clone(),
        version: version.value.clone(),
        description: runtime.description.clone().or_else(|| runtime.header.doc.clone()),
        recipe: Place::new(cx, &path).recipe(runtime),
    };
    Some(document(path, "environment", &environment, runtime.header.head))
}
