//! The repositories, pipelines, images and webhooks that a pipeline reads or waits for.

use super::schema::{
    CompletionTrigger, ImageResource, ImageTrigger, Never, PipelineResource, RegistryType, Repository,
    RepositoryTrigger, RepositoryType, Resources, Webhook, WebhookFilter,
};
use super::triggers::{filter, filters};
use super::{Cx, value};
use crate::model::project::{self, RepositoryKind};
use crate::plan::{self, Completion};

impl<'a> Cx<'a> {
    pub(super) fn resources(self) -> Option<Resources<'a>> {
        let plan::Pipeline { repositories, sources, images, webhooks, .. } = self.pipeline;
        if repositories.is_empty() && sources.is_empty() && images.is_empty() && webhooks.is_empty() {
            return None;
        }
        Some(Resources {
            repositories: repositories.iter().map(|it| self.repository(it)).collect(),
            pipelines: sources.iter().map(pipeline).collect(),
            containers: images.iter().map(|it| self.image(it)).collect(),
            webhooks: webhooks.iter().map(|it| self.webhook(it)).collect(),
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

impl<'a> Cx<'a> {
    fn image(self, resource: &'a plan::ImageResource) -> ImageResource<'a> {
        let registry = &self.project.container_registries[resource.image.registry.value];
        ImageResource {
            container: &resource.image.alias.value,
            image: format!("{}/{}", registry.login_server(), resource.image.repository.value),
            r#type: RegistryType::Acr,
            azure_subscription: value::literal(&resource.connection),
            resource_group: registry.resource_group.as_ref().map_or("", |it| &it.value),
            registry: &registry.header.name.value,
            repository: &resource.image.repository.value,
            trigger: if resource.enabled {
                ImageTrigger::Images { enabled: true, tags: filter(&resource.image.tags) }
            } else {
                ImageTrigger::Never(Never::None)
            },
        }
    }

    fn webhook(self, webhook: &'a project::Webhook) -> Webhook<'a> {
        let connection = &self.project.connections[webhook.connection.value];
        let filters = webhook.filters.iter().map(|(path, value)| WebhookFilter { path, value });
        Webhook {
            webhook: &webhook.name.value,
            connection: value::literal(&connection.header.name.value),
            filters: filters.collect(),
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
        version: resource.taken.version.as_deref(),
        branch: resource.taken.branch.as_deref(),
        tags: &resource.taken.tags,
        trigger: match &resource.trigger {
            None => CompletionTrigger::Never(Never::None),
            Some(it) => completion(it),
        },
    }
}

fn completion(completion: &Completion) -> CompletionTrigger<'_> {
    let Completion { branches, stages, tags } = completion;
    if branches.is_empty() && stages.is_empty() && tags.is_empty() {
        return CompletionTrigger::Always(true);
    }
    CompletionTrigger::Filtered { branches: filter(branches), stages, tags }
}
