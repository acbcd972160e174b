//! Steps, as pipeline jobs and pipeline components hold them.

use super::guard::{self, Guard};
use super::order::{self, Wait};
use super::pipeline::{Exposed, Shape};
use super::place::Place;
use super::schema::{
    Environment, Input, JobIdentity, Limits, Map, Node, Output, Parameter, Resources, Scalar,
};
use super::work::{ComponentRef, InlineComponent, Run, Work};
use super::{batches, memory, sweep};
use crate::emit::data;
use crate::model::ml_flow;
use crate::model::project::{
    self, MlBinding, MlDefault, MlOutput, MlPipeline, MlPort, MlResources, MlSource, MlStep, MlType, MlWork,
};
use serde_json::value::RawValue;

/// All steps, in an order that follows the data.
pub fn all(place: &Place<'_>, pipeline: &MlPipeline, shape: &Shape) -> Map<Node> {
    let order = ml_flow::order(&pipeline.steps);
    let decisions = ml_flow::decisions(&pipeline.steps, &order);
    let node = |index: usize| {
        let step = &pipeline.steps[index];
        let guards = guard::of(step, &decisions[index], &pipeline.steps);
        let builder = Builder { guards, shape: Some(shape), ..Builder::plain(place, pipeline, index) };
        (step.ident.value.clone(), builder.node())
    };
    order.into_iter().map(node).collect()
}

pub struct Builder<'a> {
    pub place: &'a Place<'a>,
    pub pipeline: &'a MlPipeline,
    pub step: &'a MlStep,
    index: usize,
    shape: Option<&'a Shape>,
    guards: Vec<Guard>,
    /// What it only waits for.
    waits: Vec<Wait>,
    /// The output through which others wait for it, where it has none of its own.
    marker: Option<&'static str>,
}

impl<'a> Builder<'a> {
    /// Without decisions, and without a place in a job or component.
    pub fn plain(place: &'a Place<'a>, pipeline: &'a MlPipeline, index: usize) -> Builder<'a> {
        Builder {
            place,
            pipeline,
            step: &pipeline.steps[index],
            index,
            shape: None,
            guards: Vec::new(),
            waits: order::waits(&pipeline.steps, index),
            marker: order::marker(&pipeline.steps, index),
        }
    }

    fn node(&self) -> Node {
        let step = self.step;
        let mut resources = resources(&step.resources);
        if let MlWork::Spark(spark) = &step.work {
            resources = spark.instance_type.as_ref().map(|size| Resources {
                instance_type: Some(size.value.clone()),
                runtime_version: spark.runtime_version.as_ref().map(|it| it.value.clone()),
                ..Resources::default()
            });
        }
        Node {
            ty: self.ty(),
            display_name: step.title.clone(),
            description: step.doc.clone(),
            tags: step.tags.clone(),
            work: self.work(),
            compute: self.compute(),
            inputs: self.inputs(),
            outputs: self.outputs(),
            environment_variables: step.env.clone(),
            distribution: step
                .distribution
                .filter(|_| !matches!(step.work, MlWork::Sweep(_)))
                .map(Into::into),
            resources,
            limits: step.timeout_seconds.map(|timeout| Limits { timeout }),
            identity: self.identity(),
            extra: data::object(&step.extra),
        }
    }

    fn ty(&self) -> &'static str {
        match &self.step.work {
            MlWork::Command => "command",
            MlWork::Component(it) => self.place.project.components[it.value].kind.word(),
            MlWork::Pipeline(_) => "pipeline",
            MlWork::Sweep(_) => "sweep",
            MlWork::Parallel(_) => "parallel",
            MlWork::Spark(_) => "spark",
        }
    }

    /// Whether a node of its own decides where it runs.
    fn has_compute(&self) -> bool {
        match &self.step.work {
            MlWork::Pipeline(_) => false,
            MlWork::Spark(spark) => spark.instance_type.is_none(),
            MlWork::Component(it) => {
                self.place.project.components[it.value].kind != project::ComponentKind::Pipeline
            }
            MlWork::Command | MlWork::Sweep(_) | MlWork::Parallel(_) => true,
        }
    }

