//! An ML pipeline as a component that a batch endpoint runs: it declares its inputs instead of giving them values.

use super::place::Place;
use super::schema::{Map, Parameter, PipelineComponent};
use super::{json, node, pipeline};
use crate::model::project::{MlDefault, MlInput, MlPipeline, MlType};
use sha2::{Digest, Sha256};

/// The component, with a version made of its content: Azure ML takes an earlier component of the same name and
/// version for this one, and without a version any earlier one.
pub fn build(place: &Place<'_>, pipeline: &MlPipeline) -> PipelineComponent {
    let mut component = unversioned(place, pipeline);
    component.version = Some(content_version(&json(&component)));
    component
}

/// A letter and ten digits: also a name that a deployment may have.
fn content_version(text: &str) -> String {
    let digest = Sha256::digest(text.as_bytes());
    let number = digest.iter().take(5).fold(0u64, |number, byte| number << 8 | u64::from(*byte));
    format!("v{number:010x}")
}

fn unversioned(place: &Place<'_>, pipeline: &MlPipeline) -> PipelineComponent {
    // A component's output has no path, so outputs with one stay with their step.
    let shape = pipeline::Shape { outputs: pipeline::exposed(pipeline, |_| false), absent: Vec::new() };
    PipelineComponent {
        ty: "pipeline",
        name: pipeline.header.ident.value.clone(),
        version: None,
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
