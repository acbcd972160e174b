//! Values of the copies of a job, and outputs of one of them.

use super::Look;
use super::name::In;
use crate::base::span::{Span, Spanned};
use crate::base::suggest;
use crate::diag::Diagnostic;
use crate::model::errors;
use crate::model::expr::{Expr, ExprKind};
use crate::model::project::Matrix;
use crate::model::scope::{JobScope, PipelineScope};

impl Look<'_, '_, '_> {
    /// `matrix.python`
    pub(super) fn matrix(&mut self, rest: &[&Spanned<String>], span: Span) -> Option<Expr> {
        let scope = self.resolver.scope.clone();
        let place = self.resolver.place;
        let job = scope.as_ref().zip(place.stage).zip(place.job);
        let job = job.map(|((scope, stage), job)| &scope.stages[stage].jobs[job]);
        let Some(matrix) = job.and_then(|it| it.matrix.as_ref()) else {
            let help = "write `matrix { python = [\"3.11\", \"3.12\"] }` in the job that reads it";
            return self.say(errors::invalid_value(span, "there is no matrix around this", help));
        };
        if place.step.is_none() {
            let help = "read it in the steps: their `when`, `env` and inputs";
            let message = "the values of a matrix are known inside of its job only";
            return self.say(errors::invalid_value(span, message, help));
        }
        let [name] = rest else {
            return self.say(errors::invalid_value(
                span,
                "a value of a matrix has no parts",
                "write `matrix.NAME`",
            ));
        };
        if let Some(ty) = matrix.variables.get(&name.value) {
            matrix.places.get(&name.value).iter().for_each(|it| self.symbols.link(name, **it));
            return Some(Expr { kind: ExprKind::Matrix(name.value.clone()), ty: *ty, span });
        }
        let known: Vec<&str> = matrix.variables.keys().map(String::as_str).collect();
        let nearest = suggest::nearest(&name.value, known.iter().copied());
        self.say(errors::undefined_name(name, "value of this matrix", nearest, &known))
    }

    pub(super) fn in_leg(
        &mut self,
        scope: &PipelineScope,
        (stage, job): (usize, usize),
        leg: &str,
        names: &[&Spanned<String>],
        span: Span,
    ) -> Option<Expr> {
        let step = names[2];
        let Some(found) = self.output_in(scope, In { stage, job, leg: Some(leg) }, &names[2..], span) else {
            let steps = scope.stages[stage].jobs[job].steps.iter().filter_map(|it| it.name.as_ref());
            let known: Vec<&str> = steps.map(|it| it.value.as_str()).collect();
            let nearest = suggest::nearest(&step.value, known.iter().copied());
            let what = format!("step in `{}`", names[0].value);
            return self.say(errors::undefined_name(step, &what, nearest, &known));
        };
        found
    }
}

/// `job.LEG.step.output`: the copy that is meant, unless a step bears that name.
pub(super) fn leg(job: &JobScope, names: &[&Spanned<String>]) -> Option<String> {
    let [_, name, _, ..] = names else { return None };
    let legs = &job.matrix.as_ref()?.legs;
    let is_step = job.steps.iter().filter_map(|it| it.name.as_ref()).any(|it| it.value == name.value);
    legs.iter().find(|it| it.name == name.value && !is_step).map(|it| it.name.clone())
}

/// Each copy sets the output: one of them must be named.
pub(super) fn leg_needed(names: &[&Spanned<String>], matrix: &Matrix, span: Span) -> Diagnostic {
    let legs: Vec<&str> = matrix.legs.iter().map(|it| it.name.as_str()).collect();
    let path: Vec<&str> = names.iter().map(|it| it.value.as_str()).collect();
    let message = format!("every copy of the job sets `{}`", path.join("."));
    let help = format!(
        "write the copy behind the job, as in `JOB.{}.{}`: it has {}",
        legs.first().unwrap_or(&"LEG"),
        path.join("."),
        errors::quoted_list(&legs)
    );
    errors::invalid_value(span, message, help)
}
