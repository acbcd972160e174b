//! `compare MODEL`: whether a candidate is better than the version that holds the model's stage.

use super::action::{Action, Datum};
use super::{Kind, StepKind};
use crate::base::arena::Id;
use crate::model::expr::Ty;
use crate::model::fields::Fields;
use crate::model::lower::Lower;
use crate::model::metric::{self, Metric};
use crate::model::project::Model;
use crate::model::scope::output;
use crate::schema::pipeline::{COMPILED_STEP_BLOCKS, STEP as COMMON};
use crate::schema::types::{Kind as Declared, Type};
use crate::schema::{BLOCK, Block, Head, argument, optional};
use indexmap::IndexMap;

pub static STEP: StepKind = StepKind {
    block: &BLOCK_COMPARE,
    outputs: |_| {
        let outputs = [("better", Ty::Bool), ("metric", Ty::String), ("version", Ty::String)];
        outputs.into_iter().map(|(name, ty)| (name.to_owned(), output(ty))).collect::<IndexMap<_, _>>()
    },
    decode,
};

static BLOCK_COMPARE: Block = Block {
    word: "compare",
    head: Head::Arguments(&[argument("model", Type::Ref(&[Declared::Model]))]),
    doc: "Compares a candidate's metric with that of the version that holds the model's stage; where none does, the candidate is better. Outputs: `better`, `metric` of the candidate, and `version` it was compared with.",
    attributes: &[
        COMMON,
        metric::ROWS,
        &[optional("stage", Type::Name, "The stage whose version is to be beaten, if not the model's.")],
    ],
    blocks: &COMPILED_STEP_BLOCKS,
    ..BLOCK
};

#[derive(Debug)]
pub struct Compare {
    pub model: Id<Model>,
    pub metric: Option<Metric>,
    pub stage: Option<String>,
}

fn decode(fields: &mut Fields<'_, '_>) -> Option<Kind> {
    let model: crate::base::span::Spanned<Id<Model>> = fields.argument_ref("model")?;
    let metric = metric::decode(fields);
    if metric.is_none() && metric::ROWS.iter().all(|it| !fields.has(it.name)) {
        let help = "add `metric_file = \"metrics.json\"`, `metric_run = fit.run_id` or `metric = step.output`";
        fields.missing("metric", help);
    }
    metric::needs(fields, &model);
    Some(Kind::Compare(Compare { model: model.value, metric, stage: fields.plain("stage") }))
}

impl Compare {
    pub fn lower(&self, cx: &Lower<'_>) -> Vec<Action> {
        let model = &cx.project.models[self.model];
        let stage = self.stage.as_ref().unwrap_or(&model.stage);
        let mut data = vec![("minimize", Datum::Flag(model.minimize))];
        data.extend(metric::data(self.metric.as_ref()));
        let title = cx.title(format!("Compare {} with {stage}", model.header.name.value));
        let Some(action) = cx.azure_ml(title, "compare", data) else { return Vec::new() };
        let action = action
            .env("MODEL", cx.text(&model.header.name.value))
            .env("STAGE_TAG", cx.text(&model.stage_tag))
            .env("STAGE", cx.text(stage))
            .env("MINIMUM_GAIN", cx.text(model.minimum_gain.to_string()));
        let action = metric::env(cx, action, self.metric.as_ref(), model);
        vec![action.outputs(&["better", "metric", "version"])]
    }
}
