//! Compute clusters.

use super::document;
use super::schema::{Extra, Identity, Map};
use crate::emit::{OutputFile, data};
use crate::model::documents;
use crate::model::project::Compute;
use serde::Serialize;

#[derive(Serialize)]
struct Cluster {
    #[serde(rename = "type")]
    ty: &'static str,
    name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<String>,
    #[serde(skip_serializing_if = "Map::is_empty")]
    tags: Map<String>,
    size: String,
    tier: &'static str,
    min_instances: u32,
    max_instances: u32,
    /// Seconds.
    idle_time_before_scale_down: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    identity: Option<Identity>,
    #[serde(flatten)]
    extra: Extra,
}

const IDLE_SECONDS: u64 = 120;

pub fn emit(compute: &Compute) -> Option<OutputFile> {
    let size = compute.size.as_ref().filter(|_| !compute.header.existing)?;
    let cluster = Cluster {
        ty: "amlcompute",
        name: compute.header.name.value.clone(),
        description: compute.description.clone().or_else(|| compute.header.doc.clone()),
        tags: compute.tags.clone(),
        size: size.value.clone(),
        tier: if compute.low_priority { "low_priority" } else { "dedicated" },
        min_instances: compute.nodes.0,
        max_instances: compute.nodes.1,
        idle_time_before_scale_down: compute.idle_seconds.unwrap_or(IDLE_SECONDS),
        identity: compute.identity.as_deref().map(Identity::of),
        extra: data::object(&compute.extra),
    };
    Some(document(documents::compute(&compute.header), "amlCompute", &cluster, compute.header.head))
}
