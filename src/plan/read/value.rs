//! Values of steps: texts that are put together before they start.

use super::fact::{fact_variable, image_variable, reasons, run_variable, short_fact};
use super::{At, Spot, outcome};
use crate::model::expr::{Expr, ExprKind, Fact, OutputRef, RunField, Ty};
use crate::model::project::Matrix;
use crate::plan::errors;
use crate::plan::term::Term;
use crate::plan::{Part, Value};

impl At<'_> {
    /// A value of a step: a text put together before it starts.
    pub fn value(&mut self, expr: &Expr) -> Value {
        let mut parts = Vec::new();
        self.push_value(expr, &mut parts);
        if parts.is_empty() {
            parts.push(Part::Literal(String::new()));
        }
        parts
    }

    pub(super) fn push_value(&mut self, expr: &Expr, parts: &mut Value) {
        let part = match &expr.kind {
            ExprKind::String(text) => Part::Literal(text.clone()),
            ExprKind::Bool(value) => Part::Literal(value.to_string()),
            ExprKind::Int(value) => Part::Literal(value.to_string()),
            ExprKind::Number(value) => Part::Literal(value.to_string()),
            ExprKind::Concat(inner) => {
                for part in inner {
                    self.push_value(part, parts);
                }
                return;
            }
            ExprKind::Param(name) => Part::Parameter { name: name.clone(), bool: expr.ty == Ty::Bool },
            ExprKind::Variable { group, name, secret, .. } => {
                if *secret && self.reading.project.variables[*group].key_vault.is_some() {
                    self.secrets.insert((*group, name.clone()));
                }
                Part::Variable(name.clone())
            }
            ExprKind::Matrix(name) => Part::Variable(Matrix::variable(name)),
            ExprKind::Predefined(name) => Part::Variable((*name).into()),
            ExprKind::Fact(
                Fact::Branch
                | Fact::Tag
                | Fact::Schedule
                | Fact::PullRequestId
                | Fact::PullRequestSource
                | Fact::PullRequestTarget,
            ) => Part::Variable(self.short_reference(expr)),
            ExprKind::Fact(_) => Part::Variable(fact_variable(expr).into()),
            ExprKind::RunOf(alias, RunField::Branch) => {
                let branch = self.operand(expr);
                Part::Variable(self.add(&format!("{alias}_branch"), branch))
            }
            ExprKind::RunOf(alias, field) => Part::Variable(run_variable(alias, *field)),
            ExprKind::Image(alias, field) => Part::Variable(image_variable(alias, *field)),
            ExprKind::ReasonWord(reason) => Part::Literal(reasons(*reason)[0].into()),
            ExprKind::Output(_) | ExprKind::Looked(_) => match self.operand(expr) {
                Term::Variable(name) => Part::Variable(name),
                _ => Part::Literal(String::new()),
            },
            ExprKind::OwnOutput(name) => Part::Variable(self.own_output(name)),
            ExprKind::ResultWord(word) => Part::Literal(outcome(*word).into()),
            ExprKind::ResultOf(_)
            | ExprKind::If(..)
            | ExprKind::Not(_)
            | ExprKind::And(..)
            | ExprKind::Or(..)
            | ExprKind::Compare(..)
            | ExprKind::In(..)
            | ExprKind::Holds(..)
            | ExprKind::Status(..) => Part::Variable(self.worked_out(expr)),
        };
        match (parts.last_mut(), part) {
            (Some(Part::Literal(before)), Part::Literal(text)) => before.push_str(&text),
            (_, part) => parts.push(part),
        }
    }

    pub(super) fn short_reference(&mut self, expr: &Expr) -> String {
        let name = match expr.kind {
            ExprKind::Fact(Fact::Tag) => "run_tag",
            // A macro of what a run lacks would stay as it is written.
            ExprKind::Fact(Fact::Schedule) => "run_schedule",
            ExprKind::Fact(Fact::PullRequestId) => "pull_request_id",
            ExprKind::Fact(Fact::PullRequestSource) => "pull_request_source",
            ExprKind::Fact(Fact::PullRequestTarget) => "pull_request_target",
            _ => "run_branch",
        };
        self.add(name, short_fact(expr))
    }

    /// A value that must be worked out when the job starts.
    pub(super) fn worked_out(&mut self, expr: &Expr) -> String {
        let stands = self.spot;
        if let Spot::Step { job, part, .. } = stands {
            self.check_not_too_early(expr, job, part);
            self.spot = Spot::JobCondition { job, part };
        }
        let term = self.operand(expr);
        self.spot = stands;
        self.add("worked_out", term)
    }

    pub(super) fn check_not_too_early(&self, expr: &Expr, job: usize, part: usize) {
        let own = |it: &&OutputRef| {
            let here = it.stage == self.stage && it.job == job;
            here && self.find(it).is_some_and(|found| found.index == part)
        };
        if expr.outputs().iter().any(own) {
            self.reading.findings.borrow_mut().push(errors::worked_out_too_early(expr.span));
        }
    }

    /// An output of an earlier action of the same step, perhaps in an earlier part.
    pub(super) fn own_output(&mut self, output: &str) -> String {
        let Spot::Step { job, part, step } = self.spot else { return String::new() };
        let own = OutputRef { stage: self.stage, job, step, output: output.to_owned(), leg: None };
        let Some(found) = self.find(&own) else { return String::new() };
        let variable = found.variable.clone();
        if found.index == part {
            return format!("{}.{variable}", found.name);
        }
        self.carry(&own, &found, variable)
    }
}
