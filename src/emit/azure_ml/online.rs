//! Online endpoints and their deployments. Traffic is no part of a document: Azure ML refuses it before the deployments
//! are there, and afterwards it is for `set_traffic` to say.

use super::endpoint::{common_tags, description, model};
use super::place::Place;
use super::schema::{Environment, Identity, Map};
use super::{Cx, document};
use crate::emit::OutputFile;
use crate::model::documents;
use crate::model::project::{
    Collect, Deployment, Endpoint, EndpointSettings, InstanceProbe, InstanceResources, InstanceScale,
    Requests, ScoringCode,
};
use serde::Serialize;

#[derive(Serialize)]
struct OnlineEndpoint {
    name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<String>,
    auth_mode: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    compute: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    public_network_access: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    identity: Option<Identity>,
    #[serde(skip_serializing_if = "Map::is_empty")]
    tags: Map<String>,
}

#[derive(Serialize)]
struct OnlineDeployment {
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
    model_mount_path: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    code_configuration: Option<CodeConfiguration>,
    #[serde(skip_serializing_if = "Option::is_none")]
    environment: Option<Environment>,
    #[serde(skip_serializing_if = "Map::is_empty")]
    environment_variables: Map<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    instance_type: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    instance_count: Option<u32>,
    app_insights_enabled: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    egress_public_network_access: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    scale_settings: Option<ScaleSettings>,
    #[serde(skip_serializing_if = "Option::is_none")]
    resources: Option<ResourceRequirements>,
    #[serde(skip_serializing_if = "Option::is_none")]
    request_settings: Option<RequestSettings>,
    #[serde(skip_serializing_if = "Option::is_none")]
    readiness_probe: Option<ProbeSettings>,
    #[serde(skip_serializing_if = "Option::is_none")]
    liveness_probe: Option<ProbeSettings>,
    #[serde(skip_serializing_if = "Option::is_none")]
    data_collector: Option<DataCollector>,
}

#[derive(Serialize)]
pub(super) struct CodeConfiguration {
    code: String,
    scoring_script: String,
}

#[derive(Serialize)]
struct RequestSettings {
    #[serde(skip_serializing_if = "Option::is_none")]
    request_timeout_ms: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    max_concurrent_requests_per_instance: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    max_queue_wait_ms: Option<u64>,
}

/// Seconds.
#[derive(Serialize)]
struct ProbeSettings {
    #[serde(skip_serializing_if = "Option::is_none")]
    initial_delay: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    period: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    timeout: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    success_threshold: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    failure_threshold: Option<u32>,
}

#[derive(Serialize)]
struct ScaleSettings {
    #[serde(rename = "type")]
    ty: &'static str,
    min_instances: u32,
    max_instances: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    target_utilization_percentage: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    polling_interval: Option<u64>,
}

#[derive(Serialize)]
struct ResourceRequirements {
    requests: ResourceSettings,
    limits: ResourceSettings,
}

#[derive(Serialize)]
struct ResourceSettings {
    #[serde(skip_serializing_if = "Option::is_none")]
    cpu: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    memory: Option<String>,
    #[serde(rename = "nvidia.com/gpu", skip_serializing_if = "Option::is_none")]
    gpu: Option<String>,
}

#[derive(Serialize)]
struct DataCollector {
    collections: Map<Collection>,
    #[serde(skip_serializing_if = "Option::is_none")]
    rolling_rate: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    sampling_rate: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    request_logging: Option<RequestLogging>,
}

#[derive(Serialize)]
struct Collection {
    /// A string: the SDK refuses a boolean.
    enabled: &'static str,
}

#[derive(Serialize)]
struct RequestLogging {
    capture_headers: Vec<String>,
}

pub fn emit(cx: &Cx<'_>, endpoint: &Endpoint) -> Vec<OutputFile> {
    let (header, settings) = (&endpoint.header, &endpoint.settings);
    let on_cluster = settings.compute.is_some();
    let schemas = if on_cluster {
        ["kubernetesOnlineEndpoint", "kubernetesOnlineDeployment"]
    } else {
        ["managedOnlineEndpoint", "managedOnlineDeployment"]
    };
    let path = documents::endpoint(header);
    let own = (!header.existing)
        .then(|| document(path.clone(), schemas[0], &online(cx, &path, endpoint), header.head));
    let deployments = settings.deployments.values().map(|it| {
        let path = documents::deployment(header, it);
        let body = deployment(&Place::new(cx, &path), endpoint, it);
        document(path, schemas[1], &body, it.head)
    });
    own.into_iter().chain(deployments).collect()
}

