//! Which rows of the word table hold at a place: what a body takes, and what its words mean.

use crate::model::steps;
use crate::schema::declarations::TOP_LEVEL;
use crate::schema::trigger::EVENTS;
use crate::schema::{Attribute, Block, Head, Type};
use crate::syntax::ast::{self, ExprKind, Statement};

/// What the body around a place is that of.
#[derive(Clone, Copy, Debug)]
pub enum Row {
    /// The top of a file.
    Top,
    Block(&'static Block),
    /// A template: what it holds shows where it is used.
    Template,
    /// Something that the table does not know.
    Unknown,
}

impl Row {
    /// The row of a statement's own body, where the statement stands in a body of this row.
    pub fn inner(self, statement: &Statement) -> Row {
        match statement {
            Statement::Block(it) => self.of_block(it).map_or(Row::Unknown, Row::Block),
            Statement::Declaration(it) => self.child(&it.word.value).map_or(Row::Unknown, Row::Block),
            Statement::For(_) | Statement::If(_) => self,
            Statement::Template(_) => Row::Template,
            Statement::Use(_) | Statement::Attribute(_) | Statement::Let(_) | Statement::Broken(_) => {
                Row::Unknown
            }
        }
    }

    /// The row of a block that stands in a body of this row, by its word and its first argument.
    pub fn of_block(self, block: &ast::Block) -> Option<&'static Block> {
        let row = self.child(&block.word.value).filter(|_| !block.quoted)?;
        let first = block.arguments.first().and_then(|it| match &it.kind {
            ExprKind::Path(path) => path.as_ident(),
            _ => None,
        });
        let Some(first) = first else { return Some(row) };
        let is_trigger = row.word == "trigger" && matches!(self, Row::Block(it) if it.word == "pipeline");
        let event = || EVENTS.iter().copied().find(|it| it.word == first.value);
        Some(if is_trigger { event().unwrap_or(row) } else { row.variant(&first.value) })
    }

    /// The row of a word that begins a statement here.
    pub fn child(self, word: &str) -> Option<&'static Block> {
        self.children().into_iter().find(|it| it.word == word)
    }

    /// What may begin a statement here, other than attributes.
    pub fn children(self) -> Vec<&'static Block> {
        let mut found: Vec<&Block> = match self {
            Row::Top => TOP_LEVEL.iter().map(|it| it.block).collect(),
            Row::Block(row) => row.blocks.iter().map(|it| it.block).collect(),
            Row::Template => vec![],
            Row::Unknown => Vec::new(),
        };
        if self.takes_steps() {
            found.extend(steps::KINDS.iter().map(|it| it.block));
        }
        if matches!(self, Row::Template) {
            let parents = [&crate::schema::pipeline::PIPELINE, &crate::schema::pipeline::STAGE];
            found.extend(parents.iter().flat_map(|it| it.blocks).map(|it| it.block));
            found.extend(TOP_LEVEL.iter().map(|it| it.block));
        }
        found
    }

    /// A stage, a job, or what runs when one of them fails.
    pub fn takes_steps(self) -> bool {
        match self {
            Row::Block(row) => matches!(row.word, "stage" | "job" | "on"),
            Row::Template => true,
            Row::Top | Row::Unknown => false,
        }
    }

    pub fn attributes(self) -> impl Iterator<Item = &'static Attribute> {
        let row = match self {
            Row::Block(row) => Some(row),
            Row::Top | Row::Template | Row::Unknown => None,
        };
        row.into_iter().flat_map(Block::all_attributes)
    }

    pub fn attribute(self, name: &str) -> Option<&'static Attribute> {
        self.attributes().find(|it| it.name == name)
    }

    /// What a key takes here, also one that is free.
    pub fn type_of(self, key: &str) -> Option<Type> {
        let free = match self {
            Row::Block(row) => row.free,
            Row::Top | Row::Template | Row::Unknown => None,
        };
        self.attribute(key).map(|it| it.ty).or(free)
    }
}

/// What a single item of the type is.
pub fn item(ty: Type) -> Type {
    match ty {
        Type::List(of) | Type::OneOrMany(of) | Type::Range(of) => item(*of),
        other => other,
    }
}

/// The type of an argument behind a block's word.
pub fn argument(row: &Block, at: usize) -> Option<Type> {
    match row.head {
        Head::Arguments(arguments) => arguments.get(at).map(|it| it.ty),
        Head::None | Head::Name | Head::Typed => None,
    }
}
