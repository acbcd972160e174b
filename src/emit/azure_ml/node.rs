//! Steps, as pipeline jobs and pipeline components hold them.

use super::graph;
use super::guard::{self, Guard};
use super::pipeline::{Exposed, Shape};
use super::place::Place;
use super::schema::{
    CommandComponent, Input, Limits, Map, Node, Output, Parameter, Resources, Run, Scalar, Work,
};
use crate::model::project::{MlBinding, MlDefault, MlOutput, MlPipeline, MlPort, MlSource, MlStep, MlType};
use serde_json::value::RawValue;

/// All steps, in an order that follows the data.
pub fn all(place: &Place<'_>, pipeline: &MlPipeline, shape: &Shape) -> Map<Node> {
    let order = graph::order(&pipeline.steps);
    let decisions = graph::decisions(&pipeline.steps, &order);
    let node = |index: usize| {
        let step = &pipeline.steps[index];
        let guards = guard::of(step, &decisions[index], &pipeline.steps);
        let builder = Builder { place, pipeline, shape, step, index, guards };
        (step.ident.value.clone(), builder.node())
    };
    order.into_iter().map(node).collect()
}

struct Builder<'a> {
    place: &'a Place<'a>,
    pipeline: &'a MlPipeline,
    shape: &'a Shape,
    step: &'a MlStep,
    index: usize,
    guards: Vec<Guard>,
}

impl Builder<'_> {
    fn node(&self) -> Node {
        let step = self.step;
        let compute = step
            .compute
            .as_ref()
            .filter(|own| self.pipeline.compute.as_ref().is_none_or(|it| it.value != own.value));
        let has_resources = step.instance_count.is_some() || step.shm_size.is_some();
        Node {
            ty: "command",
            display_name: step.title.clone(),
            description: step.doc.clone(),
            work: self.work(),
            compute: compute.map(|it| self.place.compute(it.value)),
            inputs: self.inputs(),
            outputs: step.outputs.iter().map(|(name, it)| (name.clone(), self.output(it))).collect(),
            environment_variables: step.env.clone(),
            resources: has_resources.then(|| Resources {
                instance_count: step.instance_count,
                shm_size: step.shm_size.as_deref().map(shared_memory),
            }),
            limits: step.timeout_seconds.map(|timeout| Limits { timeout }),
        }
    }

    fn work(&self) -> Work {
        let run = self.run();
        let has_optional = self.step.inputs.values().any(|it| self.is_optional(it));
        if self.step.reuse && !has_optional {
            return Work::Run(run);
        }
        let outputs = self.step.outputs.iter();
        Work::Component {
            component: CommandComponent {
                ty: "command",
                is_deterministic: self.step.reuse,
                run,
                inputs: self.parameters(),
                outputs: outputs
                    .map(|(name, it)| (name.clone(), Output { ty: it.ty.word(), mode: None, path: None }))
                    .collect(),
            },
        }
    }

    fn run(&self) -> Run {
        let step = self.step;
        let written = step.command.as_ref().map_or("", |it| it.value.as_str());
        Run {
            code: step.code.as_ref().map(|it| self.place.local(&it.value)),
            command: guard::wrap(step, written, &self.guards, &self.pipeline.steps),
            environment: step
                .runtime
                .as_ref()
                .map(|it| self.place.environment(&self.place.project.runtimes[it.value])),
        }
    }

    fn inputs(&self) -> Map<Input> {
        let written = self.step.inputs.iter().filter(|(_, it)| self.is_bound(it));
        let written = written.map(|(name, it)| (name.clone(), self.input(it)));
        let decisions = self.guards.iter().map(|it| {
            let path = Some(self.port_binding(&it.port));
            (it.input.clone(), Input::Data { ty: MlType::Decision.word(), path, mode: None })
        });
        written.chain(decisions).collect()
    }

    /// A job leaves out what it holds no value for.
    fn is_bound(&self, binding: &MlBinding) -> bool {
        match &binding.source {
            MlSource::Input(name) => !self.shape.absent.contains(name),
            MlSource::Output(_) | MlSource::Literal(_) => true,
        }
    }

    fn input(&self, binding: &MlBinding) -> Input {
        let path = match &binding.source {
            MlSource::Input(name) => format!("${{{{parent.inputs.{name}}}}}"),
            MlSource::Output(port) => self.port_binding(port),
            MlSource::Literal(MlDefault::Data(source)) => self.place.data(source),
            MlSource::Literal(literal) => return Input::Scalar(scalar(literal)),
        };
        let ty = self.type_of(&binding.source);
        if ty.is_literal() {
            return Input::Binding(path);
        }
        Input::Data { ty: ty.word(), path: Some(path), mode: binding.mode }
    }

    fn port_binding(&self, port: &MlPort) -> String {
        let step = &self.pipeline.steps[port.step].ident.value;
        format!("${{{{parent.jobs.{step}.outputs.{}}}}}", port.output)
    }

    fn type_of(&self, source: &MlSource) -> MlType {
        match source {
            MlSource::Input(name) => self.pipeline.inputs[name].ty,
            MlSource::Output(port) => self.pipeline.steps[port.step].outputs[&port.output].ty,
            MlSource::Literal(MlDefault::String(_)) => MlType::String,
            MlSource::Literal(MlDefault::Integer(_)) => MlType::Integer,
            MlSource::Literal(MlDefault::Number(_)) => MlType::Number,
            MlSource::Literal(MlDefault::Boolean(_)) => MlType::Boolean,
            MlSource::Literal(MlDefault::Data(source)) => self.place.data_type(source),
        }
    }

    fn is_optional(&self, binding: &MlBinding) -> bool {
        match &binding.source {
            MlSource::Input(name) => self.pipeline.inputs[name].optional,
            MlSource::Output(_) | MlSource::Literal(_) => false,
        }
    }

    fn parameters(&self) -> Map<Parameter> {
        let written = self
            .step
            .inputs
            .iter()
            .map(|(name, it)| (name.clone(), parameter(self.type_of(&it.source), self.is_optional(it))));
        let decisions = self.guards.iter().map(|it| (it.input.clone(), parameter(MlType::Decision, false)));
        written.chain(decisions).collect()
    }

    fn output(&self, output: &MlOutput) -> Output {
        let port = MlPort { step: self.index, output: output.ident.value.clone() };
        let path = match self.shape.outputs.iter().find(|it| it.port == port) {
            Some(Exposed { name, .. }) => Some(format!("${{{{parent.outputs.{name}}}}}")),
            None => output.path.as_ref().map(|it| self.place.asset_path(it)),
        };
        Output { ty: output.ty.word(), mode: output.mode, path }
    }
}

