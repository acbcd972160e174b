//! `azure "…"`: a script of the user, signed in to Azure.

use super::action::{Action, Script, ScriptSource, Shell};
use super::{Kind, StepKind, run};
use crate::model::fields::Fields;
use crate::model::lower::Lower;
use crate::schema::pipeline::{STEP as COMMON, STEP_BLOCKS};
use crate::schema::types::Type;
use crate::schema::{BLOCK, Block, Head, optional_argument};
use indexmap::IndexMap;

pub static STEP: StepKind = StepKind { block: &BLOCK_AZURE, outputs: |_| IndexMap::new(), decode };

static BLOCK_AZURE: Block = Block {
    word: "azure",
    head: Head::Arguments(&[optional_argument("script", Type::Script)]),
    doc: "A script, verbatim, signed in to the nearest Azure connection. Values come in through `env`.",
    attributes: &[COMMON, run::SCRIPT],
    blocks: &STEP_BLOCKS,
    ..BLOCK
};

#[derive(Debug)]
pub struct Azure {
    pub source: ScriptSource,
    pub shell: Shell,
}

fn decode(fields: &mut Fields<'_, '_>) -> Option<Kind> {
    let (source, shell) = run::script(fields)?;
    Some(Kind::Azure(Azure { source, shell }))
}

impl Azure {
    pub fn lower(&self, cx: &Lower<'_>) -> Vec<Action> {
        let Some(connection) = cx.connection else { return Vec::new() };
        let script = Script {
            source: self.source.clone(),
            connection: Some(connection),
            long: false,
            shell: self.shell,
        };
        vec![cx.user_script(script)]
    }
}
