//! Where parts of a string's value stand in the string.

use super::text::{line_end, string_end};
use super::within;
use crate::base::sources::Sources;
use crate::base::span::Span;
use std::ops::Range;

/// A part of a text, by its bytes, in the string inside of a span that stands for this text; and whether the string takes
/// escapes.
pub fn in_string(sources: &Sources, inside: Span, value: &str, part: Range<usize>) -> Option<(Span, bool)> {
    let text = &sources.get(inside.file).text;
    let mut at = inside.start as usize;
    while at < inside.end as usize {
        let rest = &text[at..inside.end as usize];
        let (quote, comment) = (rest.find('"')?, rest.find("//").unwrap_or(rest.len()));
        if comment < quote {
            at = line_end(text, at + comment);
            continue;
        }
        let start = at + quote;
        let end = string_end(text, start)?;
        let is_block = text[start..end].starts_with("\"\"\"");
        let places = if is_block { of_block(text, start, end) } else { of_line(&text[start..end], start) };
        if places.iter().map(|it| it.1).eq(value.bytes()) {
            let (first, last) = (places.get(part.start)?, places.get(part.end.checked_sub(1)?)?);
            return Some((within(inside, first.0, last.0 + last.2), !is_block));
        }
        at = end;
    }
    None
}

/// Each byte of a value: where it stands, what it is, and how many bytes stand for it.
type Places = Vec<(usize, u8, usize)>;

/// `"…"`, its quotes included.
fn of_line(written: &str, start: usize) -> Places {
    let bytes = written.as_bytes();
    let (mut at, mut found) = (1, Places::new());
    while at + 1 < bytes.len() {
        let escaped = match (bytes[at], bytes[at + 1]) {
            (b'\\', b'n') => Some(b'\n'),
            (b'\\', b't') => Some(b'\t'),
            (b'\\', other @ (b'"' | b'\\')) => Some(other),
            _ => None,
        };
        let length = 1 + usize::from(escaped.is_some());
        found.push((start + at, escaped.unwrap_or(bytes[at]), length));
        at += length;
    }
    found
}

/// Between fences: whole lines, without the margin of the last one and without the last break.
fn of_block(text: &str, start: usize, end: usize) -> Places {
    let first = line_end(text, start) + 1;
    let last = text[..end].rfind('\n').map_or(first, |it| it + 1);
    let margin = text[last..end].len() - text[last..end].trim_start().len();
    let (mut at, mut found) = (first, Places::new());
    while at < last {
        let stop = line_end(text, at);
        let line = text[at..stop].strip_suffix('\r').unwrap_or(&text[at..stop]);
        let blank = (line.len() - line.trim_start().len()).min(margin);
        let begin = at + if line.trim().is_empty() { line.len() } else { blank };
        found.extend(
            text[begin..at + line.len()].bytes().enumerate().map(|(index, it)| (begin + index, it, 1)),
        );
        found.push((stop, b'\n', 1));
        at = stop + 1;
    }
    found.pop();
    found
}

#[cfg(test)]
mod tests {
    use super::in_string;
    use crate::base::sources::Sources;
    use crate::base::span::Span;

    fn found(text: &str, value: &str, part: &str) -> Option<(String, u32, bool)> {
        let mut sources = Sources::default();
        let file = sources.add("main.mlops".into(), text.into());
        let at = value.rfind(part).expect("it is a part");
        let (span, escaped) =
            in_string(&sources, Span::new(file, 0, text.len()), value, at..at + part.len())?;
        Some((sources.slice(span).to_owned(), span.start, escaped))
    }

    #[test]
    fn a_part_is_found_in_its_string() {
        let text = "run \"other b\" // \"a\n\nrun \"a \\\"b\\\" b\" { env { B = \"b\" } }";
        assert_eq!(found(text, "a \"b\" b", "b\" b"), Some(("b\\\" b".to_owned(), 30, true)));
        assert_eq!(found(text, "b", "b"), Some(("b".to_owned(), 50, true)));
        assert_eq!(found(text, "c", "c"), None);
    }

    #[test]
    fn a_block_has_a_margin() {
        let text = "run \"\"\"\n  a\n\n    b a\n  \"\"\"\n";
        assert_eq!(found(text, "a\n\n  b a", "a"), Some(("a".to_owned(), 19, false)));
        let windows = text.replace('\n', "\r\n");
        assert_eq!(found(&windows, "a\n\n  b a", "a"), Some(("a".to_owned(), 22, false)));
    }
}
