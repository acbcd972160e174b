//! `task "Name@N" { inputs { … } }`: any task of Azure Pipelines.

use super::action::{Action, ActionBody};
use super::{Kind, StepKind};
use crate::diag::Diagnostic;
use crate::model::expr::Expr;
use crate::model::fields::Fields;
use crate::model::lower::Lower;
use crate::schema::declarations::ENV;
use crate::schema::pipeline::{OUTPUT, STEP as COMMON};
use crate::schema::types::Type;
use crate::schema::{BLOCK, Block, Head, argument, at_most_one, many};
use indexmap::IndexMap;

pub static STEP: StepKind = StepKind { block: &BLOCK_TASK, outputs: |_| IndexMap::new(), decode };

static BLOCK_TASK: Block = Block {
    word: "task",
    head: Head::Arguments(&[argument("name", Type::Name)]),
    doc: "A task of Azure Pipelines or of an extension, with its major version: `task \"UsePythonVersion@0\"`.",
    attributes: &[COMMON],
    blocks: &[at_most_one(&INPUTS), at_most_one(&ENV), many(&OUTPUT)],
    ..BLOCK
};

static INPUTS: Block = Block {
    word: "inputs",
    doc: "Inputs of the task, by the names of its reference.",
    free: Some(Type::Value),
    ..BLOCK
};

#[derive(Debug)]
pub struct Task {
    /// `Name@major`
    pub name: String,
    pub inputs: IndexMap<String, Expr>,
}

fn decode(fields: &mut Fields<'_, '_>) -> Option<Kind> {
    let name = fields.argument_string("name")?;
    if !is_versioned(&name.value) {
        let message = format!("`{}` names no version of the task", name.value);
        let bare = name.value.split('@').next().unwrap_or_default();
        let help = format!("write the major version behind the name, as in `\"{bare}@1\"`");
        fields.cx.push(Diagnostic::error("task-not-versioned", name.span, message).help(help));
    }
    let inputs = fields.expr_map("inputs");
    Some(Kind::Task(Task { name: name.value, inputs }))
}

fn is_versioned(name: &str) -> bool {
    let Some((name, version)) = name.split_once('@') else { return false };
    let legal = |it: char| it.is_ascii_alphanumeric() || "-_.".contains(it);
    let named = !name.is_empty() && name.chars().all(legal);
    named && !version.is_empty() && version.chars().all(|it| it.is_ascii_digit())
}

impl Task {
    pub fn lower(&self, cx: &Lower<'_>) -> Vec<Action> {
        let inputs = self.inputs.iter().map(|(name, it)| (name.clone(), it.clone())).collect();
        let bare = self.name.split('@').next().unwrap_or(&self.name);
        let mut action = Action::agent(cx.title(bare), ActionBody::Task { name: self.name.clone(), inputs });
        action.outputs = cx.step.outputs.keys().cloned().collect();
        vec![action]
    }
}
