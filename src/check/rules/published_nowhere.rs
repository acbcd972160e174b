//! # What is run as published is never published
//!
//! `submit X { published = true }` runs what `publish_pipeline X` has put behind a batch endpoint. Where nothing publishes it,
//! there is no endpoint, and every run fails.
//!
//! ```mlops,fails
//! project prices { connection = azure, workspace = mlw }
//! connection azure { type = azure_rm }
//! workspace mlw { resource_group = "rg-ml", existing = true }
//! runtime python { image = "mcr.microsoft.com/azureml/openmpi4.1.0-ubuntu22.04:20250601.v1" }
//! ml_pipeline training {
//!   compute = serverless
//!   step train { runtime = python, command = "python --version" }
//! }
//! pipeline nightly {
//!   trigger manual
//!   stage train { submit training { wait = agent, published = true } }
//! }
//! ```
//!
//! ```mlops,passes
//! project prices { connection = azure, workspace = mlw }
//! connection azure { type = azure_rm }
//! workspace mlw { resource_group = "rg-ml", existing = true }
//! runtime python { image = "mcr.microsoft.com/azureml/openmpi4.1.0-ubuntu22.04:20250601.v1" }
//! ml_pipeline training {
//!   compute = serverless
//!   step train { runtime = python, command = "python --version" }
//! }
//! pipeline deliver {
//!   trigger manual
//!   stage publish { publish_pipeline training }
//! }
//! pipeline nightly {
//!   trigger manual
//!   stage train { submit training { wait = agent, published = true } }
//! }
//! ```
//!
//! Add `publish_pipeline` to the pipeline that delivers, or run what this revision says: without `published`.

use crate::check::{Cx, Group, Rule};
use crate::model::steps::Kind;

pub(super) static RULE: Rule = Rule::error(Group::Ml, "published-nowhere", run).needs_all();

fn run(cx: &mut Cx<'_>) {
    let project = cx.project;
    let published: Vec<_> = cx.deliveries().iter()
        .filter_map(|it| match &it.step.kind {
            Kind::PublishPipeline(publish) => Some(publish.ml_pipeline),
            _ => None,
        })
        .collect();
    for place in cx.deliveries() {
        let Kind::Submit(submit) = &place.step.kind else { continue };
        if !submit.published || published.contains(&submit.ml_pipeline) {
            continue;
        }
        let pipeline = &project.ml_pipelines[submit.ml_pipeline].header;
        let name = &pipeline.ident.value;
        cx.report(&RULE, place.step.head, format!("nothing publishes `{name}`, and this runs what is published"))
            .label(pipeline.head, "the ML pipeline")
            .help(format!("add `publish_pipeline {name}` to a stage that delivers it, or remove `published`"));
    }
}
