//! One pass over the bytes before the grammar: comments, depth of brackets, fences that are never closed.
//!
//! What it takes for a string is what the grammar takes for one, so that brackets and slashes in texts do not count.
//! In texts that do not fit the grammar it may count too many open brackets, never too few.

use super::ast::Comment;
use crate::base::span::{FileId, Span};

/// Deeper brackets are refused: what walks the tree recurses.
pub(super) const MAX_DEPTH: usize = 64;

/// After so many lengths of fences that are never closed, no more are looked for.
const MAX_FENCES: usize = 8;

pub(super) struct Scan {
    pub comments: Vec<Comment>,
    /// The first bracket beyond [`MAX_DEPTH`].
    pub too_deep: Option<usize>,
    /// Opening fences without a closing one, as ranges of their quotes.
    pub open_fences: Vec<(usize, usize)>,
}

pub(super) fn scan(file: FileId, text: &str) -> Scan {
    let found = Scan { comments: Vec::new(), too_deep: None, open_fences: Vec::new() };
    let (bytes, open, hopeless) = (text.as_bytes(), [0; MAX_DEPTH], Vec::new());
    let mut scanner = Scanner { file, bytes, at: 0, open, depth: 0, hopeless, found };
    scanner.run();
    scanner.found
}

struct Scanner<'t> {
    file: FileId,
    bytes: &'t [u8],
    at: usize,
    /// The closing brackets that are awaited.
    open: [u8; MAX_DEPTH],
    depth: usize,
    /// Fences of so many quotes are not closed further down.
    hopeless: Vec<usize>,
    found: Scan,
}

impl Scanner<'_> {
    fn run(&mut self) {
        while let Some(&byte) = self.bytes.get(self.at) {
            match byte {
                b'"' => self.string(),
                b'/' if self.bytes.get(self.at + 1) == Some(&b'/') => self.comment(),
                b'{' => self.push(b'}'),
                b'[' => self.push(b']'),
                b'(' => self.push(b')'),
                b'}' | b']' | b')' => self.pop(byte),
                _ => self.at += 1,
            }
            if self.found.too_deep.is_some() {
                return;
            }
        }
    }

    fn push(&mut self, closer: u8) {
        if self.depth == MAX_DEPTH {
            self.found.too_deep = Some(self.at);
            return;
        }
        self.open[self.depth] = closer;
        self.depth += 1;
        self.at += 1;
    }

    /// A closing bracket closes what was opened inside it too; one that nothing awaits counts nothing.
    fn pop(&mut self, closer: u8) {
        let awaited = self.open[..self.depth].iter().rposition(|it| *it == closer);
        self.depth = awaited.unwrap_or(self.depth);
        self.at += 1;
    }

    fn comment(&mut self) {
        let start = self.at;
        let end = self.line_end(start);
        self.at = end;
        let mut trimmed = end;
        while trimmed > start && self.bytes[trimmed - 1] == b'\r' {
            trimmed -= 1;
        }
        let text = &self.bytes[start..trimmed];
        let marked = text.starts_with(b"///") && text.get(3) != Some(&b'/');
        let doc = marked && self.is_first(start);
        self.found.comments.push(Comment { span: Span::new(self.file, start, trimmed), doc });
    }

    /// Only blanks stand before it on its line.
    fn is_first(&self, at: usize) -> bool {
        let before = &self.bytes[..at];
        let blanks = before.iter().rev().take_while(|it| matches!(it, b' ' | b'\t')).count();
        let rest = &before[..at - blanks];
        rest.is_empty() || rest.ends_with(b"\n") || rest == "\u{FEFF}".as_bytes()
    }

    fn string(&mut self) {
        let start = self.at;
        let quotes = self.bytes[start..].iter().take_while(|it| **it == b'"').count();
        match quotes {
            2 => self.at += 2,
            1 => self.line_string(),
            _ => self.block_string(quotes),
        }
    }

    /// An open string ends nothing: its brackets may be meant.
    fn line_string(&mut self) {
        let start = self.at;
        self.at += 1;
        while let Some(&byte) = self.bytes.get(self.at) {
            match byte {
                b'\n' => break,
                b'"' => {
                    self.at += 1;
                    return;
                }
                b'\\' if self.bytes.get(self.at + 1).is_some_and(|it| *it != b'\n') => self.at += 2,
                _ => self.at += 1,
            }
        }
        let opened = self.bytes[start..self.at].iter();
        let (mut depth, end) = (self.depth, self.at);
        for byte in opened {
            let Some(closer) = closer_of(*byte) else { continue };
            if depth == MAX_DEPTH {
                self.found.too_deep = Some(start);
                return;
            }
            self.open[depth] = closer;
            depth += 1;
        }
        (self.depth, self.at) = (depth, end);
    }

    fn block_string(&mut self, quotes: usize) {
        let start = self.at;
        self.at += quotes;
        let opened = trimmed(&self.bytes[self.at..self.line_end(self.at)]).is_empty();
        let hopeless = self.hopeless.contains(&quotes) || self.hopeless.len() > MAX_FENCES;
        let closed = if opened && !hopeless { self.closing_fence(quotes) } else { None };
        let Some(end) = closed else {
            if opened && !hopeless {
                self.hopeless.push(quotes);
            }
            self.found.open_fences.push((start, start + quotes));
            return;
        };
        self.at = end;
    }

    /// Behind the first line that holds these quotes and nothing else.
    fn closing_fence(&self, quotes: usize) -> Option<usize> {
        let mut line = self.line_end(self.at) + 1;
        while line < self.bytes.len() {
            let end = self.line_end(line);
            let content = trimmed(&self.bytes[line..end]);
            if content.len() == quotes && content.iter().all(|it| *it == b'"') {
                return Some(end);
            }
            line = end + 1;
        }
        None
    }

    fn line_end(&self, from: usize) -> usize {
        self.bytes[from..].iter().position(|it| *it == b'\n').map_or(self.bytes.len(), |it| from + it)
    }
}

fn closer_of(opener: u8) -> Option<u8> {
    match opener {
        b'{' => Some(b'}'),
        b'[' => Some(b']'),
        b'(' => Some(b')'),
        _ => None,
    }
}

fn trimmed(line: &[u8]) -> &[u8] {
    let is_blank = |it: &u8| matches!(it, b' ' | b'\t' | b'\r');
    let start = line.iter().take_while(|it| is_blank(it)).count();
    let end = line[start..].iter().rev().take_while(|it| is_blank(it)).count();
    &line[start..line.len() - end]
}
