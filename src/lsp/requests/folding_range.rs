//! What can be folded: bodies, lists, records and texts of several lines, and comments above each other. The line that
//! closes something stays visible.

use crate::lsp::document::Document;
use crate::lsp::feature::{Cx, Failure, Feature, Method, Needs, answer};
use crate::lsp::protocol::{FoldingRange, FoldingRangeKind, FoldingRangeParams};
use crate::lsp::walk;
use crate::syntax::ast::{Body, Comment, Expr, ExprKind};
use std::ops::Range;

pub static FEATURE: Feature = Feature {
    announce: |capabilities, _| capabilities.folding_range_provider = Some(true.into()),
    methods: &[Method {
        name: "textDocument/foldingRange",
        needs: Needs::Tree,
        run: |cx, params| answer(cx, params, folding_range),
    }],
};

fn folding_range(cx: &Cx<'_>, params: &FoldingRangeParams) -> Result<Vec<FoldingRange>, Failure> {
    let document = cx.document(&params.text_document.uri)?;
    let mut found = Vec::new();
    walk::statements(document, &mut |piece, statement, row| {
        let closed = |it: &&Body| document.text[piece.bytes(it.span)].ends_with('}');
        found
            .extend(statement.bodies().filter(closed).filter_map(|it| lines(document, piece.bytes(it.span))));
        walk::values(statement, row, &mut |value, _| {
            if is_foldable(value) {
                found.extend(lines(document, piece.bytes(value.span)));
            }
        });
    });
    let mut found: Vec<FoldingRange> = found.into_iter().map(|it| folding(it, None)).collect();
    found.extend(comments(document).into_iter().map(|it| folding(it, Some(FoldingRangeKind::Comment))));
    found.sort_by_key(|it| (it.start_line, it.end_line));
    found.dedup_by_key(|it| it.start_line);
    Ok(found)
}

fn is_foldable(value: &Expr) -> bool {
    match &value.kind {
        ExprKind::List(_) | ExprKind::Record(_) => true,
        ExprKind::String(text) => text.block,
        _ => false,
    }
}

fn folding(lines: Range<u32>, kind: Option<FoldingRangeKind>) -> FoldingRange {
    let Range { start, end } = lines;
    FoldingRange {
        start_line: start,
        start_character: None,
        end_line: end,
        end_character: None,
        kind,
        collapsed_text: None,
    }
}

/// From the line that opens to the one before the line that closes.
fn lines(document: &Document, bytes: Range<usize>) -> Option<Range<u32>> {
    let (first, last) = (line(document, bytes.start), line(document, bytes.end).checked_sub(1)?);
    (first < last).then_some(first..last)
}

fn line(document: &Document, offset: usize) -> u32 {
    let behind = document.lines.partition_point(|it| *it as usize <= offset);
    crate::lsp::convert::narrow(behind.saturating_sub(1))
}

/// Comments that have their lines for themselves, one below the other.
fn comments(document: &Document) -> Vec<Range<u32>> {
    let mut found: Vec<Range<u32>> = Vec::new();
    for piece in document.tree.pieces() {
        let alone = |it: &&Comment| {
            let bytes = piece.bytes(it.span);
            let start = document.lines[line(document, bytes.start) as usize] as usize;
            document.text[start..bytes.start].trim().is_empty()
        };
        for comment in piece.parsed.file.comments.iter().filter(alone) {
            let at = line(document, piece.bytes(comment.span).start);
            match found.last_mut().filter(|it| it.end + 1 == at) {
                Some(above) => above.end = at,
                None => found.push(at..at),
            }
        }
    }
    found.retain(|it| it.start < it.end);
    found
}
