//! Reads the stages, jobs and steps of a file.

use super::document::{Body, Environment, Job, Kind, Stage, Step, Variable};
use super::node::{Node, Read};
use super::tasks;
use std::rc::Rc;

/// Minutes that a job may take where it does not say.
const DEFAULT_MINUTES: u64 = 60;
/// The same of a job that is canceled, before its agent is stopped.
const CANCEL_MINUTES: u64 = 5;

pub fn body(root: &Node) -> Read<Body> {
    let mut stages: Vec<Stage> = Vec::new();
    for node in root.get("stages")?.items()? {
        let before = stages.last().map(|it| it.name.clone());
        stages.push(stage(&node, before)?);
    }
    check_names(root, &stages.iter().map(|it| (&it.name, &it.depends_on)).collect::<Vec<_>>())?;
    Ok(Body { variables: variables(root)?, stages })
}

/// Names that are there twice, and names of what is not there.
fn check_names(node: &Node, all: &[(&String, &Vec<String>)]) -> Read<()> {
    for (number, (name, needs)) in all.iter().enumerate() {
        if all[..number].iter().any(|it| it.0.eq_ignore_ascii_case(name)) {
            return node.error(&format!("there are two of `{name}`"));
        }
        if let Some(other) = needs.iter().find(|need| !all.iter().any(|it| it.0 == *need)) {
            return node.error(&format!("`{name}` depends on `{other}`, which is not there"));
        }
    }
    if all.iter().any(|it| it.1.is_empty()) { Ok(()) } else { node.error("everything depends on something") }
}

fn stage(node: &Node, before: Option<String>) -> Read<Stage> {
    node.only(&[
        "stage",
        "displayName",
        "dependsOn",
        "condition",
        "variables",
        "lockBehavior",
        "isSkippable",
        "trigger",
        "jobs",
    ])?;
    let manual = match node.find("trigger") {
        None => false,
        Some(it) if it.is("manual") => true,
        Some(it) => return it.error("only `manual` is understood"),
    };
    let lock = node.maybe_text("lockBehavior")?;
    if lock.as_ref().is_some_and(|it| it != "sequential" && it != "runLatest") {
        return node.error("`lockBehavior` is `sequential` or `runLatest`");
    }
    if manual && node.find("dependsOn").is_some_and(|it| it.texts().is_ok_and(|it| !it.is_empty())) {
        return node.error("a stage that is started by hand cannot depend on others");
    }
    let jobs: Vec<Rc<Job>> =
        node.get("jobs")?.items()?.iter().map(|it| job(it).map(Rc::new)).collect::<Read<_>>()?;
    check_names(node, &jobs.iter().map(|it| (&it.name, &it.depends_on)).collect::<Vec<_>>())?;
    node.flag_or("isSkippable", true)?;
    Ok(Stage {
        name: name(node, "stage")?,
        depends_on: match node.find("dependsOn") {
            Some(it) => it.texts()?,
            None if manual => Vec::new(),
            None => before.into_iter().collect(),
        },
        condition: condition(node)?,
        lock,
        manual,
        variables: variables(node)?,
        jobs,
    })
}

/// A name that Azure DevOps takes.
fn name(node: &Node, key: &str) -> Read<String> {
    let name = node.get(key)?.text()?;
    let inside = name.chars().all(|it| it.is_ascii_alphanumeric() || it == '_');
    if !inside || name.starts_with(|it: char| it.is_ascii_digit()) || name.is_empty() {
        return node.error(&format!("`{name}` is no name"));
    }
    if matches!(name.to_lowercase().as_str(), "deployment" | "deploy") && key == "deployment" {
        return node.error(&format!("`{name}` is a reserved word"));
    }
    Ok(name)
}

/// `condition: false` is a boolean for a reader of YAML, and an expression for Azure Pipelines.
fn condition(node: &Node) -> Read<Option<String>> {
    node.find("condition").map(|it| it.input()).transpose()
}

fn variables(node: &Node) -> Read<Vec<Variable>> {
    let mut found = Vec::new();
    for item in node.list("variables")? {
        if let Some(group) = item.find("group") {
            item.only(&["group"])?;
            found.push(Variable::Group(group.text()?));
        } else {
            item.only(&["name", "value", "readonly"])?;
            let name = item.get("name")?.text()?;
            let taken = ["endpoint", "input", "secret", "securefile"];
            if taken.iter().any(|it| name.to_lowercase().starts_with(it)) {
                return item.error(&format!("`{name}` is not available as a variable"));
            }
            found.push(Variable::Named(name, item.get("value")?.text()?));
        }
    }
    Ok(found)
}

const JOB: &[&str] = &[
    "job",
    "deployment",
    "displayName",
    "dependsOn",
    "condition",
    "pool",
    "timeoutInMinutes",
    "cancelTimeoutInMinutes",
    "continueOnError",
    "variables",
    "environment",
    "strategy",
    "steps",
    "services",
    "uses",
    "container",
    "workspace",
];

