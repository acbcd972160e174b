//! Paths, with what follows them without a blank: indices, further names, the arguments of a call.

use super::Lower;
use super::values::broken;
use crate::base::span::Spanned;
use crate::syntax::ast::{Expr, ExprKind, Index, Path, Segment};
use crate::syntax::errors;
use crate::syntax::pairs::{Children, Node, Rule};

impl Lower<'_> {
    pub(super) fn path(&mut self, first: Node<'_>, parts: &mut Children<'_>) -> Expr {
        let span = self.span(first);
        match first.as_str() {
            word @ ("true" | "false") => return Expr { kind: ExprKind::Bool(word == "true"), span },
            word @ ("then" | "else" | "in" | "as") => {
                self.check_reserved(&Spanned::new(word.to_owned(), span));
                return broken(span);
            }
            _ => {}
        }
        let dots = first.as_str().bytes().filter(|it| *it == b'.').count();
        let mut path = Path { segments: Vec::with_capacity(dots + 1), open: false, span };
        self.segments(&mut path, first.as_str(), first.start());
        while let Some(node) = adjacent(parts, first.start() + path_length(&path)) {
            parts.next();
            path.span = path.span.to(self.span(node));
            match node.rule() {
                Rule::list | Rule::loose_list => self.index(&mut path, node),
                Rule::member => self.segments(&mut path, &node.as_str()[1..], node.start() + 1),
                _ => {
                    let span = path.span;
                    self.reuses |= first.as_str().starts_with("read_");
                    return Expr { kind: ExprKind::Call(path, self.items(node)), span };
                }
            }
        }
        let span = path.span;
        Expr { kind: ExprKind::Path(path), span }
    }

    /// `a.b.c` in one token; a dot at its end leaves the path open.
    fn segments(&mut self, path: &mut Path, dotted: &str, start: usize) {
        let mut at = start;
        for name in dotted.as_bytes().split(|it| *it == b'.') {
            let name = &dotted[at - start..at - start + name.len()];
            let span = self.between(at, at + name.len());
            at += name.len() + 1;
            match name.as_bytes().first() {
                None => {
                    path.open = true;
                    self.push(errors::open_path(self.behind(span.end as usize - self.base)));
                }
                Some(first) => {
                    if first.is_ascii_digit() {
                        self.push(errors::digit_in_path(span));
                    }
                    path.segments
                        .push(Segment { name: Spanned::new(name.to_owned(), span), indices: Vec::new() });
                }
            }
        }
    }

    fn index(&mut self, path: &mut Path, node: Node<'_>) {
        let span = self.span(node);
        let indices = self.indices(node);
        self.reuses = true;
        if indices.is_empty() {
            self.push(errors::empty_index(span));
        }
        match path.segments.last_mut() {
            Some(segment) if !path.open => segment.indices.extend(indices),
            _ => {}
        }
    }

    fn indices(&mut self, node: Node<'_>) -> Vec<Index> {
        let mut indices = Vec::new();
        let mut joined = None;
        for part in node.children() {
            match part.rule() {
                Rule::all => indices.push(Index::All(self.span(part))),
                _ => indices.extend(self.item(part, node, &mut joined).map(Index::At)),
            }
        }
        indices
    }
}

fn path_length(path: &Path) -> usize {
    (path.span.end - path.span.start) as usize
}

/// The next node if it goes on with the path that ends at `end`.
fn adjacent<'t>(parts: &Children<'t>, end: usize) -> Option<Node<'t>> {
    let suffixes = [Rule::list, Rule::parentheses, Rule::member, Rule::loose_list, Rule::loose_parentheses];
    parts.peek().filter(|it| it.start() == end && suffixes.contains(&it.rule()))
}
