//! The texts of one compilation, with a line index that is made when the first line number is asked for.

use super::span::{FileId, Span};
use std::sync::OnceLock;

#[derive(Debug, Default)]
pub struct Sources {
    files: Vec<Source>,
    /// What stands behind the project's files: copies of parts of them, and texts from elsewhere.
    behind: Vec<Behind>,
}

#[derive(Debug)]
enum Behind {
    Copy { of: FileId, origin: Origin },
    Text(Source),
}

/// Why a part of a file stands once more in what is compiled.
#[derive(Debug)]
pub struct Origin {
    /// What asked for it.
    pub place: Span,
    /// As the end of a sentence: in the iteration `e = qa`.
    pub text: String,
    /// The copy in which all this happened; a file of its own if in none.
    pub inside: FileId,
    /// Of an iteration: where its item stands in the list, or the list's name.
    pub item: Option<Span>,
    /// What stands at a span of the copy was put there instead of what is written.
    pub replaced: bool,
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
        debug_assert!(self.behind.is_empty(), "files of the project come first");
        let id = self.next();
        self.files.push(Source { path, text, lines: OnceLock::new() });
        id
    }

    /// A text that is no source of the project, for findings to stand in.
    pub fn add_text(&mut self, path: String, text: String) -> FileId {
        let id = self.next();
        self.behind.push(Behind::Text(Source { path, text, lines: OnceLock::new() }));
        id
    }

    /// A file of its own for a copy of something in `of`; spans in it are those of the file.
    pub fn add_copy(&mut self, of: FileId, origin: Origin) -> FileId {
        let id = self.next();
        self.behind.push(Behind::Copy { of: self.real(of), origin });
        id
    }

    fn next(&self) -> FileId {
        FileId(u32::try_from(self.files.len() + self.behind.len()).expect("fewer than 4 billion files"))
    }

    fn behind(&self, id: FileId) -> Option<&Behind> {
        self.behind.get((id.0 as usize).checked_sub(self.files.len())?)
    }

    /// Why the file is a copy, if it is one.
    pub fn origin(&self, id: FileId) -> Option<&Origin> {
        match self.behind(id)? {
            Behind::Copy { origin, .. } => Some(origin),
            Behind::Text(_) => None,
        }
    }

    /// The file that the copy is of, or the file itself.
    pub fn real(&self, id: FileId) -> FileId {
        match self.behind(id) {
            Some(Behind::Copy { of, .. }) => *of,
            Some(Behind::Text(_)) | None => id,
        }
    }

    pub fn get(&self, id: FileId) -> &Source {
        match self.behind(id) {
            Some(Behind::Copy { of, .. }) => self.get(*of),
            Some(Behind::Text(source)) => source,
            None => &self.files[id.0 as usize],
        }
    }

    /// The files of the project.
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
