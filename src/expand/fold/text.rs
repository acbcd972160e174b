//! Splices that are known at compile time.

use super::Effort;
use crate::base::span::Spanned;
use crate::expand::{Expand, errors, limits};
use crate::syntax::ast::{Expr, ExprKind, Part};

impl Expand<'_> {
    /// Works out the splices of a string. The text itself is not touched: in a script it stays verbatim.
    pub(super) fn fold_text(&mut self, expr: &mut Expr) -> bool {
        let span = expr.span;
        let ExprKind::String(text) = &mut expr.kind else { return false };
        let mut changed = false;
        for part in &mut text.parts {
            let Part::Splice(inner) = part else { continue };
            let place = inner.span;
            let written = Spanned::new(self.sources.slice(place).to_owned(), place);
            let is_path = matches!(inner.kind, ExprKind::Path(_));
            if !self.fold(inner, Effort::Names) {
                continue;
            }
            changed = true;
            if self.budget.exhausted {
                inner.kind = ExprKind::Broken;
            } else if let Some(value) = scalar_text(inner) {
                self.charge(value.len() / limits::BYTES_OF_A_NODE, place);
                *part = Part::Known { value, written };
            } else if matches!(inner.kind, ExprKind::List(_) | ExprKind::Record(_)) {
                self.push(errors::not_in_text(place, super::select::form(inner)));
                *part = misfit(written);
            } else if is_path && matches!(inner.kind, ExprKind::Broken) {
                *part = misfit(written);
            }
        }
        if changed {
            expr.span.file = self.replaced(span.file);
        }
        changed
    }
}

/// A splice that is an error, unless what it stands in turns out to be a script.
fn misfit(written: Spanned<String>) -> Part {
    Part::Known { value: format!("${{{}}}", written.value), written }
}

/// A constant as it stands in a text; of a declaration its identifier.
pub fn scalar_text(value: &Expr) -> Option<String> {
    match &value.kind {
        ExprKind::Bool(value) => Some(value.to_string()),
        ExprKind::Number(number) => Some(format!("{}{}", number.digits, number.unit)),
        ExprKind::String(text) => text.constant().map(std::borrow::Cow::into_owned),
        ExprKind::Path(path) => path.as_ident().map(|it| it.value.clone()),
        _ => None,
    }
}
