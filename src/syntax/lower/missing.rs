//! What the tolerant grammar marks as missing.

use super::Lower;
use super::values::broken;
use crate::base::span::{Span, Spanned};
use crate::syntax::ast::{Expr, Ident};
use crate::syntax::errors::{self, Place};
use crate::syntax::pairs::{self, Node, Rule};

impl Lower<'_> {
    /// Reports an empty `missing_…` node.
    pub(super) fn missing(&mut self, node: Node<'_>) {
        let rule = node.rule();
        if let Some(junk) = self.junk_behind(node.start()).filter(|_| rule == Rule::missing_value) {
            let text = &self.text[junk.start as usize - self.base..junk.end as usize - self.base];
            return self.push(errors::unexpected(junk, text, Place::Value));
        }
        let place = self.behind(node.start());
        let behind = self.last_token(place);
        self.push(errors::missing(place, pairs::label(rule), &behind, help(rule)));
    }

    /// What stands on the line where something is missing, unless it ends a value.
    fn junk_behind(&self, at: usize) -> Option<Span> {
        let line = self.text[at..].lines().next()?;
        let rest = line.trim_start();
        let is_junk = rest.starts_with(|it: char| !",]})".contains(it)) && !rest.starts_with("//");
        is_junk.then(|| self.between(at + line.len() - rest.len(), at + line.len()))
    }

    /// The word or sign that ends at `last`.
    fn last_token(&self, last: Span) -> String {
        let before = &self.text[..last.end as usize - self.base];
        let is_word = |it: char| it.is_alphanumeric() || it == '_';
        let word: String = before.chars().rev().take(40).take_while(|it| is_word(*it)).collect();
        if word.is_empty() {
            let sign = before.chars().rev().take(2).take_while(|it| "=&|<>!.".contains(*it));
            let sign: String = sign.collect();
            return if sign.is_empty() {
                before.chars().next_back().into_iter().collect()
            } else {
                reversed(&sign)
            };
        }
        reversed(&word)
    }

    /// A value, or what stands where one should.
    pub(super) fn some_value(&mut self, node: Node<'_>) -> Expr {
        let span = self.span(node);
        match node.rule() {
            Rule::value | Rule::plain | Rule::loose_value | Rule::loose_plain => return self.value(node),
            Rule::bad_value => self.unexpected(node, Place::Value),
            Rule::bad_item => self.unexpected(node, Place::Item),
            _ => self.missing(node),
        }
        broken(span)
    }

    /// A name, or the place where it is missing.
    pub(super) fn some_name(&mut self, node: Node<'_>) -> Ident {
        let name = if node.rule() == Rule::ident {
            self.ident(node)
        } else {
            self.missing(node);
            Spanned::new(String::new(), self.span(node))
        };
        self.check_reserved(&name);
        name
    }

    /// Says so if the name is a reserved word.
    pub(super) fn check_reserved(&mut self, name: &Ident) -> bool {
        let is_reserved = matches!(name.value.as_str(), "then" | "else" | "in" | "as");
        if is_reserved {
            self.push(errors::reserved(name));
        }
        is_reserved
    }
}

fn reversed(text: &str) -> String {
    text.chars().rev().collect()
}

fn help(rule: Rule) -> &'static str {
    match rule {
        Rule::missing_value => "write a text in quotes, a number, a name, a list `[ ]` or a record `{ }`",
        Rule::missing_type => "write the type, as in `param tag: string` or `param tags: [string]`",
        Rule::missing_in => "write `for item in list { … }`",
        Rule::missing_then | Rule::missing_else => "write `if condition then value else other`",
        Rule::missing_parameters => "write `template name(parameter: type) { … }`",
        _ => "write a name of letters, digits and `_`",
    }
}
