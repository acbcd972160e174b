//! A condition as people read it. Where it was written once for several places, in a template or a loop, its names are those of each.

use super::paint::Painter;
use super::picture::{Note, Sign};
use crate::model::expr::{Expr, ExprKind};
use crate::model::project::Pipeline;

pub(super) fn note(painter: &Painter<'_>, pipeline: &Pipeline, when: Option<&Expr>) -> Option<Note> {
    let when = when?;
    let once = painter.sources.origin(when.span.file).is_none();
    let text = if once { painter.written(when.span) } else { told(painter, pipeline, when) };
    Some(Note::new(Sign::If, text))
}

fn told(painter: &Painter<'_>, pipeline: &Pipeline, expr: &Expr) -> String {
    let told = |it: &Expr| told(painter, pipeline, it);
    let inside = |it: &Expr| {
        let binds = !matches!(it.kind, ExprKind::And(..) | ExprKind::Or(..) | ExprKind::Compare(..));
        if binds { told(it) } else { format!("({})", told(it)) }
    };
    // `&&` binds less than everything but `||`.
    let part = |it: &Expr| if matches!(it.kind, ExprKind::Or(..)) { inside(it) } else { told(it) };
    match &expr.kind {
        ExprKind::Output(output) => {
            let stage = pipeline.stages.get(output.stage);
            let job = stage.and_then(|it| it.jobs.get(output.job));
            let step = job.and_then(|it| it.steps.get(output.step)).and_then(|it| it.ident.as_ref());
            match (stage, step) {
                (Some(stage), Some(step)) => {
                    format!("{}.{}.{}", stage.ident.value, step.value, output.output)
                }
                _ => painter.written(expr.span),
            }
        }
        ExprKind::Param(name) => format!("params.{name}"),
        ExprKind::Not(it) => format!("!{}", inside(it)),
        ExprKind::And(a, b) => format!("{} && {}", part(a), part(b)),
        ExprKind::Or(a, b) => format!("{} || {}", told(a), told(b)),
        ExprKind::Compare(comparison, a, b) => {
            let sign = comparison.sign();
            format!("{} {sign} {}", inside(a), inside(b))
        }
        _ => painter.written(expr.span),
    }
}
