//! Where something stands, as other programs count it.

use super::Batch;
use crate::base::sources::Source;
use crate::base::span::Span;

/// What a column counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Columns {
    Characters,
    /// As editors and SARIF count: a character outside the basic plane is two.
    Utf16,
    Bytes,
}

/// All numbers start at 1; the end is behind the last column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    pub line: usize,
    pub column: usize,
    pub end_line: usize,
    pub end_column: usize,
}

impl Place {
    pub fn of(batch: Batch<'_>, span: Span, columns: Columns) -> Place {
        let source = batch.sources.get(span.file);
        let (line, column) = position(source, span.start as usize, columns);
        let (end_line, end_column) = position(source, span.end.max(span.start) as usize, columns);
        Place { line, column, end_line, end_column }
    }
}

fn position(source: &Source, offset: usize, columns: Columns) -> (usize, usize) {
    let offset = source.text.floor_char_boundary(offset.min(source.text.len()));
    let line = source.line_of(offset);
    let before = &source.text[source.lines()[line] as usize..offset];
    let column = match columns {
        Columns::Characters => before.chars().count(),
        Columns::Bytes => before.len(),
        // Every character is one but those of four bytes, which are two.
        Columns::Utf16 => before.chars().count() + before.bytes().filter(|it| *it >= 0xF0).count(),
    };
    (line + 1, column + 1)
}
