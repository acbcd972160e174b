//! What stands in Azure DevOps beside the files: definitions, checks, groups, policies, from the payloads that set them up.

use super::document::{Parameter, Pipeline};
use super::node::{Node, Read};
use super::triggers::{Container, Push, Repository, Schedule, Source, matches};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// Type ids of checks.
const APPROVAL: &str = "8c6f20a7-a545-4486-9777-f762fafe0d4d";
const LOCK: &str = "2ef31ad6-baa0-403a-8b45-2cbc9b4e5563";
const TASK: &str = "fe1de3ee-a436-41b4-bb20-f6eb4cb879a7";
const BRANCH_CONTROL: &str = "evaluatebranchProtection";

/// The files of an output folder, by their path in it.
pub type Files = BTreeMap<String, String>;

#[derive(Default)]
pub struct Organization {
    pub pipelines: Vec<Pipeline>,
    /// Checks of a resource, named `environment prod` or `endpoint azure`.
    pub checks: BTreeMap<String, Vec<Check>>,
    pub environments: BTreeSet<String>,
    /// Variables of a group: name, whether it is a secret.
    pub groups: BTreeMap<String, Vec<(String, bool)>>,
    pub policies: Vec<Policy>,
    /// Resource, and the paths of pipelines that may use it.
    pub permitted: BTreeMap<String, BTreeSet<String>>,
}

/// Build validation.
pub struct Policy {
    /// Path of the pipeline.
    pub pipeline: String,
    pub repository: String,
    /// `refs/heads/…`, or what it begins with.
    branch: String,
    prefix: bool,
    /// `!` leaves out; the last one that fits decides.
    paths: Vec<String>,
}

impl Policy {
    pub fn asks(&self, target: &str, paths: &[String]) -> bool {
        let branch = if self.prefix { target.starts_with(&self.branch) } else { target == self.branch };
        let taken = |path: &String| {
            let path = format!("/{}", path.trim_start_matches('/'));
            let fits = |it: &&String| matches(it.trim_start_matches('!'), &path);
            self.paths.iter().rfind(fits).is_some_and(|it| !it.starts_with('!'))
        };
        branch && (self.paths.is_empty() || paths.iter().any(taken))
    }
}

#[derive(Clone)]
pub enum Check {
    /// Seconds until it expires.
    Approval {
        timeout: u64,
    },
    Branches(Vec<String>),
    Lock,
}

impl Organization {
    pub fn read(files: &Files) -> Read<Organization> {
        let list = json(files, "azure-pipelines/setup/things.json")?;
        let root = Node::root(&list, "things.json");
        let out = root.get("out")?.text()?;
        let mut organization = Organization::default();
        for thing in root.list("things")? {
            let path = format!("azure-pipelines/setup/{}", thing.get("file")?.text()?);
            let body = json(files, &path)?;
            organization.add(&thing.get("kind")?.text()?, &Node::root(&body, &path), files, &out)?;
        }
        organization.all_files_run(files)?;
        Ok(organization)
    }

    /// A file that no definition runs would be dead.
    fn all_files_run(&self, files: &Files) -> Read<()> {
        let is_pipeline = |it: &&String| {
            it.strip_prefix("azure-pipelines/").is_some_and(|it| {
                it.split_once('.').is_some_and(|(name, ending)| !name.contains('/') && ending == "yml")
            })
        };
        match files.keys().filter(is_pipeline).find(|it| !self.pipelines.iter().any(|own| own.file == **it)) {
            Some(dead) => Err(format!("{dead}: no definition runs it")),
            None => Ok(()),
        }
    }

    fn add(&mut self, kind: &str, body: &Node, files: &Files, out: &str) -> Read<()> {
        match kind {
            "variable-group" => self.group(body),
            "environment" => {
                self.environments.insert(body.get("name")?.text()?);
                Ok(())
            }
            "check" => self.check(body),
            "pipeline" => {
                self.pipelines.push(definition(body, files, out)?);
                Ok(())
            }
            "permission" => self.permission(body),
            "policy" => self.policy(body),
            _ => body.error(&format!("a {kind} is not understood")),
        }
    }

    fn group(&mut self, body: &Node) -> Read<()> {
        let mut variables = Vec::new();
        for (name, variable) in body.get("variables")?.entries()? {
            variables.push((name.to_owned(), variable.flag_or("isSecret", false)?));
        }
        self.groups.insert(body.get("name")?.text()?, variables);
        Ok(())
    }

    fn check(&mut self, body: &Node) -> Read<()> {
        let resource = body.get("resource")?;
        let on = format!("{} {}", resource.get("type")?.text()?, resource.get("name")?.text()?);
        let settings = body.get("settings")?;
        let check = match body.get("type")?.get("id")?.text()?.as_str() {
            APPROVAL => Check::Approval { timeout: body.get("timeout")?.number()? * 60 },
            LOCK => Check::Lock,
            TASK if settings.get("definitionRef")?.get("name")?.is(BRANCH_CONTROL) => {
                let allowed = settings.get("inputs")?.get("allowedBranches")?.text()?;
                Check::Branches(allowed.split(',').map(|it| it.trim().to_owned()).collect())
            }
            other => return body.error(&format!("a check of type {other} is not understood")),
        };
        self.checks.entry(on).or_default().push(check);
        Ok(())
    }

