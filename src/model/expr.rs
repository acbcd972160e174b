//! Expressions after their names are resolved. What an expression reads decides when its value is known.

use super::project::Variables;
use crate::base::arena::Id;
use crate::base::span::Span;

#[derive(Clone, Debug, PartialEq)]
pub struct Expr {
    pub kind: ExprKind,
    pub ty: Ty,
    pub span: Span,
}

/// The types of values in pipelines.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ty {
    Bool,
    Int,
    Number,
    String,
    /// `succeeded`, `failed`, … as in `x.result`.
    Result,
}

/// When a value is known. Later phases compare greater.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Phase {
    Compile,
    /// When the run is queued: parameters, the run's facts, plain variables.
    Queue,
    /// While it runs: outputs, results, secrets, pull-request facts.
    Run,
}

#[derive(Clone, Debug, PartialEq)]
pub enum ExprKind {
    Bool(bool),
    Int(i64),
    Number(f64),
    String(String),
    /// A text with splices.
    Concat(Vec<Expr>),
    /// `params.x`
    Param(String),
    /// `vars.x`, or one of a named group; the name in Azure DevOps.
    Variable {
        group: Id<Variables>,
        ident: String,
        name: String,
        secret: bool,
    },
    /// `matrix.x`: a value of this copy of the job.
    Matrix(String),
    /// `run.id`, `run.branch`, …
    Fact(Fact),
    /// `runs.PIPELINE.id`, …: of the run that started this one, or that a resource names; by what it is called here.
    RunOf(String, RunField),
    /// An output of a step of this pipeline.
    Output(OutputRef),
    /// `x.result` of a stage or job.
    ResultOf(Node),
    /// `succeeded`, `failed`, … on the right of a comparison with a result.
    ResultWord(Outcome),
    /// `push`, `schedule`, … on the right of a comparison with `run.reason`.
    ReasonWord(Reason),
    /// `image.tag`: of the image that started the run, by what it is called.
    Image(String, ImageField),
    /// What the compiler looks up while the pipeline runs.
    Looked(Look),
    /// `"text" in runs.PIPELINE.tags`: a text in a list that is written `a,b`.
    Holds(Box<Expr>, Box<Expr>),
    Not(Box<Expr>),
    And(Box<Expr>, Box<Expr>),
    Or(Box<Expr>, Box<Expr>),
    Compare(Comparison, Box<Expr>, Box<Expr>),
    In(Box<Expr>, Vec<Expr>),
    If(Box<Expr>, Box<Expr>, Box<Expr>),
    Status(Status, Vec<Node>),
    /// A variable of Azure Pipelines by its exact name; made by the compiler, never by the user.
    Predefined(&'static str),
    /// An output of the same step, set by an earlier action of it; made by the compiler.
    OwnOutput(String),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fact {
    Id,
    Number,
    Branch,
    Tag,
    Reason,
    Commit,
    RequestedFor,
    PullRequestId,
    PullRequestSource,
    PullRequestTarget,
    /// The title of the schedule that started it.
    Schedule,
}

/// Why a run was started.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason {
    Manual,
    Push,
    PullRequest,
    Schedule,
    /// Another pipeline, an image, a webhook.
    Resource,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ImageField {
    Tag,
    Digest,
}

/// By index into what the pipeline looks up ([`super::project::Looks`]).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Look {
    Changed(usize),
    Tags(usize),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RunField {
    Id,
    Branch,
    Commit,
}

/// A stage of this pipeline, or a job of it, by index.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Node {
    pub stage: usize,
    pub job: Option<usize>,
}

/// By indices into the pipeline; `output` is the name of the variable.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OutputRef {
    pub stage: usize,
    pub job: usize,
    pub step: usize,
    pub output: String,
    /// The copy that sets it, where the job has a matrix and the reader is elsewhere.
    pub leg: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    Succeeded,
    SucceededWithIssues,
    Failed,
    Canceled,
    Skipped,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Comparison {
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

impl Comparison {
    pub fn sign(self) -> &'static str {
        match self {
            Comparison::Equal => "==",
            Comparison::NotEqual => "!=",
            Comparison::Less => "<",
            Comparison::LessOrEqual => "<=",
            Comparison::Greater => ">",
            Comparison::GreaterOrEqual => ">=",
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    Succeeded,
    Failed,
    Canceled,
    Always,
    NotFailed,
    SucceededOrFailed,
}

impl Expr {
    pub fn string(text: impl Into<String>, span: Span) -> Expr {
        Expr { kind: ExprKind::String(text.into()), ty: Ty::String, span }
    }

    pub fn predefined(name: &'static str, span: Span) -> Expr {
        Expr { kind: ExprKind::Predefined(name), ty: Ty::String, span }
    }

    /// The constant text, if it is one.
    pub fn as_str(&self) -> Option<&str> {
        match &self.kind {
            ExprKind::String(text) => Some(text),
            _ => None,
        }
    }

    pub fn phase(&self) -> Phase {
        let own = match &self.kind {
            ExprKind::Variable { secret: true, .. }
            | ExprKind::Fact(Fact::PullRequestId | Fact::PullRequestSource | Fact::PullRequestTarget)
            | ExprKind::Looked(_)
            | ExprKind::Output(_)
            | ExprKind::OwnOutput(_)
            | ExprKind::Matrix(_)
            | ExprKind::ResultOf(_)
            | ExprKind::Status(..) => Phase::Run,
            ExprKind::Param(_)
            | ExprKind::Predefined(_)
            | ExprKind::RunOf(..)
            | ExprKind::Image(..)
            | ExprKind::Variable { .. }
            | ExprKind::Fact(_) => Phase::Queue,
            _ => Phase::Compile,
        };
        self.children().into_iter().map(Expr::phase).fold(own, Phase::max)
    }

    pub fn children(&self) -> Vec<&Expr> {
        match &self.kind {
            ExprKind::Concat(parts) => parts.iter().collect(),
            ExprKind::Not(inner) => vec![inner],
            ExprKind::And(a, b) | ExprKind::Or(a, b) | ExprKind::Compare(_, a, b) | ExprKind::Holds(a, b) => {
                vec![a, b]
            }
            ExprKind::In(a, list) => std::iter::once(&**a).chain(list).collect(),
            ExprKind::If(a, b, c) => vec![a, b, c],
            _ => Vec::new(),
        }
    }

    /// This expression and everything in it, outermost first.
    pub fn walk<'a>(&'a self, visit: &mut dyn FnMut(&'a Expr)) {
        visit(self);
        for child in self.children() {
            child.walk(visit);
        }
    }

    /// The outputs it reads.
    pub fn outputs(&self) -> Vec<&OutputRef> {
        let mut found = Vec::new();
        self.walk(&mut |it| {
            if let ExprKind::Output(output) = &it.kind {
                found.push(output);
            }
        });
        found
    }

    /// What `&&` joins at the top of it, in order.
    pub fn conjuncts(&self) -> Vec<&Expr> {
        match &self.kind {
            ExprKind::And(left, right) => [left.conjuncts(), right.conjuncts()].concat(),
            _ => vec![self],
        }
    }

    /// Whether a status function stands in it, so that no `succeeded()` is added.
    pub fn has_status(&self) -> bool {
        let mut found = false;
        self.walk(&mut |it| found |= matches!(it.kind, ExprKind::Status(..) | ExprKind::ResultOf(_)));
        found
    }

    /// The condition with `succeeded_or_failed()` wherever it asks that all went well so far.
    #[must_use]
    pub fn with_failures(&self) -> Expr {
        let boxed = |it: &Expr| Box::new(it.with_failures());
        let kind = match &self.kind {
            ExprKind::Status(Status::Succeeded | Status::NotFailed, nodes) if nodes.is_empty() => {
                ExprKind::Status(Status::SucceededOrFailed, Vec::new())
            }
            ExprKind::And(a, b) => ExprKind::And(boxed(a), boxed(b)),
            ExprKind::Or(a, b) => ExprKind::Or(boxed(a), boxed(b)),
            other => other.clone(),
        };
        Expr { kind, ..self.clone() }
    }

    pub fn has_secret(&self) -> bool {
        let mut found = false;
        self.walk(&mut |it| found |= matches!(it.kind, ExprKind::Variable { secret: true, .. }));
        found
    }
}

impl Node {
    pub fn stage(stage: usize) -> Node {
        Node { stage, job: None }
    }
}
