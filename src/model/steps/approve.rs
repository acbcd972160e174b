//! `approve APPROVAL`: asks people in the middle of a stage. A rejection fails the job: there is nothing to read
//! afterwards, so the step has no outputs.

use super::action::{Action, ActionBody};
use super::{Kind, StepKind};
use crate::base::arena::Id;
use crate::model::errors;
use crate::model::fields::Fields;
use crate::model::lower::Lower;
use crate::model::project::Approval;
use crate::schema::pipeline::STEP as COMMON;
use crate::schema::types::{Kind as Declared, Type};
use crate::schema::{BLOCK, Block, Head, argument};
use indexmap::IndexMap;

pub static STEP: StepKind = StepKind { block: &BLOCK_APPROVE, outputs: |_| IndexMap::new(), decode };

static BLOCK_APPROVE: Block = Block {
    word: "approve",
    head: Head::Arguments(&[argument("approval", Type::Ref(&[Declared::Approval]))]),
    doc: "Asks people, without an agent. What follows runs when they agree; a rejection fails the job.",
    attributes: &[COMMON],
    ..BLOCK
};

#[derive(Debug)]
pub struct Approve {
    pub approval: Id<Approval>,
}

fn decode(fields: &mut Fields<'_, '_>) -> Option<Kind> {
    if fields.flag("continue_on_error") {
        let span = fields.span_of("continue_on_error").unwrap_or(fields.head());
        let help = "remove it: what follows would run although people said no";
        fields.cx.push(errors::invalid_value(span, "a rejection cannot be passed over", help));
    }
    Some(Kind::Approve(Approve { approval: fields.argument_ref("approval")?.value }))
}

impl Approve {
    pub fn lower(&self, cx: &Lower<'_>) -> Vec<Action> {
        let approval = &cx.project.approvals[self.approval];
        let name = approval.header.title.as_ref().unwrap_or(&approval.header.ident);
        let title = cx.title(format!("Ask {}", name.value));
        let body = ActionBody::Approve { approval: self.approval };
        vec![Action::server(title, body, approval.timeout_seconds)]
    }
}
