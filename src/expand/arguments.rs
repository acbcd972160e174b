//! Arguments of templates: by name, each of its parameter's type.

use super::Expand;
use super::errors;
use super::fold::Effort;
use super::options::has_unit;
use super::scope::{Binding, Scope, What};
use crate::base::span::Spanned;
use crate::base::suggest;
use crate::schema::Kind;
use crate::syntax::ast::{Attribute, Body, Expr, ExprKind, Parameter, Statement, Template, Type};
use std::rc::Rc;

/// What a parameter may be besides a kind of declaration.
const PLAIN: &[&str] =
    &["string", "int", "number", "bool", "duration", "percentage", "any", "stage", "job", "step"];

impl Expand<'_> {
    /// The parameters with their values. None where something is wrong, which is then reported.
    pub fn arguments(
        &mut self,
        template: &Template,
        body: Option<Body>,
        name: &Spanned<String>,
    ) -> Option<Vec<Rc<Binding>>> {
        let mut fine = true;
        let mut given: Vec<Attribute> = Vec::new();
        for statement in body.into_iter().flat_map(|it| it.statements) {
            match self.argument(statement, template, &given) {
                Some(it) => given.push(it),
                None => fine = false,
            }
        }
        let mut bound: Vec<Rc<Binding>> = Vec::new();
        for parameter in &template.parameters {
            let at = given.iter().position(|it| it.key.value == parameter.name.value);
            match (at, &parameter.default) {
                (Some(at), _) => {
                    let mut it = given.swap_remove(at);
                    self.fold(&mut it.value, Effort::All);
                    fine &= self.check_argument(&it.value, parameter, true);
                    bound.push(self.bind(What::Parameter, &parameter.name, it.value));
                }
                (None, Some(default)) => {
                    let mut value = default.clone();
                    let before = self.scopes.enter(Scope::default());
                    self.fold(&mut value, Effort::All);
                    self.scopes.leave(before);
                    fine &= self.check_argument(&value, parameter, false);
                    bound.push(self.bind(What::Parameter, &parameter.name, value));
                }
                (None, None) => {
                    self.push(errors::missing_argument(name, &parameter.name, &parameter.ty));
                    fine = false;
                }
            }
        }
        (fine & self.check_parameters(template)).then_some(bound)
    }

    fn argument(
        &mut self,
        statement: Statement,
        template: &Template,
        given: &[Attribute],
    ) -> Option<Attribute> {
        let it = match statement {
            Statement::Attribute(it) => it,
            Statement::Broken(_) => return None,
            other => {
                self.push(errors::not_an_argument(other.span()));
                return None;
            }
        };
        if let Some(first) = given.iter().find(|first| first.key.value == it.key.value) {
            self.push(errors::second_argument(&it.key, first.key.span));
            return None;
        }
        let known: Vec<&str> = template.parameters.iter().map(|it| it.name.value.as_str()).collect();
        if !known.contains(&it.key.value.as_str()) {
            let nearest = suggest::nearest(&it.key.value, known.iter().copied());
            self.push(errors::unknown_argument(&it.key, &template.name, nearest, &known));
            return None;
        }
        Some(it)
    }

    /// Whether the parameters themselves are right.
    fn check_parameters(&mut self, template: &Template) -> bool {
        let mut fine = true;
        for (at, parameter) in template.parameters.iter().enumerate() {
            let first = template.parameters[..at].iter().find(|it| it.name.value == parameter.name.value);
            if let Some(first) = first {
                self.push(errors::taken(&parameter.name, "a parameter of the template", first.name.span));
                fine = false;
            }
            if let Some(global) = self.scopes.globals.get(&parameter.name.value) {
                let (what, first) = (global.what.describe(), global.defined);
                self.push(errors::taken(&parameter.name, what, first));
                fine = false;
            }
            let word = parameter.ty.name.value.as_str();
            if !word.is_empty() && !PLAIN.contains(&word) && Kind::from_word(word).is_none() {
                let kinds = Kind::ALL.iter().map(|it| it.word());
                let nearest = suggest::nearest(word, PLAIN.iter().copied().chain(kinds));
                self.push(errors::unknown_type(&parameter.ty.name, nearest));
                fine = false;
            }
        }
        fine
    }

    /// Whether the value has the parameter's type; `given` if it was not its default.
    fn check_argument(&mut self, value: &Expr, parameter: &Parameter, given: bool) -> bool {
        let ty = &parameter.ty;
        let found = if ty.list {
            match &value.kind {
                ExprKind::List(items) => items.iter().find_map(|it| self.misfit(it, ty).map(|why| (it, why))),
                ExprKind::Broken => return false,
                _ => Some((value, Misfit::Form)),
            }
        } else {
            self.misfit(value, ty).map(|why| (value, why))
        };
        let Some((wrong, why)) = found else { return !matches!(value.kind, ExprKind::Broken) };
        let finding = match why {
            Misfit::Broken => return false,
            Misfit::Form => errors::wrong_argument(wrong, parameter, given),
            Misfit::Undeclared(kind, name) => {
                let known = self.declared.of_kind(kind);
                let nearest = suggest::nearest(&name.value, known);
                errors::undeclared_argument(
                    &name,
                    kind.word(),
                    nearest,
                    self.declared.span(&name.value),
                    parameter,
                )
            }
        };
        self.push(finding);
        false
    }

    fn misfit(&self, value: &Expr, ty: &Type) -> Option<Misfit> {
        let word = ty.name.value.as_str();
        if let Some(kind) = Kind::from_word(word) {
            return self.misfit_of_kind(value, kind);
        }
        let fits = match (&value.kind, word) {
            (ExprKind::Broken, _) => return Some(Misfit::Broken),
            (_, "any") | (ExprKind::Path(_), "stage" | "job" | "step") => true,
            // Reported where it is declared.
            _ if !PLAIN.contains(&word) => true,
            (ExprKind::String(_), _) => word == "string",
            (ExprKind::Bool(_), _) => word == "bool",
            (ExprKind::Number(number), "int") => {
                number.unit.is_empty() && number.digits.parse::<i64>().is_ok()
            }
            (ExprKind::Number(number), "number") => number.unit.is_empty(),
            (ExprKind::Number(number), "duration" | "percentage") => has_unit(number, word),
            (ExprKind::Number(_) | ExprKind::List(_) | ExprKind::Record(_), _) => false,
            // A name alone is no value; what a run knows has a type that is checked where it is used.
            (ExprKind::Path(path), _) => path.segments.len() > 1,
            (ExprKind::Call(..) | ExprKind::Not(_) | ExprKind::Binary(..) | ExprKind::If(..), _) => {
                !matches!(word, "stage" | "job" | "step")
            }
        };
        (!fits).then_some(Misfit::Form)
    }

    fn misfit_of_kind(&self, value: &Expr, kind: Kind) -> Option<Misfit> {
        let path = match &value.kind {
            ExprKind::Broken => return Some(Misfit::Broken),
            ExprKind::Path(path) => path,
            _ => return Some(Misfit::Form),
        };
        // What templates and indices make is known later, and looked up where it is used.
        let name = path.as_ident()?;
        let built_in =
            matches!((kind, name.value.as_str()), (Kind::Compute, "serverless") | (Kind::Pool, "server"));
        let known = built_in || self.declared.has(kind, &name.value) || self.names.is_emitted(&name.value);
        (!known).then(|| Misfit::Undeclared(kind, name.clone()))
    }
}

enum Misfit {
    Broken,
    Form,
    Undeclared(Kind, Spanned<String>),
}
