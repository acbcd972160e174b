//! Which brace is missing: the parse knows only where it noticed; indentation shows which body was meant.

use super::Lower;
use crate::base::span::Span;
use crate::syntax::ast::{Block, Statement};
use crate::syntax::errors;

/// So many statements are searched for a head without a brace.
const LOOK_BACK: usize = 200;

#[derive(Default)]
pub(super) struct Braces {
    /// Bodies around what is lowered.
    pub depth: usize,
    /// The body at hand has no closing brace.
    pub is_unclosed: bool,
    /// Where an unclosed body was told; the bodies around it end there too.
    told: Option<usize>,
    /// A text without its closing fence swallowed braces.
    pub has_swallowed: bool,
    suspect: Option<Suspect>,
}

enum Suspect {
    /// A body closed by a brace that is indented like that of an outer body.
    Unclosed { opener: Span, closer: Span },
    /// A block without a body, and a brace that is indented like it.
    Headless { head: Span },
}

impl Lower<'_> {
    /// Looks at the braces of a body, from inside to outside.
    pub(super) fn check_braces(&mut self, body: Span, is_unclosed: bool, statements: &[Statement]) {
        let opener = Span { end: body.start + 1, ..body };
        if is_unclosed {
            return self.unclosed(opener, body.end as usize);
        }
        let closer = Span { start: body.end - 1, ..body };
        let Some(indent) = self.own_line_indent(closer.start as usize) else { return };
        let outer = self.indent(opener.start as usize);
        if indent < outer && self.braces.suspect.is_none() {
            self.braces.suspect = Some(Suspect::Unclosed { opener, closer });
        }
        if indent > outer && self.braces.suspect.is_none() {
            let head = self.headless(statements, indent);
            self.braces.suspect = head.map(|head| Suspect::Headless { head });
        }
    }

    fn unclosed(&mut self, opener: Span, end: usize) {
        let is_follow_up = self.braces.told == Some(end) || self.braces.has_swallowed;
        self.braces.told = Some(end);
        if is_follow_up {
            return;
        }
        let finding = match self.braces.suspect.take() {
            Some(Suspect::Unclosed { opener, closer }) => errors::unclosed_by_indent(opener, closer),
            _ => errors::unclosed_body(opener, self.behind(end)),
        };
        self.push(finding);
    }

    /// A brace outside all bodies.
    pub(super) fn stray_brace(&mut self, brace: Span, statements: &[Statement]) {
        let at = brace.start as usize;
        let inner = match self.braces.suspect.take() {
            Some(Suspect::Headless { head }) => Some(head),
            _ => None,
        };
        let outer = || self.own_line_indent(at).and_then(|indent| self.headless(statements, indent));
        let finding = match inner.or_else(outer) {
            Some(head) => errors::head_without_brace(head, brace),
            None => errors::stray_brace(brace),
        };
        self.push(finding);
    }

    /// A statement in column 0 is written anew: what was suspected before does not concern it.
    pub(super) fn forget_suspects(&mut self, start: usize) {
        let is_first = start == 0 || self.text.as_bytes()[start - 1] == b'\n';
        if self.braces.depth == 0 && is_first {
            self.braces.suspect = None;
            self.braces.has_swallowed = false;
        }
    }

    /// The last block without a body that is indented so, with statements indented deeper behind it.
    fn headless(&self, statements: &[Statement], indent: usize) -> Option<Span> {
        let is_deeper =
            |it: &Statement| self.own_line_indent(it.span().start as usize).is_some_and(|it| it > indent);
        let behind = statements.iter().rev().take(LOOK_BACK).take_while(|it| is_deeper(it)).count();
        let at = (statements.len() - behind).checked_sub(1)?;
        match &statements[at] {
            Statement::Block(Block { body: None, head, .. }) if behind > 0 => {
                (self.own_line_indent(head.start as usize) == Some(indent)).then_some(*head)
            }
            _ => None,
        }
    }

    /// The indentation of what stands first on its line.
    fn own_line_indent(&self, at: usize) -> Option<usize> {
        let before = &self.text[..at];
        let rest = before.trim_end_matches([' ', '\t']);
        (rest.is_empty() || rest.ends_with('\n')).then(|| before.len() - rest.len())
    }

    /// The indentation of the line that holds `at`.
    fn indent(&self, at: usize) -> usize {
        let line = self.text[..at].rfind('\n').map_or(0, |it| it + 1);
        self.text[line..at].bytes().take_while(|it| matches!(it, b' ' | b'\t')).count()
    }
}
