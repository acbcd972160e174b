//! # A parameter is compared with a value it cannot have
//!
//! A parameter with `enum` has one of these values: compared with another one, a condition always comes out the same.
//!
//! ```mlops,fails
//! pipeline build {
//!   trigger manual
//!   param level: string = "unit" { enum = ["unit", "full"] }
//!   stage build {
//!     run "make" { when = params.level == "ful" }
//!   }
//! }
//! ```
//!
//! ```mlops,passes
//! pipeline build {
//!   trigger manual
//!   param level: string = "unit" { enum = ["unit", "full"] }
//!   stage build {
//!     run "make" { when = params.level == "full" }
//!   }
//! }
//! ```
//!
//! ```mlops,fails
//! pipeline build {
//!   trigger manual
//!   stage build {
//!     run "make" { when = run.branch == "refs/heads/main" }
//!   }
//! }
//! ```
//!
//! ```mlops,passes
//! pipeline build {
//!   trigger manual
//!   stage build {
//!     run "make" { when = run.branch == "main" }
//!   }
//! }
//! ```
//!
//! Write one of the values of `enum`, or add the value there. The same holds for `run.branch` and `run.tag`: they are
//! names such as `main` and `v1`, without `refs/heads/` and `refs/tags/`.

use crate::check::{Cx, Group, Rule};
use crate::diag::Safety;
use crate::model::expr::{Expr, ExprKind, Fact};
use crate::model::project::{Pipeline, Stage};

pub(super) static RULE: Rule = Rule::error(Group::Types, "never-equal", run).by_pipeline().fixes(Safety::Unsafe);

fn run(cx: &mut Cx<'_>) {
    for pipeline in cx.pipelines() {
        let (mut found, mut references) = (Vec::new(), Vec::new());
        for condition in pipeline.stages.iter().flat_map(conditions) {
            condition.walk(&mut |it| {
                found.extend(strangers(pipeline, it));
                references.extend(whole_references(it));
            });
        }
        for reference in references {
            report_reference(cx, &reference);
        }
        for stranger in found {
            cx.report(&RULE, stranger.value.span, format!("`params.{}` never has this value", stranger.param))
                .help(format!("it is one of {}", stranger.known.join(", ")));
        }
    }
}

struct Stranger<'p> {
    param: &'p str,
    value: &'p Expr,
    known: Vec<String>,
}

fn conditions(stage: &Stage) -> impl Iterator<Item = &Expr> {
    let jobs = stage.jobs.iter().filter_map(|it| it.when.as_ref());
    let steps = stage.jobs.iter().flat_map(|it| &it.steps).filter_map(|it| it.when.as_ref());
    stage.when.iter().chain(jobs).chain(steps)
}

/// The texts that a parameter is compared with and that are not in its `enum`.
fn strangers<'p>(pipeline: &'p Pipeline, expr: &'p Expr) -> Vec<Stranger<'p>> {
    let (param, values) = match &expr.kind {
        ExprKind::Compare(_, left, right) => (left, std::slice::from_ref(&**right)),
        ExprKind::In(left, list) => (left, list.as_slice()),
        _ => return Vec::new(),
    };
    let ExprKind::Param(param) = &param.kind else { return Vec::new() };
    let choices = pipeline.params.get(param).map_or(&[][..], |it| it.choices.as_slice());
    let known: Vec<&str> = choices.iter().filter_map(text).collect();
    let is_strange = |it: &&Expr| !known.is_empty() && text(it).is_some_and(|it| !known.contains(&it));
    let shown = || known.iter().map(|it| format!("`\"{it}\"`")).collect();
    values.iter().filter(is_strange).map(|value| Stranger { param, value, known: shown() }).collect()
}

/// A branch or tag compared with more than its name.
struct Reference<'p> {
    value: &'p Expr,
    prefix: &'static str,
    name: &'p str,
}

fn whole_references(expr: &Expr) -> Vec<Reference<'_>> {
    let (fact, values) = match &expr.kind {
        ExprKind::Compare(_, left, right) => (left, std::slice::from_ref(&**right)),
        ExprKind::In(left, list) => (left, list.as_slice()),
        _ => return Vec::new(),
    };
    let prefix = match &fact.kind {
        ExprKind::Fact(Fact::Branch) => "refs/heads/",
        ExprKind::Fact(Fact::Tag) => "refs/tags/",
        _ => return Vec::new(),
    };
    let named = |value| Some(Reference { value, prefix, name: text(value)?.strip_prefix(prefix)? });
    values.iter().filter_map(named).collect()
}

fn report_reference(cx: &mut Cx<'_>, it: &Reference<'_>) {
    let Reference { value, prefix, name } = *it;
    let is_written = cx.is_written(value.span) && cx.written(value.span) == format!("\"{prefix}{name}\"");
    let word = if prefix == "refs/tags/" { "run.tag" } else { "run.branch" };
    let finding = cx
        .report(&RULE, value.span, format!("`{word}` never has this value: it is a name, without `{prefix}`"))
        .help(format!("write `\"{name}\"`"));
    if is_written {
        finding.suggest(format!("write `\"{name}\"`"), value.span, format!("\"{name}\""));
    }
}

fn text(expr: &Expr) -> Option<&str> {
    match &expr.kind {
        ExprKind::String(text) => Some(text),
        _ => None,
    }
}
