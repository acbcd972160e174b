//! # What an ML pipeline loses as a step of another
//!
//! An ML pipeline that is a step of another becomes a component. A component registers nothing, because that is done by the
//! agent that waited for the run, and it says neither where its outputs are stored nor in which datastore.
//!
//! ```mlops,fails
//! datastore store { existing = true }
//! runtime python { image = "mcr.microsoft.com/azureml/openmpi4.1.0-ubuntu22.04:20250601.v1" }
//! ml_pipeline prepare {
//!   compute   = serverless
//!   datastore = store
//!   output clean: uri_folder { from = clean.all }
//!   step clean { runtime = python, command = "python -m clean ${{outputs.all}}", output all: uri_folder }
//! }
//! ml_pipeline training {
//!   compute = serverless
//!   step prepare { pipeline = prepare }
//! }
//! ```
//!
//! ```mlops,passes
//! datastore store { existing = true }
//! runtime python { image = "mcr.microsoft.com/azureml/openmpi4.1.0-ubuntu22.04:20250601.v1" }
//! ml_pipeline prepare {
//!   compute = serverless
//!   output clean: uri_folder { from = clean.all }
//!   step clean { runtime = python, command = "python -m clean ${{outputs.all}}", output all: uri_folder }
//! }
//! ml_pipeline training {
//!   compute   = serverless
//!   datastore = store
//!   step prepare { pipeline = prepare, output clean: uri_folder { path = path(store, "clean") } }
//! }
//! ```
//!
//! Say it in the ML pipeline that is submitted: its `datastore`, its `register`, and `path` at the step's output.
//!
//! Source: azure-ai-ml 1.35.2: the pipeline component has no settings, and its outputs have no path.

use crate::base::span::Span;
use crate::check::{Cx, Group, Rule};
use crate::model::project::{MlPipeline, MlWork};

pub(super) static RULE: Rule = Rule::warning(Group::Ml, "ml-nested-lost", run);

fn run(cx: &mut Cx<'_>) {
    let project = cx.project;
    for pipeline in project.ml_pipelines.values() {
        for step in &pipeline.steps {
            let MlWork::Pipeline(inner) = &step.work else { continue };
            let inner_name = &project.ml_pipelines[inner.value].header.ident.value;
            for (what, at) in lost(pipeline, &project.ml_pipelines[inner.value]) {
                cx.report(&RULE, inner.span, format!("as a step, `{inner_name}` loses {what}"))
                    .label(at, "said here")
                    .help(format!("say it in `{}`, which is submitted", pipeline.header.ident.value));
            }
        }
    }
}

fn lost(outer: &MlPipeline, inner: &MlPipeline) -> Vec<(String, Span)> {
    let mut found = Vec::new();
    let outer_store = outer.datastore.as_ref().map(|it| it.value);
    if let Some(store) = inner.datastore.as_ref().filter(|it| Some(it.value) != outer_store) {
        found.push(("its datastore".to_owned(), store.span));
    }
    for registration in &inner.registrations {
        found.push(("its registration of a model".to_owned(), registration.span));
    }
    for output in inner.outputs.values() {
        let port = &output.from.value;
        let own = inner.steps[port.step].outputs.get(&port.output).and_then(|it| it.path.as_ref());
        if output.path.is_some() || own.is_some() {
            found.push((format!("the place of its output `{}`", output.ident.value), output.ident.span));
        }
    }
    found
}
