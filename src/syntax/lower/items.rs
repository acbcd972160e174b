//! What stands between brackets: items of lists and arguments of calls.

use super::Lower;
use super::values::broken;
use crate::base::span::Span;
use crate::syntax::ast::Expr;
use crate::syntax::errors::{self, Place};
use crate::syntax::pairs::{self, Node, Rule};

impl Lower<'_> {
    /// The values of a list, a call or a group.
    pub(super) fn items(&mut self, node: Node<'_>) -> Vec<Expr> {
        let mut items = Vec::with_capacity(node.children().count());
        let mut joined = None;
        for part in node.children() {
            items.extend(self.item(part, node, &mut joined));
        }
        items
    }

    /// The value of a node between brackets, if it has one.
    pub(super) fn item(
        &mut self,
        part: Node<'_>,
        list: Node<'_>,
        joined: &mut Option<usize>,
    ) -> Option<Expr> {
        match part.rule() {
            Rule::value | Rule::loose_value => {
                let item = self.value(part);
                self.joined_item(joined, item.span);
                Some(item)
            }
            Rule::all => {
                self.push(errors::all_in_list(self.span(part)));
                None
            }
            Rule::bad_item => {
                self.unexpected(part, Place::Item);
                Some(broken(self.span(part)))
            }
            _ => {
                self.between_items(part, list, joined);
                None
            }
        }
    }

    /// What the tolerant grammar finds between the items of `list`.
    pub(super) fn between_items(&mut self, node: Node<'_>, list: Node<'_>, joined: &mut Option<usize>) {
        match node.rule() {
            Rule::item_join => *joined = Some(node.start()),
            Rule::stray_comma => {
                let span = self.span(node);
                self.push_with(|| errors::stray_comma(span));
            }
            Rule::bad_item => self.unexpected(node, Place::Item),
            Rule::missing_bracket | Rule::missing_paren => {
                let opener = self.between(list.start(), list.start() + 1);
                let end = self.behind(node.start());
                self.push(errors::unclosed_bracket(opener, pairs::label(node.rule()), end));
            }
            _ => {}
        }
    }

    /// Says so if the item that begins at `second` follows another one without a comma.
    pub(super) fn joined_item(&mut self, joined: &mut Option<usize>, second: Span) {
        if let Some(place) = joined.take() {
            let behind = self.behind(place);
            self.push_with(|| errors::joined_items(second, behind));
        }
    }
}
