//! `if` on what only a run knows: around steps it becomes their `when`.

use super::Expand;
use super::errors;
use super::fold::scalar_text;
use super::rows::Row;
use crate::base::span::{Span, Spanned};
use crate::diag::Diagnostic;
use crate::syntax::ast::{Attribute, Block, Body, Expr, ExprKind, Operator, Statement};

impl Expand<'_> {
    /// Both branches, each step with its condition.
    pub fn when(
        &mut self,
        condition: Expr,
        then: Vec<Statement>,
        otherwise: Vec<Statement>,
        out: &mut Vec<Statement>,
    ) {
        let span = condition.span;
        let opposite = Expr { kind: ExprKind::Not(Box::new(condition.clone())), span };
        for (condition, statements) in [(condition, then), (opposite, otherwise)] {
            for mut statement in statements {
                self.guard(&mut statement, &condition);
                out.push(statement);
            }
        }
    }

    fn guard(&mut self, statement: &mut Statement, condition: &Expr) {
        match statement {
            Statement::Block(it) if (self.step)(&it.word.value).is_some() && !it.quoted => {
                guard_step(it, condition);
            }
            Statement::Broken(_) => {}
            other => {
                let (what, place) = match other {
                    Statement::Block(it) => (it.word.value.clone(), it.head),
                    Statement::Attribute(it) => (it.key.value.clone(), it.key.span),
                    other => ("this".to_owned(), other.span()),
                };
                self.push(errors::not_a_step(place, &what, condition.span));
            }
        }
    }

    /// What to say of a condition around statements that cannot wait for a run.
    pub fn not_decided(&self, condition: &Expr, place: Span, row: Row) -> Option<Diagnostic> {
        let what = "this condition";
        let finding = self.not_known(condition, what)?;
        if scalar_text(condition).is_some() && !matches!(condition.kind, ExprKind::Path(_)) {
            return Some(errors::not_a_condition(place));
        }
        let is_late = finding.code == "not-compile-time";
        Some(if is_late { finding.help(errors::late_if_help(row)) } else { finding })
    }

    /// What to say of a list that `for` cannot go through.
    pub fn not_a_list(&self, list: &Expr, place: Span) -> Option<Diagnostic> {
        match &list.kind {
            ExprKind::Path(_) | ExprKind::Call(..) | ExprKind::If(..) => {
                self.not_known(list, "the list of `for`")
            }
            ExprKind::Binary(Operator::Range, low, high) => {
                let end = [low, high].into_iter().find(|it| !matches!(it.kind, ExprKind::Number(_)));
                match end {
                    Some(end) => self.not_known(end, "the range of `for`"),
                    None => Some(errors::not_iterable(place, "a range of other than whole numbers")),
                }
            }
            ExprKind::Broken => None,
            _ => Some(errors::not_iterable(place, super::fold::form(list))),
        }
    }
}

/// `c && existing`
fn guard_step(step: &mut Block, condition: &Expr) {
    let span = condition.span;
    let body = step.body.get_or_insert_with(|| Body { span: step.head, ..Body::default() });
    let existing = body.statements.iter_mut().find_map(|it| match it {
        Statement::Attribute(it) if it.key.value == "when" && !it.quoted => Some(&mut it.value),
        _ => None,
    });
    match existing {
        Some(value) => {
            let inner = super::fold::take(value);
            let both = ExprKind::Binary(Operator::And, Box::new(condition.clone()), Box::new(inner));
            *value = Expr { kind: both, span };
        }
        None => {
            let key = Spanned::new("when".to_owned(), span);
            let attribute = Attribute { span, key, quoted: false, value: condition.clone() };
            body.statements.push(Statement::Attribute(attribute));
        }
    }
}
