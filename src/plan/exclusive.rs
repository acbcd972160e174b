//! Steps of which never all run: branches of one `if`.

use crate::model::expr::{Expr, ExprKind};

/// A step's conditions, all of which must hold, and its seconds.
type Bounded<'a> = (Vec<&'a Expr>, u64);

/// Seconds that the steps take at the most, each given by its condition and its own bound.
pub fn longest<'a>(steps: impl Iterator<Item = (Option<&'a Expr>, u64)>) -> u64 {
    sum(steps.map(|(when, seconds)| (when.map(conjuncts).unwrap_or_default(), seconds)).collect())
}

fn sum(steps: Vec<Bounded<'_>>) -> u64 {
    let Some(condition) = steps.iter().flat_map(|it| &it.0).copied().find(|it| is_denied(it, &steps)) else {
        return steps.iter().map(|it| it.1).sum();
    };
    let (mut then, mut otherwise, mut rest) = (Vec::new(), Vec::new(), Vec::new());
    for (mut conditions, seconds) in steps {
        let has = |it: &Expr| it.kind == condition.kind;
        let branch = if conditions.iter().any(|it| has(it)) {
            &mut then
        } else if conditions.iter().any(|it| denies(it, condition)) {
            &mut otherwise
        } else {
            &mut rest
        };
        conditions.retain(|it| !has(it) && !denies(it, condition));
        branch.push((conditions, seconds));
    }
    sum(rest) + sum(then).max(sum(otherwise))
}

fn is_denied(condition: &Expr, steps: &[Bounded<'_>]) -> bool {
    steps.iter().flat_map(|it| &it.0).any(|it| denies(it, condition))
}

fn denies(it: &Expr, condition: &Expr) -> bool {
    matches!(&it.kind, ExprKind::Not(inner) if inner.kind == condition.kind)
}

fn conjuncts(expr: &Expr) -> Vec<&Expr> {
    match &expr.kind {
        ExprKind::And(left, right) => [conjuncts(left), conjuncts(right)].concat(),
        _ => vec![expr],
    }
}
