//! What starts a pipeline, and the resources that stand for it.

use super::build::title;
use super::context::Context;
use super::{Completion, ImageResource, PipelineResource, Push, Taken, errors};
use crate::base::arena::Id;
use crate::base::span::Spanned;
use crate::diag::Diagnostic;
use crate::model::project::{
    ConnectionKind, CronTrigger, Filter, Pipeline, Project, PullRequest, Repository, RepositoryKind,
    SourcePipeline, TriggerKind, Webhook,
};
use std::cell::RefCell;

/// Pushes that start it, each with its repository; none is `self`.
pub(super) fn pushes<'p>(
    project: &'p Project,
    pipeline: &'p Pipeline,
) -> impl Iterator<Item = (Option<Id<Repository>>, Push)> + 'p {
    pipeline.active_triggers().filter_map(|it| {
        let TriggerKind::Push { repository, branches, paths, tags, batch } = &it.kind else { return None };
        let named = repository.as_ref().map(|it| it.value);
        let other = named.filter(|it| !project.repositories[*it].is_self());
        let push =
            Push { branches: branches.clone(), paths: paths.clone(), tags: tags.clone(), batch: *batch };
        Some((other, push))
    })
}

pub(super) fn self_push(project: &Project, pipeline: &Pipeline) -> Option<Push> {
    pushes(project, pipeline).find(|it| it.0.is_none()).map(|it| it.1)
}

/// Azure Repos reads no `pr:`: there it is a branch policy.
pub(super) fn pull_request(project: &Project, pipeline: &Pipeline) -> Option<PullRequest> {
    let own = project.repositories.values().find(|it| it.is_self())?;
    if own.kind == RepositoryKind::AzureRepos {
        return None;
    }
    pipeline.active_triggers().find_map(|it| {
        let TriggerKind::PullRequest(it) = &it.kind else { return None };
        Some(it.clone())
    })
}

pub(super) fn schedules(pipeline: &Pipeline) -> Vec<CronTrigger> {
    let found = pipeline.active_triggers().filter_map(|it| {
        let TriggerKind::Schedule(it) = &it.kind else { return None };
        Some(it.clone())
    });
    found.collect()
}

/// The resource of a webhook has no switch: one that is off is left out.
pub(super) fn webhooks(pipeline: &Pipeline) -> Vec<Webhook> {
    let found = pipeline.active_triggers().filter_map(|it| {
        let TriggerKind::Webhook(it) = &it.kind else { return None };
        Some(it.clone())
    });
    found.collect()
}

pub(super) fn images(
    project: &Project,
    pipeline: &Pipeline,
    context: &Context,
    findings: &RefCell<Vec<Diagnostic>>,
) -> Vec<ImageResource> {
    let mut found = Vec::new();
    for trigger in &pipeline.triggers {
        let TriggerKind::Image(image) = &trigger.kind else { continue };
        let registry = &project.container_registries[image.registry.value];
        if registry.resource_group.is_none() {
            let finding = errors::registry_without_group(image.registry.span, registry);
            findings.borrow_mut().push(finding);
        }
        let watching = image.connection.as_ref().map(|it| it.value).or(context.connection);
        let watching = watching.map(|it| &project.connections[it]);
        let Some(connection) = watching.filter(|it| it.kind == ConnectionKind::AzureRm) else {
            findings.borrow_mut().push(errors::image_without_connection(trigger.span, watching));
            continue;
        };
        found.push(ImageResource {
            image: image.clone(),
            connection: connection.header.name.value.clone(),
            enabled: trigger.enabled,
        });
    }
    found
}

/// Other pipelines, each once: one that starts this one may also say which run is taken when people do.
pub(super) fn sources(project: &Project, pipeline: &Pipeline) -> Vec<PipelineResource> {
    let mut found: Vec<PipelineResource> = Vec::new();
    for trigger in &pipeline.triggers {
        let TriggerKind::After { pipeline: source, branches, stages, tags } = &trigger.kind else { continue };
        let other = &project.pipelines[source.value];
        let alias = other.header.ident.value.clone();
        let resource = PipelineResource {
            taken: Taken { version: None, branch: only_branch(branches), tags: texts(tags) },
            trigger: trigger.enabled.then(|| Completion {
                branches: branches.clone(),
                stages: stages.iter().map(|it| other.stages[it.value].ident.value.clone()).collect(),
                tags: texts(tags),
            }),
            ..resource(project, alias, source)
        };
        match found.iter_mut().find(|it| it.alias == resource.alias) {
            Some(off) if off.trigger.is_none() => *off = resource,
            Some(_) => {}
            None => found.push(resource),
        }
    }
    for source in &pipeline.sources {
        match found.iter_mut().find(|it| it.alias == source.alias.value) {
            Some(starts) => starts.taken = taken(source),
            None => found.push(PipelineResource {
                taken: taken(source),
                ..resource(project, source.alias.value.clone(), &source.pipeline)
            }),
        }
    }
    found
}

fn resource(project: &Project, alias: String, pipeline: &Spanned<Id<Pipeline>>) -> PipelineResource {
    let folder = project.settings.folder.as_ref().map(|it| format!("\\{}\\", it.value)).unwrap_or_default();
    PipelineResource {
        alias,
        id: pipeline.value,
        source: format!("{folder}{}", title(&project.pipelines[pipeline.value])),
        taken: Taken::default(),
        trigger: None,
    }
}

fn taken(source: &SourcePipeline) -> Taken {
    Taken {
        version: source.version.clone(),
        branch: source.branch.as_ref().map(|it| it.value.clone()),
        tags: texts(&source.tags),
    }
}

/// Where one branch is meant, and no pattern.
fn only_branch(branches: &Filter) -> Option<String> {
    match (branches.include.as_slice(), branches.exclude.as_slice()) {
        ([only], []) if !only.value.contains('*') => Some(only.value.clone()),
        _ => None,
    }
}

fn texts(spanned: &[Spanned<String>]) -> Vec<String> {
    spanned.iter().map(|it| it.value.clone()).collect()
}
