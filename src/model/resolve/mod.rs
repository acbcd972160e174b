//! Expressions: names looked up from where they stand outward, types worked out, mistakes reported once.

mod matrix;
mod name;
mod value;

use crate::base::arena::{Arena, Id};
use crate::base::span::Span;
use crate::base::suggest;
use crate::diag::Diagnostic;
use crate::model::errors;
use crate::model::expr::{Expr, Fact, Node, Outcome, RunField, Status};
use crate::model::project::{Read, Variables};
use crate::model::scope::{PipelineScope, Place};
use crate::model::symbols::Symbols;
use crate::syntax::ast;
use std::cell::RefCell;
use std::collections::BTreeSet;
use std::rc::Rc;

/// Where expressions stand while a block is decoded.
#[derive(Default)]
pub struct Resolver<'a> {
    /// The pipeline around; none for declarations outside pipelines.
    pub scope: Option<Rc<PipelineScope>>,
    pub place: Place,
    /// Groups of variables that may be read here, outermost first. `None`: any declared one.
    pub attached: Option<Vec<Id<Variables>>>,
    pub variables: Option<&'a Arena<Variables>>,
    /// The environment that the stage or job deploys to or takes its context from.
    pub environment: Option<usize>,
    /// The pipelines whose completion starts this one.
    pub sources: Vec<usize>,
    /// Which stages and jobs were read so far.
    pub reads: RefCell<Vec<Read>>,
    /// Which parameters were read so far.
    pub params_read: RefCell<BTreeSet<String>>,
}

const FACTS: &[(&str, Fact)] = &[
    ("id", Fact::Id),
    ("number", Fact::Number),
    ("branch", Fact::Branch),
    ("tag", Fact::Tag),
    ("reason", Fact::Reason),
    ("commit", Fact::Commit),
    ("requested_for", Fact::RequestedFor),
    ("pull_request.source", Fact::PullRequestSource),
    ("pull_request.target", Fact::PullRequestTarget),
];

const RUN_FIELDS: &[(&str, RunField)] =
    &[("id", RunField::Id), ("branch", RunField::Branch), ("commit", RunField::Commit)];

const OUTCOMES: &[(&str, Outcome)] = &[
    ("succeeded", Outcome::Succeeded),
    ("succeeded_with_issues", Outcome::SucceededWithIssues),
    ("failed", Outcome::Failed),
    ("canceled", Outcome::Canceled),
    ("skipped", Outcome::Skipped),
];

const STATUS: &[(&str, Status)] = &[
    ("succeeded", Status::Succeeded),
    ("failed", Status::Failed),
    ("canceled", Status::Canceled),
    ("always", Status::Always),
    ("not_failed", Status::NotFailed),
    ("succeeded_or_failed", Status::SucceededOrFailed),
];

impl Resolver<'_> {
    /// Whether this stands in a job that was written as one; else in the body of a stage.
    pub fn in_job(&self) -> bool {
        let stage = self.scope.as_ref().zip(self.place.stage).map(|(scope, stage)| &scope.stages[stage]);
        stage.is_none_or(|it| !it.implicit || self.place.job != Some(0))
    }

    fn note(&self, node: Node, span: Span) {
        self.reads.borrow_mut().push(Read { job: self.place.job, node, span });
    }

    /// `None` where something in it is wrong; that is then reported.
    pub fn expr(
        &self,
        expr: &ast::Expr,
        symbols: &Symbols<'_>,
        findings: &mut Vec<Diagnostic>,
    ) -> Option<Expr> {
        Look { resolver: self, symbols, findings }.expr(expr)
    }

    /// A stage or job by its path, outward from the place.
    pub fn node(&self, path: &ast::Path) -> Result<Node, Diagnostic> {
        let Some(scope) = &self.scope else { return Err(errors::not_a_reference(path.span, &[])) };
        let first = &path.segments[0].name;
        let stage_of = |name: &str| scope.stages.iter().position(|it| it.name.value == name);
        let job_of =
            |stage: usize, name: &str| scope.stages[stage].jobs.iter().position(|it| it.name.value == name);
        match path.segments.as_slice() {
            [_] => {
                let inner = self.place.stage.filter(|it| !scope.stages[*it].implicit);
                let job =
                    inner.and_then(|stage| Some(Node { stage, job: Some(job_of(stage, &first.value)?) }));
                let found = job.or_else(|| stage_of(&first.value).map(Node::stage));
                found.ok_or_else(|| {
                    let jobs = inner.into_iter().flat_map(|it| &scope.stages[it].jobs).map(|it| &it.name);
                    let names = jobs.chain(scope.stages.iter().map(|it| &it.name));
                    let known: Vec<&str> = names.map(|it| it.value.as_str()).collect();
                    let nearest = suggest::nearest(&first.value, known.iter().copied());
                    let what = if inner.is_some() { "job or stage" } else { "stage" };
                    errors::undefined_name(first, what, nearest, &known)
                })
            }
            [_, job] => {
                let stage = stage_of(&first.value).ok_or_else(|| {
                    let known: Vec<&str> = scope.stages.iter().map(|it| it.name.value.as_str()).collect();
                    errors::undefined_name(
                        first,
                        "stage",
                        suggest::nearest(&first.value, known.iter().copied()),
                        &known,
                    )
                })?;
                let found = job_of(stage, &job.name.value);
                let known: Vec<&str> =
                    scope.stages[stage].jobs.iter().map(|it| it.name.value.as_str()).collect();
                let unknown = || {
                    errors::undefined_name(
                        &job.name,
                        "job",
                        suggest::nearest(&job.name.value, known.iter().copied()),
                        &known,
                    )
                };
                Ok(Node { stage, job: Some(found.ok_or_else(unknown)?) })
            }
            _ => Err(errors::invalid_value(
                path.span,
                "this is no stage or job",
                "write the name of a stage, or `stage.job`",
            )),
        }
    }
}

struct Look<'r, 'a, 's> {
    resolver: &'r Resolver<'a>,
    symbols: &'r Symbols<'s>,
    findings: &'r mut Vec<Diagnostic>,
}

impl Look<'_, '_, '_> {}