    fn compute(&self) -> Option<String> {
        let common = self.pipeline.compute.as_ref();
        let own = self.step.compute.as_ref();
        let compute = if self.shape.is_some_and(|it| it.says_compute) {
            own.or(common).filter(|_| self.has_compute())
        } else {
            own.filter(|own| common.is_none_or(|it| it.value != own.value))
        };
        compute.map(|it| self.place.compute(it.value))
    }

    fn identity(&self) -> Option<JobIdentity> {
        let own = self.step.identity.map(Into::into);
        match &self.step.work {
            // What Azure ML takes by itself, said.
            MlWork::Spark(spark) => own.or(Some(if spark.instance_type.is_some() {
                JobIdentity::User
            } else {
                JobIdentity::Managed
            })),
            MlWork::Command
            | MlWork::Component(_)
            | MlWork::Pipeline(_)
            | MlWork::Sweep(_)
            | MlWork::Parallel(_) => own,
        }
    }

    fn work(&self) -> Work {
        let work = match &self.step.work {
            MlWork::Command => Work::Run(self.run()),
            MlWork::Parallel(it) => Work::Parallel(Box::new(batches::parallel(self, it))),
            MlWork::Spark(it) => Work::Spark(Box::new(batches::spark(self, it))),
            MlWork::Sweep(it) => return Work::Sweep(Box::new(sweep::work(self, it))),
            MlWork::Component(it) => return named(self.place.component(it.value)),
            MlWork::Pipeline(it) => return named(self.place.pipeline_component(it.value)),
        };
        let has_optional = self.step.inputs.values().any(|it| self.is_optional(it));
        if self.step.reuse && !has_optional {
            return work;
        }
        let outputs = self.declared_outputs().into_iter();
        let component = InlineComponent {
            ty: self.ty(),
            is_deterministic: self.step.reuse,
            work,
            inputs: self.parameters(),
            outputs: outputs.map(|(name, ty)| (name, Output { ty, mode: None, path: None })).collect(),
        };
        Work::Component { component: ComponentRef::Inline(Box::new(component)) }
    }

    pub fn run(&self) -> Run {
        let step = self.step;
        let written = step.command.as_ref().map_or("", |it| it.value.as_str());
        let guarded = guard::wrap(step, written, &self.guards, &self.pipeline.steps);
        let marked = self.marker.map_or_else(String::new, order::write_marker);
        Run { code: self.code(), command: marked + &guarded, environment: self.environment() }
    }

    pub fn code(&self) -> Option<String> {
        self.step.code.as_ref().map(|it| self.place.local(&it.value))
    }

    pub fn environment(&self) -> Option<Environment> {
        let runtime = self.step.runtime.as_ref()?;
        Some(self.place.environment(&self.place.project.runtimes[runtime.value]))
    }

    fn inputs(&self) -> Map<Input> {
        let written = self.step.inputs.iter().filter(|(_, it)| self.is_bound(it));
        let written = written.map(|(name, it)| (name.clone(), self.input(name, it)));
        let decisions = self.guards.iter().map(|it| {
            let path = Some(self.port_binding(&it.port));
            (it.input.clone(), Input::Data { ty: MlType::Decision.word(), path, mode: None })
        });
        let waits = self.waits.iter().map(|it| {
            let path = Some(self.port_binding(&it.port));
            (it.input.clone(), Input::Data { ty: it.ty.word(), path, mode: Some("direct") })
        });
        written.chain(decisions).chain(waits).collect()
    }

    /// A job leaves out what it holds no value for.
    fn is_bound(&self, binding: &MlBinding) -> bool {
        match &binding.source {
            MlSource::Input(name) => self.shape.is_none_or(|it| !it.absent.contains(name)),
            MlSource::Output(_) | MlSource::Literal(_) => true,
        }
    }

