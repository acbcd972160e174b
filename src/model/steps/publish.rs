//! `publish NAME { path }`: keeps files of this run as an artifact.

use super::action::{Action, ActionBody};
use super::{Kind, StepKind};
use crate::model::errors;
use crate::model::fields::Fields;
use crate::model::lower::Lower;
use crate::model::symbols::declared_name;
use crate::schema::pipeline::STEP as COMMON;
use crate::schema::types::Type;
use crate::schema::{BLOCK, Block, Head, argument, required};
use indexmap::IndexMap;

pub static STEP: StepKind = StepKind { block: &BLOCK_PUBLISH, outputs: |_| IndexMap::new(), decode };

static BLOCK_PUBLISH: Block = Block {
    word: "publish",
    head: Head::Arguments(&[argument("name", Type::Dotted)]),
    doc: "Keeps a file or a folder as an artifact of this run, for later stages and for pipelines that this one starts.",
    attributes: &[
        COMMON,
        &[required("path", Type::Name, "The file or folder; below the checked-out sources if it is relative.")],
    ],
    ..BLOCK
};

#[derive(Debug)]
pub struct Publish {
    pub artifact: String,
    pub path: String,
}

fn decode(fields: &mut Fields<'_, '_>) -> Option<Kind> {
    let path = fields.run_path("path");
    fields.argument("name")?;
    let Some(name) = declared_name(fields.ast) else {
        let span = fields.ast.arguments.first()?.span;
        let help = "write an identifier: `publish model { path = \"model\" }`";
        fields.cx.push(errors::invalid_value(span, "this cannot name an artifact", help));
        return None;
    };
    Some(Kind::Publish(Publish { artifact: name.value.clone(), path: path? }))
}

impl Publish {
    pub fn lower(&self, cx: &Lower<'_>) -> Vec<Action> {
        let body = ActionBody::Publish { artifact: self.artifact.clone(), path: cx.in_sources(&self.path) };
        vec![Action::agent(cx.title(format!("Publish {}", self.artifact)), body)]
    }
}
