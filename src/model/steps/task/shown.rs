//! Whether an input of a task is shown, and so needed: the rules of its description, as far as constants decide them.

use crate::base::span::Span;
use crate::model::expr::{Expr, ExprKind};
use crate::schema::tasks::{Input, Task};
use indexmap::IndexMap;

/// What is written, by the first name of each input.
pub type Given = IndexMap<&'static str, (Span, Expr)>;

/// Rules that read inputs whose rules read inputs …: none of Microsoft's goes further.
const DEEPEST: usize = 5;

/// `None`: only a run knows, or a rule is not understood.
pub fn shown(task: &Task, input: &Input, given: &Given) -> Option<bool> {
    Look { task, given }.shown(input, 0)
}

/// A constant as Azure Pipelines gets it.
pub fn text(value: &Expr) -> Option<String> {
    match &value.kind {
        ExprKind::String(text) => Some(text.clone()),
        ExprKind::Bool(it) => Some(it.to_string()),
        ExprKind::Int(it) => Some(it.to_string()),
        ExprKind::Number(it) => Some(it.to_string()),
        _ => None,
    }
}

struct Look<'a> {
    task: &'a Task,
    given: &'a Given,
}

impl Look<'_> {
    fn shown(&self, input: &Input, depth: usize) -> Option<bool> {
        if depth > DEEPEST {
            return None;
        }
        all(input.rules.iter().map(|it| self.rule(it, depth)))
    }

    /// `a = x && b != y || c = z`
    fn rule(&self, rule: &str, depth: usize) -> Option<bool> {
        if rule.contains(['(', ')']) {
            return None;
        }
        let mut all_false = true;
        for part in rule.split("||") {
            match all(part.split("&&").map(|it| self.comparison(it, depth))) {
                Some(true) => return Some(true),
                Some(false) => {}
                None => all_false = false,
            }
        }
        all_false.then_some(false)
    }

    fn comparison(&self, text: &str, depth: usize) -> Option<bool> {
        let operator = ["!=", "==", "="].into_iter().find(|it| text.contains(it))?;
        let (name, wanted) = text.split_once(operator)?;
        let input = self.task.input(name.trim())?;
        let value = match self.given.get(input.names[0]) {
            Some((_, value)) => self::text(value).filter(|it| !it.contains("$("))?,
            // What is not shown itself has no value that anybody could rely on.
            None if self.shown(&input, depth + 1) == Some(true) => input.default.to_owned(),
            None => return None,
        };
        Some(value.eq_ignore_ascii_case(wanted.trim()) == (operator != "!="))
    }
}

fn all(parts: impl Iterator<Item = Option<bool>>) -> Option<bool> {
    let mut all_known = true;
    for part in parts {
        match part {
            Some(true) => {}
            Some(false) => return Some(false),
            None => all_known = false,
        }
    }
    all_known.then_some(true)
}
