//! # The latest version of something that has none
//!
//! `latest(x)` and `at(x, "3")` name registered versions. A data asset without `version` is never registered: it is a
//! path that is written into each job.
//!
//! ```mlops,fails
//! datastore store { existing = true }
//! data prices { path = path(store, "prices") }
//! runtime python { image = "mcr.microsoft.com/azureml/openmpi4.1.0-ubuntu22.04:20250601.v1" }
//! ml_pipeline training {
//!   compute = serverless
//!   input raw: uri_folder = latest(prices)
//!   step train {
//!     runtime = python
//!     command = "python -m train ${{inputs.raw}}"
//!     inputs { raw = inputs.raw }
//!   }
//! }
//! ```
//!
//! ```mlops,passes
//! datastore store { existing = true }
//! data prices { path = path(store, "prices") }
//! runtime python { image = "mcr.microsoft.com/azureml/openmpi4.1.0-ubuntu22.04:20250601.v1" }
//! ml_pipeline training {
//!   compute = serverless
//!   input raw: uri_folder = prices
//!   step train {
//!     runtime = python
//!     command = "python -m train ${{inputs.raw}}"
//!     inputs { raw = inputs.raw }
//!   }
//! }
//! ```
//!
//! Name the asset itself, or give its declaration a `version` or `existing = true`.

use crate::base::span::Span;
use crate::check::{Cx, Group, Rule};
use crate::model::project::{AssetVersion, DataSource, MlDefault, MlSource};

pub(super) static RULE: Rule = Rule::error(Group::Ml, "asset-never-registered", run);

fn run(cx: &mut Cx<'_>) {
    let project = cx.project;
    for pipeline in project.ml_pipelines.values() {
        for input in pipeline.inputs.values() {
            check(cx, input.default.as_ref(), input.ident.span);
        }
        for binding in pipeline.steps.iter().flat_map(|it| it.inputs.values()) {
            if let MlSource::Literal(literal) = &binding.source {
                check(cx, Some(literal), binding.span);
            }
        }
    }
}

fn check(cx: &mut Cx<'_>, value: Option<&MlDefault>, span: Span) {
    let Some(MlDefault::Data(DataSource::Asset(asset, version))) = value else { return };
    let data = &cx.project.data[*asset];
    let registered = data.version.is_some() || data.header.existing;
    if *version != AssetVersion::Declared && !registered {
        let name = &data.header.ident.value;
        cx.report(&RULE, span, format!("`{name}` has no versions: it is never registered"))
            .label(data.header.head, "declared without `version`")
            .help(format!("write `{name}`, or give the declaration a `version` or `existing = true`"));
    }
}