fn parameter(ty: MlType, optional: bool) -> Parameter {
    Parameter {
        ty: ty.word(),
        description: None,
        optional,
        default: None,
        min: None,
        max: None,
        choices: Vec::new(),
    }
}

/// A literal as JSON has it.
pub fn scalar(literal: &MlDefault) -> Scalar {
    match literal {
        MlDefault::String(text) => Scalar::Text(text.clone()),
        MlDefault::Integer(value) => Scalar::Integer(*value),
        MlDefault::Number(value) => number(*value),
        MlDefault::Boolean(value) => Scalar::Flag(*value),
        MlDefault::Data(_) => unreachable!("data are no literals"),
    }
}

/// `value` is finite; whole numbers are written without a fraction.
pub fn number(value: f64) -> Scalar {
    let text = RawValue::from_string(value.to_string());
    Scalar::Number(text.expect("a finite number in decimals is JSON"))
}

/// Docker's spelling of an amount of memory, whose units are powers of 1024: `2Gi` is `2g`, `2G` are bytes.
fn shared_memory(written: &str) -> String {
    let unit_at = written.find(|it: char| it.is_ascii_alphabetic()).unwrap_or(written.len());
    let (digits, unit) = written.split_at(unit_at);
    let (_, short, factor) = MEMORY.iter().find(|(name, _, _)| *name == unit).unwrap_or(&("", "", 1.0));
    let is_whole = digits.bytes().all(|it| it.is_ascii_digit());
    if is_whole && !short.is_empty() {
        return format!("{digits}{short}");
    }
    let amount: f64 = digits.parse().expect("an amount of memory starts with a number");
    format!("{:.0}b", amount * factor)
}

/// Units with Docker's letter, if it has one, and their bytes.
const MEMORY: &[(&str, &str, f64)] = &[
    ("Ki", "k", 1024.0),
    ("Mi", "m", 1_048_576.0),
    ("Gi", "g", 1_073_741_824.0),
    ("Ti", "", 1_099_511_627_776.0),
    ("k", "", 1e3),
    ("M", "", 1e6),
    ("G", "", 1e9),
    ("T", "", 1e12),
];
