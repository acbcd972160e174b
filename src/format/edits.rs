//! What a formatted text changes, as edits between tokens: small enough to leave an editor's cursor where it is, and
//! each for itself, so that some of them can be left out.

use super::tokens::{self, Token};
use std::ops::Range;

/// Replaces bytes of the text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edit {
    /// In bytes of the text as it is written.
    pub range: Range<usize>,
    pub text: String,
}

impl Edit {
    /// The same edit of a text that has so many bytes more before it.
    pub(super) fn moved(mut self, by: usize) -> Edit {
        self.range = self.range.start + by..self.range.end + by;
        self
    }
}

/// A text and what becomes of it; both hold together and say the same. In the order of the text, and none touches another.
pub fn between(written: &str, formatted: &str) -> Vec<Edit> {
    let (Some(old), Some(new)) = (tokens::tokens(written), tokens::tokens(formatted)) else {
        return Vec::new();
    };
    let mut cx = Edits { written, formatted, done: Vec::new() };
    let mut ends = (0, 0);
    for (old, new) in tokens::said(&old).zip(tokens::said(&new)) {
        cx.gap(ends.0..old.start, ends.1..new.start);
        cx.token(old, new);
        ends = (old.end(), new.end());
    }
    cx.gap(ends.0..written.len(), ends.1..formatted.len());
    cx.done
}

struct Edits<'t> {
    written: &'t str,
    formatted: &'t str,
    done: Vec<Edit>,
}

impl Edits<'_> {
    /// What stands at the end of a line and what stands before the next token are two edits.
    fn gap(&mut self, old: Range<usize>, new: Range<usize>) {
        let first_break =
            |text: &str, range: &Range<usize>| Some(range.start + text[range.clone()].find('\n')?);
        match (first_break(self.written, &old), first_break(self.formatted, &new)) {
            (Some(at), Some(to)) => {
                self.replace(old.start..at, new.start..to);
                self.replace(at + 1..old.end, to + 1..new.end);
            }
            _ => self.replace(old, new),
        }
    }

    fn token(&mut self, old: &Token<'_>, new: &Token<'_>) {
        self.replace(old.start..old.end(), new.start..new.end());
    }

    fn replace(&mut self, old: Range<usize>, new: Range<usize>) {
        let text = &self.formatted[new];
        if self.written[old.clone()] == *text {
            return;
        }
        match self.done.last_mut() {
            Some(last) if last.range.end == old.start => {
                last.range.end = old.end;
                last.text.push_str(text);
            }
            _ => self.done.push(Edit { range: old, text: text.to_owned() }),
        }
    }
}
