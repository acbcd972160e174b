//! `tag_run "t"`: tags this run; `trigger after … { tags }` asks for such tags.

use super::action::{Action, Script};
use super::{Kind, StepKind};
use crate::model::convert::Value;
use crate::model::errors;
use crate::model::expr::Expr;
use crate::model::fields::Fields;
use crate::model::lower::Lower;
use crate::schema::pipeline::{COMPILED_STEP_BLOCKS, STEP as COMMON};
use crate::schema::types::Type;
use crate::schema::{BLOCK, Block, Head, argument};
use indexmap::IndexMap;

pub static STEP: StepKind = StepKind { block: &BLOCK_TAG_RUN, outputs: |_| IndexMap::new(), decode };

static BLOCK_TAG_RUN: Block = Block {
    word: "tag_run",
    head: Head::Arguments(&[argument("tag", Type::Text)]),
    doc: "Tags this run, for people and for `trigger after PIPELINE { tags = [...] }`.",
    attributes: &[COMMON],
    blocks: &COMPILED_STEP_BLOCKS,
    ..BLOCK
};

#[derive(Debug)]
pub struct TagRun {
    pub tag: Expr,
}

fn decode(fields: &mut Fields<'_, '_>) -> Option<Kind> {
    let Value::Expr(tag) = fields.argument("tag")?.value.clone() else { return None };
    if tag.as_str().is_some_and(|it| it.contains([':', '\n'])) {
        let help = "write it without `:` and in one line; Azure DevOps takes no such tags";
        fields.cx.push(errors::invalid_value(tag.span, "this cannot be the tag of a run", help));
    }
    Some(Kind::TagRun(TagRun { tag }))
}

impl TagRun {
    pub fn lower(&self, cx: &Lower<'_>) -> Vec<Action> {
        let action = Action::script(cx.title("Tag this run"), Script::local("tag_run", Vec::new()));
        vec![action.env("TAG", self.tag.clone())]
    }
}
