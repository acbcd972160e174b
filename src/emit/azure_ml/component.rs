//! An ML pipeline as a component that a batch endpoint runs: it declares its inputs instead of giving them values.

use super::place::Place;
use super::schema::{Map, Parameter, PipelineComponent};
use super::{node, pipeline};
use crate::model::project::{MlDefault, MlInput, MlPipeline, MlType};

pub fn build(place: &Place<'_>, pipeline: &MlPipeline) -> PipelineComponent {
    // A component's output has no path, so outputs with one stay with their step.
    let shape = pipeline::Shape { outputs: pipeline::exposed(pipeline, |_| false), absent: Vec::new() };
    PipelineComponent {
        ty: "pipeline",
        name: pipeline.header.ident.value.clone(),
        display_name: pipeline::title(pipeline),
        description: pipeline::description(pipeline),
        tags: pipeline.tags.clone(),
        is_deterministic: pipeline.reuse,
        inputs: inputs(pipeline),
        outputs: pipeline::outputs(pipeline, &shape.outputs, |_| None),
        jobs: node::all(place, pipeline, &shape),
    }
}

fn inputs(pipeline: &MlPipeline) -> Map<Parameter> {
    pipeline.inputs.iter().map(|(name, it)| (name.clone(), parameter(it))).collect()
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
