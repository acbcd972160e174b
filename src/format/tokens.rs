//! The tokens of a text, with what of its blanks has a meaning.

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A name, a path, a number with its unit, `.member`.
    Word,
    /// In one line, with its quotes.
    Text,
    /// Between fences, with them, over several lines.
    Block,
    Comment,
    Mark,
    /// One or more line breaks.
    Break,
}

#[derive(Clone, Copy, Debug)]
pub struct Token<'t> {
    pub kind: Kind,
    /// Where it begins in the text, in bytes.
    pub start: usize,
    pub text: &'t str,
    /// A blank stands before it.
    pub spaced: bool,
    /// Of a break: a line without text lies in it.
    pub blank: bool,
}

/// None where something is no token, or a text has no end.
pub fn tokens(text: &str) -> Option<Vec<Token<'_>>> {
    let mut reader = Reader { text, at: 0, found: Vec::with_capacity(text.len() / 4) };
    while reader.next()? {}
    Some(reader.found)
}

impl Token<'_> {
    pub fn end(&self) -> usize {
        self.start + self.text.len()
    }
}

/// The tokens that say something: no line breaks and no commas.
pub fn said<'s, 't>(tokens: &'s [Token<'t>]) -> impl Iterator<Item = &'s Token<'t>> {
    tokens.iter().filter(|it| it.kind != Kind::Break && it.text != ",")
}

/// Whether both say the same: blanks, line breaks and commas apart, and the margin of blocks of text.
pub fn same(left: &[Token<'_>], right: &[Token<'_>]) -> bool {
    let (mut left, mut right) = (said(left), said(right));
    loop {
        match (left.next(), right.next()) {
            (None, None) => return true,
            (Some(a), Some(b)) if is_equal(a, b) => {}
            _ => return false,
        }
    }
}

fn is_equal(left: &Token<'_>, right: &Token<'_>) -> bool {
    match left.kind {
        Kind::Block => block(left.text).is_some_and(|it| Some(it) == block(right.text)),
        Kind::Comment => left.text.trim_end() == right.text.trim_end(),
        Kind::Word | Kind::Text | Kind::Mark | Kind::Break => left.text == right.text,
    }
}

/// The fence of a block of text, and its lines without their margin. None where a line is left of the margin.
pub fn block(text: &str) -> Option<(&str, Vec<&str>)> {
    let fence = &text[..text.bytes().take_while(|it| *it == b'"').count()];
    let mut lines: Vec<&str> = text.lines().skip(1).collect();
    let last = lines.pop()?;
    let margin = &last[..last.len() - last.trim_start().len()];
    let inner = lines.into_iter().map(|line| match line.strip_prefix(margin) {
        Some(inner) => Some(inner),
        None if line.trim().is_empty() => Some(""),
        None => None,
    });
    Some((fence, inner.collect::<Option<Vec<&str>>>()?))
}

/// Where lines begin with a name, or with a comment above one.
pub fn first_columns(text: &str) -> impl Iterator<Item = usize> {
    let mut at = 0;
    let mut in_comments = false;
    text.split_inclusive('\n').filter_map(move |line| {
        let start = at;
        at += line.len();
        let is_comment = line.starts_with("//");
        let is_name = line.starts_with(|it: char| it.is_ascii_alphabetic() || it == '_');
        let begins = (is_comment || is_name) && !in_comments;
        in_comments = is_comment;
        begins.then_some(start)
    })
}

const MARKS: &[&str] = &[
    "==", "!=", "<=", ">=", "&&", "||", "..", "=", "<", ">", "+", "-", "*", "!", ",", ":", "{", "}", "[",
    "]", "(", ")",
];

struct Reader<'t> {
    text: &'t str,
    at: usize,
    found: Vec<Token<'t>>,
}

