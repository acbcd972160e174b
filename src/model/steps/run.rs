//! `run "…"`: a script of the user.

use super::action::{Action, Script, ScriptSource, Shell};
use super::{Kind, StepKind};
use crate::model::fields::Fields;
use crate::model::lower::Lower;
use crate::schema::types::Type;
use crate::schema::{BLOCK, Block, Head, default, optional, optional_argument};
use indexmap::IndexMap;

pub static STEP: StepKind = StepKind { block: &BLOCK_RUN, outputs: |_| IndexMap::new(), decode };

static BLOCK_RUN: Block = Block {
    word: "run",
    head: Head::Arguments(&[optional_argument("script", Type::Script)]),
    doc: "A script, verbatim. Values come in through `env`.",
    attributes: &[crate::schema::pipeline::STEP, SCRIPT],
    blocks: &crate::schema::pipeline::STEP_BLOCKS,
    ..BLOCK
};

pub const SCRIPT: &[crate::schema::Attribute] = &[
    optional("script", Type::Script, "The script, where it is not the argument."),
    optional("file", Type::File, "Or a script file of the project."),
    default("shell", Type::Word(&["bash", "pwsh", "python", "cmd"]), "bash", "What runs it."),
    optional("working_directory", Type::Text, "Where the script starts."),
];

#[derive(Debug)]
pub struct Run {
    pub source: ScriptSource,
    pub shell: Shell,
}

fn decode(fields: &mut Fields<'_, '_>) -> Option<Kind> {
    let (source, shell) = script(fields)?;
    Some(Kind::Run(Run { source, shell }))
}

/// The script of a `run` or `azure` step: its argument, `script` or `file`, exactly one of them.
pub fn script(fields: &mut Fields<'_, '_>) -> Option<(ScriptSource, Shell)> {
    let shell = match fields.word("shell") {
        Some("pwsh") => Shell::Pwsh,
        Some("python") => Shell::Python,
        Some("cmd") => Shell::Cmd,
        _ => Shell::Bash,
    };
    let text = [fields.argument_string("script"), fields.string("script")].into_iter().flatten();
    let verbatim = text.map(|it| (it.span, ScriptSource::Verbatim(it.value)));
    let file = fields.string("file").map(|it| (it.span, ScriptSource::File(it.value)));
    let mut given: Vec<_> = verbatim.chain(file).collect();
    if let [first, second, ..] = given.as_slice() {
        let (first, second) = (first.0, second.0);
        fields.cx.push(crate::model::errors::two_scripts(second, first));
    }
    if given.is_empty() {
        let is_written = fields.has_arguments() || fields.has("script") || fields.has("file");
        if !is_written {
            fields.missing("script", "write the script behind the word, or `script = \"\"\"…\"\"\"`, or `file = \"scripts/x.sh\"`");
        }
        return None;
    }
    Some((given.swap_remove(0).1, shell))
}

impl Run {
    pub fn lower(&self, cx: &Lower<'_>) -> Vec<Action> {
        let script = Script { source: self.source.clone(), connection: None, long: false, shell: self.shell };
        vec![cx.user_script(script)]
    }
}
