//! # An ML pipeline runs where nothing creates its compute
//!
//! A cluster belongs to one workspace. Where environments have workspaces of their own, `ensure` in one of them creates nothing
//! in the others: Azure ML refuses the run there, "compute not found".
//!
//! ```mlops,fails
//! project prices { connection = azure, workspace = dev_ml }
//! connection azure { type = azure_rm }
//! workspace dev_ml { resource_group = "rg-dev", existing = true }
//! workspace prod_ml { resource_group = "rg-prod", existing = true }
//! compute train_cpu { size = "Standard_DS3_v2", nodes = 0..2 }
//! runtime python { image = "mcr.microsoft.com/azureml/openmpi4.1.0-ubuntu22.04:20250601.v1" }
//! ml_pipeline training {
//!   compute = train_cpu
//!   step train { runtime = python, command = "python --version" }
//! }
//! environment prod { workspace = prod_ml }
//! pipeline run {
//!   trigger manual
//!   stage dev { ensure train_cpu, submit training { wait = agent } }
//!   stage prod { context = prod, submit training { wait = agent } }
//! }
//! ```
//!
//! ```mlops,passes
//! project prices { connection = azure, workspace = dev_ml }
//! connection azure { type = azure_rm }
//! workspace dev_ml { resource_group = "rg-dev", existing = true }
//! workspace prod_ml { resource_group = "rg-prod", existing = true }
//! compute train_cpu { size = "Standard_DS3_v2", nodes = 0..2 }
//! runtime python { image = "mcr.microsoft.com/azureml/openmpi4.1.0-ubuntu22.04:20250601.v1" }
//! ml_pipeline training {
//!   compute = train_cpu
//!   step train { runtime = python, command = "python --version" }
//! }
//! environment prod { workspace = prod_ml }
//! pipeline run {
//!   trigger manual
//!   stage dev { ensure train_cpu, submit training { wait = agent } }
//!   stage prod { context = prod, ensure train_cpu, submit training { wait = agent } }
//! }
//! ```
//!
//! Add `ensure` to the stage; or say in the environment that the compute is there: `compute train_cpu { existing = true }`. A
//! compute that the project never ensures is taken to be there everywhere.
//!
//! Source: Azure Machine Learning documentation, "Create an Azure Machine Learning compute cluster".

use crate::base::arena::Id;
use crate::check::walk::{self, Made};
use crate::check::{Cx, Group, Rule};
use crate::model::project::{Compute, MlPipeline};
use crate::model::steps::Kind;
use crate::schema;

pub(super) static RULE: Rule = Rule::warning(Group::Ml, "compute-not-in-workspace", run);

fn run(cx: &mut Cx<'_>) {
    let project = cx.project;
    let ensured = ensured(cx);
    for place in cx.deliveries().iter().filter(|it| it.step.enabled) {
        let Some(pipeline) = submitted(&place.step.kind) else { continue };
        let (Some(workspace), view) = (walk::workspace(project, place), project.seen_in(place.environment())) else { continue };
        let mut told: Vec<Id<Compute>> = Vec::new();
        for compute in computes(&view.ml_pipelines[pipeline]) {
            let declared = &view.computes[compute];
            let Some(elsewhere) = walk::made_elsewhere(&ensured, compute, workspace) else { continue };
            if declared.serverless || declared.header.existing || told.contains(&compute) {
                continue;
            }
            told.push(compute);
            let (name, workspace) = (&declared.header.ident.value, &project.workspaces[workspace].header.ident.value);
            cx.report(&RULE, place.step.head, format!("nothing creates `{name}` in workspace `{workspace}`, where this runs on it"))
                .label(elsewhere.step.head, "created in another workspace only")
                .help(format!("add `ensure {name}` before it, or give the environment `compute {name} {{ existing = true }}`"));
        }
    }
}

fn ensured<'p>(cx: &Cx<'p>) -> Vec<Made<'p, Compute>> {
    let mut found = Vec::new();
    for place in cx.deliveries() {
        let (Kind::Ensure(ensure), Some(workspace)) = (&place.step.kind, walk::workspace(cx.project, place)) else { continue };
        let computes = ensure.what.iter().filter(|it| it.kind == schema::Kind::Compute);
        found.extend(computes.map(|it| Made { what: Id::new(it.index), workspace, place: *place }));
    }
    found
}

fn submitted(kind: &Kind) -> Option<Id<MlPipeline>> {
    match kind {
        Kind::Submit(submit) => Some(submit.ml_pipeline),
        Kind::PublishPipeline(publish) => Some(publish.ml_pipeline),
        _ => None,
    }
}

fn computes(pipeline: &MlPipeline) -> impl Iterator<Item = Id<Compute>> {
    let of_steps = pipeline.steps.iter().filter_map(|it| it.compute.as_ref());
    pipeline.compute.iter().chain(of_steps).map(|it| it.value)
}
