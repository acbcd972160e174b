//! # Every run is logged in full
//!
//! `system.debug` makes tasks and the agent log everything they do: requests, headers, whole environments. What hides
//! secrets knows their exact texts only, and logs are kept for weeks.
//!
//! ```mlops,fails
//! pipeline build {
//!   trigger manual
//!   env { SYSTEM_DEBUG = true, REGION = "westeurope" }
//!   stage build { run "make" }
//! }
//! ```
//!
//! ```mlops,passes
//! pipeline build {
//!   trigger manual
//!   env { REGION = "westeurope" }
//!   stage build { run "make" }
//! }
//! ```
//!
//! Remove it. Where one run is to be looked at, tick "Enable system diagnostics" when that run is started.
//!
//! Source: Azure DevOps documentation, "Review logs to diagnose pipeline issues"; poutine, rule `debug_enabled`.

use crate::check::{Cx, Group, Rule};
use crate::diag::Safety;
use crate::model::expr::{Expr, ExprKind};

pub(super) static RULE: Rule = Rule::warning(Group::Security, "debug-enabled", in_pipelines).by_pipeline().and_outside(outside).fixes(Safety::Safe);

fn in_pipelines(cx: &mut Cx<'_>) {
    let outer = cx.pipelines().flat_map(|it| &it.inherited.env);
    let env = outer.chain(cx.steps().flat_map(|it| &it.step.env));
    look(cx, env.map(|(name, value)| (name.as_str(), value)));
}

fn outside(cx: &mut Cx<'_>) {
    let project = cx.project;
    let variables = project.variables.values().flat_map(|it| it.members.values());
    let values = variables.filter_map(|it| Some((it.name.as_str(), it.value.as_ref()?)));
    let env = project.settings.inherited.env.iter().map(|(name, value)| (name.as_str(), value));
    look(cx, values.chain(env));
}

fn look<'p>(cx: &mut Cx<'_>, values: impl Iterator<Item = (&'p str, &'p Expr)>) {
    for (name, value) in values {
        let is_debug = matches!(name.to_lowercase().as_str(), "system.debug" | "agent.diagnostic") || name == "SYSTEM_DEBUG";
        if is_debug && is_on(value) {
            let edit = cx.remove_attribute(value.span);
            cx.report(&RULE, value.span, format!("`{name}` logs everything, in every run"))
                .help("remove it; a single run is started with \"Enable system diagnostics\"")
                .edits(Safety::Safe, format!("remove `{name}`"), vec![edit]);
        }
    }
}

fn is_on(value: &Expr) -> bool {
    match &value.kind {
        ExprKind::Bool(it) => *it,
        ExprKind::String(it) => it.eq_ignore_ascii_case("true"),
        _ => false,
    }
}
