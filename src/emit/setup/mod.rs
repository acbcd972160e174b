//! What stands in Azure DevOps beside the YAML: one JSON body a thing, the list of them in the order in which they are
//! made, and the script that makes them.

mod body;
pub mod listing;
mod schema;
mod text;

use super::OutputFile;
use crate::base::sources::Sources;
use crate::base::span::Span;
use crate::model::project::Project;
use crate::plan::setup::{Check, CheckKind, Resource, ResourceKind, Setup};
use schema::{Thing, Things};
use serde::Serialize;

/// All files stand below it, relative to the output folder.
const FOLDER: &str = "azure-pipelines/setup";

/// The same for all projects.
const SCRIPT: &str = include_str!("../../../templates/setup/setup.sh");

/// `out` is the output folder relative to the project's root.
pub fn emit(project: &Project, setup: &Setup, out: &str, sources: &Sources) -> Vec<OutputFile> {
    let Some(source) = anything(project, setup) else { return Vec::new() };
    let mut cx = Cx { project, setup, sources, files: Vec::new(), things: Vec::new() };
    cx.groups();
    cx.environments();
    cx.checks();
    cx.pipelines();
    cx.permissions();
    cx.policies();
    let settings = &project.settings;
    let things = Things {
        organization: settings.organization.as_ref().map(|it| it.value.as_str()),
        project: settings.project.as_ref().map(|it| it.value.as_str()),
        name: name(project),
        mark: mark(project),
        out: root(project, out),
        list: cx.things,
    };
    let mut files = cx.files;
    files.push(OutputFile { path: format!("{FOLDER}/things.json"), text: json(&things), source });
    files.push(OutputFile { path: format!("{FOLDER}/setup.sh"), text: SCRIPT.to_owned(), source });
    files
}

/// Where the first thing comes from.
fn anything(project: &Project, setup: &Setup) -> Option<Span> {
    let first = (setup.groups.first().map(|it| it.source))
        .or(setup.environments.first().map(|it| it.source))
        .or(setup.pipelines.first().map(|it| it.source))
        .or(setup.permissions.first().map(|it| it.source))?;
    Some(project.settings.header.as_ref().map_or(first, |it| it.head))
}

fn name(project: &Project) -> &str {
    project.settings.header.as_ref().map_or("mlopsc", |it| &it.name.value)
}

/// What the description of an environment ends with that the script may remove again.
fn mark(project: &Project) -> String {
    format!("(mlopsc: {})", name(project))
}

/// The output folder in the repository.
fn root(project: &Project, out: &str) -> String {
    let own = project.repositories.values().find(|it| it.is_self());
    let path = format!("{}/{out}", own.map_or(".", |it| &it.folder));
    crate::base::files::normalize(&path).unwrap_or(path)
}

struct Cx<'a> {
    project: &'a Project,
    setup: &'a Setup,
    sources: &'a Sources,
    files: Vec<OutputFile>,
    things: Vec<Thing>,
}

impl Cx<'_> {
    fn add<T: Serialize>(&mut self, kind: &'static str, name: String, file: String, body: &T, source: Span) {
        let path = format!("{FOLDER}/{file}");
        self.files.push(OutputFile { path, text: json(body), source });
        let line = self.sources.position(source).line;
        let place = format!("{}:{line}", self.sources.get(source.file).path);
        self.things.push(Thing { kind, name, file, source: place });
    }

    fn groups(&mut self) {
        for group in &self.setup.groups {
            let Resource { key, name, .. } = &group.resource;
            let file = format!("variable-groups/{key}.json");
            self.add("variable-group", name.clone(), file, &body::group(group), group.source);
        }
    }

    fn environments(&mut self) {
        let mark = mark(self.project);
        for environment in &self.setup.environments {
            let Resource { key, name, .. } = &environment.resource;
            let file = format!("environments/{key}.json");
            let body = body::environment(environment, &mark);
            self.add("environment", name.clone(), file, &body, environment.source);
        }
    }

    fn checks(&mut self) {
        for check in &self.setup.checks {
            let word = word(&check.kind);
            let name = format!("{} {word}", title(&check.on));
            self.add("check", name, check_file(check, &word), &body::check(check), check.source);
        }
    }

    fn pipelines(&mut self) {
        for pipeline in &self.setup.pipelines {
            let file = format!("pipelines/{}.json", pipeline.key);
            self.add("pipeline", pipeline.path(), file, &body::pipeline(pipeline), pipeline.source);
        }
    }

    fn permissions(&mut self) {
        for permission in &self.setup.permissions {
            let resource = &permission.resource;
            let file = format!("permissions/{}.{}.json", kind(resource.kind), resource.key);
            let body = body::permission(permission, &self.setup.pipelines);
            self.add("permission", title(resource), file, &body, permission.source);
        }
    }

    fn policies(&mut self) {
        for policy in &self.setup.policies {
            let pipeline = &self.setup.pipelines[policy.pipeline];
            let branch = policy.branch.reference.trim_start_matches("refs/heads/");
            let every = if policy.branch.prefix { "all" } else { "" };
            let file = format!(
                "policies/{}.{}.{}{every}.json",
                pipeline.key,
                file_safe(&policy.repository),
                file_safe(branch)
            );
            let name = format!("{} for {}", pipeline.path(), policy.branch.reference);
            self.add("policy", name, file, &body::policy(policy, pipeline), policy.source);
        }
    }
}

fn file_safe(text: &str) -> String {
    text.chars().map(|it| if it.is_ascii_alphanumeric() || "-_".contains(it) { it } else { '-' }).collect()
}

fn kind(kind: ResourceKind) -> &'static str {
    match kind {
        ResourceKind::Environment => "environment",
        ResourceKind::Connection => "connection",
        ResourceKind::VariableGroup => "variable-group",
        ResourceKind::Queue => "queue",
        ResourceKind::Repository => "repository",
    }
}

fn title(resource: &Resource) -> String {
    format!("{} {}", kind(resource.kind), resource.name)
}

fn check_file(check: &Check, word: &str) -> String {
    let on = &check.on;
    match on.kind {
        ResourceKind::Environment => format!("checks/{}.{word}.json", on.key),
        other => format!("checks/{}.{}.{word}.json", kind(other), on.key),
    }
}

fn word(kind: &CheckKind) -> String {
    match kind {
        CheckKind::Approval(_) => "approval".to_owned(),
        CheckKind::Branches { .. } => "branches".to_owned(),
        CheckKind::Hours { .. } => "hours".to_owned(),
        CheckKind::Lock(_) => "lock".to_owned(),
        CheckKind::Templates(_) => "template".to_owned(),
        CheckKind::Call(it) => format!("call.{}", file_safe(&it.title)),
    }
}

fn json<T: Serialize>(value: &T) -> String {
    let text = serde_json::to_string_pretty(value).expect("keys are strings and numbers are finite");
    text + "\n"
}
