//! Charts that the task of Azure Pipelines installs.

use crate::check::Cx;
use crate::model::expr::{Expr, ExprKind};
use crate::model::project::Step;
use crate::model::steps::Kind;
use crate::model::steps::task::Task;

/// A step that installs or upgrades a release.
pub struct Installation<'p> {
    pub step: &'p Step,
    task: &'p Task,
}

pub fn installations<'p>(cx: &Cx<'p>) -> impl Iterator<Item = Installation<'p>> + use<'p> {
    cx.steps().filter_map(|it| {
        let Kind::Task(task) = &it.step.kind else { return None };
        let name = task.name.value.to_ascii_lowercase();
        let found = Installation { step: it.step, task };
        let installs = found.input("command")?.as_str().is_some_and(|it| matches!(it, "install" | "upgrade"));
        (name.starts_with("helmdeploy@") && installs && it.step.enabled).then_some(found)
    })
}

impl<'p> Installation<'p> {
    /// By its name, in letters of any case.
    pub fn input(&self, name: &str) -> Option<&'p Expr> {
        self.task.inputs.iter().find(|it| it.0.eq_ignore_ascii_case(name)).map(|it| it.1)
    }
}

/// The constant parts of a text; what only a run knows is a word without blanks and commas.
pub fn shape(text: &Expr) -> String {
    match &text.kind {
        ExprKind::String(text) => text.clone(),
        ExprKind::Concat(parts) => parts.iter().map(shape).collect(),
        _ => "x".to_owned(),
    }
}
