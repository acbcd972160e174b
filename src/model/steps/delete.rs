//! `delete REF`: removes what costs money while it stands.

use super::action::{Action, Datum};
use super::{Kind, StepKind};
use crate::base::arena::Id;
use crate::base::span::Spanned;
use crate::model::convert::Value;
use crate::model::errors;
use crate::model::fields::{Cx, Fields};
use crate::model::lower::Lower;
use crate::model::project::{Header, Project};
use crate::model::symbols::Ref;
use crate::schema::pipeline::{COMPILED_STEP_BLOCKS, STEP as COMMON};
use crate::schema::types::{Kind as Declared, Type};
use crate::schema::{BLOCK, Block, Head, argument};
use indexmap::IndexMap;

pub static STEP: StepKind = StepKind { block: &BLOCK_DELETE, outputs: |_| IndexMap::new(), decode };

const KINDS: Type = Type::Ref(&[
    Declared::Compute,
    Declared::Datastore,
    Declared::Endpoint,
    Declared::Schedule,
    Declared::Workspace,
]);

static BLOCK_DELETE: Block = Block {
    word: "delete",
    head: Head::Arguments(&[argument("what", Type::OneOrMany(&KINDS))]),
    doc: "Deletes compute clusters, datastores, endpoints, schedules or workspaces, one or a list, and waits until each is gone. What is not there is no error; versions of assets cannot be deleted.",
    attributes: &[COMMON],
    blocks: &COMPILED_STEP_BLOCKS,
    ..BLOCK
};

#[derive(Debug)]
pub struct Delete {
    /// In order.
    pub what: Vec<Ref>,
}

fn decode(fields: &mut Fields<'_, '_>) -> Option<Kind> {
    let named = Value::items(fields.argument("what")?);
    let what: Vec<Spanned<Ref>> =
        named.into_iter().filter_map(|it| Some(Spanned::new(it.value.as_ref_to()?, it.span))).collect();
    for one in &what {
        check(fields.cx, one);
    }
    Some(Kind::Delete(Delete { what: what.into_iter().map(|it| it.value).collect() }))
}

fn check(cx: &mut Cx<'_>, what: &Spanned<Ref>) {
    let Some(project) = cx.project else { return };
    let Some(header) = header(project, what.value) else { return };
    if header.existing {
        let name = &header.ident.value;
        let help = "remove `existing = true` from its declaration, or do not delete it";
        let message = format!("`{name}` belongs to others: it is declared as existing");
        cx.push(errors::invalid_value(what.span, message, help));
    }
    if what.value.kind == Declared::Compute && project.computes[Id::new(what.value.index)].serverless {
        let help = "remove the step: serverless compute costs nothing while no job runs";
        cx.push(errors::invalid_value(what.span, "serverless compute cannot be deleted", help));
    }
}

fn header(project: &Project, what: Ref) -> Option<&Header> {
    Some(match what.kind {
        Declared::Compute => &project.computes[Id::new(what.index)].header,
        Declared::Endpoint => &project.endpoints[Id::new(what.index)].header,
        Declared::Workspace => &project.workspaces[Id::new(what.index)].header,
        Declared::Schedule => &project.schedule(what.index)?.1.header,
        _ => &project.datastores[Id::new(what.index)].header,
    })
}

impl Delete {
    pub fn lower(&self, cx: &Lower<'_>) -> Vec<Action> {
        self.what.iter().filter_map(|it| self.one(cx, *it)).collect()
    }

    fn one(&self, cx: &Lower<'_>, what: Ref) -> Option<Action> {
        let header = header(cx.project, what)?;
        let word = what.kind.word();
        let kind = match what.kind {
            Declared::Endpoint => format!("{}-endpoint", cx.project.endpoints[Id::new(what.index)].kind.word()),
            _ => word.to_owned(),
        };
        let data = vec![
            ("kind", Datum::Word(kind)),
            ("asks", Datum::Flag(what.kind != Declared::Datastore)),
            ("schedule", Datum::Flag(what.kind == Declared::Schedule)),
        ];
        let own = format!("Delete {word} {}", header.name.value);
        let title = if self.what.len() == 1 { cx.title(own) } else { own };
        let workspace = (what.kind == Declared::Workspace).then(|| Id::new(what.index));
        let cx = &Lower { workspace: workspace.or(cx.workspace), ..*cx };
        Some(cx.azure_ml(title, "delete", data)?.env("NAME", cx.text(&header.name.value)))
    }
}
