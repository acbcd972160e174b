//! What is being written at a place. The text decides, not only the tree: what is written is not whole yet.

use crate::lsp::document::Document;
use crate::lsp::place::Place;
use crate::lsp::rows::Row;
use crate::syntax::ast::Statement;
use std::ops::Range;

/// The statement so far, and where it stands.
pub struct Context<'d> {
    pub document: &'d Document,
    pub place: Place<'d>,
    pub offset: usize,
    /// The row of the body around the statement.
    pub row: Row,
    pub writing: Writing,
    /// The bytes that a choice takes the place of.
    pub partial: Range<usize>,
}

#[derive(Debug, PartialEq, Eq)]
pub enum Writing {
    /// The first word.
    Word,
    /// What stands behind `key =`.
    Value {
        key: String,
    },
    /// The argument of a block, by its word and the arguments before it.
    Argument {
        word: String,
        before: Vec<String>,
    },
    /// In quotes: of a value or an argument, and the text before the cursor.
    Text {
        inside: Box<Writing>,
        before: String,
    },
    Nothing,
}

impl<'d> Context<'d> {
    pub fn at(document: &'d Document, offset: usize) -> Option<Context<'d>> {
        let place = Place::at(document, offset)?;
        let text = &document.text[..offset];
        let scan = Scan::of(text, document.lines.as_slice());
        let (writing, start) = scan.writing(text);
        // A value that goes on over lines is known to the tree alone.
        let writing = match (&writing, place.around.last()) {
            (Writing::Word, Some((Statement::Attribute(it), _)))
                if it.value.span.start < place.offset && !scan.begins_line(text) =>
            {
                Writing::Value { key: it.key.value.clone() }
            }
            _ => writing,
        };
        let row = row_of(&place);
        Some(Context { document, place, offset, row, writing, partial: start..offset })
    }

    /// What is written of the word so far.
    pub fn written(&self) -> &'d str {
        &self.document.text[self.partial.clone()]
    }
}

/// The body around the innermost statement, also where that is what is being written.
fn row_of(place: &Place<'_>) -> Row {
    match place.around.last() {
        Some((statement, row)) if statement.bodies().next().is_none() || !is_inside(place, statement) => *row,
        _ => place.row,
    }
}

fn is_inside(place: &Place<'_>, statement: &Statement) -> bool {
    statement.bodies().any(|it| it.span.start < place.offset && place.offset <= it.span.end)
        && matches!(place.spot, crate::lsp::place::Spot::Blank)
}

/// The line before the cursor, read from the last place at which a statement may begin.
struct Scan {
    /// Where the statement begins.
    start: usize,
    /// Where the string begins in which the cursor stands: behind its quote.
    quote: Option<usize>,
    is_comment: bool,
    /// Lists that are open on the line.
    open: usize,
}

impl Scan {
    fn of(text: &str, lines: &[u32]) -> Scan {
        let line = lines.partition_point(|it| *it as usize <= text.len()).saturating_sub(1);
        let first = lines.get(line).map_or(0, |it| *it as usize);
        let mut scan = Scan { start: first, quote: None, is_comment: false, open: 0 };
        let bytes = text.as_bytes();
        let mut at = first;
        while at < bytes.len() {
            match (bytes[at], scan.quote) {
                (b'\\', Some(_)) => at += 1,
                (b'"', Some(_)) => scan.quote = None,
                (b'"', None) => scan.quote = Some(at + 1),
                (b'/', None) if bytes.get(at + 1) == Some(&b'/') => {
                    scan.is_comment = true;
                    return scan;
                }
                (b'[' | b'(', None) => scan.open += 1,
                (b']' | b')', None) => scan.open = scan.open.saturating_sub(1),
                (b'{' | b'}', None) => (scan.start, scan.open) = (at + 1, 0),
                (b',', None) if scan.open == 0 => scan.start = at + 1,
                _ => {}
            }
            at += 1;
        }
        scan
    }

    fn begins_line(&self, text: &str) -> bool {
        let said = text[self.start..].trim_start();
        said.split_whitespace().count() > 1 || said.ends_with(' ')
    }

    /// What is being written, and where its last word begins.
    fn writing(&self, text: &str) -> (Writing, usize) {
        if self.is_comment {
            return (Writing::Nothing, text.len());
        }
        let end = self.quote.map_or(text.len(), |it| it - 1);
        let said = text[self.start..end].trim_start();
        let word_start = match self.quote {
            Some(quote) => quote,
            None => text.len() - trailing_name(&text[self.start..]).len(),
        };
        let outer = match assigned(said) {
            Some(key) => Writing::Value { key },
            None => {
                let before =
                    if self.quote.is_some() { said } else { &said[..said.len() - trailing_name(said).len()] };
                let mut words = before.split_whitespace().map(str::to_owned);
                match words.next() {
                    Some(word) => Writing::Argument { word, before: words.collect() },
                    None => Writing::Word,
                }
            }
        };
        match self.quote {
            None => (outer, word_start),
            Some(quote) => {
                (Writing::Text { inside: Box::new(outer), before: text[quote..].to_owned() }, word_start)
            }
        }
    }
}

/// The key of `key = …` or `param x: string = …`.
fn assigned(said: &str) -> Option<String> {
    let at = said.find('=').filter(|at| !said[at + 1..].starts_with('='))?;
    let head = said[..at].trim();
    let key = head.split_whitespace().next()?;
    Some(key.to_owned())
}

/// The name or path at the end.
pub fn trailing_name(text: &str) -> &str {
    let is_part = |it: char| it.is_alphanumeric() || matches!(it, '_' | '.');
    let start = text
        .rfind(|it| !is_part(it))
        .map_or(0, |at| at + text[at..].chars().next().map_or(1, char::len_utf8));
    &text[start..]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn writing(text: &str) -> (Writing, String) {
        let lines = crate::lsp::convert::lines(text);
        let (writing, start) = Scan::of(text, &lines).writing(text);
        (writing, text[start..].to_owned())
    }

    #[test]
    fn the_text_before_the_cursor_says_what_is_written() {
        let value = |key: &str| Writing::Value { key: key.to_owned() };
        assert_eq!(writing("pipeline x {\n  tri"), (Writing::Word, "tri".to_owned()));
        assert_eq!(writing("a { b = c, po"), (Writing::Word, "po".to_owned()));
        assert_eq!(writing("  pool = li"), (value("pool"), "li".to_owned()));
        assert_eq!(writing("  variables = [a, b"), (value("variables"), "b".to_owned()));
        assert_eq!(writing("  when = params.x == fo"), (value("when"), "fo".to_owned()));
        let (found, partial) = writing("  deploy a");
        assert_eq!(found, Writing::Argument { word: "deploy".to_owned(), before: Vec::new() });
        assert_eq!(partial, "a");
        let (found, partial) = writing("  text = \"run ${pa");
        assert_eq!(found, Writing::Text { inside: Box::new(value("text")), before: "run ${pa".to_owned() });
        assert_eq!(partial, "run ${pa");
        assert_eq!(writing("  pool = x // li").0, Writing::Nothing);
    }
}
