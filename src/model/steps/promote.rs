//! `promote MODEL { to = "production", version }`: a version takes a stage over from the one that held it.

use super::action::Action;
use super::{Kind, StepKind};
use crate::base::arena::Id;
use crate::model::expr::{Expr, Ty};
use crate::model::fields::Fields;
use crate::model::lower::Lower;
use crate::model::project::Model;
use crate::model::scope::output;
use crate::schema::pipeline::{COMPILED_STEP_BLOCKS, STEP as COMMON};
use crate::schema::types::{Kind as Declared, Type};
use crate::schema::{BLOCK, Block, Head, argument, optional, required};
use indexmap::IndexMap;

pub static STEP: StepKind = StepKind {
    block: &BLOCK_PROMOTE,
    outputs: |_| IndexMap::from([("previous".to_owned(), output(Ty::String))]),
    decode,
};

static BLOCK_PROMOTE: Block = Block {
    word: "promote",
    head: Head::Arguments(&[argument("model", Type::Ref(&[Declared::Model]))]),
    doc: "Gives a stage to a version of a model and takes it from the version that held it. Outputs: `previous`, the version that held it, empty if none did.",
    attributes: &[
        COMMON,
        &[
            optional("to", Type::Name, "The stage; the model's where nothing is said."),
            required("version", Type::Value, "The version."),
        ],
    ],
    blocks: &COMPILED_STEP_BLOCKS,
    ..BLOCK
};

#[derive(Debug)]
pub struct Promote {
    pub model: Id<Model>,
    pub to: Option<String>,
    pub version: Expr,
}

fn decode(fields: &mut Fields<'_, '_>) -> Option<Kind> {
    let model = fields.argument_ref("model")?.value;
    let (to, version) = (fields.plain("to"), fields.expr("version")?);
    Some(Kind::Promote(Promote { model, to, version }))
}

impl Promote {
    pub fn lower(&self, cx: &Lower<'_>) -> Vec<Action> {
        let model = &cx.project.models[self.model];
        let stage = self.to.as_ref().unwrap_or(&model.stage);
        let title = cx.title(format!("Promote {} to {stage}", model.header.name.value));
        let action = cx.azure_ml(title, "promote", Vec::new());
        let action = action.map(|it| {
            it.env("MODEL", cx.text(&model.header.name.value))
                .env("VERSION", self.version.clone())
                .env("STAGE_TAG", cx.text(&model.stage_tag))
                .env("STAGE", cx.text(stage))
                .outputs(&["previous"])
        });
        action.into_iter().collect()
    }
}
