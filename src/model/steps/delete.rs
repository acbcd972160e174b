//! `delete REF`: removes what costs money while it stands.

use super::action::{Action, Datum};
use super::{Kind, StepKind};
use crate::base::arena::Id;
use crate::model::errors;
use crate::model::fields::Fields;
use crate::model::lower::Lower;
use crate::model::project::{Header, Project};
use crate::model::symbols::Ref;
use crate::schema::pipeline::{COMPILED_STEP_BLOCKS, STEP as COMMON};
use crate::schema::types::{Kind as Declared, Type};
use crate::schema::{BLOCK, Block, Head, argument};
use indexmap::IndexMap;

pub static STEP: StepKind = StepKind { block: &BLOCK_DELETE, outputs: |_| IndexMap::new(), decode };

static BLOCK_DELETE: Block = Block {
    word: "delete",
    head: Head::Arguments(&[argument("what", Type::Ref(&[Declared::Compute, Declared::Datastore]))]),
    doc: "Deletes a compute cluster or a datastore and waits until it is gone. What is not there is no error.",
    attributes: &[COMMON],
    blocks: &COMPILED_STEP_BLOCKS,
    ..BLOCK
};

#[derive(Debug)]
pub struct Delete {
    pub what: Ref,
}

fn decode(fields: &mut Fields<'_, '_>) -> Option<Kind> {
    let argument = fields.argument("what")?;
    let (what, span) = (argument.value.as_ref_to()?, argument.span);
    let Some(project) = fields.cx.project else { return Some(Kind::Delete(Delete { what })) };
    if header(project, what).existing {
        let name = &header(project, what).ident.value;
        let help = "remove `existing = true` from its declaration, or do not delete it";
        let message = format!("`{name}` belongs to others: it is declared as existing");
        fields.cx.push(errors::invalid_value(span, message, help));
    }
    if what.kind == Declared::Compute && project.computes[Id::new(what.index)].serverless {
        let help = "remove the step: serverless compute costs nothing while no job runs";
        fields.cx.push(errors::invalid_value(span, "serverless compute cannot be deleted", help));
    }
    Some(Kind::Delete(Delete { what }))
}

fn header(project: &Project, what: Ref) -> &Header {
    if what.kind == Declared::Compute {
        &project.computes[Id::new(what.index)].header
    } else {
        &project.datastores[Id::new(what.index)].header
    }
}

impl Delete {
    pub fn lower(&self, cx: &Lower<'_>) -> Vec<Action> {
        let header = header(cx.project, self.what);
        let kind = self.what.kind.word();
        let data = vec![
            ("kind", Datum::Word(kind.to_owned())),
            ("asks", Datum::Flag(self.what.kind == Declared::Compute)),
        ];
        let action = cx.azure_ml(cx.title(format!("Delete {kind} {}", header.name.value)), "delete", data);
        action.map(|it| it.env("NAME", cx.text(&header.name.value))).into_iter().collect()
    }
}
