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

use crate::base::span::Span;
use crate::check::ml::Interface;
use crate::check::{Cx, Group, Rule};
use crate::model::project::{DataSource, MlDefault, MlPipeline, MlSource, MlStep, MlType, Project};

pub(super) static RULE: Rule = Rule::error(Group::Ml, "ml-port-type-mismatch", run).in_views();

fn run(cx: &mut Cx<'_>) {
    let project = cx.project;
    for pipeline in project.ml_pipelines.values() {
        defaults(cx, project, pipeline);
        registrations(cx, project, pipeline);
        outputs(cx, pipeline);
        for step in &pipeline.steps {
            component_inputs(cx, project, pipeline, step);
            tables(cx, project, pipeline, step);
        }
    }
}

/// What a step gives to the component or ML pipeline that it is.
fn component_inputs(cx: &mut Cx<'_>, project: &Project, pipeline: &MlPipeline, step: &MlStep) {
    let Some(interface) = Interface::of(project, step) else { return };
    for (name, binding) in &step.inputs {
        let Some(input) = interface.inputs.iter().find(|it| it.ident.value == *name) else { continue };
        let Some(have) = type_of(project, pipeline, &binding.source) else { continue };
        if !have.fits(input.ty) {
            let (have, want) = (have.word(), input.ty.word());
            let given = declaration(project, pipeline, &binding.source);
            let report = cx
                .report(&RULE, binding.span, format!("input `{name}` of {} is a {want}, and gets a {have}", interface.what))
                .label(input.ident.span, format!("declared as {want}"));
            let report = match given {
                Some(given) => report.label(given, format!("declared as {have}")),
                None => report,
            };
            report.help(format!("give it a {want}, or declare it as `{have}`"));
        }
    }
}

/// `eval_mount` and `eval_download` work a table out.
fn tables(cx: &mut Cx<'_>, project: &Project, pipeline: &MlPipeline, step: &MlStep) {
    for binding in step.inputs.values().filter(|it| it.mode.is_some_and(|mode| mode.starts_with("eval_"))) {
        let ty = type_of(project, pipeline, &binding.source).unwrap_or(MlType::UriFolder);
        if ty != MlType::MlTable {
            let mode = binding.mode.unwrap_or_default();
            cx.report(&RULE, binding.span, format!("`{mode}` takes an mltable, and this is a {}", ty.word()))
                .help("write `mount(…)` or `download(…)`, or declare an `mltable`");
        }
    }
}

/// None where it cannot be told: a path holds what it holds.
fn type_of(project: &Project, pipeline: &MlPipeline, source: &MlSource) -> Option<MlType> {
    match source {
        MlSource::Input(name) => pipeline.inputs.get(name).map(|it| it.ty),
        MlSource::Output(port) => Some(pipeline.steps[port.step].outputs.get(&port.output)?.ty),
        MlSource::Literal(MlDefault::Data(DataSource::Asset(asset, _))) => Some(project.data[*asset].ty),
        MlSource::Literal(MlDefault::Data(DataSource::Model(model, _))) => Some(project.models[*model].ty),
        MlSource::Literal(MlDefault::Data(DataSource::Path(_))) => None,
        MlSource::Literal(MlDefault::String(_)) => Some(MlType::String),
        MlSource::Literal(MlDefault::Integer(_)) => Some(MlType::Integer),
        MlSource::Literal(MlDefault::Number(_)) => Some(MlType::Number),
        MlSource::Literal(MlDefault::Boolean(_)) => Some(MlType::Boolean),
    }
}

/// Where the type of what comes in is said.
fn declaration(project: &Project, pipeline: &MlPipeline, source: &MlSource) -> Option<Span> {
    match source {
        MlSource::Input(name) => pipeline.inputs.get(name).map(|it| it.ident.span),
        MlSource::Output(port) => Some(pipeline.steps[port.step].outputs.get(&port.output)?.ident.span),
        MlSource::Literal(MlDefault::Data(DataSource::Asset(asset, _))) => Some(project.data[*asset].header.head),
        MlSource::Literal(MlDefault::Data(DataSource::Model(model, _))) => Some(project.models[*model].header.head),
        MlSource::Literal(_) => None,
    }
}

/// The outputs of the pipeline are those of its steps.
fn outputs(cx: &mut Cx<'_>, pipeline: &MlPipeline) {
    for output in pipeline.outputs.values() {
        let port = &output.from.value;
        let Some(own) = pipeline.steps[port.step].outputs.get(&port.output) else { continue };
        if own.ty.word() != output.ty.word() {
            let (have, want) = (own.ty.word(), output.ty.word());
            cx.report(&RULE, output.from.span, format!("output `{}` is a {want}, and that of the step a {have}", output.ident.value))
                .label(own.ident.span, format!("a {have}"))
                .help(format!("write `output {}: {have}`", output.ident.value));
        }
    }
}

fn defaults(cx: &mut Cx<'_>, project: &Project, pipeline: &MlPipeline) {
    for input in pipeline.inputs.values() {
        let (ty, head) = match &input.default {
            Some(MlDefault::Data(DataSource::Asset(it, _))) => (project.data[*it].ty, project.data[*it].header.head),
            Some(MlDefault::Data(DataSource::Model(it, _))) => (project.models[*it].ty, project.models[*it].header.head),
            _ => continue,
        };
        if !ty.fits(input.ty) {
            let (have, want) = (ty.word(), input.ty.word());
            cx.report(&RULE, input.ident.span, format!("input `{}` is a {want}, its default a {have}", input.ident.value))
                .label(head, format!("a {have}"))
                .help(format!("declare the input as `{have}`, or what it is given with `type = {want}`"));
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
