//! A published ML pipeline: its component, a batch endpoint, and the deployment that puts the one behind the other.

use super::place::Place;
use super::schema::{Map, Settings};
use super::{Cx, component, document, pipeline};
use crate::emit::OutputFile;
use crate::model::documents;
use crate::model::project::MlPipeline;
use serde::Serialize;

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
    /// Always the same, and updated in place: an endpoint holds twenty deployments at most, and the component behind
    /// it has a version of its own.
    name: &'static str,
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
        &deployment(cx, pipeline),
        header.head,
    );
    let endpoint =
        document(documents::batch_endpoint(header), "batchEndpoint", &endpoint(pipeline), header.head);
    [endpoint, deployment, component]
}

fn endpoint(pipeline: &MlPipeline) -> Endpoint {
    Endpoint {
        name: documents::endpoint_name(&pipeline.header),
        description: pipeline::description(pipeline),
        auth_mode: "aad_token",
        tags: pipeline.tags.clone(),
    }
}

fn deployment(cx: &Cx<'_>, pipeline: &MlPipeline) -> Deployment {
    let path = documents::batch_deployment(&pipeline.header);
    let place = Place::new(cx, &path);
    let component = cx.placed(&documents::ml_component(&pipeline.header));
    Deployment {
        ty: "pipeline",
        name: "current",
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
