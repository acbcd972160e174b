//! What is offered in quotes: names of tasks, what is spliced in, variables of Azure Pipelines.

use super::context::{Context, Writing, trailing_name};
use super::items::Item;
use super::paths;
use crate::driver::Analysis;
use crate::lsp::protocol::CompletionItemKind as Kind;
use crate::lsp::rows;
use crate::schema::{Type, tasks};
use std::ops::Range;

/// Variables that every run of Azure Pipelines has; from its documentation.
const PREDEFINED: &[&str] = &[
    "Agent.BuildDirectory",
    "Agent.JobStatus",
    "Agent.MachineName",
    "Agent.Name",
    "Agent.OS",
    "Agent.OSArchitecture",
    "Agent.TempDirectory",
    "Agent.ToolsDirectory",
    "Agent.WorkFolder",
    "Build.ArtifactStagingDirectory",
    "Build.BinariesDirectory",
    "Build.BuildId",
    "Build.BuildNumber",
    "Build.DefinitionName",
    "Build.QueuedBy",
    "Build.Reason",
    "Build.Repository.Name",
    "Build.Repository.Uri",
    "Build.RequestedFor",
    "Build.RequestedForEmail",
    "Build.SourceBranch",
    "Build.SourceBranchName",
    "Build.SourceVersion",
    "Build.SourceVersionMessage",
    "Build.SourcesDirectory",
    "Build.StagingDirectory",
    "Pipeline.Workspace",
    "System.AccessToken",
    "System.CollectionUri",
    "System.DefaultWorkingDirectory",
    "System.DefinitionId",
    "System.JobAttempt",
    "System.JobId",
    "System.PullRequest.PullRequestId",
    "System.PullRequest.SourceBranch",
    "System.PullRequest.TargetBranch",
    "System.StageAttempt",
    "System.StageName",
    "System.TeamProject",
];

/// The choices, and what they take the place of.
pub fn choices(
    cx: &Context<'_>,
    analysis: Option<&Analysis>,
    inside: &Writing,
    before: &str,
) -> (Vec<Item>, Range<usize>) {
    let end = cx.offset;
    if let Some(at) = open(before, "${{", "}}") {
        let written = before[at..].trim_start();
        return (bindings(cx, written), end - trailing_name(written).len()..end);
    }
    if let Some(at) = open(before, "${", "}") {
        let name = trailing_name(&before[at..]);
        let (items, partial) = in_path(cx, analysis, name);
        return (items, end - partial..end);
    }
    if let Some(at) = open(before, "$(", ")") {
        return (
            paths::plain(PREDEFINED.to_vec(), Kind::Variable, "of Azure Pipelines"),
            end - (before.len() - at)..end,
        );
    }
    let is_task = matches!(inside, Writing::Argument { word, before } if word == "task" && before.is_empty());
    if is_task {
        return (task_names(), end - before.len()..end);
    }
    if let Writing::Value { key } = inside
        && let Some(input) = task(cx).and_then(|it| it.input(key))
    {
        return (
            paths::plain(input.options, Kind::EnumMember, "option of the task"),
            end - before.len()..end,
        );
    }
    (Vec::new(), end..end)
}

/// Names behind a path that is being written: what is offered, and how much of it is there.
pub fn in_path(cx: &Context<'_>, analysis: Option<&Analysis>, name: &str) -> (Vec<Item>, usize) {
    let mut path: Vec<&str> = name.split('.').collect();
    let partial = path.pop().map_or(0, str::len);
    (paths::following(cx, analysis, &path), partial)
}

/// The task whose inputs are written here.
pub fn task(cx: &Context<'_>) -> Option<tasks::Task> {
    crate::model::steps::task::known(paths::around(cx, "task")?)
}

/// Where what is open begins: behind the last opener that is not closed.
fn open(before: &str, opener: &str, closer: &str) -> Option<usize> {
    let at = before.rfind(opener)? + opener.len();
    let is_other = opener == "${" && before[at..].starts_with('{');
    (!is_other && !before[at..].contains(closer)).then_some(at)
}

/// `${{inputs.x}}` in the command of an ML step.
fn bindings(cx: &Context<'_>, written: &str) -> Vec<Item> {
    let Some(step) = paths::around(cx, "step").or_else(|| paths::around(cx, "component")) else {
        return Vec::new();
    };
    match written.split_once('.').map(|it| it.0) {
        None => paths::plain(vec!["inputs", "outputs"], Kind::Module, ""),
        Some("outputs") => paths::inner(step, "output"),
        Some("inputs") => {
            let given = step.body.iter().flat_map(|it| &it.statements).filter_map(|it| match it {
                crate::syntax::ast::Statement::Block(it) if it.word.value == "inputs" => it.body.as_ref(),
                _ => None,
            });
            let keys = given.flat_map(|it| &it.statements).filter_map(|it| match it {
                crate::syntax::ast::Statement::Attribute(it) => Some(it.key.value.as_str()),
                _ => None,
            });
            let mut found = paths::plain(keys.collect(), Kind::Variable, "input of the step");
            found.extend(paths::inner(step, "input"));
            found
        }
        Some(_) => Vec::new(),
    }
}

fn task_names() -> Vec<Item> {
    let items = tasks::all().map(|it| {
        let item = Item::new(format!("{}@{}", it.name, it.major), Kind::Function);
        if it.deprecated { item.detail("deprecated") } else { item }
    });
    items.collect()
}

/// Inputs of the task around that are not given yet.
pub fn task_inputs(cx: &Context<'_>) -> Vec<Item> {
    let is_inputs =
        matches!(cx.row, rows::Row::Block(it) if it.word == "inputs" && it.free == Some(Type::Value));
    let Some(task) = task(cx).filter(|_| is_inputs) else { return Vec::new() };
    let items = task.inputs().map(|it| {
        let need = if it.required { "required" } else { "optional" };
        let options = it.options.iter().map(|it| format!("`{it}`")).collect::<Vec<_>>().join(", ");
        let item =
            Item::new(it.names[0], Kind::Property).detail(format!("input of the task, {need}")).doc(options);
        item.snippet(format!("{} = $1", it.names[0]))
    });
    items.collect()
}
