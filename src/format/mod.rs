//! One style for all files. In: a file's text. Out: the same text with other blanks. Works on tokens, so that it needs
//! no healthy file: a declaration that does not hold together is left as it is, and its neighbours are formatted.
//!
//! What people decide stays: line breaks, one blank line, comments, bodies on one line. What they need not decide does
//! not: indentation, blanks around operators, columns of `=`, commas at the end of a line, which stay between arguments only.

mod commas;
mod edits;
mod layout;
mod lines;
mod tokens;

pub use edits::Edit;
use std::borrow::Cow;
use std::ops::Range;

const MARK: &str = "\u{FEFF}";

/// The formatted text; the same text where nothing is to change.
pub fn format(text: &str) -> Cow<'_, str> {
    formatted(text).text
}

/// A formatted text, and what of it was left as it is.
pub struct Formatted<'t> {
    pub text: Cow<'t, str>,
    /// The lines, from 1, at which something begins that does not hold together.
    pub broken: Vec<usize>,
}

/// The same as [`format`], with what was left.
pub fn formatted(text: &str) -> Formatted<'_> {
    let mut out = String::with_capacity(text.len() + text.len() / 8);
    let mut broken = Vec::new();
    for piece in pieces(text) {
        let written = &text[piece.range.clone()];
        if piece.formatted.is_none() && !written.trim_start_matches(MARK).trim().is_empty() {
            let start = piece.range.start + (written.len() - written.trim_start().len());
            broken.push(text[..start].bytes().filter(|it| *it == b'\n').count() + 1);
        }
        out.push_str(piece.formatted.as_deref().unwrap_or(written));
    }
    let text = if out == text { Cow::Borrowed(text) } else { Cow::Owned(out) };
    Formatted { text, broken }
}

/// The edits that bring lines into the style they have in the formatted text. Lines count from 0, the end is behind the
/// last one. Edits are in the order of the text and do not touch each other; of a block of text that reaches into the
/// lines all of it changes. All lines together give what [`format`] gives.
pub fn range(text: &str, lines: Range<usize>) -> Vec<Edit> {
    let mut found = Vec::new();
    for piece in pieces(text) {
        let Some(formatted) = &piece.formatted else { continue };
        let edits = edits::between(&text[piece.range.clone()], formatted);
        found.extend(edits.into_iter().map(|it| it.moved(piece.range.start)));
    }
    let (mut at, mut line) = (0, 0);
    found.retain(|edit| {
        let mut line_of = |to: usize| {
            line += text[at..to].bytes().filter(|it| *it == b'\n').count();
            at = to;
            line
        };
        let (first, last) = (line_of(edit.range.start), line_of(edit.range.end));
        first < lines.end && last >= lines.start
    });
    found
}

/// A part of a text, and what becomes of it. None where it does not hold together.
struct Piece {
    range: Range<usize>,
    formatted: Option<String>,
}

/// All of a text, or its declarations one by one where it does not hold together.
fn pieces(text: &str) -> Vec<Piece> {
    let start = if text.starts_with(MARK) { MARK.len() } else { 0 };
    let mark = Piece { range: 0..start, formatted: None };
    let mut rest = match pretty(&text[start..]) {
        Some(formatted) => vec![Piece { range: start..text.len(), formatted: Some(formatted) }],
        None => declarations(text, start),
    };
    if has_windows_line_ends(text) {
        for formatted in rest.iter_mut().filter_map(|it| it.formatted.as_mut()) {
            *formatted = formatted.replace('\n', "\r\n");
        }
    }
    std::iter::once(mark).chain(rest).collect()
}

/// All of them: a text that mixes them comes to `\n`, as one without any.
fn has_windows_line_ends(text: &str) -> bool {
    let mut lines = text.split_inclusive('\n').filter(|it| it.ends_with('\n')).peekable();
    lines.peek().is_some() && lines.all(|it| it.ends_with("\r\n"))
}

/// None where the text does not hold together.
fn pretty(text: &str) -> Option<String> {
    let tokens = tokens::tokens(text)?;
    let lines = lines::lines(&tokens)?;
    let formatted = layout::print(&lines);
    // Cheap insurance: whatever happens to blanks, nothing else may change.
    let again = tokens::tokens(&formatted)?;
    tokens::same(&tokens, &again).then_some(formatted)
}

/// A name in column 0 begins the next.
fn declarations(text: &str, start: usize) -> Vec<Piece> {
    let mut starts: Vec<usize> =
        std::iter::once(start).chain(tokens::first_columns(&text[start..]).map(|it| it + start)).collect();
    starts.dedup();
    starts.push(text.len());
    starts.windows(2).map(|it| declaration(text, it[0]..it[1])).collect()
}

fn declaration(text: &str, range: Range<usize>) -> Piece {
    let written = &text[range.clone()];
    // What moves to column 0 would be a declaration of its own the next time.
    let is_one = |text: &str| tokens::first_columns(text).eq([0]);
    let formatted = if is_one(written) { pretty(written).filter(|it| is_one(it)) } else { None };
    // The blank line before the next declaration stands at the end of this one.
    let gap = if has_blank_end(written) && range.end < text.len() { "\n" } else { "" };
    Piece { range, formatted: formatted.map(|it| it + gap) }
}

fn has_blank_end(text: &str) -> bool {
    let end = &text[text.trim_end().len()..];
    end.bytes().filter(|it| *it == b'\n').count() > 1
}
