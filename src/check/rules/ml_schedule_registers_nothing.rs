//! # A scheduled pipeline registers nothing
//!
//! What an ML pipeline registers is registered by the agent that waited for the run. Where Azure ML starts the pipeline
//! by a schedule, there is no agent: models are trained and nobody ever sees them.
//!
//! ```mlops,fails
//! model price {}
//! ml_pipeline train {
//!   compute = serverless
//!   step fit { command = "fit ${{outputs.model}} ${{outputs.better}}", output model: custom_model, output better: decision }
//!   register price from fit.model { when = fit.better }
//!   schedule nightly { cron = "0 3 * * *" }
//! }
//! ```
//!
//! ```mlops,passes
//! runtime plain { image = "mcr.microsoft.com/base:1" }
//! ml_pipeline score {
//!   compute = serverless
//!   step all { runtime = plain, command = "score" }
//!   schedule nightly { cron = "0 3 * * *" }
//! }
//! ```
//!
//! Let a pipeline of Azure DevOps start it (`trigger schedule`, and a stage with `submit … { wait = server }`), or let the
//! step register the model itself.

use crate::check::{Cx, Group, Rule};

pub(super) static RULE: Rule = Rule::warning(Group::Ml, "ml-schedule-registers-nothing", run);

fn run(cx: &mut Cx<'_>) {
    for pipeline in cx.project.ml_pipelines.values() {
        let Some(registration) = pipeline.registrations.first() else { continue };
        for schedule in pipeline.schedules.values() {
            let name = &schedule.header.ident.value;
            cx.report(&RULE, schedule.header.head, format!("what runs by the schedule `{name}` is never registered: no agent waits for it"))
                .label(registration.span, "registered by the agent that waits")
                .help("start it from a pipeline with `trigger schedule` and `submit … { wait = server }` instead");
        }
    }
}
