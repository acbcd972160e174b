//! Operators on constants.

use super::{Effort, take};
use crate::diag::Diagnostic;
use crate::expand::fold::select::form;
use crate::expand::{Expand, errors};
use crate::syntax::ast::{Expr, ExprKind, Number, Operator};
use std::cmp::Ordering;

impl Expand<'_> {
    pub(super) fn fold_binary(&mut self, expr: &mut Expr, effort: Effort) -> bool {
        let ExprKind::Binary(operator, left, right) = &mut expr.kind else { return false };
        let operator = *operator;
        let mut changed = self.fold(left, effort);
        let decide = |changed: bool| changed || effort == Effort::All;
        if matches!(operator, Operator::And | Operator::Or) {
            // Where the left side decides, the right one is not looked at: it may not make sense.
            if let ExprKind::Bool(value) = left.kind
                && decide(changed)
                && value == (operator == Operator::Or)
            {
                expr.kind = ExprKind::Bool(value);
                return true;
            }
            changed |= self.fold(right, effort);
            if decide(changed) {
                simplify(expr);
            }
            return changed;
        }
        changed |= self.fold(right, effort);
        let is_arithmetic = matches!(operator, Operator::Add | Operator::Subtract | Operator::Multiply);
        if operator == Operator::Range || !(decide(changed) || is_arithmetic) {
            return changed;
        }
        match self.worked_out(operator, left, right) {
            Ok(Some(kind)) => {
                expr.kind = kind;
                true
            }
            Ok(None) => changed,
            Err(finding) => {
                self.push(*finding);
                expr.kind = ExprKind::Broken;
                true
            }
        }
    }

    /// None where it is not known yet.
    fn worked_out(
        &self,
        operator: Operator,
        left: &Expr,
        right: &Expr,
    ) -> Result<Option<ExprKind>, Box<Diagnostic>> {
        if matches!(left.kind, ExprKind::Broken) || matches!(right.kind, ExprKind::Broken) {
            return Ok(Some(ExprKind::Broken));
        }
        let truth = match operator {
            Operator::Add | Operator::Subtract | Operator::Multiply => {
                return arithmetic(operator, left, right);
            }
            Operator::Equal => self.equal(left, right)?,
            Operator::NotEqual => self.equal(left, right)?.map(|it| !it),
            Operator::Less => order(left, right)?.map(Ordering::is_lt),
            Operator::LessOrEqual => order(left, right)?.map(Ordering::is_le),
            Operator::Greater => order(left, right)?.map(Ordering::is_gt),
            Operator::GreaterOrEqual => order(left, right)?.map(Ordering::is_ge),
            Operator::In => self.member(left, right)?,
            Operator::Range | Operator::And | Operator::Or => None,
        };
        Ok(truth.map(ExprKind::Bool))
    }

    fn member(&self, item: &Expr, list: &Expr) -> Result<Option<bool>, Box<Diagnostic>> {
        match &list.kind {
            ExprKind::List(items) => {
                let mut all_known = true;
                for it in items {
                    match self.equal(item, it)? {
                        Some(true) => return Ok(Some(true)),
                        Some(false) => {}
                        None => all_known = false,
                    }
                }
                Ok(all_known.then_some(false))
            }
            ExprKind::Binary(Operator::Range, low, high) => {
                let (above, below) = (order(item, low)?, order(item, high)?);
                Ok(above.zip(below).map(|(above, below)| above.is_ge() && below.is_le()))
            }
            _ => Ok(None),
        }
    }

    /// None where one of them is not known yet.
    fn equal(&self, left: &Expr, right: &Expr) -> Result<Option<bool>, Box<Diagnostic>> {
        match (&left.kind, &right.kind) {
            (ExprKind::Bool(a), ExprKind::Bool(b)) => Ok(Some(a == b)),
            (ExprKind::Number(..), ExprKind::Number(..)) => Ok(order(left, right)?.map(Ordering::is_eq)),
            (ExprKind::String(a), ExprKind::String(b)) => {
                Ok(a.constant().zip(b.constant()).map(|(a, b)| a == b))
            }
            (ExprKind::Path(a), ExprKind::Path(b)) => {
                let names = a.as_ident().zip(b.as_ident());
                let names = names.filter(|(a, b)| self.is_declared(&a.value) && self.is_declared(&b.value));
                Ok(names.map(|(a, b)| a.value == b.value))
            }
            (ExprKind::List(a), ExprKind::List(b)) => {
                let mut all = Some(a.len() == b.len());
                for (a, b) in a.iter().zip(b) {
                    all = all.zip(self.equal(a, b)?).map(|(all, it)| all && it);
                }
                Ok(all)
            }
            _ if is_known(left) && is_known(right) => {
                Err(errors::different_types(left.span, right.span, form(left), form(right)).into())
            }
            _ => Ok(None),
        }
    }
}

