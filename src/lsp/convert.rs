//! Bytes of a text and the positions of the protocol: the only place that knows UTF-16.

use super::protocol::{Position, PositionEncodingKind, Range};

/// What a position counts on its line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Encoding {
    Utf8,
    Utf16,
}

impl Encoding {
    /// Bytes if the client can: everything else has to be counted.
    pub fn negotiate(offered: &[PositionEncodingKind]) -> Encoding {
        if offered.contains(&PositionEncodingKind::UTF8) { Encoding::Utf8 } else { Encoding::Utf16 }
    }

    pub fn kind(self) -> PositionEncodingKind {
        match self {
            Encoding::Utf8 => PositionEncodingKind::UTF8,
            Encoding::Utf16 => PositionEncodingKind::UTF16,
        }
    }
}

/// A text with the offsets at which its lines start.
#[derive(Clone, Copy)]
pub struct Text<'t> {
    pub text: &'t str,
    pub lines: &'t [u32],
    pub encoding: Encoding,
}

impl Text<'_> {
    /// Offsets behind the end are the end; those inside a character its start.
    pub fn position(&self, offset: usize) -> Position {
        let mut offset = offset.min(self.text.len());
        while !self.text.is_char_boundary(offset) {
            offset -= 1;
        }
        let line = self.lines.partition_point(|start| *start as usize <= offset).saturating_sub(1);
        let before = &self.text[self.lines[line] as usize..offset];
        let character = match self.encoding {
            Encoding::Utf8 => before.len(),
            Encoding::Utf16 => before.encode_utf16().count(),
        };
        Position { line: narrow(line), character: narrow(character) }
    }

    pub fn range(&self, range: std::ops::Range<usize>) -> Range {
        Range { start: self.position(range.start), end: self.position(range.end) }
    }

    /// A position behind the end of its line is the end of the line, as the protocol says. None: there is no such line.
    pub fn offset(&self, position: Position) -> Option<usize> {
        let line = position.line as usize;
        let start = *self.lines.get(line)? as usize;
        let end = self.lines.get(line + 1).map_or(self.text.len(), |it| *it as usize);
        let text = self.text[start..end].trim_end_matches(['\n', '\r']);
        let wanted = position.character as usize;
        let mut units = 0;
        for (at, character) in text.char_indices() {
            units += match self.encoding {
                Encoding::Utf8 => character.len_utf8(),
                Encoding::Utf16 => character.len_utf16(),
            };
            if units > wanted {
                return Some(start + at);
            }
        }
        Some(start + text.len())
    }

    /// The same where a position behind the last line is the end of the text.
    pub fn clamped(&self, position: Position) -> usize {
        self.offset(position).unwrap_or(self.text.len())
    }
}

/// The offsets at which lines start.
pub fn lines(text: &str) -> Vec<u32> {
    std::iter::once(0).chain(text.match_indices('\n').map(|(at, _)| narrow(at + 1))).collect()
}

pub fn narrow(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn positions_of_both_encodings_lead_back_to_their_bytes() {
        let text = "a\u{1F600}b\r\näöü\n\nend";
        let lines = lines(text);
        for encoding in [Encoding::Utf8, Encoding::Utf16] {
            let text = Text { text, lines: &lines, encoding };
            for (at, character) in text.text.char_indices().filter(|it| !matches!(it.1, '\r' | '\n')) {
                assert_eq!(text.offset(text.position(at)), Some(at), "{character:?} in {encoding:?}");
            }
        }
    }

    #[test]
    fn positions_outside_are_the_nearest_or_none() {
        let text = Text { text: "a\u{1F600}\nb", lines: &[0, 6], encoding: Encoding::Utf16 };
        assert_eq!(text.offset(Position { line: 0, character: 99 }), Some(5));
        assert_eq!(text.offset(Position { line: 0, character: 2 }), Some(1), "inside of a pair");
        assert_eq!(text.offset(Position { line: 2, character: 0 }), None);
        assert_eq!(text.clamped(Position { line: u32::MAX, character: 0 }), 7);
        assert_eq!(text.position(99), Position { line: 1, character: 1 });
    }
}
