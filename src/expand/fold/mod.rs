//! Expressions worked out as far as they are known at compile time. What names no compile-time value stays as it is.

mod later;
mod operators;
mod select;
mod text;

use super::Expand;
use super::errors;
use super::scope::{Binding, Found, What};
use crate::base::span::{FileId, Link, Span, Spanned};
use crate::expand::names::name_at;
use crate::syntax::ast::{Expr, ExprKind, Index, Path};
use std::rc::Rc;

pub use select::form;
pub use text::scalar_text;

/// Whether operators on constants are worked out that depend on no compile-time name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effort {
    /// They stay as they are written.
    Names,
    /// The value is needed.
    All,
}

impl Expand<'_> {
    /// Works out what is known; whether a compile-time value took part.
    pub fn fold(&mut self, expr: &mut Expr, effort: Effort) -> bool {
        match &mut expr.kind {
            ExprKind::Bool(_) | ExprKind::Number(_) | ExprKind::Broken => false,
            ExprKind::String(_) => self.fold_text(expr),
            ExprKind::Path(_) => self.fold_path(expr),
            ExprKind::Call(..) => self.fold_call(expr, effort),
            ExprKind::List(items) => self.fold_all(items.iter_mut(), effort),
            ExprKind::Record(attributes) => {
                self.fold_all(attributes.iter_mut().map(|it| &mut it.value), effort)
            }
            ExprKind::Not(inner) => {
                let changed = self.fold(inner, effort);
                if let ExprKind::Bool(value) = inner.kind {
                    expr.kind = ExprKind::Bool(!value);
                }
                changed
            }
            ExprKind::Binary(..) => self.fold_binary(expr, effort),
            ExprKind::If(..) => self.fold_choice(expr, effort),
        }
    }

    fn fold_all<'e>(&mut self, exprs: impl Iterator<Item = &'e mut Expr>, effort: Effort) -> bool {
        let mut changed = false;
        for expr in exprs {
            changed |= self.fold(expr, effort);
        }
        changed
    }

    /// The value of what must be known at compile time; what is not is for the caller to report.
    pub fn evaluate(&mut self, mut expr: Expr) -> Expr {
        self.fold(&mut expr, Effort::All);
        expr
    }

    fn fold_choice(&mut self, expr: &mut Expr, effort: Effort) -> bool {
        let ExprKind::If(condition, then, otherwise) = &mut expr.kind else { return false };
        let changed = self.fold(condition, effort);
        let decided = match condition.kind {
            ExprKind::Bool(value) if changed || effort == Effort::All => Some(value),
            _ => None,
        };
        let Some(value) = decided else {
            let then = self.fold(then, effort);
            return self.fold(otherwise, effort) || then || changed;
        };
        let mut chosen = take(if value { then } else { otherwise });
        self.fold(&mut chosen, effort);
        *expr = chosen;
        true
    }

    fn fold_call(&mut self, expr: &mut Expr, effort: Effort) -> bool {
        let span = expr.span;
        let ExprKind::Call(name, arguments) = &mut expr.kind else { return false };
        let word = name.as_ident().map_or("", |it| it.value.as_str());
        if word == "defined"
            && let [argument] = arguments.as_slice()
            && let Some(known) = self.is_defined(argument)
        {
            expr.kind = ExprKind::Bool(known);
            return true;
        }
        let reader = super::data::Format::of_word(word);
        let changed = self.fold_all(arguments.iter_mut(), effort);
        let Some(format) = reader else {
            self.fold_indices(name);
            return changed;
        };
        let arguments = std::mem::take(arguments);
        let value = self.read_file(format, &arguments, span);
        expr.kind = value.map_or(ExprKind::Broken, |it| it.kind);
        true
    }

    /// `defined(s.key)` of a compile-time value.
    fn is_defined(&self, argument: &Expr) -> Option<bool> {
        let ExprKind::Path(path) = &argument.kind else { return None };
        let binding = self.scopes.value(&path.segments.first()?.name.value)?;
        Some(select::select(&binding.value, path, argument.span).is_ok())
    }

    fn fold_path(&mut self, expr: &mut Expr) -> bool {
        let ExprKind::Path(path) = &mut expr.kind else { return false };
        let indexed = self.fold_indices(path);
        let Some(first) = path.segments.first() else { return false };
        match self.scopes.find(&first.name.value) {
            Found::Value(binding) => {
                self.names.links.push(Link { at: first.name.span, to: binding.defined });
                self.substitute(expr, &binding);
                true
            }
            Found::Renamed(name) if !is_fact(path) => {
                path.segments[0].name.value = name;
                self.join_indices(path);
                false
            }
            Found::Renamed(_) | Found::Nothing => {
                let at = name_at(path);
                if at > 0
                    && let Found::Renamed(name) = self.scopes.find(&path.segments[at].name.value)
                {
                    path.segments[at].name.value = name;
                }
                if indexed {
                    self.join_indices(path);
                }
                false
            }
        }
    }

    /// Works out the indices; whether there are any.
    fn fold_indices(&mut self, path: &mut Path) -> bool {
        let mut found = false;
        for index in path.segments.iter_mut().flat_map(|it| &mut it.indices) {
            found = true;
            if let Index::At(expr) = index {
                self.fold(expr, Effort::All);
            }
        }
        found
    }

    /// Puts a compile-time value in the place of its name.
    fn substitute(&mut self, expr: &mut Expr, binding: &Rc<Binding>) {
        let ExprKind::Path(path) = &expr.kind else { return };
        if self.budget.exhausted {
            expr.kind = ExprKind::Broken;
            return;
        }
        let place = Span { file: self.copy_of(expr.span.file, binding), ..expr.span };
        let value = match select::select(&binding.value, path, place) {
            Ok(value) => value,
            Err(finding) => {
                self.push(*finding);
                Expr { kind: ExprKind::Broken, span: place }
            }
        };
        self.charge(super::limits::weight(&value), place);
        *expr = value;
    }

    /// The copy of a file in which the values of a name stand.
    fn copy_of(&mut self, site: FileId, binding: &Binding) -> FileId {
        if binding.what == What::Loop {
            return self.replaced(site);
        }
        if let Some((of, copy)) = binding.copy.get()
            && of == site
        {
            return copy;
        }
        let text = format!("`{}` is set here", binding.name);
        let copy = self.add_copy(site, errors::origin(binding.value.span, text, site, true));
        binding.copy.set(Some((site, copy)));
        copy
    }

    /// The copy of a file in which stands what is put together of what is written.
    pub fn replaced(&mut self, site: FileId) -> FileId {
        if let Some((of, copy)) = self.last_replaced
            && of == site
        {
            return copy;
        }
        let copy = self.add_copy(site, errors::origin(Span::default(), String::new(), site, true));
        self.last_replaced = Some((site, copy));
        copy
    }

    /// Binds a name; a value that is nested too deep is reported and becomes a broken one.
    pub fn bind(&mut self, what: What, name: &Spanned<String>, mut value: Expr) -> Rc<Binding> {
        if super::limits::depth(&value) > super::limits::MAX_VALUE_DEPTH {
            self.push(errors::value_too_deep(name));
            value.kind = ExprKind::Broken;
        }
        let name_text = name.value.clone();
        if !self.names.values.contains(&name_text) {
            self.names.values.insert(name_text.clone());
        }
        Rc::new(Binding {
            what,
            name: name_text,
            defined: name.span,
            value,
            copy: std::cell::Cell::default(),
        })
    }
}

/// `run.id` and the like: never a step that is called `run`.
fn is_fact(path: &Path) -> bool {
    path.segments.len() > 1
        && matches!(path.segments[0].name.value.as_str(), "run" | "runs" | "params" | "vars")
}

pub fn take(expr: &mut Expr) -> Expr {
    let span = expr.span;
    std::mem::replace(expr, Expr { kind: ExprKind::Broken, span })
}
