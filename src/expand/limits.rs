//! Bounds of what may be produced: a few lines can ask for more than fits into memory.

use super::{Expand, errors};
use crate::base::span::Span;
use crate::syntax::ast::{Expr, ExprKind, Part};

/// Statements, and values as large as some, that one project may become.
const MAX_PRODUCED: usize = 1_000_000;
/// Parts of values that may be put in, by all names together.
const MAX_VALUES: usize = 2_000_000;
/// Templates inside templates.
pub const MAX_TEMPLATES: usize = 100;
/// Blocks inside blocks: what reads them recurses.
pub const MAX_BLOCKS: usize = 100;
pub const MAX_VALUE_DEPTH: usize = 64;
/// Findings of expansion that are kept.
pub const MAX_FINDINGS: usize = 1000;
/// So many bytes of text weigh as much as a part of a value.
pub const BYTES_OF_A_NODE: usize = 64;

#[derive(Debug, Default)]
pub struct Budget {
    statements: usize,
    values: usize,
    /// A limit was reached and reported: nothing more is produced.
    pub exhausted: bool,
}

impl Expand<'_> {
    /// Counts a statement that is produced.
    pub fn count(&mut self, place: Span) {
        self.budget.statements += 1;
        if self.budget.statements > MAX_PRODUCED {
            self.exhaust(place, "more than a million statements are produced");
        }
    }

    /// Counts what is put in for a name.
    pub fn charge(&mut self, weight: usize, place: Span) {
        self.budget.values += weight;
        if self.budget.values > MAX_VALUES {
            self.exhaust(place, "the values that are put in for names are too large together");
        }
    }

    pub fn exhaust(&mut self, place: Span, message: &str) {
        if !self.budget.exhausted {
            self.budget.exhausted = true;
            self.push(errors::limit(place, message));
        }
    }
}

/// How large a value is.
pub fn weight(value: &Expr) -> usize {
    1 + match &value.kind {
        ExprKind::Bool(_) | ExprKind::Number(_) | ExprKind::Path(_) | ExprKind::Broken => 0,
        ExprKind::String(text) => {
            let spliced = text.parts.iter().map(|it| match it {
                Part::Splice(inner) => weight(inner),
                Part::Known { value, .. } => value.len() / BYTES_OF_A_NODE,
                Part::Literal(_) | Part::Opaque(_) => 0,
            });
            text.value.len() / BYTES_OF_A_NODE + spliced.sum::<usize>()
        }
        ExprKind::Call(_, items) | ExprKind::List(items) => items.iter().map(weight).sum(),
        ExprKind::Record(attributes) => attributes.iter().map(|it| weight(&it.value)).sum(),
        ExprKind::Not(inner) => weight(inner),
        ExprKind::Binary(_, left, right) => weight(left) + weight(right),
        ExprKind::If(condition, then, otherwise) => weight(condition) + weight(then) + weight(otherwise),
    }
}

/// How deep a value is nested.
pub fn depth(value: &Expr) -> usize {
    1 + match &value.kind {
        ExprKind::Bool(_) | ExprKind::Number(_) | ExprKind::Path(_) | ExprKind::Broken => 0,
        ExprKind::String(text) => {
            let spliced = text.parts.iter().map(|it| match it {
                Part::Splice(inner) => depth(inner),
                Part::Known { .. } | Part::Literal(_) | Part::Opaque(_) => 0,
            });
            spliced.max().unwrap_or(0)
        }
        ExprKind::Call(_, items) | ExprKind::List(items) => items.iter().map(depth).max().unwrap_or(0),
        ExprKind::Record(attributes) => attributes.iter().map(|it| depth(&it.value)).max().unwrap_or(0),
        ExprKind::Not(inner) => depth(inner),
        ExprKind::Binary(_, left, right) => depth(left).max(depth(right)),
        ExprKind::If(condition, then, otherwise) => depth(condition).max(depth(then)).max(depth(otherwise)),
    }
}
