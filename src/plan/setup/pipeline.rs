//! The pipelines as Azure DevOps keeps them: where they stand, and which file they are.

use super::{Home, Pipeline, description, reference};
use crate::base::files::normalize;
use crate::model::documents;
use crate::model::project::{Project, Repository, RepositoryKind};
use crate::plan::Plan;

/// None where the repository that holds them is not known.
pub fn pipelines(project: &Project, plan: &Plan, out: &str) -> Vec<Pipeline> {
    let Some((own, home)) = home(project) else { return Vec::new() };
    let found = plan.pipelines.iter().map(|pipeline| {
        let source = &project.pipelines[pipeline.id];
        let file = format!("{}/{out}/{}", own.folder, documents::pipeline(&source.header));
        Pipeline {
            key: source.header.ident.value.clone(),
            name: pipeline.title.clone(),
            folder: project.settings.folder.as_ref().map(|it| it.value.clone()),
            description: description(source.description.as_ref(), &source.header),
            file: normalize(&file).unwrap_or(file),
            repository: home.clone(),
            pull_requests: pipeline.pull_request.is_some(),
            source: source.header.head,
        }
    });
    found.collect()
}

/// A project of Azure DevOps begins with a repository of its own name.
pub fn own_name<'a>(project: &'a Project, own: &'a Repository) -> Option<&'a String> {
    let name = &own.header.name;
    let said = (name.span != own.header.ident.span).then_some(&name.value);
    let implied = project.settings.project.as_ref().map(|it| &it.value);
    said.or(implied.filter(|_| own.kind == RepositoryKind::AzureRepos))
}

fn home(project: &Project) -> Option<(&Repository, Home)> {
    let own = project.repositories.values().find(|it| it.is_self())?;
    let connection =
        own.connection.as_ref().map(|it| project.connections[it.value].header.name.value.clone());
    let home = Home {
        kind: own.kind,
        name: own_name(project, own)?.clone(),
        branch: reference(own.branch.as_ref().map_or("main", |it| &it.value)),
        connection: connection.filter(|_| own.kind != RepositoryKind::AzureRepos),
    };
    Some((own, home))
}
