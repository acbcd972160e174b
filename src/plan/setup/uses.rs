//! Which pipeline uses what.

use super::{Permission, Resource, ResourceKind};
use crate::base::span::Span;
use crate::model::project::{Header, PoolKind, Project, RepositoryKind};
use crate::plan::{self, Part, Plan, Pool, Stage, Step, StepBody, Variable};
use crate::schema::tasks::{self, InputType};
use std::collections::{BTreeMap, BTreeSet};

/// A kind of resource and the name in Azure DevOps.
type Named = (ResourceKind, String);

#[derive(Debug, Default)]
pub struct Uses {
    /// The pipelines that use a resource, by index.
    by: BTreeMap<Named, BTreeSet<usize>>,
    connections: BTreeMap<String, Users>,
}

/// Who uses a connection.
#[derive(Debug, Default)]
pub struct Users {
    /// From whose stages.
    pub environments: BTreeSet<String>,
    /// The first place that belongs to no environment.
    pub outside: Option<Outside>,
}

#[derive(Clone, Debug)]
pub struct Outside {
    /// Index of the pipeline.
    pub pipeline: usize,
    /// `None`: the pipeline as a whole.
    pub stage: Option<String>,
    pub source: Span,
}

pub fn uses(project: &Project, plan: &Plan) -> Uses {
    let mut uses = Uses::default();
    for (index, pipeline) in plan.pipelines.iter().enumerate() {
        let source = project.pipelines[pipeline.id].header.head;
        let place = Outside { pipeline: index, stage: None, source };
        Finder { project, uses: &mut uses, environments: BTreeSet::new(), place }.pipeline(pipeline);
    }
    uses
}

impl Uses {
    /// The only environment from whose stages the connection is used, whatever else uses it.
    pub fn only_environment(&self, connection: &str) -> Option<&str> {
        let users = self.connections.get(connection)?;
        users.environments.first().filter(|_| users.environments.len() == 1).map(String::as_str)
    }

    pub fn users(&self, connection: &str) -> Option<&Users> {
        self.connections.get(connection)
    }

    /// Of a kind at once, in the order of their names.
    pub fn permissions(&self, project: &Project, plan: &Plan) -> Vec<Permission> {
        let mut keys = BTreeSet::new();
        let mut found = Vec::new();
        for ((kind, name), pipelines) in &self.by {
            let declared = declared(project, *kind, name);
            let first = pipelines.first().map(|it| project.pipelines[plan.pipelines[*it].id].header.head);
            let source = declared.map(|it| it.1).or(first).unwrap_or_default();
            let key = declared.map_or_else(|| file_safe(name), |it| it.0.to_owned());
            let key = unique(&key, *kind, &mut keys);
            let resource = Resource { kind: *kind, key, name: name.clone() };
            found.push(Permission { resource, pipelines: pipelines.iter().copied().collect(), source });
        }
        found
    }
}

/// Two declarations may speak of one thing outside, but no two things may share a file.
fn unique(key: &str, kind: ResourceKind, taken: &mut BTreeSet<(ResourceKind, String)>) -> String {
    let mut candidate = key.to_owned();
    let mut number = 2;
    while !taken.insert((kind, candidate.to_lowercase())) {
        candidate = format!("{key}-{number}");
        number += 1;
    }
    candidate
}

fn file_safe(name: &str) -> String {
    name.chars().map(|it| if it.is_ascii_alphanumeric() || "-_".contains(it) { it } else { '-' }).collect()
}

/// The identifier of what is called so, and where it is declared.
fn declared<'a>(project: &'a Project, kind: ResourceKind, name: &str) -> Option<(&'a str, Span)> {
    let of = |header: &'a Header| (header.ident.value.as_str(), header.head);
    let named = |header: &&'a Header| header.name.value == name;
    match kind {
        ResourceKind::Environment => project.environments.values().map(|it| &it.header).find(named).map(of),
        ResourceKind::Connection => project.connections.values().map(|it| &it.header).find(named).map(of),
        ResourceKind::Repository => project.repositories.values().map(|it| &it.header).find(named).map(of),
        ResourceKind::VariableGroup => {
            let mut all = project.variables.values();
            all.find(|it| it.group.as_ref().is_some_and(|it| it.value == name)).map(|it| of(&it.header))
        }
        ResourceKind::Queue => {
            let called =
                |kind: &PoolKind| matches!(kind, PoolKind::SelfHosted { name: it, .. } if it == name);
            project.pools.values().find(|it| called(&it.kind)).map(|it| of(&it.header))
        }
    }
}

