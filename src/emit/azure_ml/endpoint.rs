//! A published ML pipeline: its component, a batch endpoint, and the deployment that puts the one behind the other.

use super::place::Place;
use super::schema::{Map, Settings};
use super::{Cx, component, document, pipeline};
use crate::emit::OutputFile;
use crate::model::documents;
use crate::model::project::{self, MlPipeline, ModelChoice, ModelVersion, Project};
use serde::Serialize;

/// A batch endpoint.
#[derive(Serialize)]
pub(super) struct Endpoint {
    pub name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    pub auth_mode: &'static str,
    #[serde(skip_serializing_if = "Map::is_empty")]
    pub tags: Map<String>,
}

/// An ML pipeline behind a batch endpoint.
#[derive(Serialize)]
pub(super) struct Deployment {
    #[serde(rename = "type")]
    ty: &'static str,
    /// Of a published pipeline always the same, and updated in place: an endpoint holds twenty deployments at most, and
    /// the component behind it has a version of its own.
    pub name: String,
    pub endpoint_name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    #[serde(skip_serializing_if = "Map::is_empty")]
    pub tags: Map<String>,
    /// A path: Azure ML registers the component, with its code, under the hash of its content.
    component: String,
    pub settings: Settings,
}

pub fn emit(cx: &Cx<'_>, pipeline: &MlPipeline) -> [OutputFile; 3] {
    let header = &pipeline.header;
    let component = component::of_pipeline(cx, pipeline);
    let deployment = document(
        documents::batch_deployment(header),
        "pipelineComponentBatchDeployment",
        &deployment(cx, &documents::batch_deployment(header), pipeline),
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

/// In the document at `path`.
pub(super) fn deployment(cx: &Cx<'_>, path: &str, pipeline: &MlPipeline) -> Deployment {
    let place = Place::new(cx, path);
    let component = documents::ml_component(&pipeline.header);
    Deployment {
        ty: "pipeline",
        name: "current".to_owned(),
        endpoint_name: documents::endpoint_name(&pipeline.header),
        description: pipeline::description(pipeline),
        tags: Map::new(),
        component: place.output(&component),
        // Here, unlike in a job, names stand without `azureml:`.
        settings: Settings {
            default_compute: pipeline.compute.as_ref().map(|it| place.compute_name(it.value).to_owned()),
            default_datastore: pipeline
                .datastore
                .as_ref()
                .map(|it| place.datastore_name(it.value).to_owned()),
            continue_on_step_failure: pipeline.continue_on_step_failure,
            force_rerun: !pipeline.reuse,
        },
    }
}

pub(super) fn description(endpoint: &project::Endpoint) -> Option<String> {
    endpoint.settings.description.clone().or_else(|| endpoint.header.doc.clone())
}

/// The latest version stands for one that is only found in a run; the stage it must bear is a tag, which the script of
/// `deploy` reads.
pub(super) fn model(place: &Place<'_>, version: &ModelVersion) -> String {
    let name = &place.project.models[version.model].header.name.value;
    match &version.choice {
        ModelChoice::At(version) => format!("azureml:{name}:{version}"),
        ModelChoice::Latest | ModelChoice::Staged(_) => format!("azureml:{name}@latest"),
    }
}

pub(super) fn common_tags(project: &Project, deployment: &project::Deployment) -> Map<String> {
    let mut tags = deployment.tags.clone();
    if let Some(ModelVersion { model, choice: ModelChoice::Staged(stage) }) =
        deployment.model.as_ref().map(|it| &it.value)
    {
        let model = &project.models[*model];
        let wanted = format!("{}={}", model.stage_tag, stage.as_ref().unwrap_or(&model.stage));
        tags.insert(documents::STAGE_TAG.to_owned(), wanted);
    }
    tags
}