/// A value of which the type is certain.
fn is_known(value: &Expr) -> bool {
    match &value.kind {
        ExprKind::Bool(_) | ExprKind::Number(_) | ExprKind::List(_) | ExprKind::Record(_) => true,
        ExprKind::String(text) => text.constant().is_some(),
        _ => false,
    }
}

/// `true && x` is `x`.
fn simplify(expr: &mut Expr) {
    let ExprKind::Binary(operator, left, right) = &mut expr.kind else { return };
    let neutral = *operator == Operator::And;
    let kept = match (&left.kind, &right.kind) {
        (ExprKind::Bool(value), _) if *value == neutral => take(right),
        (_, ExprKind::Bool(value)) if *value == neutral => take(left),
        (_, ExprKind::Bool(_)) => take(right),
        _ => return,
    };
    expr.kind = kept.kind;
}

fn arithmetic(operator: Operator, left: &Expr, right: &Expr) -> Result<Option<ExprKind>, Box<Diagnostic>> {
    let wrong = [left, right].into_iter().find(|it| is_known(it) && amount(it).is_none());
    if let Some(wrong) = wrong {
        return Err(errors::not_whole(wrong.span, form(wrong)).into());
    }
    let (Some((a, one)), Some((b, other))) = (amount(left), amount(right)) else { return Ok(None) };
    let unit = match operator {
        Operator::Add | Operator::Subtract if one == other => one,
        Operator::Multiply if one.is_empty() => other,
        Operator::Multiply if other.is_empty() => one,
        _ => return Err(errors::different_units(left.span, right.span).into()),
    };
    let result = match operator {
        Operator::Add => a.checked_add(b),
        Operator::Subtract => a.checked_sub(b),
        _ => a.checked_mul(b),
    };
    let Some(result) = result else { return Err(errors::overflow(left.span).into()) };
    Ok(Some(ExprKind::Number(Number { digits: result.to_string(), unit: unit.to_owned() })))
}

/// A whole number and its unit.
fn amount(value: &Expr) -> Option<(i64, &str)> {
    match &value.kind {
        ExprKind::Number(number) => Some((number.digits.parse().ok()?, number.unit.as_str())),
        _ => None,
    }
}

fn whole(value: &Expr) -> Option<i64> {
    amount(value).filter(|it| it.1.is_empty()).map(|it| it.0)
}

fn order(left: &Expr, right: &Expr) -> Result<Option<Ordering>, Box<Diagnostic>> {
    let (ExprKind::Number(a), ExprKind::Number(b)) = (&left.kind, &right.kind) else {
        if is_known(left) && is_known(right) {
            return Err(errors::no_order(left.span, form(left), form(right)).into());
        }
        return Ok(None);
    };
    if let (Some(a), Some(b)) = (whole(left), whole(right)) {
        return Ok(Some(a.cmp(&b)));
    }
    match (measure(a), measure(b)) {
        (Some((a, x)), Some((b, y))) if x == y => Ok(a.partial_cmp(&b)),
        _ => Err(errors::different_units(left.span, right.span).into()),
    }
}

/// The value in the smallest of the units it can be compared with. `m` is minutes.
fn measure(number: &Number) -> Option<(f64, &str)> {
    let value: f64 = number.digits.parse().ok()?;
    Some(match number.unit.as_str() {
        "m" => (value * 60.0, "s"),
        "h" => (value * 3600.0, "s"),
        "d" => (value * 86400.0, "s"),
        "Ki" => (value, "Ki"),
        "Mi" => (value * 1024.0, "Ki"),
        "Gi" => (value * 1_048_576.0, "Ki"),
        "Ti" => (value * 1_073_741_824.0, "Ki"),
        unit => (value, unit),
    })
}