fn online(cx: &Cx<'_>, path: &str, endpoint: &Endpoint) -> OnlineEndpoint {
    let settings = &endpoint.settings;
    OnlineEndpoint {
        name: endpoint.header.name.value.clone(),
        description: description(endpoint),
        auth_mode: endpoint.auth().word(),
        compute: settings.compute.as_ref().map(|it| Place::new(cx, path).compute(it.value)),
        public_network_access: settings.public.as_ref().map(|it| access(it.value)),
        identity: settings.identity.as_deref().map(Identity::of),
        tags: settings.tags.clone(),
    }
}

fn access(open: bool) -> &'static str {
    if open { "enabled" } else { "disabled" }
}

fn deployment(place: &Place<'_>, endpoint: &Endpoint, deployment: &Deployment) -> OnlineDeployment {
    let EndpointSettings { compute, .. } = &endpoint.settings;
    let instances = deployment.instances.as_ref().map_or(1, |it| it.value);
    OnlineDeployment {
        ty: if compute.is_some() { "kubernetes" } else { "managed" },
        name: deployment.name(),
        endpoint_name: endpoint.header.name.value.clone(),
        description: deployment.description.clone().or_else(|| deployment.doc.clone()),
        tags: common_tags(place.project, deployment),
        model: deployment.model.as_ref().map(|it| model(place, &it.value)),
        model_mount_path: deployment.mount.as_ref().map(|it| it.value.clone()),
        code_configuration: deployment.code.as_ref().map(|it| code(place, it)),
        environment: deployment
            .runtime
            .as_ref()
            .map(|it| place.environment(&place.project.runtimes[it.value])),
        environment_variables: deployment.env.clone(),
        instance_type: deployment.size.as_ref().map(|it| it.value.clone()),
        instance_count: deployment.scale.is_none().then_some(instances),
        app_insights_enabled: deployment.app_insights.as_ref().is_some_and(|it| it.value),
        egress_public_network_access: deployment.egress.as_ref().map(|it| access(it.value)),
        scale_settings: deployment.scale.as_ref().map(scale),
        resources: deployment.resources.as_ref().map(resources),
        request_settings: deployment.requests.as_ref().map(requests),
        readiness_probe: deployment.readiness.as_ref().map(probe),
        liveness_probe: deployment.liveness.as_ref().map(probe),
        data_collector: deployment.collect.as_ref().map(collector),
    }
}

pub(super) fn code(place: &Place<'_>, code: &ScoringCode) -> CodeConfiguration {
    CodeConfiguration { code: place.local(&code.folder.value), scoring_script: code.script.value.clone() }
}

fn requests(requests: &Requests) -> RequestSettings {
    RequestSettings {
        request_timeout_ms: requests.timeout.map(|it| it * 1000),
        max_concurrent_requests_per_instance: requests.concurrency,
        max_queue_wait_ms: requests.queue.as_ref().map(|it| it.value * 1000),
    }
}

fn probe(probe: &InstanceProbe) -> ProbeSettings {
    ProbeSettings {
        initial_delay: probe.delay,
        period: probe.period,
        timeout: probe.timeout,
        success_threshold: probe.successes,
        failure_threshold: probe.failures,
    }
}

fn scale(scale: &InstanceScale) -> ScaleSettings {
    ScaleSettings {
        ty: "target_utilization",
        min_instances: scale.instances.0,
        max_instances: scale.instances.1,
        target_utilization_percentage: scale.utilization,
        polling_interval: scale.poll,
    }
}

fn resources(resources: &InstanceResources) -> ResourceRequirements {
    let gpu = resources.gpu.map(|it| it.to_string());
    let (cpu, memory) = (&resources.cpu, &resources.memory);
    ResourceRequirements {
        requests: ResourceSettings {
            cpu: cpu.as_ref().map(|it| it.0.clone()),
            memory: memory.as_ref().map(|it| it.0.clone()),
            gpu: gpu.clone(),
        },
        limits: ResourceSettings {
            cpu: cpu.as_ref().map(|it| it.1.clone()),
            memory: memory.as_ref().map(|it| it.1.clone()),
            gpu,
        },
    }
}

fn collector(collect: &Collect) -> DataCollector {
    let enabled = |on: bool| Collection { enabled: if on { "true" } else { "false" } };
    let headers =
        (!collect.headers.is_empty()).then(|| RequestLogging { capture_headers: collect.headers.clone() });
    DataCollector {
        collections: Map::from([
            ("model_inputs".to_owned(), enabled(collect.inputs)),
            ("model_outputs".to_owned(), enabled(collect.outputs)),
        ]),
        rolling_rate: collect.rolling,
        sampling_rate: collect.sampling.map(|it| f64::from(it) / 100.0),
        request_logging: headers,
    }
}
