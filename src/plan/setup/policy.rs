//! Build validation: Azure Repos starts pipelines for pull requests by policies of branches.

use super::{Branch, Pipeline, Policy};
use crate::base::span::Spanned;
use crate::model::project::{Filter, Project, RepositoryKind, TriggerKind};
use crate::target::glob;

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

/// Patterns are looked at from left to right, and the last that matches decides; of paths of a filter the longest one does, so it
/// comes last, and of those of one length what is left out.
pub fn paths(filter: &Filter) -> Vec<String> {
    let everything = (filter.include.is_empty() && !filter.exclude.is_empty()).then(|| "/*".to_owned());
    let included = filter.include.iter().map(|it| (it, ""));
    let mut all: Vec<_> = included.chain(filter.exclude.iter().map(|it| (it, "!"))).collect();
    all.sort_by_key(|it| it.0.value.trim_matches('/').len());
    let all = all
        .into_iter()
        .flat_map(|(it, sign)| patterns(&it.value).into_iter().map(move |it| format!("{sign}{it}")));
    everything.into_iter().chain(all).collect()
}

/// Whether a policy with these patterns asks for a change of that path.
pub fn takes(patterns: &[String], path: &str) -> bool {
    let path = format!("/{}", path.trim_start_matches('/'));
    let fits = |it: &&String| glob::meets(it.trim_start_matches('!'), &path);
    patterns.iter().rfind(fits).is_some_and(|it| !it.starts_with('!'))
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
