//! The texts of one compilation, with a line index that is made when the first line number is asked for.

use super::span::{FileId, Span};
use std::sync::OnceLock;

#[derive(Debug, Default)]
pub struct Sources {
    files: Vec<Source>,
}

#[derive(Debug)]
pub struct Source {
    /// Relative to the project's root where it lies below it, with `/`.
    pub path: String,
    pub text: String,
    lines: OnceLock<Vec<u32>>,
}

/// A place for people: both numbers start at 1, the column counts characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Position {
    pub line: usize,
    pub column: usize,
}

impl Sources {
    pub fn add(&mut self, path: String, text: String) -> FileId {
        let id = FileId(u32::try_from(self.files.len()).expect("fewer than 4 billion files"));
        self.files.push(Source { path, text, lines: OnceLock::new() });
        id
    }

    pub fn get(&self, id: FileId) -> &Source {
        &self.files[id.0 as usize]
    }

    pub fn iter(&self) -> impl Iterator<Item = (FileId, &Source)> {
        (0u32..).map(FileId).zip(&self.files)
    }

    pub fn slice(&self, span: Span) -> &str {
        &self.get(span.file).text[span.range()]
    }

    pub fn position(&self, span: Span) -> Position {
        self.get(span.file).position(span.start as usize)
    }
}

impl Source {
    /// Offsets at which the lines start.
    pub fn lines(&self) -> &[u32] {
        self.lines.get_or_init(|| {
            let breaks = self.text.bytes().zip(1u32..).filter(|(byte, _)| *byte == b'\n');
            std::iter::once(0).chain(breaks.map(|(_, behind)| behind)).collect()
        })
    }

    /// The line (from 0) that holds the byte at `offset`.
    pub fn line_of(&self, offset: usize) -> usize {
        self.lines().partition_point(|start| *start as usize <= offset) - 1
    }

    pub fn position(&self, offset: usize) -> Position {
        let line = self.line_of(offset);
        let start = self.lines()[line] as usize;
        let column = self.text.get(start..offset).map_or(0, |before| before.chars().count());
        Position { line: line + 1, column: column + 1 }
    }
}