impl Reader<'_> {
    /// Some(false) at the end.
    fn next(&mut self) -> Option<bool> {
        let start = self.at;
        let rest = &self.text.as_bytes()[start..];
        let blanks = rest.iter().take_while(|it| matches!(**it, b' ' | b'\t' | b'\r')).count();
        self.at += blanks;
        let Some(&byte) = rest.get(blanks) else { return Some(false) };
        let spaced = blanks > 0;
        if byte == b'\n' {
            self.line_break();
            return Some(true);
        }
        let rest = &self.text[self.at..];
        let (kind, length) = match byte {
            b'/' if rest.starts_with("//") => (Kind::Comment, rest.find('\n').unwrap_or(rest.len())),
            b'"' => text_length(rest)?,
            b'a'..=b'z' | b'A'..=b'Z' | b'_' => (Kind::Word, path_length(rest)),
            b'0'..=b'9' => (Kind::Word, number_length(rest)),
            b'-' if self.is_sign(rest, spaced) => (Kind::Word, 1 + number_length(&rest[1..])),
            b'.' if is_name_start(rest.as_bytes().get(1)) => (Kind::Word, 1 + path_length(&rest[1..])),
            _ => (Kind::Mark, MARKS.iter().find(|it| rest.starts_with(**it))?.len()),
        };
        self.push(kind, length, spaced);
        Some(true)
    }

    fn push(&mut self, kind: Kind, length: usize, spaced: bool) {
        let text = &self.text[self.at..self.at + length];
        self.found.push(Token { kind, start: self.at, text, spaced, blank: false });
        self.at += length;
    }

    fn line_break(&mut self) {
        let rest = &self.text[self.at..];
        let length = rest.len() - rest.trim_start_matches([' ', '\t', '\r', '\n']).len();
        let lines = rest[..length].bytes().filter(|it| *it == b'\n').count();
        self.push(Kind::Break, length, false);
        if let Some(last) = self.found.last_mut() {
            last.blank = lines > 1;
        }
    }

    /// A minus that belongs to a number: no operand stands before it, or it leans on the number only.
    fn is_sign(&self, rest: &str, spaced: bool) -> bool {
        if !rest.as_bytes().get(1).is_some_and(u8::is_ascii_digit) {
            return false;
        }
        let before = self.found.last();
        let is_operand = before.is_some_and(|it| match it.kind {
            Kind::Word => !matches!(it.text, "in" | "then" | "else" | "if"),
            Kind::Text | Kind::Block => true,
            Kind::Mark => matches!(it.text, ")" | "]"),
            Kind::Comment | Kind::Break => false,
        });
        !is_operand || spaced
    }
}

fn is_name_start(byte: Option<&u8>) -> bool {
    byte.is_some_and(|it| it.is_ascii_alphabetic() || *it == b'_')
}

fn is_name(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

/// `a.b.c`; two dots are a range.
fn path_length(text: &str) -> usize {
    let bytes = text.as_bytes();
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        let is_dot = byte == b'.' && bytes.get(at + 1) != Some(&b'.');
        if !is_name(byte) && !is_dot {
            break;
        }
        at += 1;
    }
    at
}

fn number_length(text: &str) -> usize {
    let bytes = text.as_bytes();
    let digits = |from: usize| bytes[from..].iter().take_while(|it| it.is_ascii_digit()).count();
    let mut at = digits(0);
    if bytes.get(at) == Some(&b'.') && bytes.get(at + 1).is_some_and(u8::is_ascii_digit) {
        at += 1 + digits(at + 1);
    }
    let signed = matches!(bytes.get(at), Some(b'e' | b'E'))
        && matches!(bytes.get(at + 1), Some(b'+' | b'-'))
        && bytes.get(at + 2).is_some_and(u8::is_ascii_digit);
    if signed {
        at += 2 + digits(at + 2);
    }
    match bytes.get(at) {
        Some(b'%') => at + 1,
        _ => at + bytes[at..].iter().take_while(|it| is_name(**it)).count(),
    }
}

fn text_length(text: &str) -> Option<(Kind, usize)> {
    let quotes = text.bytes().take_while(|it| *it == b'"').count();
    match quotes {
        1 => Some((Kind::Text, line_text_length(text)?)),
        2 => Some((Kind::Text, 2)),
        _ => Some((Kind::Block, block_length(text, quotes)?)),
    }
}

fn line_text_length(text: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    let mut at = 1;
    loop {
        match bytes.get(at)? {
            b'\n' => return None,
            b'"' => return Some(at + 1),
            b'\\' if matches!(bytes.get(at + 1), Some(b'"' | b'\\')) => at += 2,
            _ => at += 1,
        }
    }
}

/// To a line that holds the same fence and nothing else. Text behind the opening fence is a mistake.
fn block_length(text: &str, quotes: usize) -> Option<usize> {
    let mut lines = text.split_inclusive('\n');
    let first = lines.next()?;
    if !first[quotes..].trim().is_empty() {
        return None;
    }
    let mut at = first.len();
    for line in lines {
        let inner = line.trim();
        if inner.len() == quotes && inner.bytes().all(|it| it == b'"') {
            return Some(at + line.trim_end().len());
        }
        at += line.len();
    }
    None
}
