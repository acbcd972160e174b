//! # A condition that always comes out the same
//!
//! What it guards never runs, or runs always, and the condition tells readers something else.
//!
//! ```mlops,fails
//! pipeline build {
//!   trigger manual
//!   param level: string = "unit" { enum = ["unit", "whole"] }
//!   stage build {
//!     run "make" { when = params.level == "unit" && params.level == "whole" }
//!   }
//! }
//! ```
//!
//! ```mlops,passes
//! pipeline build {
//!   trigger manual
//!   param level: string = "unit" { enum = ["unit", "whole"] }
//!   stage build {
//!     run "make" { when = params.level == "unit" || run.branch == "main" }
//!     run "make all" { when = params.level == "whole" }
//!   }
//! }
//! ```
//!
//! `true` and `false` as they are written decide the same way: `when = x || true`. The values looked at are those of
//! `enum`, `true` and `false`, the results of stages, and the reasons for which this
//! pipeline can be started. To switch something off, write `enabled = false`.

use crate::base::span::Span;
use crate::check::constant::{Domains, constant};
use crate::check::{Cx, Group, Rule};
use crate::model::expr::{Expr, ExprKind};
use crate::model::project::Stage;

pub(super) static RULE: Rule = Rule::warning(Group::Graph, "constant-condition", run).by_pipeline();

fn run(cx: &mut Cx<'_>) {
    for pipeline in cx.pipelines() {
        let domains = Domains::of(pipeline, cx.sources);
        for (what, condition) in pipeline.stages.iter().flat_map(conditions) {
            if let Some((value, span)) = outermost(&domains, condition) {
                let whole = span == condition.span;
                let message = match (value, whole) {
                    (true, true) => format!("this is always true: the {what} needs no condition"),
                    (false, true) => format!("this is never true: the {what} never runs"),
                    (true, false) => "this part of the condition is always true".to_owned(),
                    (false, false) => "this part of the condition is never true".to_owned(),
                };
                cx.report(&RULE, span, message).help("compare with another value, or remove what decides nothing");
            }
        }
    }
}

fn conditions(stage: &Stage) -> impl Iterator<Item = (&'static str, &Expr)> {
    let jobs = stage.jobs.iter().filter_map(|it| Some(("job", it.when.as_ref()?)));
    let steps = stage.jobs.iter().flat_map(|it| &it.steps).filter_map(|it| Some(("step", it.when.as_ref()?)));
    stage.when.iter().map(|it| ("stage", it)).chain(jobs).chain(steps)
}

/// The largest part of a condition that is constant, though something of the run stands in it.
fn outermost(domains: &Domains<'_>, expr: &Expr) -> Option<(bool, Span)> {
    if let Some(value) = constant(domains, &[expr]) {
        return Some((value, expr.span));
    }
    match &expr.kind {
        ExprKind::And(a, b) | ExprKind::Or(a, b) => outermost(domains, a).or_else(|| outermost(domains, b)),
        ExprKind::Not(inner) => outermost(domains, inner),
        _ => None,
    }
}
