//! The names that a text declares, as a tree: what an outline shows.

use super::document::Document;
use super::protocol::SymbolKind;
use super::rows::Row;
use super::tree::Piece;
use crate::schema::Head;
use crate::syntax::ast::{Block, ExprKind, Ident, Statement};
use std::ops::Range;

/// Something with a name, or a block without one.
pub struct Entry {
    pub name: String,
    /// The word that begins it.
    pub word: String,
    pub kind: SymbolKind,
    /// Bytes of the text.
    pub whole: Range<usize>,
    /// The name, inside of the whole.
    pub place: Range<usize>,
    pub inner: Vec<Entry>,
}

pub fn of(document: &Document) -> Vec<Entry> {
    let pieces = document.tree.pieces().iter();
    pieces.flat_map(|piece| of_body(piece, &piece.parsed.file.statements, Row::Top)).collect()
}

/// `for` and `if` are no names: what is in them stands where they stand.
fn of_body(piece: &Piece, statements: &[Statement], row: Row) -> Vec<Entry> {
    let mut found = Vec::new();
    for statement in statements {
        let inner = statement.bodies().flat_map(|it| of_body(piece, &it.statements, row.inner(statement)));
        let inner: Vec<Entry> = inner.collect();
        match named(statement, row) {
            Some((word, name, place, kind)) => {
                let (whole, place) = (piece.bytes(statement.span()), piece.bytes(place));
                let place =
                    place.start.clamp(whole.start, whole.end)..place.end.clamp(whole.start, whole.end);
                found.push(Entry { name, word, kind, whole, place, inner });
            }
            None => found.extend(inner),
        }
    }
    found
}

type Named = (String, String, crate::base::span::Span, SymbolKind);

fn named(statement: &Statement, row: Row) -> Option<Named> {
    let entry = |word: &str, ident: &Ident, kind| {
        Some((word.to_owned(), ident.value.clone(), ident.span, kind)).filter(|it| !it.1.is_empty())
    };
    match statement {
        Statement::Block(it) => Some(of_block(it, row)),
        Statement::Declaration(it) => entry(&it.word.value, &it.name.ident, SymbolKind::Variable),
        Statement::Let(it) => entry("let", &it.name, SymbolKind::Constant),
        Statement::Template(it) => entry("template", &it.name, SymbolKind::Function),
        Statement::Use(it) => {
            let name = it.alias.as_ref().map_or(&it.template, |it| &it.ident);
            entry("use", name, SymbolKind::Object)
        }
        Statement::Attribute(_) | Statement::For(_) | Statement::If(_) | Statement::Broken(_) => None,
    }
}

/// By its alias, else by the name or text behind its word, else by the word itself.
fn of_block(block: &Block, row: Row) -> Named {
    let word = block.word.value.clone();
    let is_step = row.takes_steps() && row.of_block(block).is_some_and(|it| it.head != Head::Name);
    let kind = if is_step { SymbolKind::Method } else { kind(&word, row) };
    if let Some(alias) = &block.alias {
        return (word, alias.ident.value.clone(), alias.ident.span, kind);
    }
    let behind = block.arguments.first().and_then(|it| match &it.kind {
        ExprKind::Path(path) if !path.segments.is_empty() => {
            let names: Vec<&str> = path.segments.iter().map(|it| it.name.value.as_str()).collect();
            Some((names.join("."), path.span))
        }
        ExprKind::String(text) => text.value.lines().find(|it| !it.trim().is_empty()).map(|line| {
            let short: String = line.trim().chars().take(LONGEST).collect();
            (short, it.span)
        }),
        _ => None,
    });
    let (name, place) = behind.unwrap_or_else(|| (word.clone(), block.word.span));
    // An empty name is none, and clients refuse it.
    let name = if name.is_empty() { "?".to_owned() } else { name };
    (word, name, place, kind)
}

/// So many characters of a script stand for it.
const LONGEST: usize = 60;

fn kind(word: &str, row: Row) -> SymbolKind {
    match word {
        "project" => SymbolKind::Package,
        "pipeline" | "ml_pipeline" => SymbolKind::Module,
        "stage" | "environment" => SymbolKind::Namespace,
        "job" => SymbolKind::Class,
        "step" => SymbolKind::Method,
        "trigger" | "on" | "schedule" => SymbolKind::Event,
        "service" | "endpoint" | "component" => SymbolKind::Interface,
        _ if matches!(row, Row::Top) => SymbolKind::Struct,
        _ => SymbolKind::Property,
    }
}
