//! String literals: escapes, margins, splices.

use super::Lower;
use super::values::broken;
use crate::base::span::{Span, Spanned};
use crate::syntax::ast::{Expr, ExprKind, Part, Text};
use crate::syntax::errors::{self, Place};
use crate::syntax::pairs::{self, Node, Rule};
use crate::syntax::scan::MAX_DEPTH;

impl Lower<'_> {
    pub(super) fn string(&mut self, node: Node<'_>) -> Text {
        let start = node.start();
        let written = &self.text[node.range()];
        if written.starts_with("\"\"\"") {
            return self.block_text(written, start);
        }
        let content = &written[1..written.len() - 1];
        let raw = self.between(start + 1, start + 1 + content.len());
        if !content.bytes().any(|it| matches!(it, b'$' | b'\\')) {
            return Text { raw, value: content.to_owned(), block: false, parts: Vec::new() };
        }
        let value = self.unescape(content, start + 1);
        let mut pieces = Pieces::default();
        self.cut(&mut pieces, content, start + 1, true);
        Text { raw, block: false, parts: pieces.finish(&value), value }
    }

    /// A text without its end.
    pub(super) fn open_text(&mut self, node: Node<'_>) -> Expr {
        let (span, start) = (self.span(node), node.start());
        let written = &self.text[node.range()];
        let quotes = &written[..written.len() - written.trim_start_matches('"').len()];
        let fence = self.between(start, start + quotes.len());
        let has_text = written[quotes.len()..].lines().next().is_some_and(|it| !it.trim().is_empty());
        let is_closed = has_text && written.ends_with("\"\"\"");
        let finding = match quotes.len() {
            0 => errors::unexpected(span, written, Place::Value),
            1 | 2 => errors::unterminated_string(span),
            _ if is_closed => errors::crooked_block(fence, shown(quotes), !written.contains('\n')),
            _ => errors::unterminated_block(fence, shown(quotes), self.lost_fence(start, written, quotes)),
        };
        if quotes.len() > 2 && !is_closed {
            self.braces.has_swallowed = true;
        }
        self.push(finding);
        broken(span)
    }

    /// Quotes that were meant to close a text but do not stand alone on their line.
    fn lost_fence(&self, start: usize, written: &str, quotes: &str) -> Option<Span> {
        let at = quotes.len() + written[quotes.len()..].find(quotes)?;
        Some(self.between(start + at, start + at + quotes.len()))
    }

    /// Works out the escapes of a string in one line; `\$` stays.
    fn unescape(&mut self, content: &str, start: usize) -> String {
        let mut value = String::with_capacity(content.len());
        let mut rest = content;
        while let Some(at) = rest.find('\\') {
            value.push_str(&rest[..at]);
            let escape: &str = first_chars(&rest[at..], 2);
            if let Some(known) = escaped(escape) {
                value.push(known);
            } else {
                value.push_str(escape);
                let place = start + content.len() - rest.len() + at;
                if escape != "\\$" {
                    self.push(errors::invalid_escape(self.between(place, place + escape.len()), escape));
                }
            }
            rest = &rest[at + escape.len()..];
        }
        value.push_str(rest);
        value
    }

    /// Text between fences: the indentation of the closing one is taken off every line.
    fn block_text(&mut self, written: &str, start: usize) -> Text {
        let first = written.find('\n').map_or(written.len(), |it| it + 1);
        let closing = written.rfind('\n').map_or(written.len(), |it| it + 1);
        let last = first.max(closing - 1);
        let content = &written[first..last];
        let margin = written[closing..].trim_end_matches('"');
        let raw = self.between(start + first, start + last);
        let mut value = String::with_capacity(content.len());
        let mut pieces = Pieces::default();
        let mut offset = start + first;
        let mut outside = None;
        for (number, line) in content.split('\n').enumerate() {
            let kept = self.line(line, margin, offset, &mut outside);
            let place = offset + offset_in(line, kept);
            if number > 0 {
                value.push('\n');
                pieces.literal.push('\n');
            }
            value.push_str(kept);
            pieces.unclosed = [false; 2];
            self.cut(&mut pieces, kept, place, false);
            offset += line.len() + 1;
        }
        if let Some(line) = outside {
            let end = start + written.len();
            let fence = &written[closing + margin.len()..];
            let candidate = self.lost_fence(start, &written[..closing], fence);
            self.push(errors::margin(line, self.between(end - fence.len(), end), candidate));
        }
        Text { raw, block: true, parts: pieces.finish(&value), value }
    }

    /// One line of a block without its margin and its carriage return; the first one that is indented less is kept
    /// in `outside`.
    fn line<'l>(&self, line: &'l str, margin: &str, offset: usize, outside: &mut Option<Span>) -> &'l str {
        let line = line.strip_suffix('\r').unwrap_or(line);
        if let Some(kept) = line.strip_prefix(margin) {
            return kept;
        }
        let text = line.trim_start_matches([' ', '\t']);
        if !text.is_empty() && outside.is_none() {
            let end = offset + line.len();
            *outside = Some(self.between(end - text.len(), end));
        }
        text
    }

    /// Cuts text at its splices.
    fn cut(&mut self, pieces: &mut Pieces, content: &str, start: usize, escapes: bool) {
        let mut at = 0;
        while let Some(next) = content[at..].find(['$', '\\']) {
            pieces.literal.push_str(&content[at..at + next]);
            at += next;
            let rest = &content[at..];
            at += if rest.starts_with('\\') {
                pieces.escape(rest, escapes)
            } else if rest.starts_with("${") && !rest.starts_with("${{") {
                self.splice(pieces, rest, start + at, escapes)
            } else {
                pieces.verbatim(rest)
            };
        }
        pieces.literal.push_str(&content[at..]);
    }

    /// `${…}`; what holds no expression is kept as it stands, for scripts have their own.
    fn splice(&mut self, pieces: &mut Pieces, rest: &str, start: usize, escapes: bool) -> usize {
        let end = rest.find('}').map_or(rest.len(), |it| it + 1);
        let written = &rest[..end];
        let inside = written[2..].strip_suffix('}');
        let part = inside.and_then(|it| self.spliced(it, start + 2)).map_or_else(
            || {
                let value = if escapes { plain(written) } else { written.to_owned() };
                Part::Opaque(Spanned::new(value, self.between(start, start + end)))
            },
            Part::Splice,
        );
        pieces.flush();
        pieces.parts.push(part);
        end
    }

    /// The expression in a splice, if it is one and means something: `${1}` is a shell's.
    fn spliced(&mut self, inside: &str, start: usize) -> Option<Expr> {
        let is_deep = inside.bytes().filter(|it| matches!(it, b'[' | b'(' | b'{')).count() > MAX_DEPTH;
        if is_deep || inside.contains('"') {
            return None;
        }
        let tree = pairs::parse(Rule::splice, inside).ok()?;
        let mut cx = Lower::new(self.file, inside, Vec::new());
        cx.base = self.base + start;
        cx.level = self.level;
        let expr = cx.value(tree.root().children().next()?);
        self.reuses |= cx.reuses;
        let means_something = cx.findings.is_empty() && !matches!(expr.kind, ExprKind::Number(_));
        means_something.then_some(expr)
    }
}