fn job(node: &Node) -> Read<Job> {
    node.only(JOB)?;
    let server = node.find("pool").is_some_and(|it| it.is("server"));
    let deployment = node.find("deployment").is_some();
    let (steps, legs) = if deployment {
        (run_once(&node.get("strategy")?)?, Vec::new())
    } else {
        if node.find("environment").is_some() {
            return node.error("only a deployment job has an environment");
        }
        (node.get("steps")?, node.find("strategy").map_or(Ok(Vec::new()), |it| legs(&it))?)
    };
    let steps: Vec<Step> = steps.items()?.iter().map(|it| step(it, server)).collect::<Read<_>>()?;
    Ok(Job {
        name: name(node, if deployment { "deployment" } else { "job" })?,
        depends_on: node.find("dependsOn").map_or(Ok(Vec::new()), |it| it.texts())?,
        condition: condition(node)?,
        server,
        minutes: node.find("timeoutInMinutes").map_or(Ok(DEFAULT_MINUTES), |it| it.number())?,
        cancel_minutes: node.find("cancelTimeoutInMinutes").map_or(Ok(CANCEL_MINUTES), |it| it.number())?,
        continue_on_error: node.flag_or("continueOnError", false)?,
        deployment: if deployment { Some(environment(&node.get("environment")?)?) } else { None },
        variables: variables(node)?,
        legs,
        steps,
    })
}

/// A string with a dot names a resource in the environment.
fn environment(node: &Node) -> Read<Environment> {
    let named = |name: String, resource| Environment { name, resource };
    if node.is_text() {
        let text = node.text()?;
        return Ok(match text.split_once('.') {
            Some((name, resource)) => named(name.to_owned(), Some(resource.to_owned())),
            None => named(text, None),
        });
    }
    node.only(&["name", "resourceName", "resourceType"])?;
    Ok(named(node.get("name")?.text()?, node.maybe_text("resourceName")?))
}

fn run_once<'v>(node: &Node<'v>) -> Read<Node<'v>> {
    node.only(&["runOnce"])?;
    let once = node.get("runOnce")?;
    once.only(&["deploy"])?;
    let deploy = once.get("deploy")?;
    deploy.only(&["steps"])?;
    deploy.get("steps")
}

/// Name and variables of each leg of a matrix.
type Legs = Vec<(String, Vec<(String, String)>)>;

fn legs(node: &Node) -> Read<Legs> {
    node.only(&["matrix", "maxParallel"])?;
    let mut found = Vec::new();
    for (name, leg) in node.get("matrix")?.entries()? {
        let variables: Read<_> =
            leg.entries()?.into_iter().map(|(key, value)| Ok((key.to_owned(), value.text()?))).collect();
        found.push((name.to_owned(), variables?));
    }
    Ok(found)
}

const STEP: &[&str] = &[
    "displayName",
    "name",
    "condition",
    "continueOnError",
    "enabled",
    "env",
    "target",
    "timeoutInMinutes",
    "retryCountOnTaskFailure",
];

fn step(node: &Node, server: bool) -> Read<Step> {
    let (kind, own) = kind(node)?;
    node.only(&[STEP, own].concat())?;
    let mut env = Vec::new();
    for (key, value) in node.find("env").map_or(Ok(Vec::new()), |it| it.entries())? {
        env.push((key.to_owned(), value.text()?));
    }
    let name = node.maybe_text("name")?;
    let step = Step {
        title: node.maybe_text("displayName")?.or_else(|| name.clone()).unwrap_or_default(),
        name,
        kind,
        condition: condition(node)?,
        minutes: node.find("timeoutInMinutes").map(|it| it.number()).transpose()?,
        continue_on_error: node.flag_or("continueOnError", false)?,
        enabled: node.flag_or("enabled", true)?,
        env,
    };
    tasks::check(&step, server).or_else(|what| node.error(&what))?;
    Ok(step)
}

/// What the step does, and its own keys.
fn kind(node: &Node) -> Read<(Kind, &'static [&'static str])> {
    let text = |key| node.get(key)?.text();
    if node.find("checkout").is_some() {
        let keys: &[&str] = &[
            "checkout",
            "path",
            "fetchDepth",
            "fetchTags",
            "clean",
            "lfs",
            "submodules",
            "persistCredentials",
        ];
        return Ok((Kind::Checkout(text("checkout")?, node.maybe_text("path")?), keys));
    }
    if let Some(download) = node.find("download") {
        let none = (Kind::NoDownload, ["download"].as_slice());
        return if download.is("none") {
            Ok(none)
        } else {
            node.error("only `download: none` is understood")
        };
    }
    if node.find("publish").is_some() {
        let publish = Kind::Publish { path: text("publish")?, artifact: text("artifact")? };
        return Ok((publish, &["publish", "artifact"]));
    }
    if node.find("bash").is_some() {
        return Ok((Kind::Bash(text("bash")?), &["bash", "workingDirectory", "failOnStderr"]));
    }
    let mut inputs = Vec::new();
    for (key, value) in node.find("inputs").map_or(Ok(Vec::new()), |it| it.entries())? {
        inputs.push((key.to_owned(), value.input()?));
    }
    Ok((Kind::Task { name: text("task")?, inputs }, &["task", "inputs"]))
}
