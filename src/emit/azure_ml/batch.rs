//! Batch endpoints that are declared, with deployments of models and of ML pipelines.

use super::endpoint::{self, common_tags, description, model};
use super::online::{CodeConfiguration, code};
use super::place::Place;
use super::schema::{Environment, Map};
use super::{Cx, component, document};
use crate::emit::OutputFile;
use crate::model::documents;
use crate::model::project::{Deployment, Endpoint, MiniBatch};
use serde::Serialize;

#[derive(Serialize)]
struct ModelDeployment {
    #[serde(rename = "type")]
    ty: &'static str,
    name: String,
    endpoint_name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<String>,
    #[serde(skip_serializing_if = "Map::is_empty")]
    tags: Map<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    model: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    code_configuration: Option<CodeConfiguration>,
    #[serde(skip_serializing_if = "Option::is_none")]
    environment: Option<Environment>,
    #[serde(skip_serializing_if = "Option::is_none")]
    compute: Option<String>,
    resources: Instances,
    settings: BatchSettings,
}

#[derive(Serialize)]
struct Instances {
    instance_count: u32,
}

#[derive(Serialize)]
struct BatchSettings {
    mini_batch_size: u32,
    max_concurrency_per_instance: u32,
    output_action: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    output_file_name: Option<String>,
    error_threshold: i64,
    logging_level: &'static str,
    retry_settings: Retries,
    #[serde(skip_serializing_if = "Map::is_empty")]
    environment_variables: Map<String>,
}

#[derive(Serialize)]
struct Retries {
    max_retries: u32,
    /// Seconds.
    timeout: u64,
}

pub fn emit(cx: &Cx<'_>, batch: &Endpoint) -> Vec<OutputFile> {
    let header = &batch.header;
    let own = (!header.existing).then(|| {
        let body = endpoint::Endpoint {
            name: header.name.value.clone(),
            description: description(batch),
            auth_mode: batch.auth().word(),
            tags: batch.settings.tags.clone(),
        };
        document(documents::endpoint(header), "batchEndpoint", &body, header.head)
    });
    let deployments = batch.settings.deployments.values().flat_map(|it| deployment(cx, batch, it));
    own.into_iter().chain(deployments).collect()
}

fn deployment(cx: &Cx<'_>, endpoint: &Endpoint, deployment: &Deployment) -> Vec<OutputFile> {
    let path = documents::deployment(&endpoint.header, deployment);
    let place = Place::new(cx, &path);
    let Some(pipeline) = &deployment.ml_pipeline else {
        let body = of_model(&place, endpoint, deployment);
        return vec![document(path, "modelBatchDeployment", &body, deployment.head)];
    };
    let pipeline = &cx.project.ml_pipelines[pipeline.value];
    let mut body = endpoint::deployment(cx, &path, pipeline);
    body.name = deployment.name();
    body.endpoint_name.clone_from(&endpoint.header.name.value);
    body.description = deployment.description.clone().or_else(|| deployment.doc.clone()).or(body.description);
    body.tags = common_tags(cx.project, deployment);
    if let Some(compute) = &deployment.compute {
        body.settings.default_compute = Some(place.compute_name(compute.value).to_owned());
    }
    let deployment = document(path, "pipelineComponentBatchDeployment", &body, deployment.head);
    vec![deployment, component::of_pipeline(cx, pipeline)]
}

fn of_model(place: &Place<'_>, endpoint: &Endpoint, deployment: &Deployment) -> ModelDeployment {
    ModelDeployment {
        ty: "model",
        name: deployment.name(),
        endpoint_name: endpoint.header.name.value.clone(),
        description: deployment.description.clone().or_else(|| deployment.doc.clone()),
        tags: common_tags(place.project, deployment),
        model: deployment.model.as_ref().map(|it| model(place, &it.value)),
        code_configuration: deployment.code.as_ref().map(|it| code(place, it)),
        environment: deployment
            .runtime
            .as_ref()
            .map(|it| place.environment(&place.project.runtimes[it.value])),
        compute: deployment.compute.as_ref().map(|it| place.compute(it.value)),
        resources: Instances { instance_count: deployment.instances.as_ref().map_or(1, |it| it.value) },
        settings: settings(deployment),
    }
}

/// What the SDK takes where nothing is said, written out.
fn settings(deployment: &Deployment) -> BatchSettings {
    let said = deployment.mini_batch.as_ref();
    let count = |of: fn(&MiniBatch) -> Option<u32>| said.and_then(of);
    BatchSettings {
        mini_batch_size: count(|it| it.size).unwrap_or(10),
        max_concurrency_per_instance: count(|it| it.concurrency).unwrap_or(1),
        output_action: said.and_then(|it| it.output).unwrap_or("append_row"),
        output_file_name: said.and_then(|it| it.file.as_ref()).map(|it| it.value.clone()),
        error_threshold: said.and_then(|it| it.failures).unwrap_or(-1),
        logging_level: said.and_then(|it| it.logging).unwrap_or("info"),
        retry_settings: Retries {
            max_retries: count(|it| it.retries).unwrap_or(3),
            timeout: said.and_then(|it| it.timeout).unwrap_or(30),
        },
        environment_variables: deployment.env.clone(),
    }
}
