//! # A step that is skipped although its data is new
//!
//! Azure ML takes the result of an earlier run where a step's command, code and inputs are the same, and it looks at the
//! address of an input, not at what lies there. A pipeline that a clock starts finds new data at the same address, takes
//! last night's result for it, and shows the step as completed.
//!
//! ```mlops,fails
//! connection azure { type = azure_rm }
//! workspace ml { name = "mlw-team", resource_group = "rg-ml", existing = true }
//! project p { connection = azure, workspace = ml }
//! datastore store { existing = true }
//! runtime python { image = "mcr.microsoft.com/azureml/openmpi4.1.0-ubuntu22.04:20250601.v1" }
//! ml_pipeline prepare {
//!   compute = serverless
//!   step clean {
//!     runtime = python
//!     command = "python -m clean ${{inputs.raw}} ${{outputs.rows}}"
//!     inputs { raw = path(store, "listings/raw") }
//!     output rows: uri_folder
//!   }
//! }
//! pipeline nightly {
//!   trigger schedule "0 3 * * *" { always = true }
//!   stage all { submit prepare { wait = agent } }
//! }
//! ```
//!
//! ```mlops,passes
//! connection azure { type = azure_rm }
//! workspace ml { name = "mlw-team", resource_group = "rg-ml", existing = true }
//! project p { connection = azure, workspace = ml }
//! datastore store { existing = true }
//! runtime python { image = "mcr.microsoft.com/azureml/openmpi4.1.0-ubuntu22.04:20250601.v1" }
//! ml_pipeline prepare {
//!   compute = serverless
//!   step clean {
//!     reuse = false
//!     runtime = python
//!     command = "python -m clean ${{inputs.raw}} ${{outputs.rows}}"
//!     inputs { raw = path(store, "listings/raw") }
//!     output rows: uri_folder
//!   }
//! }
//! pipeline nightly {
//!   trigger schedule "0 3 * * *" { always = true }
//!   stage all { submit prepare { wait = agent } }
//! }
//! ```
//!
//! Write `reuse = false` on the step that reads what changes; those behind it follow, because its outputs are new. Or
//! give it an input that differs from run to run, such as the day. Assets with versions are no concern: a new version
//! has another address.
//!
//! Source: Azure ML documentation, `is_deterministic` and `force_rerun`: the latter is off by default.

use crate::base::span::Span;
use crate::check::{Cx, Group, Rule};
use crate::diag::Safety;
use crate::model::expr::Phase;
use crate::model::project::{
    AssetPath, DataSource, MlDefault, MlPipeline, MlSource, MlStep, MlWork, TriggerKind,
};
use crate::model::steps::Kind;
use crate::model::steps::submit::{Input, Submit};
use std::collections::{BTreeMap, BTreeSet};

pub(super) static RULE: Rule = Rule::warning(Group::Ml, "ml-stale-reuse", run).fixes(Safety::Safe);

/// What starts an ML pipeline by the clock, and which of its inputs differ from run to run.
struct Started {
    span: Span,
    varies: BTreeSet<String>,
}

fn run(cx: &mut Cx<'_>) {
    for (index, started) in by_clock(cx) {
        let pipeline = &cx.project.ml_pipelines[crate::base::arena::Id::new(index)];
        for step in pipeline.steps.iter().filter(|it| pipeline.reuse && it.reuse) {
            let Some(address) = fixed_address(pipeline, step, &started.varies) else { continue };
            let name = &step.ident.value;
            let edit = cx.insert(step.head, "reuse = false");
            cx.report(&RULE, step.head, format!("step `{name}` takes an earlier result while its inputs have the same addresses, whatever lies there"))
                .label(address, "read from here each time")
                .label(started.span, "started by the clock, new code or not")
                .help("add `reuse = false`, or an input that differs from run to run")
                .edits(Safety::Safe, "add `reuse = false`", vec![edit]);
        }
    }
}

/// By index of the ML pipeline; of several ways, the first.
fn by_clock(cx: &Cx<'_>) -> BTreeMap<usize, Started> {
    let project = cx.project;
    let mut found = BTreeMap::new();
    for (id, pipeline) in project.ml_pipelines.iter() {
        if let Some(schedule) = pipeline.schedules.values().find(|it| it.enabled) {
            // Azure ML knows the time in the inputs of a schedule, `${{creation_context.trigger_time}}`.
            let differs = |value: &MlDefault| matches!(value, MlDefault::String(it) if it.contains("${{"));
            let varies = schedule.inputs.iter().filter(|it| differs(it.1)).map(|it| it.0.clone());
            let started = Started { span: schedule.header.head, varies: varies.collect() };
            found.insert(id.index(), started);
        }
    }
    for place in cx.deliveries().iter().filter(|it| it.step.enabled) {
        let Kind::Submit(submit) = &place.step.kind else { continue };
        let clock = place.pipeline.active_triggers().find(|it| {
            matches!(&it.kind, TriggerKind::Schedule(schedule) if schedule.always == Some(true))
        });
        if let Some(clock) = clock {
            let started = Started { span: clock.span, varies: varying(submit) };
            found.entry(submit.ml_pipeline.index()).or_insert(started);
        }
    }
    found
}

fn varying(submit: &Submit) -> BTreeSet<String> {
    let given = submit.inputs.iter().filter(|(_, value)| match value {
        Input::Literal(value) => value.phase() > Phase::Compile,
        Input::Version(..) => true,
        Input::Data(_) => false,
    });
    given.map(|it| it.0.clone()).collect()
}

/// Where a step reads what may change without its address; none where anything it reads may differ.
fn fixed_address(pipeline: &MlPipeline, step: &MlStep, varies: &BTreeSet<String>) -> Option<Span> {
    let commanded = match &step.work {
        MlWork::Command | MlWork::Component(_) | MlWork::Parallel(_) | MlWork::Spark(_) => true,
        MlWork::Pipeline(_) | MlWork::Sweep(_) => false,
    };
    let mut found = None;
    for binding in step.inputs.values() {
        let source = match &binding.source {
            MlSource::Output(_) => return None,
            MlSource::Input(name) if varies.contains(name) => return None,
            MlSource::Input(name) => pipeline.inputs.get(name)?.default.as_ref(),
            MlSource::Literal(value) => Some(value),
        };
        match source {
            Some(MlDefault::Data(DataSource::Path(AssetPath::Datastore(..) | AssetPath::Url(_)))) => {
                found = found.or(Some(binding.span));
            }
            // The latest version of an asset is another one each time.
            Some(MlDefault::Data(DataSource::Asset(..) | DataSource::Model(..))) => return None,
            Some(_) | None => {}
        }
    }
    found.filter(|_| commanded)
}
