//! What a `for` or `use` would have declared that failed, which is reported: who names it did nothing wrong.

use super::names::first_name;
use crate::base::sources::Sources;
use crate::base::span::Span;
use crate::diag::Diagnostic;
use crate::syntax::ast::Statement;
use std::collections::BTreeSet;

#[derive(Debug, Default)]
pub struct Lost {
    /// As they are written, without an index.
    names: BTreeSet<String>,
    /// Blocks in which nobody knows what is declared.
    blocks: Vec<Span>,
}

impl Lost {
    /// Notes what the statements declare.
    pub fn add(&mut self, statements: &[Statement]) {
        for statement in statements {
            match statement {
                Statement::Block(it) => {
                    let named = it.alias.as_ref().map(|it| &it.ident).or(first_name(it));
                    self.names.insert(named.unwrap_or(&it.word).value.clone());
                    self.add(it.body.as_ref().map_or(&[], |it| &it.statements));
                }
                Statement::For(it) => self.add(&it.body.statements),
                Statement::If(it) => {
                    self.add(&it.then.statements);
                    self.add(it.otherwise.as_ref().map_or(&[], |it| &it.statements));
                }
                Statement::Use(it) => self.names.extend(it.alias.iter().map(|it| it.ident.value.clone())),
                Statement::Attribute(_)
                | Statement::Declaration(_)
                | Statement::Let(_)
                | Statement::Template(_)
                | Statement::Broken(_) => {}
            }
        }
    }

    /// Nobody knows what is declared in this block.
    pub fn add_unknown(&mut self, block: Span) {
        self.blocks.push(block);
    }

    /// Whether the finding misses what was lost.
    pub fn explains(&self, sources: &Sources, finding: &Diagnostic) -> bool {
        if finding.code != "undefined-reference" {
            return false;
        }
        let place = finding.span();
        let word = |it: char| it.is_ascii_alphanumeric() || it == '_';
        let name = sources.slice(place).split(|it| !word(it)).next().unwrap_or_default();
        let inside = |it: &&Span| it.file == place.file && it.start <= place.start && place.end <= it.end;
        let of_body = ["no stage ", "no job ", "no step", "no declaration with an index "];
        self.names.contains(name)
            || (of_body.iter().any(|it| finding.message.starts_with(it))
                && self.blocks.iter().any(|it| inside(&it)))
    }
}
