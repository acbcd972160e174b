//! Workspaces that the project creates.

use super::document;
use super::schema::Map;
use crate::emit::OutputFile;
use crate::model::documents;
use crate::model::project;
use serde::Serialize;

#[derive(Serialize)]
struct Workspace<'a> {
    name: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    display_name: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<&'a str>,
    #[serde(skip_serializing_if = "Map::is_empty")]
    tags: Map<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    location: Option<&'a str>,
    resource_group: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    storage_account: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    key_vault: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    application_insights: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    container_registry: Option<&'a str>,
}

pub fn emit(workspace: &project::Workspace) -> Option<OutputFile> {
    let header = &workspace.header;
    if header.existing {
        return None;
    }
    let body = Workspace {
        name: &header.name.value,
        display_name: header.title.as_ref().map(|it| it.value.as_str()),
        description: workspace.description.as_deref().or(header.doc.as_deref()),
        tags: workspace.tags.clone(),
        location: workspace.region.as_ref().map(|it| it.value.as_str()),
        resource_group: &workspace.resource_group.value,
        storage_account: workspace.storage_account.as_deref(),
        key_vault: workspace.key_vault.as_deref(),
        application_insights: workspace.application_insights.as_deref(),
        container_registry: workspace.container_registry.as_deref(),
    };
    Some(document(documents::workspace(header), "workspace", &body, header.head))
}