    fn input(&self, name: &str, binding: &MlBinding) -> Input {
        let path = match &binding.source {
            MlSource::Input(name) => format!("${{{{parent.inputs.{name}}}}}"),
            MlSource::Output(port) => self.port_binding(port),
            MlSource::Literal(MlDefault::Data(source)) => self.place.data(source),
            MlSource::Literal(literal) => return Input::Scalar(scalar(literal)),
        };
        let ty = self.wanted(name).unwrap_or_else(|| self.type_of(&binding.source));
        if ty.is_literal() {
            return Input::Binding(path);
        }
        Input::Data { ty: ty.word(), path: Some(path), mode: binding.mode }
    }

    /// The type that the component declares, of what is one.
    fn wanted(&self, input: &str) -> Option<MlType> {
        let project = self.place.project;
        let declared = match &self.step.work {
            MlWork::Pipeline(it) => &project.ml_pipelines[it.value].inputs,
            other => &project.components[other.component()?.value].inputs,
        };
        declared.get(input).map(|it| it.ty)
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

    pub fn parameters(&self) -> Map<Parameter> {
        let written = self.step.inputs.iter().map(|(name, it)| {
            (name.clone(), Parameter::of(self.type_of(&it.source).word(), self.is_optional(it)))
        });
        let decisions =
            self.guards.iter().map(|it| (it.input.clone(), Parameter::of(MlType::Decision.word(), false)));
        let waits = self.waits.iter().map(|it| (it.input.clone(), Parameter::of(it.ty.word(), false)));
        written.chain(decisions).chain(waits).collect()
    }

    /// Names and types of what the step's own component would declare.
    pub fn declared_outputs(&self) -> Map<&'static str> {
        let own = self.step.outputs.iter().map(|(name, it)| (name.clone(), it.ty.word()));
        own.chain(self.marker.map(|it| (it.to_owned(), MlType::UriFolder.word()))).collect()
    }

    fn outputs(&self) -> Map<Output> {
        let own = self.step.outputs.iter().map(|(name, it)| (name.clone(), self.output(it)));
        let marker = self
            .marker
            .map(|it| (it.to_owned(), Output { ty: MlType::UriFolder.word(), mode: None, path: None }));
        let is_named = match &self.step.work {
            MlWork::Component(_) | MlWork::Pipeline(_) => true,
            other => other.component().is_some(),
        };
        // A component declares its outputs itself.
        let said = |it: &Output| !is_named || it.mode.is_some() || it.path.is_some();
        own.chain(marker).filter(|(_, it)| said(it)).collect()
    }

    fn output(&self, output: &MlOutput) -> Output {
        let port = MlPort { step: self.index, output: output.ident.value.clone() };
        let exposed = self.shape.and_then(|shape| shape.outputs.iter().find(|it| it.port == port));
        let path = match exposed {
            Some(Exposed { name, .. }) => Some(format!("${{{{parent.outputs.{name}}}}}")),
            None => output.path.as_ref().map(|it| self.place.asset_path(it)),
        };
        Output { ty: output.ty.word(), mode: output.mode, path }
    }
}

fn named(component: String) -> Work {
    Work::Component { component: ComponentRef::Named(component) }
}

pub fn resources(resources: &MlResources) -> Option<Resources> {
    let found = Resources {
        instance_count: resources.instances,
        instance_type: resources.instance_type.clone(),
        shm_size: resources.shm_size.as_deref().map(memory::docker),
        docker_args: resources.docker_args.clone(),
        runtime_version: None,
    };
    (found != Resources::default()).then_some(found)
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
    Scalar::Number(raw(value))
}

/// Without an exponent.
pub fn raw(value: f64) -> Box<RawValue> {
    RawValue::from_string(value.to_string()).expect("a finite number in decimals is JSON")
}
