//! Why a value is not known at compile time.

use super::select::form;
use crate::base::suggest;
use crate::diag::Diagnostic;
use crate::expand::{Expand, errors};
use crate::syntax::ast::{Expr, ExprKind, Path};

impl Expand<'_> {
    /// What to say of an expression whose value `what` needs now. None where it is reported already.
    pub fn not_known(&self, expr: &Expr, what: &str) -> Option<Diagnostic> {
        let reason = self.first_unknown(expr)?;
        Some(match reason {
            Unknown::Undefined(path) => {
                let name = &path.segments[0].name;
                let known = self.scopes.names();
                let declared = self.declared_names().chain(known.iter().copied());
                errors::unknown_name(name, suggest::nearest(&name.value, declared), what)
            }
            Unknown::Later(at, phase) => errors::not_compile_time(expr.span, at, what, phase),
        })
    }

    fn first_unknown<'e>(&self, expr: &'e Expr) -> Option<Unknown<'e>> {
        match &expr.kind {
            ExprKind::Broken => None,
            ExprKind::Path(path) => Some(self.of_path(path, expr)),
            ExprKind::Call(..) => Some(Unknown::Later(expr, "is known only while a run is under way")),
            ExprKind::Not(inner) => self.first_unknown(inner),
            ExprKind::Binary(_, left, right) => {
                let mut unknown = [left, right].into_iter().filter(|it| !is_constant(it));
                unknown.find_map(|it| self.first_unknown(it))
            }
            ExprKind::If(condition, then, otherwise) => {
                let mut unknown = [condition, then, otherwise].into_iter().filter(|it| !is_constant(it));
                unknown.find_map(|it| self.first_unknown(it))
            }
            ExprKind::Bool(_)
            | ExprKind::String(_)
            | ExprKind::Number(_)
            | ExprKind::List(_)
            | ExprKind::Record(_) => Some(Unknown::Later(expr, form(expr))),
        }
    }

    fn of_path<'e>(&self, path: &'e Path, expr: &'e Expr) -> Unknown<'e> {
        let first = path.segments.first().map_or("", |it| it.name.value.as_str());
        match first {
            "params" | "run" | "runs" | "vars" if path.segments.len() > 1 => {
                Unknown::Later(expr, "is known only when a run is queued")
            }
            _ if path.segments.len() > 1 => Unknown::Later(expr, "is known only while a run is under way"),
            _ if self.is_declared(first) => Unknown::Later(expr, "is a declaration"),
            _ => Unknown::Undefined(path),
        }
    }
}

enum Unknown<'e> {
    Undefined(&'e Path),
    /// What it is, or when it is known.
    Later(&'e Expr, &'static str),
}

fn is_constant(expr: &Expr) -> bool {
    match &expr.kind {
        ExprKind::Bool(_) | ExprKind::Number(_) => true,
        ExprKind::String(text) => text.constant().is_some(),
        ExprKind::List(items) => items.iter().all(is_constant),
        _ => false,
    }
}
