//! `include "x.yml"`: an existing template of Azure Pipelines, as steps; as jobs where the file holds jobs.

use super::action::{Action, ActionBody};
use super::{Kind, StepKind};
use crate::model::decode::include;
use crate::model::fields::Fields;
use crate::model::lower::Lower;
use crate::model::project::Include as Template;
use crate::schema::include::INCLUDE;
use crate::target::template::Holds;
use indexmap::IndexMap;

pub static STEP: StepKind = StepKind { block: &INCLUDE, outputs: |_| IndexMap::new(), decode };

#[derive(Debug)]
pub struct Include {
    pub template: Template,
}

fn decode(fields: &mut Fields<'_, '_>) -> Option<Kind> {
    // Directly in a stage it may hold jobs: the stage sorts them out.
    let allowed = if fields.cx.resolver.in_job() { &[Holds::Steps][..] } else { &[Holds::Steps, Holds::Jobs] };
    Some(Kind::Include(Include { template: include::include(fields, allowed)? }))
}

impl Include {
    pub fn lower(&self, cx: &Lower<'_>) -> Vec<Action> {
        if self.template.holds != Holds::Steps {
            return Vec::new();
        }
        let mut action = Action::agent(cx.title("include"), ActionBody::Include(self.template.clone()));
        action.outputs = cx.step.outputs.keys().cloned().collect();
        vec![action]
    }
}
