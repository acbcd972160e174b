//! What surrounds a place, from the word to the whole file: "expand selection".

use crate::lsp::document::Document;
use crate::lsp::feature::{Cx, Failure, Feature, Method, Needs, answer};
use crate::lsp::protocol::{SelectionRange, SelectionRangeParams};
use crate::lsp::rows::Row;
use crate::lsp::tree::Piece;
use crate::lsp::walk;
use crate::syntax::ast::{Body, Expr, ExprKind, Statement};
use std::ops::Range;

pub static FEATURE: Feature = Feature {
    announce: |capabilities, _| capabilities.selection_range_provider = Some(true.into()),
    methods: &[Method {
        name: "textDocument/selectionRange",
        needs: Needs::Tree,
        run: |cx, params| answer(cx, params, selection_range),
    }],
};

fn selection_range(cx: &Cx<'_>, params: &SelectionRangeParams) -> Result<Vec<SelectionRange>, Failure> {
    let document = cx.document(&params.text_document.uri)?;
    let of_position = |position| Ok(nested(cx, document, cx.offset(document, position)?));
    params.positions.iter().map(|it| of_position(*it)).collect()
}

/// Each in the next larger one that holds it.
fn nested(cx: &Cx<'_>, document: &Document, offset: usize) -> SelectionRange {
    let mut outer = SelectionRange { range: cx.range(document, 0..document.text.len()), parent: None };
    let mut around = 0..document.text.len();
    let mut found = surrounding(document, offset);
    found.sort_by_key(|it| std::cmp::Reverse(it.len()));
    for bytes in found {
        if bytes != around && around.start <= bytes.start && bytes.end <= around.end {
            let range = cx.range(document, bytes.clone());
            outer = SelectionRange { range, parent: Some(Box::new(outer)) };
            around = bytes;
        }
    }
    outer
}

fn surrounding(document: &Document, offset: usize) -> Vec<Range<usize>> {
    let mut found = vec![word(&document.text, offset)];
    if let Some(piece) = document.tree.piece_at(offset) {
        let comments = piece.parsed.file.comments.iter().map(|it| piece.bytes(it.span));
        found.extend(comments);
        let mut statements = &piece.parsed.file.statements[..];
        let mut row = Row::Top;
        while let Some(statement) = statements.iter().find(|it| holds(&piece.bytes(it.span()), offset)) {
            found.push(piece.bytes(statement.span()));
            parts(piece, statement, row, &mut found);
            row = row.inner(statement);
            let body = statement.bodies().find(|it| holds(&piece.bytes(it.span), offset));
            let Some(body) = body else { break };
            found.extend(of_body(document, piece, body));
            statements = &body.statements;
        }
    }
    found.retain(|it| holds(it, offset));
    found
}

fn holds(bytes: &Range<usize>, offset: usize) -> bool {
    bytes.start <= offset && offset <= bytes.end
}

fn of_body(document: &Document, piece: &Piece, body: &Body) -> Vec<Range<usize>> {
    let whole = piece.bytes(body.span);
    let text = &document.text[whole.clone()];
    let inner = text.strip_prefix('{').and_then(|it| it.strip_suffix('}')).unwrap_or(text);
    let blank = inner.len() - inner.trim_start().len();
    let start = whole.start + usize::from(inner.len() < text.len()) + blank;
    vec![start..start + inner.trim().len(), whole]
}

/// What a statement is made of, without its bodies.
fn parts(piece: &Piece, statement: &Statement, row: Row, found: &mut Vec<Range<usize>>) {
    if let Statement::Block(block) = statement {
        found.push(piece.bytes(block.head));
    }
    walk::values(statement, row, &mut |value, _| {
        found.push(piece.bytes(value.span));
        found.extend(walk::keys(value).iter().map(|it| piece.bytes(it.span)));
        found.extend(inside(value).map(|it| piece.bytes(it)));
    });
}

/// What stands between the quotes.
fn inside(value: &Expr) -> Option<crate::base::span::Span> {
    match &value.kind {
        ExprKind::String(text) => Some(text.raw),
        _ => None,
    }
}

/// The letters, digits and underscores around.
fn word(text: &str, offset: usize) -> Range<usize> {
    let is_part = |it: char| it.is_alphanumeric() || it == '_';
    let before = text[..offset].chars().rev().take_while(|it| is_part(*it)).map(char::len_utf8);
    let behind = text[offset..].chars().take_while(|it| is_part(*it)).map(char::len_utf8);
    offset - before.sum::<usize>()..offset + behind.sum::<usize>()
}
