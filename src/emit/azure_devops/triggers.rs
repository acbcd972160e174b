//! What starts a pipeline: pushes, pull requests, clocks.

use super::schema::{Filter, Filters, Never, PullRequests, Schedule, Trigger};
use crate::model::project::{self, Project, PullRequest, RepositoryKind};
use crate::plan::Push;

pub(super) fn trigger(push: Option<&Push>) -> Trigger<'_> {
    match push {
        None => Trigger::Never(Never::None),
        Some(push) => Trigger::Push { batch: push.batch, filters: filters(push) },
    }
}

/// Nothing at all would mean every pull request.
pub(super) fn pull_requests<'a>(project: &Project, request: Option<&'a PullRequest>) -> PullRequests<'a> {
    let Some(request) = request else { return PullRequests::Never(Never::None) };
    let own = project.repositories.values().find(|it| it.is_self());
    let on_github = own.is_some_and(|it| it.kind == RepositoryKind::Github);
    PullRequests::Filtered {
        auto_cancel: request.auto_cancel.as_ref().is_none_or(|it| it.value),
        branches: some_branches(&request.branches),
        paths: filter(&request.paths),
        drafts: on_github.then(|| request.drafts.as_ref().is_none_or(|it| it.value)),
    }
}

pub(super) fn schedule(schedule: &project::CronTrigger) -> Schedule<'_> {
    Schedule {
        cron: &schedule.cron.value.text,
        display_name: schedule.title.as_deref().map(Into::into),
        branches: some_branches(&schedule.branches),
        always: schedule.always == Some(true),
        batch: schedule.batch.is_some(),
    }
}

/// All of them where only exclusions are written.
fn some_branches(branches: &project::Filter) -> Filter<'_> {
    let mut branches = filter(branches);
    if branches.include.is_empty() {
        branches.include.push("*");
    }
    branches
}

/// Filters of paths ask for branches; tags alone do not.
pub(super) fn filters(push: &Push) -> Filters<'_> {
    let mut branches = filter(&push.branches);
    let only_tags = push.branches.is_empty() && push.paths.is_empty() && !push.tags.is_empty();
    if branches.include.is_empty() && !only_tags {
        branches.include.push("*");
    }
    Filters { branches, paths: filter(&push.paths), tags: filter(&push.tags) }
}

pub(super) fn filter(filter: &project::Filter) -> Filter<'_> {
    Filter {
        include: filter.include.iter().map(|it| it.value.as_str()).collect(),
        exclude: filter.exclude.iter().map(|it| it.value.as_str()).collect(),
    }
}
