//! The part of a source that a report shows, found through the line index: miette's own search starts at the file's
//! beginning for every finding.

use crate::base::sources::Source;
use miette::{MietteError, MietteSpanContents, SourceCode, SourceSpan, SpanContents};
use std::borrow::Cow;
use std::ops::{Range, RangeInclusive};

/// Longer excerpts are cut down to the place itself, in bytes.
const LONGEST: usize = 2_000;
/// What stays around a place in a very long line, in bytes.
const BEFORE: usize = 60;
const BEHIND: usize = 120;
/// A label over more lines is cut to its first one.
const MOST_LINES: usize = 4;
const LONGEST_LABEL: usize = 300;

/// A source as it may be printed.
pub struct Excerpt<'a> {
    source: &'a Source,
    path: String,
    /// As long as the source's own text, byte for byte in the same places.
    text: Cow<'a, str>,
}

impl<'a> Excerpt<'a> {
    pub fn new(source: &'a Source, prefix: &str) -> Self {
        let path = printable(&format!("{prefix}{}", source.path)).into_owned();
        Excerpt { source, path, text: printable(&source.text) }
    }

    /// Where a label for `range` is drawn: on at least one character, on few lines, never on a line's end alone.
    pub fn label(&self, range: Range<usize>) -> Range<usize> {
        let text: &str = &self.text;
        let start = floor(text, range.start);
        let mut end = floor(text, range.end.max(start));
        if start == text.len() {
            let last = text.trim_end().char_indices().next_back();
            return last.map_or(0..0, |(at, letter)| at..at + letter.len_utf8());
        }
        let (first, last) = (self.source.line_of(start), self.source.line_of(end));
        if last - first >= MOST_LINES {
            end = self.line(first).end.max(start);
        }
        if end == start {
            let next = text[start..].chars().next().filter(|letter| !matches!(letter, '\n' | '\r'));
            end += next.map_or(0, char::len_utf8);
        }
        start..floor(text, end.min(start + LONGEST_LABEL))
    }

    /// The lines (from 0) that the label for `range` touches.
    pub fn lines(&self, range: Range<usize>) -> RangeInclusive<usize> {
        let label = self.label(range);
        self.source.line_of(label.start)..=self.source.line_of(label.end)
    }

    /// The bytes of the line without its end.
    fn line(&self, line: usize) -> Range<usize> {
        let lines = self.source.lines();
        let start = lines[line] as usize;
        let end = lines.get(line + 1).map_or(self.text.len(), |next| *next as usize);
        let text = self.text[start..end].trim_end_matches(['\n', '\r']);
        start..start + text.len()
    }

    fn window(&self, place: Range<usize>, before: usize, behind: usize) -> Range<usize> {
        let (first, last) = (self.source.line_of(place.start), self.source.line_of(place.end));
        let top = first.saturating_sub(before);
        let bottom = (last + behind).min(self.source.lines().len() - 1);
        let whole = self.line(top).start..self.line(bottom).end;
        if whole.len() <= LONGEST {
            return whole;
        }
        let start = place.start.saturating_sub(BEFORE).max(self.line(first).start);
        let end = (place.end + BEHIND).min(self.line(last).end).max(place.end);
        floor(&self.text, start)..floor(&self.text, end)
    }
}

impl SourceCode for Excerpt<'_> {
    fn read_span<'a>(
        &'a self,
        span: &SourceSpan,
        context_lines_before: usize,
        context_lines_after: usize,
    ) -> Result<Box<dyn SpanContents<'a> + 'a>, MietteError> {
        let place = span.offset()..span.offset() + span.len();
        // Refusing a long span keeps miette from joining labels that stand far apart.
        if place.end > self.text.len() || place.len() > LONGEST {
            return Err(MietteError::OutOfBounds);
        }
        let window = self.window(place.clone(), context_lines_before, context_lines_after);
        let line = self.source.line_of(window.start);
        let asked_for_position = context_lines_before == 0 && context_lines_after == 0;
        let (line, column) = if asked_for_position {
            let position = self.source.position(place.start);
            (position.line - 1, position.column - 1)
        } else {
            (line, 0)
        };
        let data = self.text[window.clone()].as_bytes();
        let lines = self.source.line_of(window.end) - self.source.line_of(window.start) + 1;
        let span = SourceSpan::new(window.start.into(), window.len());
        let contents = MietteSpanContents::new_named(self.path.clone(), data, span, line, column, lines);
        Ok(Box::new(contents))
    }
}

fn floor(text: &str, at: usize) -> usize {
    text.floor_char_boundary(at.min(text.len()))
}

/// The text without characters that steer a terminal or turn the reading direction; each is replaced by one of the
/// same length.
pub fn printable(text: &str) -> Cow<'_, str> {
    // Of most texts the bytes tell that there is none; looking at characters takes several times as long.
    if !text.bytes().any(may_steer) || !text.chars().any(steers) {
        return Cow::Borrowed(text);
    }
    let safe = |letter: char| match letter {
        _ if !steers(letter) => letter,
        _ if letter.len_utf8() == 1 => '?',
        _ if letter.len_utf8() == 2 => '·',
        _ => char::REPLACEMENT_CHARACTER,
    };
    Cow::Owned(text.chars().map(safe).collect())
}

/// Begins a character that steers, or is one.
fn may_steer(byte: u8) -> bool {
    (byte < b' ' && !matches!(byte, b'\n' | b'\r' | b'\t')) || matches!(byte, 0x7F | 0xC2 | 0xE2)
}

fn steers(letter: char) -> bool {
    let turns = matches!(letter, '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}');
    let ends_a_line = matches!(letter, '\n' | '\r' | '\t');
    turns || (letter.is_control() && !ends_a_line)
}

#[cfg(test)]
mod tests {
    use super::{may_steer, steers};

    #[test]
    fn the_bytes_miss_nothing() {
        for letter in (0..=u32::from(char::MAX)).filter_map(char::from_u32).filter(|it| steers(*it)) {
            let mut bytes = [0; 4];
            assert!(letter.encode_utf8(&mut bytes).bytes().any(may_steer), "{letter:?}");
        }
    }
}
