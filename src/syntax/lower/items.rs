//! What stands between brackets: items of lists, arguments of calls, indices.

use super::Lower;
use super::values::broken;
use crate::base::span::Span;
use crate::syntax::ast::{Expr, Index};
use crate::syntax::errors::{self, Place};
use crate::syntax::pairs::{self, Children, Pair, Rule};

impl Lower<'_> {
    /// The values of a list or a call.
    pub(super) fn items(&mut self, pair: Pair<'_>) -> Vec<Expr> {
        let start = pair.as_span().start();
        let mut items: Vec<Expr> = Vec::new();
        let mut joined = None;
        for part in Children::of(pair) {
            match part.as_rule() {
                Rule::value | Rule::loose_value => {
                    let item = self.value(part);
                    self.joined_item(&mut joined, item.span);
                    items.push(item);
                }
                Rule::bad_item => {
                    items.push(broken(self.span(&part)));
                    self.unexpected(&part, Place::Item);
                }
                _ => self.between_items(&part, start, &mut joined),
            }
        }
        items
    }

    pub(super) fn index(&mut self, pair: Pair<'_>) -> Vec<Index> {
        let (span, start) = (self.span(&pair), pair.as_span().start());
        let mut indices = Vec::new();
        let mut joined = None;
        for part in Children::of(pair) {
            match part.as_rule() {
                Rule::all => indices.push(Index::All(self.span(&part))),
                Rule::value | Rule::loose_value => indices.push(Index::At(self.value(part))),
                Rule::bad_item => {
                    indices.push(Index::At(broken(self.span(&part))));
                    self.unexpected(&part, Place::Item);
                }
                _ => self.between_items(&part, start, &mut joined),
            }
        }
        if indices.is_empty() {
            self.push(errors::empty_index(span));
        }
        indices
    }

    /// What the tolerant grammar finds between items; `start` is the opening bracket.
    pub(super) fn between_items(&mut self, pair: &Pair<'_>, start: usize, joined: &mut Option<usize>) {
        match pair.as_rule() {
            Rule::join => *joined = Some(pair.as_span().start()),
            Rule::stray_comma => self.push(errors::stray_comma(self.span(pair))),
            Rule::bad_item => self.unexpected(pair, Place::Item),
            Rule::missing_bracket | Rule::missing_paren => {
                let opener = self.between(start, start + 1);
                let end = self.behind(pair.as_span().start());
                self.push(errors::unclosed_bracket(opener, pairs::label(pair.as_rule()), end));
            }
            _ => {}
        }
    }

    /// Says so if the item that begins at `second` follows another one without a comma.
    pub(super) fn joined_item(&mut self, joined: &mut Option<usize>, second: Span) {
        let Some(place) = joined.take() else { return };
        let is_call = self.text[second.range()].starts_with('(');
        self.push(if is_call {
            errors::blank_before_call(second)
        } else {
            errors::joined_items(second, self.behind(place))
        });
    }
}
