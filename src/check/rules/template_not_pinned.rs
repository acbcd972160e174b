//! # A template of another repository may change at any time
//!
//! Without a tag, Azure Pipelines takes what the branch holds when a run starts. Whoever may push there changes what
//! your pipelines do, with your connections and secrets.
//!
//! ```mlops,fails
//! connection hub { type = github }
//! repository shared { type = github, name = "contoso/templates", connection = hub, branch = "main" }
//! pipeline build {
//!   trigger manual
//!   stage build {
//!     include "steps/build.yml" { from = shared, holds = steps }
//!   }
//! }
//! ```
//!
//! ```mlops,passes
//! connection hub { type = github }
//! repository shared { type = github, name = "contoso/templates", connection = hub, branch = "refs/tags/v1.2.0" }
//! pipeline build {
//!   trigger manual
//!   stage build {
//!     include "steps/build.yml" { from = shared, holds = steps }
//!   }
//! }
//! ```
//!
//! Name a tag: `branch = "refs/tags/v1.2.0"`.
//!
//! Source: Azure DevOps documentation, "Templates", use other repositories; "Security through templates".

use crate::base::span::Span;
use crate::check::{Cx, Group, Rule};
use crate::model::project::{Include, Repository, RepositoryKind};
use crate::model::steps::Kind;
use std::collections::BTreeMap;

pub(super) static RULE: Rule = Rule::warning(Group::Security, "template-not-pinned", run);

fn run(cx: &mut Cx<'_>) {
    let project = cx.project;
    let mut first: BTreeMap<usize, Span> = BTreeMap::new();
    for pipeline in project.pipelines.values() {
        let steps = pipeline.stages.iter().flat_map(|it| &it.jobs).flat_map(|it| &it.steps);
        let of_steps = steps.filter_map(|it| match &it.kind {
            Kind::Include(it) => Some(&it.template),
            _ => None,
        });
        let jobs = pipeline.stages.iter().flat_map(|it| &it.includes);
        let all = pipeline.includes.iter().map(|it| &it.include).chain(&pipeline.extends).chain(jobs).chain(of_steps);
        for Include { from, head, .. } in all {
            if let Some(from) = from {
                first.entry(from.value.index()).or_insert(*head);
            }
        }
    }
    for (index, repository) in project.repositories.values().enumerate() {
        let Some(used) = first.get(&index) else { continue };
        let branch = repository.branch.as_ref();
        if branch.is_some_and(|it| it.value.starts_with("refs/tags/")) {
            continue;
        }
        let name = &repository.header.ident.value;
        let span = branch.map_or(repository.header.head, |it| it.span);
        cx.report(&RULE, span, format!("templates of `{name}` change whenever somebody pushes there"))
            .label(*used, "taken from there")
            .help(format!("name a tag: `branch = \"refs/tags/v1.2.0\"`; {} shows which there are", listing(repository)));
    }
}

/// The command that lists the tags.
fn listing(repository: &Repository) -> String {
    let name = &repository.header.name.value;
    match repository.kind {
        RepositoryKind::Github => format!("`git ls-remote --tags https://github.com/{name}`"),
        RepositoryKind::Bitbucket => format!("`git ls-remote --tags https://bitbucket.org/{name}`"),
        RepositoryKind::AzureRepos => format!("`az repos ref list --repository {name} --filter tags`"),
    }
}
