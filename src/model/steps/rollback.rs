//! `rollback X`: what stood before this run deployed stands again.

use super::action::{Action, Datum};
use super::{Kind, StepKind};
use crate::base::arena::Id;
use crate::model::errors;
use crate::model::fields::Fields;
use crate::model::live::Live;
use crate::model::lower::Lower;
use crate::model::project::Endpoint;
use crate::schema::pipeline::{COMPILED_STEP_BLOCKS, STEP as COMMON};
use crate::schema::types::{Kind as Declared, Type};
use crate::schema::{BLOCK, Block, Head, argument, default};
use indexmap::IndexMap;

pub static STEP: StepKind = StepKind { block: &BLOCK_ROLLBACK, outputs: |_| IndexMap::new(), decode };

static BLOCK_ROLLBACK: Block = Block {
    word: "rollback",
    head: Head::Arguments(&[argument("what", Type::Ref(&[Declared::Endpoint]))]),
    doc: "Undoes what this run has deployed: the traffic of an endpoint is again what it was before, and the new deployment is deleted. Where this run \
          has deployed nothing, nothing happens.",
    attributes: &[
        COMMON,
        &[default("any_run", Type::Bool, "false", "Undoes the last deployment, whichever run made it.")],
    ],
    blocks: &COMPILED_STEP_BLOCKS,
    ..BLOCK
};

#[derive(Debug)]
pub struct Rollback {
    pub endpoint: Id<Endpoint>,
    pub any_run: bool,
}

fn decode(fields: &mut Fields<'_, '_>) -> Option<Kind> {
    let endpoint = fields.argument_ref("what")?;
    let declared = &fields.cx.project?.endpoints[endpoint.value];
    if declared.settings.deployments.len() == 1 {
        let help = "declare a second deployment, and deploy with `deployment = idle`: what has the traffic then stays as it is";
        let message = format!("`{}` has one deployment, which is updated in place: there is nothing to go back to", declared.header.ident.value);
        fields.cx.push(errors::invalid_value(endpoint.span, message, help).label(declared.header.head, "the endpoint"));
    }
    Some(Kind::Rollback(Rollback { endpoint: endpoint.value, any_run: fields.flag("any_run") }))
}

impl Rollback {
    pub fn lower(&self, cx: &Lower<'_>) -> Vec<Action> {
        let live = Live::new(cx, self.endpoint);
        let title = cx.title(format!("Roll back {}", live.name()));
        let action = live.action(title, "rollback_endpoint", vec![("any_run", Datum::Flag(self.any_run))]);
        action.map(|it| it.env("RUN_ID", cx.run_id())).into_iter().collect()
    }
}
