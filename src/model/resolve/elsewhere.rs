//! Names that are none here, and what they were meant to be: `branch` for `run.branch`, `succeeded` for `succeeded()`.

use super::{FACTS, Look, STATUS};
use crate::base::span::{Span, Spanned};
use crate::diag::Diagnostic;
use crate::model::errors;
use crate::syntax::foreign;

impl Look<'_, '_, '_> {
    /// The finding for a name that means something elsewhere.
    pub(super) fn meant(&self, names: &[&Spanned<String>], span: Span) -> Option<Diagnostic> {
        let path: Vec<&str> = names.iter().map(|it| it.value.as_str()).collect();
        let path = path.join(".");
        let own = match path.to_ascii_lowercase().as_str() {
            "true" | "yes" | "on" => Some("true".to_owned()),
            "false" | "no" | "off" => Some("false".to_owned()),
            _ => self.member(names).or_else(|| foreign::own_name(&path)),
        };
        let fact = || FACTS.iter().find(|it| it.0 == path).map(|it| format!("run.{}", it.0));
        let status = || STATUS.iter().find(|it| it.0 == path).map(|it| format!("{}()", it.0));
        let own = own.or_else(fact).or_else(status)?;
        let written = Spanned::new(path, span);
        Some(errors::undefined_name(&written, "step, job, stage or declaration", Some(&own), &[]))
    }

    /// A parameter or a variable that can be read here, without what stands before its name or with what others write.
    fn member(&self, names: &[&Spanned<String>]) -> Option<String> {
        let name = match names {
            [only] => *only,
            [first, only]
                if matches!(first.value.as_str(), "secrets" | "secret" | "env" | "var" | "variables") =>
            {
                *only
            }
            _ => return None,
        };
        let params = names.len() == 1
            && self.resolver.scope.as_ref().is_some_and(|it| it.params.contains_key(&name.value));
        if params {
            return Some(format!("params.{}", name.value));
        }
        self.own_variable(&name.value).map(|it| format!("vars.{}", it.1))
    }

    /// The variable of an attached group that is called so, here or in Azure DevOps.
    fn own_variable(&self, name: &str) -> Option<(usize, String)> {
        let arena = self.resolver.variables?;
        let attached = self.resolver.attached.as_ref()?;
        let is_it = |written: &str| written.eq_ignore_ascii_case(name);
        attached.iter().rev().find_map(|group| {
            let mut members = arena[*group].members.values();
            let found = members.find(|it| is_it(&it.ident.value) || is_it(&it.name))?;
            Some((group.index(), found.ident.value.clone()))
        })
    }

    /// Says what Azure Pipelines would put into a text, or would not.
    pub(super) fn foreign_in(&mut self, text: &str, span: Span) {
        if self.resolver.scope.is_none() {
            return;
        }
        for found in foreign::all_in(text) {
            let variable = self.own_variable(found.inner);
            if let Some((group, ident)) = &variable {
                self.symbols.mark_member(*group, ident);
            }
            let own = foreign::own_name(found.inner).or(variable.map(|it| format!("vars.{}", it.1)));
            if let Some(own) = own {
                self.findings.push(errors::foreign_expression(span, &found, &own, found.written == text));
            }
        }
    }
}
