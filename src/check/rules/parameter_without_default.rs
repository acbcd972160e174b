//! # A parameter without default in a pipeline that starts by itself
//!
//! A run that a push or another pipeline starts takes the defaults of all parameters. Without one, Azure DevOps does
//! not create the run, and nobody is told.
//!
//! ```mlops,fails
//! repository self { type = azure_repos }
//! pipeline release {
//!   trigger push { branches = ["main"] }
//!   param version: string
//!   stage build { run "make" }
//! }
//! ```
//!
//! ```mlops,passes
//! repository self { type = azure_repos }
//! pipeline release {
//!   trigger push { branches = ["main"] }
//!   param version: string = "latest"
//!   stage build { run "make" }
//! }
//! ```
//!
//! Give the parameter a default, or let the pipeline be started by hand only (`trigger manual`).
//!
//! Source: Azure Pipelines YAML schema, `parameters.parameter`: "Parameters must include a default value".

use crate::check::{Cx, Group, Rule};

pub(super) static RULE: Rule = Rule::error(Group::Triggers, "parameter-without-default", run).by_pipeline();

fn run(cx: &mut Cx<'_>) {
    for pipeline in cx.pipelines() {
        let Some(trigger) = pipeline.active_triggers().next() else { continue };
        for param in pipeline.params.values().filter(|it| it.default.is_none()) {
            let name = &param.ident.value;
            cx.report(&RULE, param.ident.span, format!("parameter `{name}` has no default, and nobody is there to answer"))
                .at("no default")
                .label(trigger.span, "this starts the pipeline by itself")
                .help(format!("write a default: `param {name}: … = …`"));
        }
    }
}
