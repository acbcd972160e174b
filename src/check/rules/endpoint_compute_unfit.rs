//! # A compute that cannot hold the endpoint
//!
//! An online endpoint runs on instances that Azure ML manages, or on a Kubernetes cluster that somebody attached to the
//! workspace; the clusters of Azure ML run jobs only. A batch endpoint runs jobs, and needs such a cluster by name.
//!
//! ```mlops,fails
//! compute train { size = "Standard_DS3_v2" }
//! model price { type = mlflow_model }
//! endpoint prices {
//!   type    = online
//!   compute = train
//!   deployment main { model = price }
//! }
//! ```
//!
//! ```mlops,passes
//! compute k8s { existing = true }
//! model price { type = mlflow_model }
//! endpoint prices {
//!   type    = online
//!   compute = k8s
//!   deployment main { model = price }
//! }
//! ```
//!
//! Name an attached cluster with `existing = true`, or leave `compute` out and give the deployment a `size`.
//!
//! Source: Azure ML documentation, "Online endpoints YAML schema" and "Batch deployment YAML schema".

use crate::base::arena::Id;
use crate::base::span::Spanned;
use crate::check::{Cx, Group, Rule};
use crate::model::project::{Compute, EndpointKind};

pub(super) static RULE: Rule = Rule::error(Group::Deployment, "endpoint-compute-unfit", run);

fn run(cx: &mut Cx<'_>) {
    let project = cx.project;
    for endpoint in project.endpoints.values() {
        let settings = &endpoint.settings;
        if let Some(compute) = settings.compute.as_ref().filter(|_| endpoint.kind == EndpointKind::Online) {
            on_cluster(cx, compute);
        }
        let batch = endpoint.kind == EndpointKind::Batch;
        for deployment in settings.deployments.values().filter(|it| batch && it.ml_pipeline.is_none()) {
            let serverless = deployment.compute.as_ref().filter(|it| project.computes[it.value].serverless);
            if let Some(compute) = serverless {
                cx.report(&RULE, compute.span, "a batch deployment of a model needs a cluster")
                    .help("declare one with `compute NAME { size = \"…\", nodes = 0..4 }`, and name it here");
            }
        }
    }
}

fn on_cluster(cx: &mut Cx<'_>, named: &Spanned<Id<Compute>>) {
    let compute = &cx.project.computes[named.value];
    let name = &compute.header.ident.value;
    if compute.serverless {
        cx.report(&RULE, named.span, format!("`{name}` runs jobs, no endpoints"))
            .help("remove it: without `compute`, Azure ML manages the instances");
    } else if !compute.header.existing {
        cx.report(&RULE, named.span, format!("`{name}` runs jobs, no endpoints"))
            .label(compute.header.head, "a cluster of Azure ML")
            .help("name an attached Kubernetes cluster, declared with `existing = true`, or remove it: Azure ML then manages the instances");
    }
}
