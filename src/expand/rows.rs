//! Where in the word table a body stands: it says which first argument is a name that is declared, and which word is no
//! name at all.

use super::Expand;
use crate::schema::declarations::TOP_LEVEL;
use crate::schema::{Block, Head, Type};
use crate::syntax::ast::{self, ExprKind};

#[derive(Clone, Copy, Debug)]
pub enum Row {
    /// The top of a file.
    Top,
    Block(&'static Block),
    /// A block that the table does not know.
    Unknown,
}

impl Expand<'_> {
    pub fn child(&self, row: Row, block: &ast::Block) -> Row {
        let word = block.word.value.as_str();
        let found = match row {
            _ if block.quoted => None,
            Row::Top => TOP_LEVEL.iter().find(|it| it.block.word == word).map(|it| it.block),
            Row::Block(parent) => parent.child(word).map(|it| it.block).or_else(|| {
                let takes_steps = Row::Block(parent).takes_steps();
                takes_steps.then(|| (self.step)(word)).flatten()
            }),
            Row::Unknown => None,
        };
        found.map_or(Row::Unknown, Row::Block)
    }

    /// Whether the block is a step of a job.
    pub fn is_step(&self, row: Row, block: &ast::Block) -> bool {
        row.takes_steps() && !block.quoted && (self.step)(&block.word.value).is_some()
    }
}

impl Row {
    /// A stage or a job.
    pub fn takes_steps(self) -> bool {
        matches!(self, Row::Block(block) if matches!(block.word, "stage" | "job"))
    }

    /// Whether the first argument of such a block declares a name.
    pub fn declares(self) -> bool {
        matches!(self, Row::Block(block) if block.head == Head::Name)
    }

    /// Whether the value is one of the words that the attribute takes: no name is looked up then.
    pub fn is_word(self, attribute: &ast::Attribute) -> bool {
        let Row::Block(block) = self else { return false };
        let Some(row) = block.attribute(&attribute.key.value) else { return false };
        let words: &[&str] = match row.ty {
            Type::Word(words) => words,
            Type::List(Type::Word(words)) | Type::OneOrMany(Type::Word(words)) => words,
            Type::Timeout => &["max"],
            _ => return false,
        };
        match &attribute.value.kind {
            ExprKind::Path(path) => path.as_ident().is_some_and(|it| words.contains(&it.value.as_str())),
            _ => false,
        }
    }
}