#[derive(Default)]
struct Pieces {
    parts: Vec<Part>,
    literal: String,
    /// Which of [`FRAMES`] are not closed further down the line.
    unclosed: [bool; 2],
}

/// What is literal text from one end to the other.
const FRAMES: [(&str, &str); 2] = [("${{", "}}"), ("$[[", "]]")];

impl Pieces {
    /// A backslash and what it escapes; how many bytes that is.
    fn escape(&mut self, rest: &str, escapes: bool) -> usize {
        let escape = first_chars(rest, 2);
        let known = if escapes { escaped(escape) } else { None };
        match known {
            Some(it) => self.literal.push(it),
            None if escape == "\\$" => self.literal.push('$'),
            None if escapes => self.literal.push_str(escape),
            None => {
                self.literal.push('\\');
                return 1;
            }
        }
        escape.len()
    }

    /// A dollar that starts no splice; `${{…}}` and `$[[…]]` are passed over whole.
    fn verbatim(&mut self, rest: &str) -> usize {
        let end = FRAMES.iter().enumerate().find_map(|(number, (opener, closer))| {
            let inside = rest.strip_prefix(opener).filter(|_| !self.unclosed[number])?;
            let length = inside.find(closer);
            self.unclosed[number] = length.is_none();
            Some(opener.len() + length? + closer.len())
        });
        let end = end.unwrap_or(1);
        self.literal.push_str(&rest[..end]);
        end
    }

    fn flush(&mut self) {
        if !self.literal.is_empty() {
            self.parts.push(Part::Literal(std::mem::take(&mut self.literal)));
        }
    }

    /// None where they say no more than the value does.
    fn finish(mut self, value: &str) -> Vec<Part> {
        if self.parts.is_empty() && self.literal == value {
            return Vec::new();
        }
        self.flush();
        self.parts
    }
}

fn escaped(escape: &str) -> Option<char> {
    match escape {
        "\\\"" => Some('"'),
        "\\\\" => Some('\\'),
        "\\n" => Some('\n'),
        "\\t" => Some('\t'),
        _ => None,
    }
}

/// Escapes worked out, `\$` too.
fn plain(content: &str) -> String {
    let mut pieces = Pieces::default();
    let mut at = 0;
    while let Some(next) = content[at..].find('\\') {
        pieces.literal.push_str(&content[at..at + next]);
        at += next;
        at += pieces.escape(&content[at..], true);
    }
    pieces.literal.push_str(&content[at..]);
    pieces.literal
}

/// A fence in a message: no longer than anybody writes.
fn shown(quotes: &str) -> &str {
    &quotes[..quotes.len().min(8)]
}

fn first_chars(text: &str, count: usize) -> &str {
    text.char_indices().nth(count).map_or(text, |(end, _)| &text[..end])
}

/// Where `part`, a tail of `line` or of the line without its carriage return, starts in it.
fn offset_in(line: &str, part: &str) -> usize {
    line.strip_suffix('\r').unwrap_or(line).len() - part.len()
}
