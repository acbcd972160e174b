//! `publish_pipeline ML`: an ML pipeline behind a batch endpoint.

use super::action::{Action, Files};
use super::{Kind, StepKind};
use crate::base::arena::Id;
use crate::model::documents;
use crate::model::expr::Ty;
use crate::model::fields::Fields;
use crate::model::lower::Lower;
use crate::model::project::MlPipeline;
use crate::model::scope::output;
use crate::schema::pipeline::{COMPILED_STEP_BLOCKS, STEP as COMMON};
use crate::schema::types::{Kind as Declared, Type};
use crate::schema::{BLOCK, Block, Head, argument};
use indexmap::IndexMap;

pub static STEP: StepKind = StepKind {
    block: &BLOCK_PUBLISH_PIPELINE,
    outputs: |_| IndexMap::from([("version".to_owned(), output(Ty::String))]),
    decode,
};

static BLOCK_PUBLISH_PIPELINE: Block = Block {
    word: "publish_pipeline",
    head: Head::Arguments(&[argument("ml_pipeline", Type::Ref(&[Declared::MlPipeline]))]),
    doc: "Publishes an ML pipeline as a batch endpoint: others can start it, and `submit … { published = true }` does. Outputs: `version`, the id of the pipeline component behind the endpoint.",
    attributes: &[COMMON],
    blocks: &COMPILED_STEP_BLOCKS,
    ..BLOCK
};

#[derive(Debug)]
pub struct PublishPipeline {
    pub ml_pipeline: Id<MlPipeline>,
}

fn decode(fields: &mut Fields<'_, '_>) -> Option<Kind> {
    let ml_pipeline = fields.argument_ref("ml_pipeline")?.value;
    Some(Kind::PublishPipeline(PublishPipeline { ml_pipeline }))
}

impl PublishPipeline {
    pub fn lower(&self, cx: &Lower<'_>) -> Vec<Action> {
        let ml = &cx.project.ml_pipelines[self.ml_pipeline].header;
        let title = cx.title(format!("Publish {}", ml.ident.value));
        let action = cx.azure_ml(title, "publish_pipeline", Vec::new());
        let action = action.map(|it| {
            it.env("ENDPOINT_FILE", cx.output(&documents::batch_endpoint(ml)))
                .env("DEPLOYMENT_FILE", cx.output(&documents::batch_deployment(ml)))
                .outputs(&["version"])
                .reads(Files::Project)
        });
        action.into_iter().collect()
    }
}
