//! Components: those written in the project, and ML pipelines as components, which a batch endpoint or another ML
//! pipeline runs. They declare their inputs instead of giving them values.

use super::place::Place;
use super::schema::{CommandComponent, Map, Output, Parameter, PipelineComponent};
use super::work::Run;
use super::{Cx, document, node, pipeline};
use crate::emit::OutputFile;
use crate::model::documents;
use crate::model::project::{Component, MlDefault, MlInput, MlPipeline, MlType};
use indexmap::IndexMap;

pub fn emit(cx: &Cx<'_>, component: &Component) -> Option<OutputFile> {
    let written = component.written()?;
    let header = &component.header;
    let path = documents::component(header);
    let place = Place::new(cx, &path);
    let body = CommandComponent {
        ty: "command",
        name: header.name.value.clone(),
        version: component.version.as_ref().map(|it| it.value.clone()),
        display_name: header.title.as_ref().map(|it| it.value.clone()),
        description: component.description.clone().or_else(|| header.doc.clone()),
        tags: component.tags.clone(),
        is_deterministic: written.reuse,
        inputs: inputs(&component.inputs),
        outputs: component
            .outputs
            .iter()
            .map(|(name, it)| (name.clone(), Output { ty: it.ty.word(), mode: it.mode, path: None }))
            .collect(),
        run: Run {
            code: written.code.as_ref().map(|it| place.local(&it.value)),
            command: written.command.as_ref().map(|it| it.value.clone()).unwrap_or_default(),
            environment: written.runtime.as_ref().map(|it| place.environment(&cx.project.runtimes[it.value])),
        },
        distribution: written.distribution.map(Into::into),
        resources: node::resources(&written.resources),
    };
    Some(document(path, "commandComponent", &body, header.head))
}

/// An ML pipeline as a component, with the components of its sweeps.
pub fn of_pipeline(cx: &Cx<'_>, pipeline: &MlPipeline) -> OutputFile {
    let path = documents::ml_component(&pipeline.header);
    // A batch deployment has a compute for all steps; an ML pipeline around this one has another.
    let is_nested = super::nested(cx.project)
        .any(|it| cx.project.ml_pipelines[it].header.ident.value == pipeline.header.ident.value);
    let body = build(&Place::new(cx, &path), pipeline, is_nested);
    document(path, "pipelineComponent", &body, pipeline.header.head)
}

fn build(place: &Place<'_>, pipeline: &MlPipeline, says_compute: bool) -> PipelineComponent {
    // A component's output has no path, so outputs with one stay with their step.
    let outputs = pipeline::exposed(pipeline, |_| false);
    let shape = pipeline::Shape { outputs, absent: Vec::new(), says_compute };
    PipelineComponent {
        ty: "pipeline",
        name: pipeline.header.ident.value.clone(),
        display_name: pipeline::title(pipeline),
        description: pipeline::description(pipeline),
        tags: pipeline.tags.clone(),
        is_deterministic: pipeline.reuse,
        inputs: inputs(&pipeline.inputs),
        outputs: pipeline::outputs(pipeline, &shape.outputs, |_| None),
        jobs: node::all(place, pipeline, &shape),
    }
}

fn inputs(inputs: &IndexMap<String, MlInput>) -> Map<Parameter> {
    inputs.iter().map(|(name, it)| (name.clone(), parameter(it))).collect()
}

fn parameter(input: &MlInput) -> Parameter {
    let is_number = matches!(input.ty, MlType::Integer | MlType::Number);
    let bound = |it: Option<f64>| it.filter(|_| is_number).map(node::number);
    Parameter {
        ty: input.ty.word(),
        description: input.doc.clone(),
        optional: input.optional,
        default: match &input.default {
            // Azure ML refuses defaults of data: whoever invokes the endpoint gives them.
            None | Some(MlDefault::Data(_)) => None,
            Some(literal) => Some(node::scalar(literal)),
        },
        min: bound(input.min),
        max: bound(input.max),
        choices: input.choices.clone(),
    }
}
