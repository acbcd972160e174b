//! # Two steps share a folder, and nothing orders them
//!
//! Azure ML orders steps by what they read of each other. A step that reads a path which another one writes, by its
//! address, may run before it or beside it.
//!
//! ```mlops,fails
//! datastore store { existing = true }
//! runtime python { image = "mcr.microsoft.com/azureml/openmpi4.1.0-ubuntu22.04:20250601.v1" }
//! ml_pipeline training {
//!   compute = serverless
//!   step clean {
//!     runtime = python
//!     command = "python -m clean ${{outputs.rows}}"
//!     output rows: uri_folder { path = path(store, "rows") }
//!   }
//!   step fit {
//!     runtime = python
//!     command = "python -m fit ${{inputs.rows}}"
//!     inputs { rows = path(store, "rows") }
//!   }
//! }
//! ```
//!
//! ```mlops,passes
//! datastore store { existing = true }
//! runtime python { image = "mcr.microsoft.com/azureml/openmpi4.1.0-ubuntu22.04:20250601.v1" }
//! ml_pipeline training {
//!   compute = serverless
//!   step clean {
//!     runtime = python
//!     command = "python -m clean ${{outputs.rows}}"
//!     output rows: uri_folder { path = path(store, "rows") }
//!   }
//!   step fit {
//!     runtime = python
//!     command = "python -m fit ${{inputs.rows}}"
//!     inputs { rows = clean.rows }
//!   }
//! }
//! ```
//!
//! Read the output: `inputs { rows = clean.rows }`. If the step means what an earlier run has left there, say it the other
//! way round: let the step that writes come `after` it.
//!
//! Source: Azure ML documentation, "Core yaml syntax": order comes from bindings only.

use crate::check::{Cx, Group, Rule, Safety};
use crate::model::project::{AssetPath, DataSource, MlDefault, MlPipeline, MlSource};
use std::collections::BTreeMap;

pub(super) static RULE: Rule = Rule::warning(Group::Ml, "ml-missing-data-edge", run).fixes(Safety::Unsafe);

fn run(cx: &mut Cx<'_>) {
    let (project, graphs) = (cx.project, cx.graphs);
    for ((_, pipeline), needs) in project.ml_pipelines.iter().zip(&graphs.ml_pipelines) {
        check(cx, pipeline, needs);
    }
}

/// Where data lies, as it can be compared.
fn address(path: &AssetPath) -> Option<String> {
    match path {
        AssetPath::Datastore(store, inner) => Some(format!("{}:{}", store.index(), inner.trim_end_matches('/'))),
        AssetPath::Url(url) => Some(url.trim_end_matches('/').to_owned()),
        AssetPath::Local(_) => None,
    }
}

fn check(cx: &mut Cx<'_>, pipeline: &MlPipeline, needs: &[Vec<usize>]) {
    let mut written: BTreeMap<String, (usize, &str)> = BTreeMap::new();
    for (index, step) in pipeline.steps.iter().enumerate() {
        for output in step.outputs.values() {
            if let Some(address) = output.path.as_ref().and_then(address) {
                written.insert(address, (index, &output.ident.value));
            }
        }
    }
    if written.is_empty() {
        return;
    }
    for (index, step) in pipeline.steps.iter().enumerate() {
        for binding in step.inputs.values() {
            let source = match &binding.source {
                MlSource::Literal(value) => Some(value),
                MlSource::Input(name) => pipeline.inputs.get(name).and_then(|it| it.default.as_ref()),
                MlSource::Output(_) => None,
            };
            let Some(MlDefault::Data(DataSource::Path(path))) = source else { continue };
            let Some((writer, output)) = address(path).and_then(|it| written.get(&it)) else { continue };
            if *writer == index || ordered(needs, *writer, index) {
                continue;
            }
            let other = &pipeline.steps[*writer];
            let better = format!("{}.{output}", other.ident.value);
            cx.report(&RULE, binding.span, format!("`{}` writes this while `{}` reads it: nothing orders the two", other.ident.value, step.ident.value))
                .label(other.outputs[*output].ident.span, "written here")
                .help(format!("read the output: `{} = {better}`", binding.key.value))
                .suggest(format!("read `{better}`"), binding.span, better);
        }
    }
}

/// Whether one of the two waits for the other.
fn ordered(needs: &[Vec<usize>], a: usize, b: usize) -> bool {
    let waits = |from: usize, to: usize| {
        let (mut open, mut seen) = (vec![from], vec![false; needs.len()]);
        while let Some(at) = open.pop() {
            if at == to {
                return true;
            }
            if !std::mem::replace(&mut seen[at], true) {
                open.extend(&needs[at]);
            }
        }
        false
    };
    waits(a, b) || waits(b, a)
}
