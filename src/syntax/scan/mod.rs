//! One pass over the bytes before the grammar: comments, strings, lines that go on, depth of brackets.
//!
//! The text is rewritten byte for byte, so that the grammar can be simple and no string is looked for twice:
//! - comments, tabs and carriage returns become spaces, and so do line breaks before `&&`, `||` and `else`;
//! - a string in one line holds no quote but its last one;
//! - a block of text is framed by [`BLOCK_START`] and [`BLOCK_END`];
//! - a text without its end is a run of [`OPEN`]; other control characters become [`JUNK`].

mod letters;
mod strings;

pub(super) use letters::foreign_names;

use super::ast::Comment;
use crate::base::span::{FileId, Span};

/// Deeper brackets are refused: what walks the tree recurses.
pub(super) const MAX_DEPTH: usize = 64;

const JUNK: u8 = 1;
const BLOCK_START: u8 = 2;
const BLOCK_END: u8 = 3;
const OPEN: u8 = 4;

pub(super) struct Scan {
    /// The text for the grammar.
    pub text: String,
    pub comments: Vec<Comment>,
    /// The first bracket beyond [`MAX_DEPTH`]; the scan ends there.
    pub too_deep: Option<usize>,
}

pub(super) fn scan(file: FileId, text: &str) -> Scan {
    scan_with(file, text, false)
}

/// The scan for the tolerant grammar, to which a name in column 0 closes all brackets.
pub(super) fn tolerant_scan(file: FileId, text: &str) -> Scan {
    scan_with(file, text, true)
}

fn scan_with(file: FileId, text: &str, names_close: bool) -> Scan {
    let bytes = text.as_bytes();
    let mut scanner = Scanner {
        file,
        bytes,
        out: bytes.to_vec(),
        at: 0,
        open: [0; MAX_DEPTH],
        depth: 0,
        names_close,
        hopeless: Vec::new(),
        comments: Vec::new(),
        too_deep: None,
    };
    scanner.run();
    let text = String::from_utf8(scanner.out).expect("whole characters became characters of one byte");
    Scan { text, comments: scanner.comments, too_deep: scanner.too_deep }
}

/// The places of characters that make text look other than it reads: controls of writing direction.
pub(super) fn suspicious(text: &str) -> impl Iterator<Item = (usize, char)> {
    let is_possible = text.as_bytes().contains(&0xE2);
    let searched = if is_possible { text } else { "" };
    searched.char_indices().filter(|(_, it)| matches!(it, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}'))
}

struct Scanner<'t> {
    file: FileId,
    bytes: &'t [u8],
    out: Vec<u8>,
    at: usize,
    /// The closing brackets that are awaited.
    open: [u8; MAX_DEPTH],
    depth: usize,
    /// A name in column 0 closes all brackets.
    names_close: bool,
    /// Fences of so many quotes are not closed further down.
    hopeless: Vec<usize>,
    comments: Vec<Comment>,
    too_deep: Option<usize>,
}

impl Scanner<'_> {
    fn run(&mut self) {
        loop {
            let rest = &self.bytes[self.at..];
            self.at += rest.iter().take_while(|it| PLAIN[usize::from(**it)]).count();
            let Some(&byte) = self.bytes.get(self.at) else { return };
            match byte {
                b'"' => self.string(),
                b'\n' => self.line_break(),
                b'/' if self.bytes.get(self.at + 1) == Some(&b'/') => self.comment(),
                b'{' => self.push(b'}'),
                b'[' => self.push(b']'),
                b'(' => self.push(b')'),
                b'}' | b']' | b')' => self.pop(byte),
                b'\t' | b'\r' => self.replace(b' '),
                ..b' ' => self.replace(JUNK),
                _ => self.at += 1,
            }
            if self.too_deep.is_some() {
                return;
            }
        }
    }

    fn replace(&mut self, by: u8) {
        self.out[self.at] = by;
        self.at += 1;
    }

    fn push(&mut self, closer: u8) {
        if self.depth == MAX_DEPTH {
            self.too_deep = Some(self.at);
            return;
        }
        self.open[self.depth] = closer;
        self.depth += 1;
        self.at += 1;
    }

    /// A closing bracket closes what was opened inside it too; one that nothing awaits counts nothing. So a text that
    /// does not fit has too many open brackets here, never too few.
    fn pop(&mut self, closer: u8) {
        let awaited = self.open[..self.depth].iter().rposition(|it| *it == closer);
        self.depth = awaited.unwrap_or(self.depth);
        self.at += 1;
    }

    fn comment(&mut self) {
        let start = self.at;
        let end = self.line_end(start);
        self.at = end;
        self.out[start..end].fill(b' ');
        let text = &self.bytes[start..end];
        let text = &text[..text.len() - trailing_blanks(text)];
        let marked = text.starts_with(b"///") && text.get(3) != Some(&b'/');
        let doc = marked && self.is_first(start);
        let span = Span::new(self.file, start, start + text.len());
        self.comments.push(Comment { span, doc });
    }

    /// Only blanks stand before it on its line.
    fn is_first(&self, at: usize) -> bool {
        let before = &self.bytes[..at];
        let rest = &before[..at - trailing_blanks(before)];
        rest.is_empty() || rest.ends_with(b"\n") || rest == "\u{FEFF}".as_bytes()
    }

    /// Line breaks and all blanks behind them; they are spaces if the next line goes on with this one.
    fn line_break(&mut self) {
        let start = self.at;
        while let Some(&byte) = self.bytes.get(self.at) {
            match byte {
                b'\n' | b' ' => self.at += 1,
                b'\t' | b'\r' => self.replace(b' '),
                b'/' if self.bytes.get(self.at + 1) == Some(&b'/') => self.comment(),
                _ => break,
            }
        }
        if self.goes_on() {
            self.out[start..self.at].fill(b' ');
            return;
        }
        let is_first = self.bytes[self.at - 1] == b'\n';
        if self.names_close && is_first && self.bytes.get(self.at).is_some_and(|it| is_name_start(*it)) {
            self.depth = 0;
        }
    }

    fn goes_on(&self) -> bool {
        let rest = &self.bytes[self.at..];
        match rest {
            [b'&', b'&', ..] | [b'|', b'|', ..] => true,
            [b'e', b'l', b's', b'e', rest @ ..] => match rest[leading_blanks(rest)..].first() {
                Some(b'=' | b'.' | b':') => false,
                _ => !rest.first().is_some_and(|it| is_name(*it)),
            },
            _ => false,
        }
    }

    fn line_end(&self, from: usize) -> usize {
        self.bytes[from..].iter().position(|it| *it == b'\n').map_or(self.bytes.len(), |it| from + it)
    }
}

/// The bytes that mean nothing to the scan.
const PLAIN: [bool; 256] = {
    let marks = b"\"/{[(}])";
    let mut plain = [true; 256];
    let mut at = 0;
    while at < 0x20 {
        plain[at] = false;
        at += 1;
    }
    at = 0;
    while at < marks.len() {
        plain[marks[at] as usize] = false;
        at += 1;
    }
    plain
};

fn is_name_start(byte: u8) -> bool {
    byte.is_ascii_alphabetic() || byte == b'_'
}

fn is_name_part(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

fn is_name(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_' || !byte.is_ascii()
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
