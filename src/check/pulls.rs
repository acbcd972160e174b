//! Pull requests that may come from outside.

use super::walk::Place;
use crate::base::arena::Id;
use crate::base::span::Span;
use crate::model::expr::{Comparison, Expr, ExprKind, Fact, Reason};
use crate::model::project::{Pipeline, Project, RepositoryKind, TriggerKind};

/// The pipelines that pull requests to a repository outside Azure Repos start, with the trigger.
pub fn of_strangers(project: &Project) -> Vec<(Id<Pipeline>, Span)> {
    let has_forks =
        project.repositories.values().any(|it| it.is_self() && it.kind != RepositoryKind::AzureRepos);
    let pipelines = project.pipelines.iter().filter(|_| has_forks);
    let found = pipelines.filter_map(|(id, pipeline)| {
        let mut triggers = pipeline.active_triggers();
        let trigger = triggers.find(|it| matches!(it.kind, TriggerKind::PullRequest(_)))?;
        Some((id, trigger.span))
    });
    found.collect()
}

/// Whether a pull request gets to the step.
pub fn reaches(place: &Place<'_>) -> bool {
    let enabled =
        place.stage.enabled && place.job.enabled && place.step.enabled && place.stage.manual.is_none();
    let conditions = [&place.stage.when, &place.job.when, &place.step.when];
    enabled && !conditions.into_iter().flatten().flat_map(|it| it.conjuncts()).any(excludes)
}

/// `run.reason != pull_request`, `run.branch == "main"` and their like.
fn excludes(condition: &Expr) -> bool {
    let ExprKind::Compare(how, subject, with) = &condition.kind else {
        return matches!(&condition.kind, ExprKind::In(it, _) if matches!(it.kind, ExprKind::Fact(Fact::Branch)));
    };
    match (&subject.kind, how, &with.kind) {
        (ExprKind::Fact(Fact::Branch), Comparison::Equal, _) => true,
        (ExprKind::Fact(Fact::Reason), Comparison::NotEqual, ExprKind::ReasonWord(it)) => {
            *it == Reason::PullRequest
        }
        (ExprKind::Fact(Fact::Reason), Comparison::Equal, ExprKind::ReasonWord(it)) => {
            *it != Reason::PullRequest
        }
        _ => false,
    }
}
