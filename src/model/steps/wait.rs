//! `wait 24h`: a pause that holds no agent.

use super::action::{Action, ActionBody};
use super::{Kind, StepKind};
use crate::model::convert::Value;
use crate::model::fields::Fields;
use crate::model::lower::Lower;
use crate::schema::declarations::LONGEST;
use crate::schema::pipeline::STEP as COMMON;
use crate::schema::types::Type;
use crate::schema::{BLOCK, Block, Head, argument};
use indexmap::IndexMap;

pub static STEP: StepKind = StepKind { block: &BLOCK_WAIT, outputs: |_| IndexMap::new(), decode };

static BLOCK_WAIT: Block = Block {
    word: "wait",
    head: Head::Arguments(&[argument("time", Type::Duration(60, LONGEST))]),
    doc: "Waits without an agent, by whole minutes.",
    attributes: &[COMMON],
    ..BLOCK
};

#[derive(Debug)]
pub struct Wait {
    pub seconds: u64,
}

fn decode(fields: &mut Fields<'_, '_>) -> Option<Kind> {
    match fields.argument("time")?.value {
        Value::Seconds(seconds) => Some(Kind::Wait(Wait { seconds })),
        _ => None,
    }
}

impl Wait {
    pub fn lower(&self, cx: &Lower<'_>) -> Vec<Action> {
        let title = cx.title(format!("Wait {}", spoken(self.seconds)));
        vec![Action::server(title, ActionBody::Wait { seconds: self.seconds }, self.seconds)]
    }
}

/// In the largest unit that says it whole.
fn spoken(seconds: u64) -> String {
    let (count, unit) = match seconds {
        it if it % 86_400 == 0 => (it / 86_400, "day"),
        it if it % 3600 == 0 => (it / 3600, "hour"),
        it => (it.div_ceil(60), "minute"),
    };
    format!("{count} {unit}{}", if count == 1 { "" } else { "s" })
}
