//! `checkout REPO | none`: which repositories a job has on its agent.

use super::action::{Action, ActionBody};
use super::{Kind, StepKind};
use crate::base::arena::Id;
use crate::base::suggest;
use crate::model::errors;
use crate::model::fields::Fields;
use crate::model::lower::Lower;
use crate::model::project::Repository;
use crate::model::symbols::declared_name;
use crate::schema::pipeline::STEP as COMMON;
use crate::schema::types::{Kind as Declared, Type};
use crate::schema::{BLOCK, Block, Head, argument, default};
use indexmap::IndexMap;

pub static STEP: StepKind = StepKind { block: &BLOCK_CHECKOUT, outputs: |_| IndexMap::new(), decode };

static BLOCK_CHECKOUT: Block = Block {
    word: "checkout",
    head: Head::Arguments(&[argument("repository", Type::Dotted)]),
    doc: "Fetches a repository: a declared one, `self`, or `none` at all. A job without any checks out `self`.",
    attributes: &[
        COMMON,
        &[
            default(
                "depth",
                Type::Int(0, 1_000_000),
                "1",
                "How many commits are fetched; `0` is the whole history.",
            ),
            default("submodules", Type::Bool, "false", "Fetches submodules too."),
            default("lfs", Type::Bool, "false", "Fetches files of Git LFS."),
            default("clean", Type::Bool, "false", "Removes what earlier runs left on a self-hosted agent."),
        ],
    ],
    ..BLOCK
};

#[derive(Debug)]
pub enum Checkout {
    /// `None`: `self`, where it is not declared.
    Repository {
        id: Option<Id<Repository>>,
        depth: u32,
        submodules: bool,
        lfs: bool,
        clean: bool,
    },
    Nothing,
}

fn decode(fields: &mut Fields<'_, '_>) -> Option<Kind> {
    fields.argument("repository")?;
    let Some(name) = declared_name(fields.ast) else {
        let span = fields.ast.arguments.first()?.span;
        let help = "write the name of a declared repository, `self` or `none`";
        fields.cx.push(errors::invalid_value(span, "this names no repository", help));
        return None;
    };
    if name.value == "none" {
        return Some(Kind::Checkout(Checkout::Nothing));
    }
    let found = fields.cx.symbols.get(Declared::Repository, &name.value);
    if let Some(found) = found {
        fields.cx.symbols.link_to(name, found);
    }
    let found = found.map(|it| Id::new(it.index));
    if found.is_none() && name.value != "self" {
        let declared = fields.cx.symbols.of(Declared::Repository).map(|it| it.name.value.as_str());
        let known: Vec<&str> = declared.filter(|it| *it != "self").chain(["self", "none"]).collect();
        let nearest = suggest::nearest(&name.value, known.iter().copied());
        fields.cx.push(errors::undefined_name(name, "`repository`", nearest, &known));
        return None;
    }
    Some(Kind::Checkout(Checkout::Repository {
        id: found,
        depth: fields.count("depth").unwrap_or(1),
        submodules: fields.flag("submodules"),
        lfs: fields.flag("lfs"),
        clean: fields.flag("clean"),
    }))
}

impl Checkout {
    pub fn lower(&self, cx: &Lower<'_>) -> Vec<Action> {
        let Checkout::Repository { id, depth, submodules, lfs, clean } = *self else {
            return vec![Action::agent(cx.title("Check out nothing"), ActionBody::NoCheckout)];
        };
        let name = id.map_or("self", |it| &cx.project.repositories[it].header.ident.value);
        let body = ActionBody::Checkout { repository: id, depth, submodules, lfs, clean };
        vec![Action::agent(cx.title(format!("Check out {name}")), body)]
    }
}
