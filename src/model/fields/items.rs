//! Items of a list without its brackets: `needs = a, b`, where `b` is read as a statement of its own.

use super::read::written;
use crate::diag::Diagnostic;
use crate::model::errors;
use crate::model::steps;
use crate::schema::{Block, Type};
use crate::syntax::ast::{self, Statement};
use std::ops::Range;

pub(super) struct Items<'a> {
    first: &'a ast::Attribute,
    others: Vec<&'a ast::Ident>,
    /// The statements that are none.
    pub behind: Range<usize>,
}

impl Items<'_> {
    pub fn finding(&self) -> Diagnostic {
        let first = written(&self.first.value).unwrap_or_default();
        let others = self.others.iter().map(|it| it.value.as_str());
        let list = std::iter::once(first.as_str()).chain(others).collect::<Vec<_>>().join(", ");
        let last = self.others[self.others.len() - 1].span;
        errors::list_without_brackets(
            self.first.value.span.to(last),
            self.others[0].span,
            &self.first.key.value,
            &format!("[{list}]"),
        )
    }
}

/// Attributes that take a list of names, with the words behind them that nothing else knows.
pub(super) fn without_brackets<'a>(block: &Block, statements: &'a [Statement]) -> Vec<Items<'a>> {
    let mut found = Vec::new();
    for (at, statement) in statements.iter().enumerate() {
        let Statement::Attribute(first) = statement else { continue };
        let takes_names = block.attribute(&first.key.value).is_some_and(|it| takes_names(it.ty));
        if !takes_names || written(&first.value).is_none() {
            continue;
        }
        let mut end = first.span.end;
        let others: Vec<&ast::Ident> = statements[at + 1..]
            .iter()
            .map_while(|it| {
                let word = lone_word(it).filter(|it| it.span.start - end <= 2)?;
                end = word.span.end;
                let is_known = block.child(&word.value).is_some() || steps::find(&word.value).is_some();
                (!is_known).then_some(word)
            })
            .collect();
        if !others.is_empty() {
            found.push(Items { first, behind: at + 1..at + 1 + others.len(), others });
        }
    }
    found
}

fn takes_names(ty: Type) -> bool {
    match ty {
        Type::List(of) | Type::OneOrMany(of) => matches!(of, Type::Ref(_) | Type::Dotted | Type::Word(_)),
        _ => false,
    }
}

/// A word and nothing else.
fn lone_word(statement: &Statement) -> Option<&ast::Ident> {
    let Statement::Block(it) = statement else { return None };
    let is_lone = it.arguments.is_empty() && it.body.is_none() && it.alias.is_none() && !it.quoted;
    is_lone.then_some(&it.word)
}
