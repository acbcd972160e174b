//! # More than Azure takes
//!
//! A resource or a job bears 50 tags at most, names of experiments have 256 characters at most. The client accepts more,
//! the service refuses it when it is created.
//!
//! ```mlops,fails
//! runtime python { image = "mcr.microsoft.com/azureml/openmpi4.1.0-ubuntu22.04:20250601.v1" }
//! ml_pipeline train {
//!   compute    = serverless
//!   experiment = "price-price-price-price-price-price-price-price-price-price-price-price-price-price-price-price-price-price-price-price-price-price-price-price-price-price-price-price-price-price-price-price-price-price-price-price-price-price-price-price-price-price-price-price-"
//!   step fit { runtime = python, command = "python -m fit" }
//! }
//! ```
//!
//! ```mlops,passes
//! runtime python { image = "mcr.microsoft.com/azureml/openmpi4.1.0-ubuntu22.04:20250601.v1" }
//! ml_pipeline train {
//!   compute    = serverless
//!   experiment = "price"
//!   step fit { runtime = python, command = "python -m fit" }
//! }
//! ```
//!
//! Shorten the name; put what exceeds the tags into a description. How long jobs may run is checked where it is written.
//!
//! Source: Azure ML documentation, "Service limits", and Azure Resource Manager, "Use tags".

use crate::base::span::Span;
use crate::check::{Cx, Group, Rule};

pub(super) static RULE: Rule = Rule::error(Group::Ml, "ml-service-limits", run).in_views();

const TAGS: usize = 50;
const NAME: usize = 256;
const KEY: usize = 512;
const STEPS: usize = 30_000;
const INPUTS: usize = 200;

fn run(cx: &mut Cx<'_>) {
    let project = cx.project;
    for it in project.workspaces.values() {
        tags(cx, it.tags.keys(), it.header.head);
    }
    for it in project.computes.values() {
        tags(cx, it.tags.keys(), it.header.head);
    }
    for it in project.models.values() {
        tags(cx, it.tags.keys(), it.header.head);
    }
    for it in project.components.values() {
        tags(cx, it.tags.keys(), it.header.head);
    }
    for it in project.endpoints.values() {
        tags(cx, it.settings.tags.keys(), it.header.head);
    }
    for pipeline in project.ml_pipelines.values() {
        let head = pipeline.header.head;
        tags(cx, pipeline.tags.keys(), head);
        if let Some(name) = &pipeline.experiment {
            at_most(cx, name.span, name.value.chars().count(), NAME, "characters in the name of an experiment");
        }
        at_most(cx, head, pipeline.steps.len(), STEPS, "steps in an ML pipeline");
        for step in &pipeline.steps {
            tags(cx, step.tags.keys(), step.head);
            at_most(cx, step.head, step.inputs.len(), INPUTS, "inputs of a job");
        }
    }
}

fn tags<'a>(cx: &mut Cx<'_>, keys: impl ExactSizeIterator<Item = &'a String>, head: Span) {
    at_most(cx, head, keys.len(), TAGS, "tags");
    let longest = keys.map(|it| it.chars().count()).max().unwrap_or(0);
    at_most(cx, head, longest, KEY, "characters in the name of a tag");
}

fn at_most(cx: &mut Cx<'_>, span: Span, found: usize, limit: usize, what: &str) {
    if found > limit {
        cx.report(&RULE, span, format!("Azure takes {limit} {what} at most, and this has {found}"))
            .help(format!("leave out {}", found - limit));
    }
}
