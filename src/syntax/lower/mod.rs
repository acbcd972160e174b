//! Pairs to tree: one method for each rule of the grammar, of the same name; strict and tolerant rules share it.

mod braces;
mod control;
mod entry;
mod items;
mod missing;
mod names;
mod numbers;
mod paths;
mod statements;
mod text;
mod values;

use super::ast::{Comment, File, Ident, Statement};
use super::errors;
use super::pairs::Node;
use crate::base::span::{FileId, Span, Spanned};
use crate::diag::Diagnostic;
use braces::Braces;

#[expect(clippy::struct_excessive_bools, reason = "what was seen so far, each by itself")]
pub(super) struct Lower<'t> {
    file: FileId,
    /// What is lowered: the file, or the inside of a splice in it.
    text: &'t str,
    /// Where `text` starts in the file.
    base: usize,
    /// The pairs come from the tolerant grammar.
    loose: bool,
    comments: Vec<Comment>,
    /// The comments before this one stand before the statement at hand.
    next_comment: usize,
    findings: Vec<Diagnostic>,
    has_errors: bool,
    /// Something in the body at hand did not parse.
    broken: bool,
    /// How deep the expression at hand will be nested in the tree.
    level: usize,
    braces: Braces,
    reuses: bool,
}

impl<'t> Lower<'t> {
    pub fn new(file: FileId, text: &'t str, comments: Vec<Comment>) -> Self {
        Lower {
            file,
            text,
            base: 0,
            loose: false,
            comments,
            next_comment: 0,
            findings: Vec::new(),
            has_errors: false,
            broken: false,
            level: 0,
            braces: Braces::default(),
            reuses: false,
        }
    }

    pub fn file(&mut self, node: Node<'_>) -> Vec<Statement> {
        self.statements(node)
    }

    pub fn loose_file(&mut self, node: Node<'_>) -> Vec<Statement> {
        self.loose = true;
        self.statements(node)
    }

    pub fn push(&mut self, finding: Diagnostic) {
        self.broken |= finding.is_error();
        self.has_errors |= finding.is_error();
        if self.findings.len() < errors::MAX_COLLECTED {
            self.findings.push(finding);
        }
    }

    /// Like [`Self::push`], for what there may be millions of.
    fn push_with(&mut self, finding: impl FnOnce() -> Diagnostic) {
        (self.broken, self.has_errors) = (true, true);
        if self.findings.len() < errors::MAX_COLLECTED {
            self.findings.push(finding());
        }
    }

    pub fn has_errors(&self) -> bool {
        self.has_errors
    }

    pub fn finish(self, statements: Vec<Statement>) -> (File, Vec<Diagnostic>) {
        let findings = errors::settle(self.file, self.text, self.findings);
        (File { statements, comments: self.comments, reuses: self.reuses }, findings)
    }

    /// The last character before `at` that is no blank, or what stands there if there is none.
    pub fn behind(&self, at: usize) -> Span {
        let before = self.text[..at].trim_end();
        match before.chars().next_back() {
            Some(last) => self.between(before.len() - last.len_utf8(), before.len()),
            None => self.between(at, at),
        }
    }

    fn span(&self, node: Node<'_>) -> Span {
        let range = node.range();
        self.between(range.start, range.end)
    }

    /// A span of this text, which may be the inside of a splice.
    fn between(&self, start: usize, end: usize) -> Span {
        Span::new(self.file, self.base + start, self.base + end)
    }

    fn ident(&self, node: Node<'_>) -> Ident {
        Spanned::new(node.as_str().to_owned(), self.span(node))
    }
}
