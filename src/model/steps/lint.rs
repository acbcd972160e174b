//! `lint TOOL`: what tools that read code say about it.

use super::action::{Action, ActionBody, Datum, Script};
use super::python::{self, Tool};
use super::{Kind, StepKind};
use crate::model::fields::Fields;
use crate::model::lower::Lower;
use crate::schema::pipeline::{COMPILED_STEP_BLOCKS, STEP as COMMON};
use crate::schema::types::Type;
use crate::schema::{Attribute, BLOCK, Block, Head, argument, default};
use indexmap::IndexMap;

pub static STEP: StepKind = StepKind { block: &BLOCK_LINT, outputs: |_| IndexMap::new(), decode };

const TOOLS: &[&str] =
    &["ruff", "ruff_format", "flake8", "black", "isort", "pylint", "mypy", "yaml", "notebooks"];

const HEAD: Head = Head::Arguments(&[argument("tool", Type::Word(TOOLS))]);

const PATHS: &[Attribute] =
    &[default("paths", Type::OneOrMany(&Type::Name), "\".\"", "The files and folders it looks at.")];

static BLOCK_LINT: Block = Block {
    word: "lint",
    head: HEAD,
    doc: "Checks code without running it: `lint ruff`. It changes nothing, and fails if the tool finds something.",
    attributes: &[COMMON],
    blocks: &COMPILED_STEP_BLOCKS,
    variants: &[
        ("ruff", &OF_PYTHON),
        ("ruff_format", &OF_PYTHON),
        ("flake8", &OF_PYTHON),
        ("black", &OF_PYTHON),
        ("isort", &OF_PYTHON),
        ("pylint", &OF_PYTHON),
        ("mypy", &OF_PYTHON),
        ("yaml", &OF_PYTHON),
        ("notebooks", &NOTEBOOKS),
    ],
    ..BLOCK
};

static OF_PYTHON: Block = Block {
    word: "lint",
    head: HEAD,
    doc: "`ruff` is `ruff check`; `ruff_format`, `black` and `isort` only say what is not formatted; `yaml` is yamllint. The tool must \
          be installed, by a step before or by `requirements` or `packages`.",
    attributes: &[COMMON, PATHS, python::PLACE, python::TOOL],
    blocks: &COMPILED_STEP_BLOCKS,
    ..BLOCK
};

static NOTEBOOKS: Block = Block {
    word: "lint",
    head: HEAD,
    doc: "Notebooks must hold no results: no outputs and no execution counts. Needs `jq` on the agent.",
    attributes: &[COMMON, PATHS, python::PLACE],
    blocks: &COMPILED_STEP_BLOCKS,
    ..BLOCK
};

/// The word, the module Python runs, and what stands before the paths.
const COMMANDS: &[(&str, &str, &str)] = &[
    ("ruff", "ruff", " check"),
    ("ruff_format", "ruff", " format --check"),
    ("flake8", "flake8", ""),
    ("black", "black", " --check"),
    ("isort", "isort", " --check-only"),
    ("pylint", "pylint", ""),
    ("mypy", "mypy", ""),
    ("yaml", "yamllint", ""),
];

#[derive(Debug)]
pub struct Lint {
    word: &'static str,
    tool: Tool,
}

fn decode(fields: &mut Fields<'_, '_>) -> Option<Kind> {
    let word = fields.argument_word("tool")?;
    let paths = fields.strings("paths");
    let mut tool = Tool::decode(fields, &paths);
    if tool.paths.is_empty() {
        tool.paths.push(".".to_owned());
    }
    Some(Kind::Lint(Lint { word, tool }))
}

impl Lint {
    pub fn lower(&self, cx: &Lower<'_>) -> Vec<Action> {
        let name = if self.word == "notebooks" { "lint_notebooks" } else { "lint" };
        let mut data = match COMMANDS.iter().find(|it| it.0 == self.word) {
            Some((_, module, words)) => vec![
                ("module", Datum::Word((*module).to_owned())),
                ("words", Datum::Word((*words).to_owned())),
            ],
            None => Vec::new(),
        };
        let title = cx.title(self.spoken());
        let empty = Action::script(title, Script::local(name, Vec::new()));
        let mut action = self.tool.equip(cx, empty, &mut data);
        action.body = ActionBody::Script(Script::local(name, data));
        vec![action]
    }

    fn spoken(&self) -> String {
        match self.word {
            "ruff_format" => "Lint with ruff format".to_owned(),
            "yaml" => "Lint with yamllint".to_owned(),
            "notebooks" => "Look for results in notebooks".to_owned(),
            word => format!("Lint with {word}"),
        }
    }
}