struct Finder<'a> {
    project: &'a Project,
    uses: &'a mut Uses,
    /// What the stage that is looked at deploys to.
    environments: BTreeSet<String>,
    /// What is looked at.
    place: Outside,
}

impl Finder<'_> {
    fn note(&mut self, kind: ResourceKind, name: &str) {
        self.uses.by.entry((kind, name.to_owned())).or_default().insert(self.place.pipeline);
    }

    fn connection(&mut self, name: &str) {
        self.note(ResourceKind::Connection, name);
        let users = self.uses.connections.entry(name.to_owned()).or_default();
        if self.environments.is_empty() && users.outside.is_none() {
            users.outside = Some(self.place.clone());
        }
        users.environments.extend(self.environments.iter().cloned());
    }

    fn pipeline(mut self, pipeline: &plan::Pipeline) {
        let project = self.project;
        self.groups(&pipeline.variables);
        for resource in &pipeline.repositories {
            let repository = &project.repositories[resource.id];
            match (&repository.connection, repository.kind) {
                (_, RepositoryKind::AzureRepos) => {
                    self.note(ResourceKind::Repository, &repository.header.name.value);
                }
                (Some(id), _) => self.connection(&project.connections[id.value].header.name.value),
                (None, _) => {}
            }
        }
        for image in &pipeline.images {
            self.connection(&image.connection);
        }
        for webhook in &pipeline.webhooks {
            self.connection(&project.connections[webhook.connection.value].header.name.value);
        }
        for stage in &pipeline.stages {
            let pipeline = self.place.pipeline;
            self.place = Outside { pipeline, stage: Some(stage.name.clone()), source: stage.source };
            self.stage(stage);
        }
    }

    fn stage(&mut self, stage: &Stage) {
        self.environments = stage.jobs.iter().filter_map(|it| it.environment.clone()).collect();
        for environment in self.environments.clone() {
            self.note(ResourceKind::Environment, &environment);
        }
        self.groups(&stage.variables);
        for job in &stage.jobs {
            self.groups(&job.variables);
            self.agents(&job.pool);
            if let Some(endpoint) = job.settings.container.as_ref().and_then(|it| it.endpoint.as_ref()) {
                self.connection(endpoint);
            }
            for step in &job.steps {
                self.step(step);
            }
        }
        self.environments.clear();
    }

    fn groups(&mut self, variables: &[Variable]) {
        for variable in variables {
            if let Variable::Group(group) = variable {
                self.note(ResourceKind::VariableGroup, group);
            }
        }
    }

    fn agents(&mut self, pool: &Pool) {
        let Pool::Agents(id) = pool else { return };
        if let PoolKind::SelfHosted { name, .. } = &self.project.pools[*id].kind {
            self.note(ResourceKind::Queue, name);
        }
    }

    fn step(&mut self, step: &Step) {
        match &step.body {
            StepBody::AzureCli { connection, .. } => self.connection(connection),
            StepBody::Task { name, inputs } => {
                for (input, value) in inputs {
                    if let [Part::Literal(text)] = value.as_slice()
                        && self.is_connection(name, input, text)
                    {
                        self.connection(text);
                    }
                }
            }
            _ => {}
        }
    }

    /// Of a task that is not known, an input that holds the name of a declared connection is taken for one.
    fn is_connection(&self, task: &str, input: &str, text: &str) -> bool {
        let (name, major) = task.rsplit_once('@').unwrap_or((task, ""));
        let known = major.parse().ok().and_then(|it| tasks::find(name, it));
        match known {
            Some(task) => task.input(input).is_some_and(|it| it.ty == InputType::Connection),
            None => self.project.connections.values().any(|it| it.header.name.value == text),
        }
    }
}
