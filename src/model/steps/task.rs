//! `task "Name@N" { inputs { … } }`: any task of Azure Pipelines.

mod connections;
mod inputs;
mod shown;

use super::action::{Action, ActionBody, Place};
use super::{Kind, StepKind};
use crate::base::span::Spanned;
use crate::base::suggest;
use crate::diag::Diagnostic;
use crate::model::errors;
use crate::model::expr::Expr;
use crate::model::fields::Fields;
use crate::model::lower::Lower;
use crate::schema::declarations::ENV;
use crate::schema::pipeline::{OUTPUT, STEP as COMMON};
use crate::schema::tasks::{self, TaskPlace};
use crate::schema::types::Type;
use crate::syntax::ast;
use crate::schema::{BLOCK, Block, Head, argument, at_most_one, many};
use indexmap::IndexMap;

pub static STEP: StepKind = StepKind { block: &BLOCK_TASK, outputs: |_| IndexMap::new(), decode };

static BLOCK_TASK: Block = Block {
    word: "task",
    head: Head::Arguments(&[argument("name", Type::Name)]),
    doc: "A task of Azure Pipelines or of an extension, with its major version: `task \"UsePythonVersion@0\"`. A task that needs no \
          agent runs without one.",
    attributes: &[COMMON],
    blocks: &[at_most_one(&INPUTS), at_most_one(&ENV), many(&OUTPUT)],
    ..BLOCK
};

static INPUTS: Block = Block {
    word: "inputs",
    doc: "Inputs of the task, by the names of its reference. A script is taken as it is, and so is every text for a task that the \
          compiler does not know.",
    free: Some(Type::Value),
    ..BLOCK
};

/// What a task without an agent may take where nothing is said.
const HOUR: u64 = 3600;

#[derive(Debug)]
pub struct Task {
    /// `Name@major`
    pub name: Spanned<String>,
    /// What is known of it.
    pub known: Option<tasks::Task>,
    pub inputs: IndexMap<String, Expr>,
    /// Which of the inputs are scripts.
    scripts: Vec<String>,
}

fn decode(fields: &mut Fields<'_, '_>) -> Option<Kind> {
    let name = fields.argument_string("name")?;
    let known = find(fields, &name);
    if let Some(task) = &known {
        check_place(fields, task, &name);
    }
    let written = fields.syntax_map("inputs");
    let mut scripts = Vec::new();
    let mut inputs = IndexMap::new();
    for attribute in written {
        let key = &attribute.key;
        let input = known.and_then(|it| it.input(&key.value));
        let script = input.as_ref().is_some_and(|it| it.ty == tasks::InputType::Script);
        let value = inputs::value(fields, attribute, script || known.is_none());
        if script {
            scripts.push(key.value.clone());
        }
        if let Some(value) = value {
            inputs.insert(key.value.clone(), (key.span, value));
        }
    }
    connections::check(fields, known.as_ref(), &inputs);
    if let Some(task) = known.as_ref().filter(|it| it.place != TaskPlace::Gate) {
        inputs::check(fields, task, &inputs);
    }
    let inputs = inputs.into_iter().map(|(key, (_, value))| (key, value)).collect();
    Some(Kind::Task(Task { name, known, inputs, scripts }))
}

/// What is known of the task that a step runs, before anything is decoded.
pub fn known(block: &ast::Block) -> Option<tasks::Task> {
    let ast::ExprKind::String(text) = &block.arguments.first().filter(|_| block.word.value == "task")?.kind else {
        return None;
    };
    let (bare, major) = versioned(&text.value)?;
    tasks::find(bare, major)
}

/// The task in the catalogue. A name that is none of its own belongs to an extension, unless it is a slip.
fn find(fields: &mut Fields<'_, '_>, name: &Spanned<String>) -> Option<tasks::Task> {
    let Some((bare, major)) = versioned(&name.value) else {
        let bare = name.value.split('@').next().unwrap_or_default();
        let newest = tasks::versions(bare).last().map_or(1, |it| it.major);
        let message = format!("`{}` names no version of the task", name.value);
        let help = format!("write the major version behind the name, as in `\"{bare}@{newest}\"`");
        let finding = Diagnostic::error("task-not-versioned", name.span, message).help(help);
        let is_known = !tasks::versions(bare).is_empty();
        let better = format!("\"{bare}@{newest}\"");
        fields.cx.push(if is_known { finding.replace(format!("write `{better}`"), name.span, better) } else { finding });
        return None;
    };
    if bare.contains('.') || is_id(bare) {
        return None;
    }
    let found = tasks::find(bare, major);
    if found.is_none() {
        let finding = unknown(name, bare, major);
        fields.cx.findings.extend(finding);
    }
    found
}

