//! What a pipeline expects to find in Azure DevOps, where YAML cannot create it: told in the file's first lines, because
//! an environment that does not exist is made without approval, and a group that does not exist stops the run.

use crate::base::span::Spanned;
use crate::model::project::{self, Environment, Filter, PoolKind, Project, RepositoryKind, TriggerKind};
use crate::plan::setup::call_title;
use crate::plan::{Part, Pipeline, Pool, Step, StepBody, Variable};
use std::collections::BTreeSet;

/// One line a thing, sorted by kind and name.
pub fn lines(project: &Project, pipeline: &Pipeline) -> Vec<String> {
    let mut found = BTreeSet::new();
    groups(&pipeline.variables, &mut found);
    for resource in &pipeline.repositories {
        let repository = &project.repositories[resource.id];
        let connection =
            repository.connection.as_ref().map(|it| &project.connections[it.value].header.name.value);
        found.extend(connection.map(|it| format!("service connection {it}")));
    }
    let images = pipeline.images.iter().map(|it| format!("service connection {}", it.connection));
    found.extend(images);
    let webhooks =
        pipeline.webhooks.iter().map(|it| &project.connections[it.connection.value].header.name.value);
    found.extend(webhooks.map(|it| format!("service connection {it}, an incoming webhook")));
    found.extend(policies(project, &project.pipelines[pipeline.id]));
    for stage in &pipeline.stages {
        groups(&stage.variables, &mut found);
        for job in &stage.jobs {
            let steps = job.steps.iter().filter_map(|it| match &it.body {
                StepBody::AzureCli { connection, .. } => Some(format!("service connection {connection}")),
                _ => None,
            });
            found.extend(steps);
            found.extend(job.steps.iter().flat_map(vault));
            found.extend(agents(project, &job.pool));
            let endpoint = job.settings.container.as_ref().and_then(|it| it.endpoint.as_ref());
            found.extend(endpoint.map(|it| format!("service connection {it}")));
            let named = |it: &&Environment| job.environment.as_ref() == Some(&it.header.name.value);
            found.extend(project.environments.values().filter(named).map(|it| environment(project, it)));
        }
    }
    found.into_iter().collect()
}

/// Azure Repos starts pipelines for pull requests by policies of the branches.
fn policies(project: &Project, pipeline: &project::Pipeline) -> Vec<String> {
    let own = project.repositories.values().find(|it| it.is_self());
    if own.is_none_or(|it| it.kind != RepositoryKind::AzureRepos) {
        return Vec::new();
    }
    let mut found = Vec::new();
    for trigger in pipeline.active_triggers() {
        let TriggerKind::PullRequest(request) = &trigger.kind else { continue };
        let paths = paths(&request.paths);
        let every = [Spanned::new("*".to_owned(), trigger.span)];
        let branches: &[Spanned<String>] =
            if request.branches.include.is_empty() { &every } else { &request.branches.include };
        let lines = branches
            .iter()
            .map(|it| format!("branch policy on {}: build validation by this pipeline{paths}", it.value));
        found.extend(lines);
    }
    found
}

fn paths(filter: &Filter) -> String {
    let included = (!filter.include.is_empty()).then(|| format!(", for {}", names(&filter.include)));
    let excluded = (!filter.exclude.is_empty()).then(|| format!(", not for {}", names(&filter.exclude)));
    [included, excluded].into_iter().flatten().collect()
}

/// A key vault with the connection that reads it.
fn vault(step: &Step) -> Vec<String> {
    let StepBody::Task { name, inputs } = &step.body else { return Vec::new() };
    if name != "AzureKeyVault@2" {
        return Vec::new();
    }
    let words = [("KeyVaultName", "key vault"), ("azureSubscription", "service connection")];
    let named = words.iter().filter_map(|(input, word)| {
        let (_, value) = inputs.iter().find(|it| it.0 == *input)?;
        match value.as_slice() {
            [Part::Literal(name)] => Some(format!("{word} {name}")),
            _ => None,
        }
    });
    named.collect()
}

fn groups(variables: &[Variable], found: &mut BTreeSet<String>) {
    found.extend(variables.iter().filter_map(|it| match it {
        Variable::Group(group) => Some(format!("variable group {group}")),
        Variable::Template(_) | Variable::Value(..) | Variable::Runtime(..) => None,
    }));
}

fn agents(project: &Project, pool: &Pool) -> Option<String> {
    let Pool::Agents(id) = pool else { return None };
    match &project.pools[*id].kind {
        PoolKind::SelfHosted { name, .. } => Some(format!("agent pool {name}")),
        PoolKind::Hosted { .. } | PoolKind::Server => None,
    }
}

fn environment(project: &Project, environment: &Environment) -> String {
    let mut parts = vec![format!("environment {}", environment.header.name.value)];
    if let Some(approval) = &environment.approval {
        let approval = &project.approvals[approval.value];
        let least =
            approval.minimum.as_ref().map(|it| format!(" (at least {})", it.value)).unwrap_or_default();
        parts.push(format!("with an approval by {}{least}", names(&approval.approvers)));
    }
    if !environment.branches.is_empty() {
        parts.push(format!("only from {}", names(&environment.branches)));
    }
    if environment.protected_branches.is_some() {
        parts.push("only from branches with policies".into());
    }
    let required = environment.required_templates.iter().map(|it| &it.path.value);
    parts.extend(required.map(|it| format!("for pipelines that extend {it}")));
    parts.extend(environment.calls.iter().map(|it| format!("with the check {}", call_title(project, it))));
    if let Some(hours) = &environment.hours {
        let days = hours.days.join(", ");
        parts.push(format!("open {days} from {} to {} ({})", hours.from, hours.to, hours.zone.value));
    }
    if environment.lock.is_some() {
        parts.push("with an exclusive lock".into());
    }
    parts.join(", ")
}

fn names(names: &[Spanned<String>]) -> String {
    let names: Vec<&str> = names.iter().map(|it| it.value.as_str()).collect();
    names.join(", ")
}
