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
    /// Quotes of `"""` blocks that do not fit.
    masks: Vec<Mask>,
}

/// Quotes that the tolerant grammar sees as another character, so that it need not look for their end again.
struct Mask {
    start: usize,
    end: usize,
    by: u8,
}

/// The fence of a block that is never closed.
const OPEN: u8 = 1;
/// A fence of a block whose text starts on the line of its opening fence.
const CROOKED: u8 = 2;

impl Scan {
    /// The text as the tolerant grammar wants it.
    pub fn masked(&self, text: &str) -> String {
        let mut bytes = text.as_bytes().to_vec();
        for mask in &self.masks {
            bytes[mask.start..mask.end].fill(mask.by);
        }
        String::from_utf8(bytes).expect("quotes became other characters of one byte")
    }
}

/// The places of characters that make text look other than it reads: controls of writing direction.
pub(super) fn suspicious(text: &str) -> impl Iterator<Item = (usize, char)> {
    let is_possible = text.as_bytes().contains(&0xE2);
    let searched = if is_possible { text } else { "" };
    searched.char_indices().filter(|(_, it)| matches!(it, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}'))
}

pub(super) fn scan(file: FileId, text: &str) -> Scan {
    let found = Scan { comments: Vec::new(), too_deep: None, masks: Vec::new() };
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
        let rest = &before[..at - trailing_blanks(before)];
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
        if !self.ends_line(self.at) {
            return self.crooked_block(start, quotes);
        }
        let hopeless = self.hopeless.contains(&quotes) || self.hopeless.len() > MAX_FENCES;
        match if hopeless { None } else { self.closing_fence(quotes) } {
            Some(end) => self.at = end,
            None => {
                self.mask(start, quotes, OPEN);
                self.hopeless.extend((!hopeless).then_some(quotes));
            }
        }
    }

    /// A block with text behind its opening fence ends at the next fence on that line, or where that line would end one.
    fn crooked_block(&mut self, start: usize, quotes: usize) {
        let Some(next) = find(self.bytes, self.at, b"\"\"\"") else { return self.mask(start, quotes, OPEN) };
        let length = self.bytes[next..].iter().take_while(|it| **it == b'"').count();
        let between = &self.bytes[start..next];
        let is_one_line = !between.contains(&b'\n');
        let is_first = between[..between.len() - trailing_blanks(between)].ends_with(b"\n");
        if !is_one_line && !(is_first && length == quotes && self.ends_line(next + length)) {
            return self.mask(start, quotes, OPEN);
        }
        self.mask(start, quotes, CROOKED);
        self.mask(next, length, CROOKED);
        self.at = next + length;
    }

    fn mask(&mut self, start: usize, quotes: usize, by: u8) {
        self.found.masks.push(Mask { start, end: start + quotes, by });
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

    /// Only blanks follow on the line.
    fn ends_line(&self, at: usize) -> bool {
        let rest = &self.bytes[at..];
        matches!(rest.get(leading_blanks(rest)), None | Some(b'\n'))
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
    let line = &line[leading_blanks(line)..];
    &line[..line.len() - trailing_blanks(line)]
}

fn leading_blanks(bytes: &[u8]) -> usize {
    bytes.iter().take_while(|it| is_blank(**it)).count()
}

fn trailing_blanks(bytes: &[u8]) -> usize {
    bytes.iter().rev().take_while(|it| is_blank(**it)).count()
}

fn is_blank(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\r')
}

fn find(bytes: &[u8], from: usize, what: &[u8]) -> Option<usize> {
    bytes[from..].windows(what.len()).position(|it| it == what).map(|it| from + it)
}
