//! Steps and components of Azure ML as several rules look at them.

use crate::base::span::{Span, Spanned};
use crate::model::project::{
    Component, ComponentKind, MlInput, MlPipeline, MlSource, MlStep, MlWork, Project,
};

/// Something with a command, or with the arguments of a script.
pub struct Commanded<'p> {
    /// ``step `x` ``
    pub what: String,
    pub head: Span,
    pub text: &'p Spanned<String>,
    pub inputs: Vec<Given<'p>>,
    pub outputs: Vec<&'p str>,
    /// What a sweep tries.
    pub space: Vec<&'p Spanned<String>>,
    /// An input that is read without standing in the text.
    pub read: Option<&'p Spanned<String>>,
}

pub struct Given<'p> {
    pub name: &'p str,
    pub span: Span,
    /// What a step binds to it.
    pub bound: Option<Span>,
    /// Where it is declared as optional.
    pub optional: Option<Span>,
}

impl Commanded<'_> {
    pub fn input_names(&self) -> Vec<&str> {
        self.inputs.iter().map(|it| it.name).chain(self.space.iter().map(|it| it.value.as_str())).collect()
    }
}

/// Everything with a command of its own in the project.
pub fn commanded(project: &Project) -> Vec<Commanded<'_>> {
    let steps = project
        .ml_pipelines
        .values()
        .flat_map(|pipeline| pipeline.steps.iter().filter_map(move |step| of_step(pipeline, step)));
    steps.chain(project.components.values().filter_map(of_component)).collect()
}

fn of_step<'p>(pipeline: &'p MlPipeline, step: &'p MlStep) -> Option<Commanded<'p>> {
    let inputs = step.inputs.iter().map(|(name, binding)| {
        let optional = match &binding.source {
            MlSource::Input(source) => {
                pipeline.inputs.get(source).filter(|it| it.optional).map(|it| it.ident.span)
            }
            MlSource::Output(_) | MlSource::Literal(_) => None,
        };
        Given { name, span: binding.key.span, bound: Some(binding.span), optional }
    });
    let (space, read) = match &step.work {
        MlWork::Sweep(sweep) => (sweep.space.values().map(|it| &it.key).collect(), None),
        MlWork::Parallel(parallel) => (Vec::new(), Some(&parallel.input_data)),
        MlWork::Command | MlWork::Component(_) | MlWork::Pipeline(_) | MlWork::Spark(_) => (Vec::new(), None),
    };
    Some(Commanded {
        what: format!("step `{}`", step.ident.value),
        head: step.head,
        text: step.text()?,
        inputs: inputs.collect(),
        outputs: step.outputs.keys().map(String::as_str).collect(),
        space,
        read,
    })
}

fn of_component(component: &Component) -> Option<Commanded<'_>> {
    let inputs = component.inputs.values().map(|it| Given {
        name: &it.ident.value,
        span: it.ident.span,
        bound: None,
        optional: it.optional.then_some(it.ident.span),
    });
    Some(Commanded {
        what: format!("component `{}`", component.header.ident.value),
        head: component.header.head,
        text: component.written()?.command.as_ref()?,
        inputs: inputs.collect(),
        outputs: component.outputs.keys().map(String::as_str).collect(),
        space: Vec::new(),
        read: None,
    })
}

/// What a step must give to what it is.
pub struct Interface<'p> {
    /// ``component `x` ``
    pub what: String,
    pub head: Span,
    pub inputs: Vec<&'p MlInput>,
}

impl<'p> Interface<'p> {
    /// Of a step that is a component or another ML pipeline, or whose trials are one.
    pub fn of(project: &'p Project, step: &MlStep) -> Option<Interface<'p>> {
        if let MlWork::Pipeline(it) = &step.work {
            let pipeline = &project.ml_pipelines[it.value];
            return Some(Interface {
                what: format!("ML pipeline `{}`", pipeline.header.ident.value),
                head: pipeline.header.head,
                inputs: pipeline.inputs.values().collect(),
            });
        }
        let component = &project.components[step.work.component()?.value];
        Some(Interface {
            what: format!("component `{}`", component.header.ident.value),
            head: component.header.head,
            inputs: component.inputs.values().collect(),
        })
    }
}

/// Whether the step runs on a compute that it or its ML pipeline names.
pub fn needs_compute(project: &Project, step: &MlStep) -> bool {
    match &step.work {
        MlWork::Pipeline(_) => false,
        MlWork::Spark(spark) => spark.instance_type.is_none(),
        MlWork::Component(it) => project.components[it.value].kind != ComponentKind::Pipeline,
        MlWork::Command | MlWork::Sweep(_) | MlWork::Parallel(_) => true,
    }
}

/// Spark cannot run on the cluster that other steps share.
pub fn is_spark(project: &Project, step: &MlStep) -> bool {
    match &step.work {
        MlWork::Spark(_) => true,
        MlWork::Component(it) => project.components[it.value].kind == ComponentKind::Spark,
        MlWork::Command | MlWork::Pipeline(_) | MlWork::Sweep(_) | MlWork::Parallel(_) => false,
    }
}