fn versioned(name: &str) -> Option<(&str, u32)> {
    let (name, version) = name.split_once('@')?;
    let legal = |it: char| it.is_ascii_alphanumeric() || "-_.".contains(it);
    let named = !name.is_empty() && name.chars().all(legal);
    let major = version.chars().all(|it| it.is_ascii_digit()).then(|| version.parse().ok())?;
    named.then_some((name, major?))
}

/// `6c6f9a3d-…`: a task by its id.
fn is_id(name: &str) -> bool {
    name.len() == 36 && name.split('-').count() == 5 && name.chars().all(|it| it.is_ascii_hexdigit() || it == '-')
}

fn unknown(name: &Spanned<String>, bare: &str, major: u32) -> Option<Diagnostic> {
    let versions = tasks::versions(bare);
    let Some(newest) = versions.last() else {
        let nearest = suggest::nearest(bare, tasks::all().map(|it| it.name)).filter(|it| is_slip(bare, it))?;
        let newest = tasks::versions(nearest).last().map_or(major, |it| it.major);
        let found = tasks::find(nearest, major).map_or(newest, |it| it.major);
        let better = format!("{nearest}@{found}");
        let message = format!("Azure Pipelines has no task `{bare}`");
        let help = format!(
            "did you mean `{better}`? A task of an extension is named in full: `\"publisher.extension.task.{bare}@{major}\"`"
        );
        let finding = Diagnostic::error("unknown-task", name.span, message).help(help);
        return Some(finding.suggest(format!("change to `{better}`"), name.span, format!("\"{better}\"")));
    };
    if major > newest.major {
        let message = format!("version {major} of `{bare}` is newer than what is known here: its inputs are not checked");
        let help = format!("the newest that is known is `{bare}@{}`", newest.major);
        return Some(Diagnostic::warning("unknown-task", name.span, message).help(help));
    }
    let known: Vec<String> = versions.iter().map(|it| format!("{bare}@{}", it.major)).collect();
    let known: Vec<&str> = known.iter().map(String::as_str).collect();
    let message = format!("`{bare}` has no version {major}");
    let finding = Diagnostic::error("unknown-task", name.span, message);
    Some(finding.help(format!("there is {}", errors::quoted_list(&known))))
}

/// Whether the names differ in one place, by two letters at most.
fn is_slip(written: &str, known: &str) -> bool {
    let (a, b) = (written.to_lowercase(), known.to_lowercase());
    let same = |a: &mut dyn Iterator<Item = char>, b: &mut dyn Iterator<Item = char>| {
        a.zip(b).take_while(|(one, other)| one == other).count()
    };
    let longest = a.chars().count().max(b.chars().count());
    let before = same(&mut a.chars(), &mut b.chars());
    let behind = same(&mut a.chars().rev(), &mut b.chars().rev());
    before + behind + 2 >= longest
}

/// What a task that runs without an agent, or in checks only, cannot have.
fn check_place(fields: &mut Fields<'_, '_>, task: &tasks::Task, name: &Spanned<String>) {
    if task.place == TaskPlace::Gate {
        let message = format!("`{}` runs in checks of Azure DevOps, not in pipelines", name.value);
        fields.cx.push(errors::invalid_value(name.span, message, "remove it here, and add it as a check there"));
    }
    if task.place != TaskPlace::Server {
        return;
    }
    let env = fields.children("env").first().map(|it| it.head);
    let output = fields.declarations("output").first().map(|it| it.1.span);
    for (span, what) in [(env, "sees no environment variables"), (output, "sets no outputs")] {
        let Some(span) = span else { continue };
        let message = format!("`{}` runs without an agent and {what}", name.value);
        let help = "remove it, or use a `run` step, which has an agent";
        fields.cx.push(errors::invalid_value(span, message, help));
    }
}

impl Task {
    /// The user's scripts among the inputs.
    pub fn scripts(&self) -> impl Iterator<Item = &str> {
        self.scripts.iter().filter_map(|it| self.inputs.get(it)?.as_str())
    }

    pub fn needs_no_agent(&self) -> bool {
        self.known.is_some_and(|it| it.place == TaskPlace::Server)
    }

    pub fn lower(&self, cx: &Lower<'_>) -> Vec<Action> {
        let inputs = self.inputs.iter().map(|(name, it)| (name.clone(), it.clone())).collect();
        let bare = self.name.value.split('@').next().unwrap_or(&self.name.value);
        let body = ActionBody::Task { name: self.name.value.clone(), inputs };
        let mut action = Action::agent(cx.title(bare), body);
        action.outputs = cx.step.outputs.keys().cloned().collect();
        if self.needs_no_agent() {
            action.place = Place::Server;
            action.longest = Some(cx.step.timeout.as_ref().map_or(HOUR, |it| it.value));
        }
        vec![action]
    }
}
