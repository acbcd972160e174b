//! `download_model MODEL`: the files of a registered model.

use super::action::{Action, Datum};
use super::{Kind, StepKind};
use crate::base::arena::Id;
use crate::model::errors;
use crate::model::expr::{Expr, Ty};
use crate::model::fields::Fields;
use crate::model::lower::Lower;
use crate::model::project::Model;
use crate::model::scope::output;
use crate::schema::pipeline::{COMPILED_STEP_BLOCKS, STEP as COMMON};
use crate::schema::types::{Kind as Declared, Type};
use crate::schema::{BLOCK, Block, Head, argument, default, optional};
use indexmap::IndexMap;

pub static STEP: StepKind = StepKind {
    block: &BLOCK_DOWNLOAD_MODEL,
    outputs: |_| IndexMap::from([("version".to_owned(), output(Ty::String))]),
    decode,
};

static BLOCK_DOWNLOAD_MODEL: Block = Block {
    word: "download_model",
    head: Head::Arguments(&[argument("model", Type::Ref(&[Declared::Model]))]),
    doc: "Fetches a registered model. Outputs: `version`.",
    attributes: &[
        COMMON,
        &[
            default("to", Type::Name, "model", "The folder; below the checked-out sources if it is relative."),
            optional("version", Type::Value, "The version; the latest where nothing is said."),
            optional("stage", Type::Name, "Or the version that holds this stage."),
        ],
    ],
    blocks: &COMPILED_STEP_BLOCKS,
    ..BLOCK
};

#[derive(Debug)]
pub struct DownloadModel {
    pub model: Id<Model>,
    pub to: String,
    pub version: Option<Expr>,
    pub stage: Option<String>,
}

fn decode(fields: &mut Fields<'_, '_>) -> Option<Kind> {
    let to = if fields.has("to") { fields.run_path("to") } else { Some("model".to_owned()) };
    let model = fields.argument_ref("model")?.value;
    if let (Some(version), Some(stage)) = (fields.span_of("version"), fields.span_of("stage")) {
        let finding = errors::invalid_value(stage, "one version is fetched", "keep `version` or `stage`");
        fields.cx.push(finding.label(version, "the version"));
    }
    let (version, stage) = (fields.expr("version"), fields.plain("stage"));
    Some(Kind::DownloadModel(DownloadModel { model, to: to?, version, stage }))
}

impl DownloadModel {
    pub fn lower(&self, cx: &Lower<'_>) -> Vec<Action> {
        let declared = &cx.project.models[self.model];
        let model = &declared.header;
        let data = vec![
            ("versioned", Datum::Flag(self.version.is_some())),
            ("staged", Datum::Flag(self.stage.is_some())),
            ("latest", Datum::Flag(self.version.is_none() && self.stage.is_none())),
        ];
        let title = cx.title(format!("Download model {}", model.name.value));
        let action = cx.azure_ml(title, "download_model", data);
        let action = action.map(|it| {
            let it = it.env("MODEL", cx.text(&model.name.value)).env("FOLDER", cx.in_sources(&self.to));
            let it = match &self.stage {
                Some(stage) => it.env("STAGE_TAG", cx.text(&declared.stage_tag)).env("STAGE", cx.text(stage)),
                None => it,
            };
            it.env_maybe("VERSION", self.version.clone()).outputs(&["version"])
        });
        action.into_iter().collect()
    }
}
