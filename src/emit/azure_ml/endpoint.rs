//! A published ML pipeline: its component, a batch endpoint, and the deployment that puts the one behind the other.

use super::place::Place;
use super::schema::{Map, Settings};
use super::{Cx, component, document, pipeline};
use crate::emit::OutputFile;
use crate::model::documents;
use crate::model::project::MlPipeline;
use serde::Serialize;
use sha2::{Digest, Sha256};

#[derive(Serialize)]
struct Endpoint {
    name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<String>,
    auth_mode: &'static str,
    #[serde(skip_serializing_if = "Map::is_empty")]
    tags: Map<String>,
}

#[derive(Serialize)]
struct Deployment {
    #[serde(rename = "type")]
    ty: &'static str,
    /// Made from the component's content, so that a changed pipeline is a new deployment.
    name: String,
    endpoint_name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<String>,
    /// A path: Azure ML registers the component, with its code, under the hash of its content.
    component: String,
    settings: Settings,
}

pub fn emit(cx: &Cx<'_>, pipeline: &MlPipeline) -> [OutputFile; 3] {
    let header = &pipeline.header;
    let path = documents::ml_component(header);
    let component = component::build(&Place::new(cx, &path), pipeline);
    let component = document(path, "pipelineComponent", &component, header.head);
    let deployment = document(
        documents::batch_deployment(header),
        "pipelineComponentBatchDeployment",
        &deployment(cx, pipeline, content_name(&component.text)),
        header.head,
    );
    let endpoint =
        document(documents::batch_endpoint(header), "batchEndpoint", &endpoint(pipeline), header.head);
    [endpoint, deployment, component]
}

/// A letter and ten digits of the text's hash.
fn content_name(text: &str) -> String {
    let digest = Sha256::digest(text.as_bytes());
    let number = digest.iter().take(5).fold(0u64, |number, byte| number << 8 | u64::from(*byte));
    format!("v{number:010x}")
}

fn endpoint(pipeline: &MlPipeline) -> Endpoint {
    Endpoint {
        name: documents::endpoint_name(&pipeline.header),
        description: pipeline::description(pipeline),
        auth_mode: "aad_token",
        tags: pipeline.tags.clone(),
    }
}

fn deployment(cx: &Cx<'_>, pipeline: &MlPipeline, name: String) -> Deployment {
    let path = documents::batch_deployment(&pipeline.header);
    let place = Place::new(cx, &path);
    let component = documents::ml_component(&pipeline.header);
    Deployment {
        ty: "pipeline",
        name,
        endpoint_name: documents::endpoint_name(&pipeline.header),
        description: pipeline::description(pipeline),
        component: place.local(&format!("{}/{component}", cx.out)),
        // Here, unlike in a job, names stand without `azureml:`.
        settings: Settings {
            default_compute: pipeline.compute.as_ref().map(|it| place.compute_name(it.value).to_owned()),
            default_datastore: pipeline
                .datastore
                .as_ref()
                .map(|it| place.datastore_name(it.value).to_owned()),
            continue_on_step_failure: false,
            force_rerun: !pipeline.reuse,
        },
    }
}
