//! Expressions: names looked up from where they stand outward, types worked out, mistakes reported once.

mod elsewhere;
mod look;
mod matrix;
mod name;
mod value;

use crate::base::arena::{Arena, Id};
use crate::base::span::{Span, Spanned};
use crate::base::suggest;
use crate::diag::Diagnostic;
use crate::model::errors;
use crate::model::expr::{Expr, Fact, ImageField, Node, Outcome, Reason, RunField, Status};
use crate::model::project::{Looks, Read, Variables};
use crate::model::scope::{PipelineScope, Place};
use crate::model::symbols::Symbols;
use crate::schema::Kind;
use crate::syntax::ast;
use std::cell::{Cell, RefCell};
use std::collections::BTreeSet;
use std::sync::Arc;

/// Where expressions stand while a block is decoded.
#[derive(Default)]
pub struct Resolver<'a> {
    /// The pipeline around; none for declarations outside pipelines.
    pub scope: Option<Arc<PipelineScope>>,
    pub place: Place,
    /// Groups of variables that may be read here, outermost first. `None`: any declared one.
    pub attached: Option<Vec<Id<Variables>>>,
    pub variables: Option<&'a Arena<Variables>>,
    /// The environment that the stage or job deploys to or takes its context from.
    pub environment: Option<usize>,
    /// The pipelines whose runs are known: each by what it is called here, with its index.
    pub sources: Vec<(Spanned<String>, usize)>,
    /// What images that start this one are called.
    pub images: Vec<String>,
    /// What must be looked up for the pipeline so far.
    pub looks: RefCell<Looks>,
    /// Whether the stage needs something of that.
    pub looked: Cell<bool>,
    /// Which stages and jobs were read so far.
    pub reads: RefCell<Vec<Read>>,
    /// Which parameters were read so far.
    pub params_read: RefCell<BTreeSet<String>>,
    /// Which outputs were read so far: stage, job and step by index.
    pub outputs_read: RefCell<BTreeSet<(usize, usize, usize, String)>>,
}

const FACTS: &[(&str, Fact)] = &[
    ("id", Fact::Id),
    ("number", Fact::Number),
    ("branch", Fact::Branch),
    ("tag", Fact::Tag),
    ("reason", Fact::Reason),
    ("commit", Fact::Commit),
    ("requested_for", Fact::RequestedFor),
    ("schedule", Fact::Schedule),
    ("pull_request.id", Fact::PullRequestId),
    ("pull_request.source", Fact::PullRequestSource),
    ("pull_request.target", Fact::PullRequestTarget),
];

const RUN_FIELDS: &[(&str, RunField)] =
    &[("id", RunField::Id), ("branch", RunField::Branch), ("commit", RunField::Commit)];

const IMAGE_FIELDS: &[(&str, ImageField)] = &[("tag", ImageField::Tag), ("digest", ImageField::Digest)];

const REASONS: &[(&str, Reason)] = &[
    ("manual", Reason::Manual),
    ("push", Reason::Push),
    ("pull_request", Reason::PullRequest),
    ("schedule", Reason::Schedule),
    ("resource", Reason::Resource),
];

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

/// What can be read of `run`.
pub fn run_facts() -> impl Iterator<Item = &'static str> {
    FACTS.iter().map(|it| it.0)
}

/// What can be read of `runs.PIPELINE`.
pub fn run_fields() -> impl Iterator<Item = &'static str> {
    RUN_FIELDS.iter().map(|it| it.0).chain(["tags"])
}

/// What can be read of `image`.
pub fn image_fields() -> impl Iterator<Item = &'static str> {
    IMAGE_FIELDS.iter().map(|it| it.0)
}

/// What `run.reason` is compared with.
pub fn reasons() -> impl Iterator<Item = &'static str> {
    REASONS.iter().map(|it| it.0)
}

/// What a `result` is compared with.
pub fn outcomes() -> impl Iterator<Item = &'static str> {
    OUTCOMES.iter().map(|it| it.0)
}

/// Functions that ask for the state so far.
pub fn statuses() -> impl Iterator<Item = &'static str> {
    STATUS.iter().map(|it| it.0)
}

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

    /// The pipeline behind a name, if a run of it is known here.
    pub fn source(&self, name: &Spanned<String>, symbols: &Symbols<'_>) -> Result<usize, Box<Diagnostic>> {
        if let Some((called, index)) = self.sources.iter().find(|it| it.0.value == name.value) {
            symbols.link(name, called.span);
            return Ok(*index);
        }
        if symbols.get(Kind::Pipeline, &name.value).is_some() {
            let message = format!("no run of `{}` is known here", name.value);
            let help = format!(
                "add `trigger after {0}` if it starts this pipeline, or `resource {0}` for its latest run",
                name.value
            );
            return Err(Box::new(errors::invalid_value(name.span, message, help)));
        }
        let pipelines = symbols.of(Kind::Pipeline).map(|it| it.name.value.as_str());
        let known: Vec<&str> = self.sources.iter().map(|it| it.0.value.as_str()).chain(pipelines).collect();
        let nearest = suggest::nearest(&name.value, known.iter().copied());
        Err(Box::new(errors::undefined_name(name, "pipeline", nearest, &known)))
    }

    /// A stage or job by its path, outward from the place.
    pub fn node(&self, path: &ast::Path, symbols: &Symbols<'_>) -> Result<Node, Diagnostic> {
        let Some(scope) = &self.scope else { return Err(errors::not_a_reference(path.span, &[])) };
        let found = self.find_node(path, scope)?;
        let stage = &scope.stages[found.stage];
        let job = found.job.map(|it| stage.jobs[it].name.span);
        let spans = if path.segments.len() == 1 {
            vec![job.unwrap_or(stage.name.span)]
        } else {
            [Some(stage.name.span), job].into_iter().flatten().collect()
        };
        path.segments.iter().zip(spans).for_each(|(it, span)| symbols.link(&it.name, span));
        Ok(found)
    }

    fn find_node(&self, path: &ast::Path, scope: &PipelineScope) -> Result<Node, Diagnostic> {
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
