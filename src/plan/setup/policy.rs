//! Build validation: Azure Repos starts pipelines for pull requests by policies of branches.

use super::{Branch, Pipeline, Policy};
use crate::base::span::Spanned;
use crate::model::project::{Filter, Project, RepositoryKind, TriggerKind};

pub fn policies(project: &Project, pipelines: &[Pipeline]) -> Vec<Policy> {
    let mut found = Vec::new();
    for (index, (pipeline, source)) in pipelines.iter().zip(project.pipelines.values()).enumerate() {
        if pipeline.repository.kind != RepositoryKind::AzureRepos {
            continue;
        }
        for trigger in source.active_triggers() {
            let TriggerKind::PullRequest(request) = &trigger.kind else { continue };
            let every = [Spanned::new("*".to_owned(), trigger.span)];
            let include = &request.branches.include;
            let branches = if include.is_empty() { &every } else { include.as_slice() };
            found.extend(branches.iter().map(|branch| Policy {
                pipeline: index,
                repository: pipeline.repository.name.clone(),
                branch: self::branch(&branch.value),
                paths: paths(&request.paths),
                source: branch.span,
            }));
        }
    }
    found
}

fn branch(pattern: &str) -> Branch {
    match pattern.strip_suffix('*') {
        Some(before) => Branch { reference: super::reference(before), prefix: true },
        None => Branch { reference: super::reference(pattern), prefix: false },
    }
}

/// Patterns are looked at from left to right, and the last that matches decides: what is left out comes last.
fn paths(filter: &Filter) -> Vec<String> {
    let everything = (filter.include.is_empty() && !filter.exclude.is_empty()).then(|| "/*".to_owned());
    let included = filter.include.iter().flat_map(|it| patterns(&it.value));
    let excluded = filter.exclude.iter().flat_map(|it| patterns(&it.value)).map(|it| format!("!{it}"));
    everything.into_iter().chain(included).chain(excluded).collect()
}

/// A trigger takes the name of a folder for all below it; a policy does not, and its `*` reaches into folders.
fn patterns(path: &str) -> Vec<String> {
    let path = path.trim_start_matches('/').replace("**", "*").replace("*/*", "*");
    if path.is_empty() {
        return vec!["/*".to_owned()];
    }
    if let Some(folder) = path.strip_suffix('/') {
        return vec![format!("/{folder}/*")];
    }
    if path.contains('*') { vec![format!("/{path}")] } else { vec![format!("/{path}"), format!("/{path}/*")] }
}
