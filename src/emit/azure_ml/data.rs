//! Data assets that are registered under a version; the path of others stands where they are used.

use super::place::Place;
use super::{Cx, document};
use crate::emit::OutputFile;
use crate::model::documents;
use crate::model::project;
use serde::Serialize;

#[derive(Serialize)]
struct Data {
    name: String,
    version: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<String>,
    #[serde(rename = "type")]
    ty: &'static str,
    path: String,
}

pub fn emit(cx: &Cx<'_>, data: &project::Data) -> Option<OutputFile> {
    let version = data.version.as_ref().filter(|_| !data.header.existing)?;
    let asset_path = data.path.as_ref()?;
    let path = documents::data(&data.header);
    let body = Data {
        name: data.header.name.value.clone(),
        version: version.value.clone(),
        description: data.description.clone().or_else(|| data.header.doc.clone()),
        ty: data.ty.word(),
        path: Place::new(cx, &path).asset_path(asset_path),
    };
    Some(document(path, "data", &body, data.header.head))
}
