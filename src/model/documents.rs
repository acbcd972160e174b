//! Where each emitted document stands, relative to the output folder: scripts name them, emitters write them.

use super::project::{Deployment, Header, Service};

pub fn ml_pipeline(header: &Header) -> String {
    azure_ml("pipelines", header)
}

pub fn schedule(pipeline: &Header, schedule: &Header) -> String {
    format!("azure-ml/schedules/{}.{}.json", pipeline.ident.value, schedule.ident.value)
}

/// The pipeline as a schedule starts it that gives it other inputs.
pub fn scheduled_pipeline(pipeline: &Header, schedule: &Header) -> String {
    format!("azure-ml/pipelines/{}.{}.json", pipeline.ident.value, schedule.ident.value)
}

/// A component that is written in the project.
pub fn component(header: &Header) -> String {
    azure_ml("components", header)
}

/// The component that the trials of a sweep are.
pub fn trial(pipeline: &Header, step: &str) -> String {
    format!("azure-ml/components/{}.{step}.json", pipeline.ident.value)
}

/// The pipeline component behind an ML pipeline that is published or a step of another.
pub fn ml_component(header: &Header) -> String {
    azure_ml("components", header)
}

/// The batch endpoint of a published ML pipeline.
pub fn batch_endpoint(header: &Header) -> String {
    azure_ml("endpoints", header)
}

/// The deployment of that endpoint.
pub fn batch_deployment(header: &Header) -> String {
    format!("azure-ml/endpoints/{}.deployment.json", header.ident.value)
}

/// A declared endpoint.
pub fn endpoint(header: &Header) -> String {
    azure_ml("endpoints", header)
}

/// A deployment of a declared endpoint, by its name in Azure: a run finds it by that.
pub fn deployment(header: &Header, deployment: &Deployment) -> String {
    format!("{}.{}.json", deployments(header), deployment.name())
}

/// What the paths of an endpoint's deployments begin with.
pub fn deployments(header: &Header) -> String {
    format!("azure-ml/endpoints/{}", header.ident.value)
}

/// The tag of a deployment's document that says which tag its model must bear: `stage=production`.
pub const STAGE_TAG: &str = "mlopsc_model_stage";

/// The endpoint's name in Azure, which has no `_`.
pub fn endpoint_name(header: &Header) -> String {
    header.name.value.replace('_', "-")
}

/// The output of the whole ML pipeline that a step's output is bound to, so that an agent can download it.
pub fn pipeline_output(step: &str, output: &str) -> String {
    format!("{step}_{output}")
}

pub fn compute(header: &Header) -> String {
    azure_ml("computes", header)
}

pub fn runtime(header: &Header) -> String {
    azure_ml("environments", header)
}

pub fn data(header: &Header) -> String {
    azure_ml("data", header)
}

pub fn datastore(header: &Header) -> String {
    azure_ml("datastores", header)
}

pub fn workspace(header: &Header) -> String {
    azure_ml("workspaces", header)
}

fn azure_ml(folder: &str, header: &Header) -> String {
    format!("azure-ml/{folder}/{}.json", header.ident.value)
}

/// Where a document of Azure ML stands that differs in an environment.
pub fn in_environment(path: &str, environment: &str) -> String {
    path.replacen("azure-ml/", &format!("azure-ml/{environment}/"), 1)
}

pub fn pipeline(header: &Header) -> String {
    format!("azure-pipelines/{}.yml", header.ident.value)
}

/// The folder of a service's chart.
pub fn chart(service: &Service) -> String {
    format!("helm/{}", service.header.name.value)
}

/// The values of a service in every environment.
pub fn base_values(service: &Service) -> String {
    format!("{}/values.yaml", chart(service))
}

/// The values of a service in an environment.
pub fn values(service: &Service, environment: &Header) -> String {
    format!("{}/values-{}.yaml", chart(service), environment.ident.value)
}
