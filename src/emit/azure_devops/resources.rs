//! Triggers, and the repositories and pipelines a pipeline reads.

use super::Cx;
use super::schema::{
    CompletionTrigger, Filter, Filters, Never, PipelineResource, Repository, RepositoryTrigger,
    RepositoryType, Resources, Trigger,
};
use crate::model::project::{self, RepositoryKind};
use crate::plan::{self, Completion, Push};

pub(super) fn trigger(push: Option<&Push>) -> Trigger<'_> {
    match push {
        None => Trigger::Never(Never::None),
        Some(push) => Trigger::Push { batch: push.batch, filters: filters(push) },
    }
}

impl<'a> Cx<'a> {
    pub(super) fn resources(self) -> Option<Resources<'a>> {
        let (repositories, sources) = (&self.pipeline.repositories, &self.pipeline.sources);
        if repositories.is_empty() && sources.is_empty() {
            return None;
        }
        Some(Resources {
            repositories: repositories.iter().map(|it| self.repository(it)).collect(),
            pipelines: sources.iter().map(pipeline).collect(),
        })
    }

    fn repository(self, resource: &'a plan::RepositoryResource) -> Repository<'a> {
        let declared = &self.project.repositories[resource.id];
        let connection = declared.connection.as_ref().map(|it| &self.project.connections[it.value]);
        let (r#type, connection) = match declared.kind {
            RepositoryKind::AzureRepos => (RepositoryType::Git, None),
            RepositoryKind::Github => (RepositoryType::Github, connection),
            RepositoryKind::Bitbucket => (RepositoryType::Bitbucket, connection),
        };
        Repository {
            repository: &resource.alias,
            r#type,
            name: &declared.header.name.value,
            r#ref: declared.branch.as_ref().map(|it| full_ref(&it.value)),
            endpoint: connection.map(|it| it.header.name.value.as_str()),
            trigger: match &resource.push {
                None => RepositoryTrigger::Never(Never::None),
                Some(push) => RepositoryTrigger::Push(filters(push)),
            },
        }
    }
}

fn full_ref(branch: &str) -> String {
    if branch.starts_with("refs/") { branch.to_owned() } else { format!("refs/heads/{branch}") }
}

fn pipeline(resource: &plan::PipelineResource) -> PipelineResource<'_> {
    PipelineResource {
        pipeline: &resource.alias,
        source: &resource.source,
        branch: resource.trigger.as_ref().and_then(|it| only_branch(&it.branches)),
        tags: resource.trigger.as_ref().map_or(&[], |it| &it.tags),
        trigger: match &resource.trigger {
            None => CompletionTrigger::Never(Never::None),
            Some(it) => completion(it),
        },
    }
}

/// Where one branch is meant, and no pattern.
fn only_branch(branches: &project::Filter) -> Option<&str> {
    match (branches.include.as_slice(), branches.exclude.as_slice()) {
        ([only], []) if !only.value.contains('*') => Some(&only.value),
        _ => None,
    }
}

fn completion(completion: &Completion) -> CompletionTrigger<'_> {
    let Completion { branches, stages, tags } = completion;
    if branches.is_empty() && stages.is_empty() && tags.is_empty() {
        return CompletionTrigger::Always(true);
    }
    CompletionTrigger::Filtered { branches: filter(branches), stages, tags }
}

/// Filters of paths ask for branches; tags alone do not.
fn filters(push: &Push) -> Filters<'_> {
    let mut branches = filter(&push.branches);
    let only_tags = push.branches.is_empty() && push.paths.is_empty() && !push.tags.is_empty();
    if branches.include.is_empty() && !only_tags {
        branches.include.push("*");
    }
    Filters { branches, paths: filter(&push.paths), tags: filter(&push.tags) }
}

fn filter(filter: &project::Filter) -> Filter<'_> {
    Filter {
        include: filter.include.iter().map(|it| it.value.as_str()).collect(),
        exclude: filter.exclude.iter().map(|it| it.value.as_str()).collect(),
    }
}
