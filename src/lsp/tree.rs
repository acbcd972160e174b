//! The tree of a text while it is edited: cut where a name in column 0 begins something new, so that a keystroke costs one
//! declaration. A piece is parsed alone; where all pieces are healthy, that is what parsing the whole text gives.

use crate::base::span::{FileId, Span};
use crate::diag::Diagnostic;
use crate::syntax::{self, ast};
use std::ops::Range;
use std::sync::Arc;

#[derive(Clone, Debug, Default)]
pub struct Tree {
    pieces: Vec<Piece>,
}

/// Some declarations with the comments before them.
#[derive(Clone, Debug)]
pub struct Piece {
    /// Bytes of the text.
    pub range: Range<usize>,
    /// Spans in it are relative to the start of the piece.
    pub parsed: Arc<Parsed>,
}

#[derive(Debug)]
pub struct Parsed {
    pub file: ast::File,
    findings: Vec<Diagnostic>,
}

impl Tree {
    pub fn of(text: &str) -> Tree {
        Tree::default().changed("", text)
    }

    /// The tree of `new`, with all of this one that stands in pieces which did not change.
    #[must_use]
    pub fn changed(&self, old: &str, new: &str) -> Tree {
        let cuts = cuts(new);
        let same = |piece: &Piece, range: &Range<usize>| old[piece.range.clone()] == new[range.clone()];
        let front = self.pieces.iter().zip(&cuts).take_while(|it| same(it.0, it.1)).count();
        let left = self.pieces.len().min(cuts.len()) - front;
        let back = self.pieces.iter().rev().zip(cuts.iter().rev()).take(left);
        let back = back.take_while(|it| same(it.0, it.1)).count();
        let middle = front..cuts.len() - back;
        let moved = self.pieces.len().wrapping_sub(cuts.len());
        let pieces = cuts.into_iter().enumerate().map(|(at, range)| {
            let parsed = if at < middle.start {
                Arc::clone(&self.pieces[at].parsed)
            } else if at < middle.end {
                Arc::new(Parsed::of(&new[range.clone()]))
            } else {
                Arc::clone(&self.pieces[at.wrapping_add(moved)].parsed)
            };
            Piece { range, parsed }
        });
        Tree { pieces: pieces.collect() }
    }

    pub fn pieces(&self) -> &[Piece] {
        &self.pieces
    }

    /// The piece that holds the byte, or ends there at the end of the text.
    pub fn piece_at(&self, offset: usize) -> Option<&Piece> {
        let at = self.pieces.partition_point(|it| it.range.end <= offset);
        self.pieces.get(at).or_else(|| self.pieces.last())
    }

    /// What is wrong with the shape of the text; spans are those of the text.
    pub fn findings(&self) -> Vec<Diagnostic> {
        let all = self.pieces.iter().flat_map(|piece| piece.parsed.findings.iter().map(|it| piece.moved(it)));
        all.collect()
    }
}

impl Piece {
    /// The bytes of the text behind a span of the piece.
    pub fn bytes(&self, span: Span) -> Range<usize> {
        self.range.start + span.start as usize..self.range.start + span.end as usize
    }

    /// The byte of the text at which the innermost statement begins that holds the byte.
    pub fn statement_start(&self, offset: usize) -> Option<usize> {
        self.statement_starts(offset).pop()
    }

    /// The bytes of the text at which the statements begin that hold the byte, from the outermost.
    pub fn statement_starts(&self, offset: usize) -> Vec<usize> {
        let local = offset.saturating_sub(self.range.start);
        let local = u32::try_from(local).unwrap_or(u32::MAX);
        let holds = |span: Span| span.start <= local && local < span.end.max(span.start + 1);
        let (mut found, mut inside) = (Vec::new(), &self.parsed.file.statements[..]);
        while let Some(statement) = inside.iter().find(|it| holds(it.span())) {
            found.push(self.bytes(statement.span()).start);
            let body = statement.bodies().find(|it| holds(it.span));
            inside = body.map_or(&[], |it| &it.statements);
        }
        found
    }

    fn moved(&self, finding: &Diagnostic) -> Diagnostic {
        let mut finding = finding.clone();
        let edits = finding.fix.iter_mut().flat_map(|it| &mut it.edits).map(|it| &mut it.span);
        for span in finding.labels.iter_mut().map(|it| &mut it.span).chain(edits) {
            let bytes = self.bytes(*span);
            *span = Span::new(span.file, bytes.start, bytes.end);
        }
        finding
    }
}

impl Parsed {
    fn of(text: &str) -> Parsed {
        let (file, findings) = syntax::parse(FileId(0), text);
        Parsed { file, findings }
    }
}

/// Where the pieces of a text stand: together they are all of it.
fn cuts(text: &str) -> Vec<Range<usize>> {
    let mut starts = vec![0];
    let (mut at, mut is_in_text) = (0, false);
    // Behind the last line that says something: comments and blank lines belong to what follows.
    let mut behind_last = 0;
    for line in text.split_inclusive('\n') {
        let trimmed = line.trim();
        let is_comment = trimmed.starts_with("//");
        if !is_in_text && begins(line) && behind_last > 0 {
            starts.push(behind_last);
        }
        at += line.len();
        if is_in_text || !(trimmed.is_empty() || is_comment) {
            behind_last = at;
        }
        if !is_comment || is_in_text {
            is_in_text = stays_in_text(trimmed, is_in_text);
        }
    }
    starts.push(text.len());
    if text.is_empty() {
        return std::iter::once(0..0).collect();
    }
    starts.dedup();
    starts.windows(2).map(|it| it[0]..it[1]).collect()
}

/// A name in column 0 that does not go on with what stands before it.
fn begins(line: &str) -> bool {
    line.starts_with(|it: char| it.is_ascii_alphabetic() || it == '_') && !line.starts_with("else")
}

/// Whether the next line stands inside a block of text. A fence alone on its line closes one, another opens one, also
/// where the one before has no end: so that a fence that is missing costs one block and not the rest of the file.
fn stays_in_text(line: &str, is_in_text: bool) -> bool {
    let Some(at) = line.find("\"\"\"") else { return is_in_text };
    let is_alone = line[..at].trim().is_empty();
    if is_in_text && is_alone {
        return false;
    }
    !is_in_text && line.matches("\"\"\"").count() % 2 == 1 || is_in_text && line.ends_with("\"\"\"")
}
