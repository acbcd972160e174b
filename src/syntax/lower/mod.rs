//! Pairs to tree: one method for each rule of the grammar, of the same name.

mod numbers;
mod statements;
mod text;
mod values;

use super::ast::{Comment, File, Ident, Statement};
use super::pairs::Pair;
use crate::base::span::{FileId, Span, Spanned};
use crate::diag::Diagnostic;

pub(super) struct Lower<'t> {
    file: FileId,
    /// What is lowered: the file, or the inside of a splice in it.
    text: &'t str,
    /// Where `text` starts in the file.
    base: usize,
    comments: Vec<Comment>,
    /// The comments before this one stand before the statement at hand.
    next_comment: usize,
    findings: Vec<Diagnostic>,
    /// Something in the body at hand did not parse.
    broken: bool,
    /// How deep the expression at hand will be nested in the tree.
    level: usize,
}

impl<'t> Lower<'t> {
    pub fn new(file: FileId, text: &'t str, comments: Vec<Comment>) -> Self {
        let findings = Vec::new();
        Lower { file, text, base: 0, comments, next_comment: 0, findings, broken: false, level: 0 }
    }

    pub fn push(&mut self, finding: Diagnostic) {
        self.broken |= finding.is_error();
        self.findings.push(finding);
    }

    pub fn finish(self, statements: Vec<Statement>) -> (File, Vec<Diagnostic>) {
        (File { statements, comments: self.comments }, self.findings)
    }

    fn span(&self, pair: &Pair<'_>) -> Span {
        let span = pair.as_span();
        self.between(span.start(), span.end())
    }

    /// A span of this text, which may be the inside of a splice.
    fn between(&self, start: usize, end: usize) -> Span {
        Span::new(self.file, self.base + start, self.base + end)
    }

    fn ident(&self, pair: &Pair<'_>) -> Ident {
        Spanned::new(pair.as_str().to_owned(), self.span(pair))
    }
}
