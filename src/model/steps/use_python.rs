//! `use_python "3.12"`: the Python of the steps behind it.

use super::action::Action;
use super::{Kind, StepKind};
use crate::model::convert::Value;
use crate::model::errors;
use crate::model::expr::Expr;
use crate::model::fields::Fields;
use crate::model::lower::Lower;
use crate::schema::pipeline::{COMPILED_STEP_BLOCKS, STEP as COMMON};
use crate::schema::types::Type;
use crate::schema::{BLOCK, Block, Head, argument, default};
use indexmap::IndexMap;

pub static STEP: StepKind = StepKind { block: &BLOCK_USE_PYTHON, outputs: |_| IndexMap::new(), decode };

static BLOCK_USE_PYTHON: Block = Block {
    word: "use_python",
    head: Head::Arguments(&[argument("version", Type::Text)]),
    doc: "Puts a Python before all others on the path of the steps behind it: `use_python \"3.12\"`. The agent has it, or fetches it.",
    attributes: &[
        COMMON,
        &[default("architecture", Type::Word(&["x64", "x86", "arm64"]), "x64", "For which processors it is.")],
    ],
    blocks: &COMPILED_STEP_BLOCKS,
    ..BLOCK
};

#[derive(Debug)]
pub struct UsePython {
    pub version: Expr,
    pub architecture: Option<&'static str>,
}

fn decode(fields: &mut Fields<'_, '_>) -> Option<Kind> {
    let Value::Expr(version) = fields.argument("version")?.value.clone() else { return None };
    if version.as_str().is_some_and(|it| !is_version(it)) {
        let help = "write a version such as `\"3.12\"`, a range such as `\">=3.10\"`, or `\"pypy3.10\"`";
        fields.cx.push(errors::invalid_value(version.span, "this is no version of Python", help));
    }
    Some(Kind::UsePython(UsePython { version, architecture: fields.word("architecture") }))
}

/// What the task takes: a range as npm writes them, or a `pypy`.
fn is_version(text: &str) -> bool {
    let range = text.strip_prefix("pypy").unwrap_or(text);
    let legal = |it: char| it.is_ascii_digit() || ".xX*<>=~^| -".contains(it);
    let named = range.contains(|it: char| it.is_ascii_digit() || it == 'x' || it == '*');
    // `3.13-dev` and `3.13.0-rc.1` are versions too.
    let mut words = range.splitn(2, '-');
    let (numbers, behind) = (words.next().unwrap_or_default(), words.next());
    let tag = |it: &str| it.chars().all(|it| it.is_ascii_alphanumeric() || ".<>= -".contains(it));
    named && numbers.chars().all(legal) && behind.is_none_or(tag)
}

impl UsePython {
    pub fn lower(&self, cx: &Lower<'_>) -> Vec<Action> {
        let spoken = self.version.as_str().map_or_else(|| "Use Python".into(), |it| format!("Use Python {it}"));
        let mut inputs = vec![("versionSpec", self.version.clone()), ("addToPath", cx.text("true"))];
        inputs.extend(self.architecture.map(|it| ("architecture", cx.text(it))));
        vec![Action::task(cx.title(spoken), "UsePythonVersion@0", inputs).prepares()]
    }
}
