//! Facts of runs as variables of Azure Pipelines, and what their readers expect them to be.

use crate::model::expr::{Expr, ExprKind, Fact, ImageField, Reason, RunField};
use crate::plan::term::{Function, Term};

const TAGS: &str = "refs/tags/";

/// What stands before a branch or tag in its reference.
pub(super) fn reference_prefix(expr: &Expr) -> Option<&'static str> {
    match expr.kind {
        ExprKind::Fact(Fact::Branch | Fact::PullRequestSource | Fact::PullRequestTarget) => {
            Some("refs/heads/")
        }
        ExprKind::RunOf(_, RunField::Branch) => Some("refs/heads/"),
        ExprKind::Fact(Fact::Tag) => Some(TAGS),
        _ => None,
    }
}

/// The variable of Azure Pipelines behind a fact.
pub(super) fn fact_variable(expr: &Expr) -> &'static str {
    let ExprKind::Fact(fact) = expr.kind else { return "Build.BuildId" };
    match fact {
        Fact::Id => "Build.BuildId",
        Fact::Number => "Build.BuildNumber",
        Fact::Branch | Fact::Tag => "Build.SourceBranch",
        Fact::Reason => "Build.Reason",
        Fact::Commit => "Build.SourceVersion",
        Fact::RequestedFor => "Build.RequestedForEmail",
        Fact::Schedule => "Build.CronSchedule.DisplayName",
        Fact::PullRequestId => "System.PullRequest.PullRequestId",
        Fact::PullRequestSource => "System.PullRequest.SourceBranch",
        Fact::PullRequestTarget => "System.PullRequest.TargetBranch",
    }
}

/// A fact as its readers expect it: branches and tags without `refs/…/`.
pub(super) fn short_fact(expr: &Expr) -> Term {
    short(fact_variable(expr).to_owned(), reference_prefix(expr))
}

pub(super) fn short(variable: String, prefix: Option<&str>) -> Term {
    let whole = Term::Variable(variable);
    let prefixed = |prefix: &str| [whole.clone(), Term::Text(prefix.into())];
    match prefix {
        // A run of a branch has no tag.
        Some(prefix @ TAGS) => {
            let tag =
                Term::call(Function::Replace, [&prefixed(prefix)[..], &[Term::Text(String::new())]].concat());
            let is_tag = Term::call(Function::StartsWith, prefixed(prefix));
            Term::call(Function::If, [is_tag, tag, Term::Text(String::new())])
        }
        Some(prefix) => {
            Term::call(Function::Replace, [whole, Term::Text(prefix.into()), Term::Text(String::new())])
        }
        None => whole,
    }
}

pub(super) fn run_variable(alias: &str, field: RunField) -> String {
    let field = match field {
        RunField::Id => "runID",
        RunField::Branch => "sourceBranch",
        RunField::Commit => "sourceCommit",
    };
    format!("resources.pipeline.{alias}.{field}")
}

pub(super) fn image_variable(alias: &str, field: ImageField) -> String {
    let field = match field {
        ImageField::Tag => "tag",
        ImageField::Digest => "digest",
    };
    format!("resources.container.{alias}.{field}")
}

/// What Azure DevOps calls it.
pub(super) fn reasons(reason: Reason) -> &'static [&'static str] {
    match reason {
        Reason::Manual => &["Manual"],
        Reason::Push => &["IndividualCI", "BatchedCI"],
        Reason::PullRequest => &["PullRequest"],
        Reason::Schedule => &["Schedule"],
        Reason::Resource => &["ResourceTrigger", "BuildCompletion"],
    }
}

/// None for what is no word for a reason.
pub(super) fn reason_names(expr: &Expr) -> &'static [&'static str] {
    match &expr.kind {
        ExprKind::ReasonWord(reason) => reasons(*reason),
        _ => &[],
    }
}
