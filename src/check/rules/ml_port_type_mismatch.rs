//! # Data of one type where another is declared
//!
//! A step reads what its binding brings. Azure ML's own validation accepts a file where a folder is declared, and a
//! report that is registered as a model; the mistake shows on the cluster, after the steps before have run.
//!
//! ```mlops,fails
//! datastore store { existing = true }
//! data prices { type = uri_file, path = path(store, "prices.csv") }
//! runtime python { image = "mcr.microsoft.com/azureml/openmpi4.1.0-ubuntu22.04:20250601.v1" }
//! ml_pipeline training {
//!   compute = serverless
//!   input raw: uri_folder = prices
//!   step train {
//!     runtime = python
//!     command = "python -m train ${{inputs.raw}}"
//!     inputs { raw = inputs.raw }
//!   }
//! }
//! ```
//!
//! ```mlops,passes
//! datastore store { existing = true }
//! data prices { type = uri_file, path = path(store, "prices.csv") }
//! runtime python { image = "mcr.microsoft.com/azureml/openmpi4.1.0-ubuntu22.04:20250601.v1" }
//! ml_pipeline training {
//!   compute = serverless
//!   input raw: uri_file = prices
//!   step train {
//!     runtime = python
//!     command = "python -m train ${{inputs.raw}}"
//!     inputs { raw = inputs.raw }
//!   }
//! }
//! ```
//!
//! Declare both ends alike. A model or an `mltable` fits a `uri_folder`; a file and a folder never fit each other.
//!
//! Source: measured with azure-ai-ml 1.35.2, which accepts the mismatch.

use crate::check::{Cx, Rule};
use crate::model::project::{DataSource, MlDefault, MlPipeline, MlType, Project};

pub(super) static RULE: Rule = Rule::error("ml-port-type-mismatch", run).in_views();

fn run(cx: &mut Cx<'_>) {
    let project = cx.project;
    for pipeline in project.ml_pipelines.values() {
        defaults(cx, project, pipeline);
        registrations(cx, project, pipeline);
    }
}

fn fits(have: MlType, want: MlType) -> bool {
    have == want || (want == MlType::UriFolder && (have.is_model() || have == MlType::MlTable))
}

fn defaults(cx: &mut Cx<'_>, project: &Project, pipeline: &MlPipeline) {
    for input in pipeline.inputs.values() {
        let Some(MlDefault::Data(DataSource::Asset(asset, _))) = &input.default else { continue };
        let asset = &project.data[*asset];
        if !fits(asset.ty, input.ty) {
            let (have, want) = (asset.ty.word(), input.ty.word());
            cx.report(&RULE, input.ident.span, format!("input `{}` is a {want}, its default a {have}", input.ident.value))
                .label(asset.header.head, format!("a {have}"))
                .help(format!("declare the input as `{have}`, or the data with `type = {want}`"));
        }
    }
}

fn registrations(cx: &mut Cx<'_>, project: &Project, pipeline: &MlPipeline) {
    for registration in &pipeline.registrations {
        let port = &registration.from.value;
        let output = &pipeline.steps[port.step].outputs[&port.output];
        let model = &project.models[registration.model.value];
        let folder_as_model = output.ty == MlType::UriFolder;
        if output.ty != model.ty && !folder_as_model {
            let (have, want) = (output.ty.word(), model.ty.word());
            cx.report(&RULE, registration.from.span, format!("a {have} is registered as a {want}"))
                .label(output.ident.span, format!("declared as {have}"))
                .label(model.header.head, format!("a {want}"))
                .help(format!("declare the output as `{want}`, or correct `type` of the model"));
        }
    }
}
