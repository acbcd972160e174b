//! Where strings end.

use super::{BLOCK_END, BLOCK_START, OPEN, Scanner, is_name, leading_blanks, trailing_blanks};

/// After so many lengths of fences that are never closed, no more are looked for.
const MAX_FENCES: usize = 8;

impl Scanner<'_> {
    pub(super) fn string(&mut self) {
        let start = self.at;
        let quotes = self.quotes(start);
        match quotes {
            1 => self.line_string(),
            2 => self.at += 2,
            _ if self.ends_line(start + quotes) => self.block_string(start, quotes),
            _ => self.crooked_block(start, quotes),
        }
    }

    fn line_string(&mut self) {
        let start = self.at;
        let mut at = start + 1;
        while let Some(&byte) = self.bytes.get(at) {
            match byte {
                b'\n' => break,
                b'"' => {
                    self.at = at + 1;
                    return;
                }
                b'\\' if self.bytes.get(at + 1) == Some(&b'"') => {
                    self.out[at + 1] = b' ';
                    at += 2;
                }
                b'\\' if self.bytes.get(at + 1) == Some(&b'\\') => at += 2,
                _ => at += 1,
            }
        }
        self.open_text(start, start + 1 + meant(&self.bytes[start + 1..at]));
    }

    fn open_text(&mut self, start: usize, end: usize) {
        self.out[start..end].fill(OPEN);
        self.at = end;
    }

    /// A block whose text begins on the line below.
    fn block_string(&mut self, start: usize, quotes: usize) {
        let is_hopeless = self.hopeless.contains(&quotes) || self.hopeless.len() > MAX_FENCES;
        if is_hopeless {
            return self.unclosed_block(start);
        }
        let Some(end) = self.closing_fence(start, quotes) else {
            self.hopeless.push(quotes);
            return self.unclosed_block(start);
        };
        let inside = self.out[start + 1..end - 1].iter_mut();
        inside.filter(|it| **it == BLOCK_END).for_each(|it| *it = b' ');
        self.out[start] = BLOCK_START;
        self.out[end - 1] = BLOCK_END;
        self.at = end;
    }

    /// Behind the first line that holds these quotes and nothing else.
    fn closing_fence(&self, start: usize, quotes: usize) -> Option<usize> {
        let mut line = self.line_end(start) + 1;
        while line < self.bytes.len() {
            let first = line + leading_blanks(&self.bytes[line..]);
            if self.quotes(first) == quotes && self.ends_line(first + quotes) {
                return Some(first + quotes);
            }
            line = self.line_end(first) + 1;
        }
        None
    }

    /// What is swallowed by a block without its end: all to the next name or brace in column 0.
    fn unclosed_block(&mut self, start: usize) {
        let mut end = self.line_end(start);
        while let Some(&next) = self.bytes.get(end + 1) {
            if next == b'}' || is_name(next) {
                break;
            }
            end = self.line_end(end + 1);
        }
        let text = &self.bytes[start..end];
        self.open_text(start, end - text.iter().rev().take_while(|it| it.is_ascii_whitespace()).count());
    }

    /// A block with text behind its opening fence ends at the next fence on that line, or at a line below that ends one;
    /// else it is a line with three quotes too many.
    fn crooked_block(&mut self, start: usize, quotes: usize) {
        let Some(next) = find(self.bytes, start + quotes, b"\"\"\"") else {
            return self.unclosed_line(start);
        };
        let length = self.quotes(next);
        let between = &self.bytes[start..next];
        let is_one_line = !between.contains(&b'\n');
        let is_first = between[..between.len() - trailing_blanks(between)].ends_with(b"\n");
        // What opens a text has a blank before it.
        let is_attached = !between.ends_with(b" ") && length == quotes;
        let is_closed =
            is_one_line || ((is_first || is_attached) && length == quotes && self.ends_line(next + length));
        if is_closed { self.open_text(start, next + length) } else { self.unclosed_line(start) }
    }

    fn unclosed_line(&mut self, start: usize) {
        let end = self.line_end(start);
        self.open_text(start, end - trailing_blanks(&self.bytes[start..end]));
    }

    fn quotes(&self, at: usize) -> usize {
        self.bytes[at..].iter().take_while(|it| **it == b'"').count()
    }

    /// Only blanks follow on the line.
    fn ends_line(&self, at: usize) -> bool {
        let rest = &self.bytes[at..];
        matches!(rest.get(leading_blanks(rest)), None | Some(b'\n'))
    }
}

/// How much of a line belongs to a string without its end: closing brackets, a comma and a brace that end the line are
/// likely meant as what they are, other than brackets that close what the string itself opens.
fn meant(line: &[u8]) -> usize {
    let without = |line: &[u8], what: &[u8]| {
        let line = &line[..line.len() - trailing_blanks(line)];
        line.len() - usize::from(line.last().is_some_and(|it| what.contains(it)))
    };
    let mut end = without(line, b",");
    end = without(&line[..end], b"{");
    for _ in 0..4 {
        let before = without(&line[..end], b"}])");
        if before < end && opens_more(&line[..before]) {
            break;
        }
        end = before;
    }
    end - trailing_blanks(&line[..end])
}

/// Whether a brace stays open.
fn opens_more(text: &[u8]) -> bool {
    let depth = text.iter().fold(0_usize, |depth, byte| match byte {
        b'{' => depth + 1,
        b'}' => depth.saturating_sub(1),
        _ => depth,
    });
    depth > 0
}

fn find(bytes: &[u8], from: usize, what: &[u8]) -> Option<usize> {
    bytes[from..].windows(what.len()).position(|it| it == what).map(|it| from + it)
}
