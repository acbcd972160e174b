//! An ML pipeline as a job that can be submitted.

use super::place::Place;
use super::schema::{Input, Map, Output, PipelineJob, Settings};
use super::{Cx, document, node, sweep};
use crate::emit::{OutputFile, data};
use crate::model::documents;
use crate::model::ml_flow;
use crate::model::project::{AssetPath, MlDefault, MlInput, MlOutput, MlPipeline, MlPort, MlType};

/// The job, and the components of its sweeps.
pub fn emit(cx: &Cx<'_>, pipeline: &MlPipeline) -> Vec<OutputFile> {
    let mut files = sweep::trials(cx, pipeline);
    files.push(emit_with(cx, pipeline, documents::ml_pipeline(&pipeline.header), &Map::new()));
    files
}

/// The job with other values for some inputs.
pub fn emit_with(cx: &Cx<'_>, pipeline: &MlPipeline, path: String, given: &Map<MlDefault>) -> OutputFile {
    let place = Place::new(cx, &path);
    document(path, "pipelineJob", &job(&place, pipeline, given), pipeline.header.head)
}

/// What a job and a component of the same pipeline show of it in different ways.
pub struct Shape {
    pub outputs: Vec<Exposed>,
    /// Inputs that have no value, and so no place in the document.
    pub absent: Vec<String>,
    /// Whether each step says where it runs, because nothing around it does.
    pub says_compute: bool,
}

/// An output of a step that is one of the pipeline too.
pub struct Exposed {
    pub name: String,
    pub port: MlPort,
}

/// The declared outputs. Decisions and registered ones are read after the run, so they are outputs of the pipeline
/// too, and so are those that `also` picks.
pub fn exposed(pipeline: &MlPipeline, also: impl Fn(&MlOutput) -> bool) -> Vec<Exposed> {
    let declared = pipeline.outputs.values().map(|it| it.from.value.clone());
    let mut found: Vec<Exposed> =
        declared.map(|port| Exposed { name: ml_flow::exposed_name(pipeline, &port), port }).collect();
    for (index, step) in pipeline.steps.iter().enumerate() {
        for (name, output) in &step.outputs {
            let port = MlPort { step: index, output: name.clone() };
            let is_registered = pipeline.registrations.iter().any(|it| it.from.value == port);
            let is_declared = found.iter().any(|it| it.port == port);
            if !is_declared && (output.ty == MlType::Decision || is_registered || also(output)) {
                found.push(Exposed { name: ml_flow::exposed_name(pipeline, &port), port });
            }
        }
    }
    found
}

/// The outputs under their names in the pipeline; `path` says where one is stored.
pub fn outputs(
    pipeline: &MlPipeline,
    exposed: &[Exposed],
    path: impl Fn(&AssetPath) -> Option<String>,
) -> Map<Output> {
    let output = |it: &Exposed| {
        let own = &pipeline.steps[it.port.step].outputs[&it.port.output];
        let declared = pipeline.outputs.values().find(|declared| declared.from.value == it.port);
        let mode = declared.and_then(|it| it.mode).or(own.mode);
        let place = declared.and_then(|it| it.path.as_ref()).or(own.path.as_ref());
        let ty = declared.map_or(own.ty, |it| it.ty);
        (it.name.clone(), Output { ty: ty.word(), mode, path: place.and_then(&path) })
    };
    exposed.iter().map(output).collect()
}

pub fn title(pipeline: &MlPipeline) -> String {
    pipeline.header.title.as_ref().unwrap_or(&pipeline.header.ident).value.clone()
}

pub fn description(pipeline: &MlPipeline) -> Option<String> {
    pipeline.description.clone().or_else(|| pipeline.header.doc.clone())
}

fn job(place: &Place<'_>, pipeline: &MlPipeline, given: &Map<MlDefault>) -> PipelineJob {
    let mut inputs = Map::new();
    let mut absent = Vec::new();
    for (name, input) in &pipeline.inputs {
        match value(place, input, given.get(name)) {
            Some(value) => drop(inputs.insert(name.clone(), value)),
            None if input.optional => absent.push(name.clone()),
            None => {}
        }
    }
    let shape = Shape { outputs: exposed(pipeline, |it| it.path.is_some()), absent, says_compute: false };
    let experiment = pipeline.experiment.as_ref().unwrap_or(&pipeline.header.name);
    PipelineJob {
        ty: "pipeline",
        display_name: title(pipeline),
        description: description(pipeline),
        experiment_name: experiment.value.clone(),
        tags: pipeline.tags.clone(),
        settings: Settings {
            default_compute: pipeline.compute.as_ref().map(|it| place.compute(it.value)),
            default_datastore: pipeline
                .datastore
                .as_ref()
                .map(|it| format!("azureml:{}", place.datastore_name(it.value))),
            continue_on_step_failure: pipeline.continue_on_step_failure,
            force_rerun: !pipeline.reuse,
        },
        inputs,
        outputs: outputs(pipeline, &shape.outputs, |it| Some(place.asset_path(it))),
        jobs: node::all(place, pipeline, &shape),
        identity: pipeline.identity.map(Into::into),
        extra: data::object(&pipeline.extra),
    }
}

/// A job holds values, not declarations. Data without a default keep their type: whoever submits sets the path.
fn value(place: &Place<'_>, input: &MlInput, given: Option<&MlDefault>) -> Option<Input> {
    match given.or(input.default.as_ref()) {
        Some(MlDefault::Data(source)) => {
            Some(Input::Data { ty: input.ty.word(), path: Some(place.data(source)), mode: None })
        }
        Some(literal) => Some(Input::Scalar(node::scalar(literal))),
        None if input.ty.is_literal() || input.optional => None,
        None => Some(Input::Data { ty: input.ty.word(), path: None, mode: None }),
    }
}