    fn permission(&mut self, body: &Node) -> Read<()> {
        let resource = body.get("resource")?;
        let id = resource.get("id")?.text()?;
        let name = id.trim_end_matches('}').split_once(':').map_or(id.as_str(), |it| it.1);
        let on = format!("{} {name}", resource.get("type")?.text()?);
        let permitted = self.permitted.entry(on).or_default();
        for pipeline in body.list("pipelines")? {
            if pipeline.get("authorized")?.flag()? {
                permitted.insert(reference(&pipeline.get("id")?.text()?));
            }
        }
        Ok(())
    }

    fn policy(&mut self, body: &Node) -> Read<()> {
        let settings = body.get("settings")?;
        let Some(pipeline) = settings.find("buildDefinitionId") else { return Ok(()) };
        let pipeline = reference(&pipeline.text()?);
        for scope in settings.list("scope")? {
            let repository = reference(&scope.get("repositoryId")?.text()?);
            let branch = scope.get("refName")?.text()?;
            self.policies.push(Policy {
                pipeline: pipeline.clone(),
                repository: repository.trim_start_matches('\\').to_owned(),
                branch,
                prefix: scope.get("matchKind")?.is("prefix"),
                paths: settings.list("filenamePatterns")?.iter().map(Node::text).collect::<Read<_>>()?,
            });
        }
        Ok(())
    }
}

/// `${pipeline:folder/name}` as `\folder\name`.
fn reference(text: &str) -> String {
    let inside = text.trim_end_matches('}').split_once(':').map_or(text, |it| it.1);
    match inside.split_once('/') {
        Some((folder, name)) => format!("\\{folder}\\{name}"),
        None => format!("\\{inside}"),
    }
}

fn json(files: &Files, path: &str) -> Read<Value> {
    let text = files.get(path).ok_or_else(|| format!("{path} is not there"))?;
    serde_json::from_str(text).map_err(|it| format!("{path}: {it}"))
}

fn definition(body: &Node, files: &Files, out: &str) -> Read<Pipeline> {
    let name = body.get("name")?.text()?;
    let file = body.get("process")?.get("yamlFilename")?.text()?;
    let inside = file.strip_prefix(&format!("{out}/")).unwrap_or(&file);
    let text = files.get(inside).ok_or_else(|| format!("{inside}, the file of {name}, is not there"))?;
    let body_value: Value = serde_yaml::from_str(text).map_err(|it| format!("{inside}: {it}"))?;
    let folder = body.get("path")?.text()?;
    let repository = body.get("repository")?;
    let root = Node::root(&body_value, inside);
    root.only(&[
        "trigger",
        "pr",
        "schedules",
        "parameters",
        "resources",
        "variables",
        "stages",
        "name",
        "appendCommitMessageToRunName",
    ])?;
    let resources = root.find("resources").unwrap_or_else(|| Node::root(&Value::Null, inside));
    if root.find("resources").is_some() {
        resources.only(&["pipelines", "repositories", "containers", "webhooks"])?;
    }
    let hosted = repository.get("type")?.text()?;
    let hook = |node: Node| node.get("webhook")?.text();
    let pull_request = Push::read(root.find("pr"))?;
    Ok(Pipeline {
        path: format!("{}\\{name}", folder.trim_end_matches('\\')),
        name,
        file: inside.to_owned(),
        repository: repository.get("name")?.text()?,
        default_branch: repository.get("defaultBranch")?.text()?,
        push: Push::read(root.find("trigger"))?,
        // Azure Repos does not read `pr`: its policies do that.
        pull_request: (hosted != "TfsGit").then_some(pull_request),
        schedules: root.list("schedules")?.iter().map(Schedule::read).collect::<Read<_>>()?,
        parameters: root.list("parameters")?.iter().map(parameter).collect::<Read<_>>()?,
        repositories: resources.list("repositories")?.iter().map(Repository::read).collect::<Read<_>>()?,
        sources: resources.list("pipelines")?.iter().map(Source::read).collect::<Read<_>>()?,
        containers: resources.list("containers")?.iter().map(Container::read).collect::<Read<_>>()?,
        webhooks: resources.list("webhooks")?.into_iter().map(hook).collect::<Read<_>>()?,
        body: body_value.clone(),
    })
}

fn parameter(node: &Node) -> Read<Parameter> {
    node.only(&["name", "displayName", "type", "default", "values"])?;
    let kind = node.get("type")?.text()?;
    if !matches!(kind.as_str(), "string" | "boolean" | "number") {
        return node.error(&format!("a parameter of type {kind} is not understood"));
    }
    Ok(Parameter {
        name: node.get("name")?.text()?,
        boolean: kind == "boolean",
        default: node.find("default").map(|it| it.input()).transpose()?,
        values: node.list("values")?.iter().map(Node::input).collect::<Read<_>>()?,
    })
}
