//! Where something is written, seen without its tree.

use super::text::{line_end, matching_brace, string_end};
use super::{body, within};
use crate::base::sources::Sources;
use crate::base::span::Span;

/// The value of an attribute that stands in the block with this head itself, not in one inside of it.
pub fn value(sources: &Sources, head: Span, key: &str) -> Option<Span> {
    let text = &sources.get(head.file).text;
    let open = body(text, head.end as usize)?;
    let close = matching_brace(text, open)?;
    let mut at = open + 1;
    while at < close {
        let end = statement_end(text, at, close);
        let (written, value) = text[at..end].split_once('=').unwrap_or_default();
        if written.trim() == key && !value.starts_with('=') {
            let start = end - value.trim_start().len();
            return Some(within(head, start, start + value.trim().len()));
        }
        at = if text[end..].starts_with("//") { line_end(text, end) } else { end + 1 };
    }
    None
}

/// The whole declaration of a name inside of a body, such as `output x: bool`: the word stands before the name.
pub fn declaration(sources: &Sources, ident: Span) -> Span {
    let text = &sources.get(ident.file).text;
    let before = text[..ident.start as usize].trim_end_matches([' ', '\t']);
    let start = before.trim_end_matches(|it: char| it.is_ascii_lowercase() || it == '_').len();
    let end = statement_end(text, ident.end as usize, text.len());
    within(ident, start, start + text[start..end].trim_end().len())
}

/// Every place of a text inside of a span, as it is written there.
pub fn places(sources: &Sources, span: Span, part: &str) -> Vec<Span> {
    let found = sources.slice(span).match_indices(part);
    let start = span.start as usize;
    found.map(|(at, _)| within(span, start + at, start + at + part.len())).collect()
}

/// The first comma, break, comment or `close` behind the offset that stands in no string and in no brackets.
fn statement_end(text: &str, start: usize, close: usize) -> usize {
    let bytes = text.as_bytes();
    let (mut depth, mut at) = (0_usize, start);
    while at < close {
        match bytes[at] {
            b'{' | b'[' | b'(' => depth += 1,
            b'}' | b']' | b')' | b',' | b'\n' if depth == 0 => return at,
            b'}' | b']' | b')' => depth -= 1,
            b'"' => {
                at = string_end(text, at).unwrap_or(close).min(close);
                continue;
            }
            b'/' if bytes.get(at + 1) == Some(&b'/') => {
                if depth == 0 {
                    return at;
                }
                at = line_end(text, at);
                continue;
            }
            _ => {}
        }
        at += 1;
    }
    close
}

#[cfg(test)]
mod tests {
    use super::{declaration, places, value};
    use crate::base::sources::Sources;
    use crate::base::span::Span;

    fn found(text: &str, key: &str) -> Option<String> {
        let mut sources = Sources::default();
        let file = sources.add("main.mlops".into(), text.into());
        value(&sources, Span::new(file, 0, 1), key).map(|it| sources.slice(it).to_owned())
    }

    #[test]
    fn a_value_is_found_in_its_own_block_only() {
        let inner = "a {\n  b { x = 1 }\n  list = [1,\n    2]\n  x = 2 // x = 3\n}\n";
        assert_eq!(found(inner, "x").as_deref(), Some("2"));
        assert_eq!(found(inner, "list").as_deref(), Some("[1,\n    2]"));
        assert_eq!(found("a { s = \"x = 1\", x = f(1, 2), y = 3 }", "x").as_deref(), Some("f(1, 2)"));
        assert_eq!(found("a { when = c == 1 }", "when").as_deref(), Some("c == 1"));
        assert_eq!(found("a { // x = 1 \"\n  xx = 1\n}", "x"), None);
        assert_eq!(found("a", "x"), None);
        assert_eq!(found("a {", "x"), None);
    }

    #[test]
    fn a_declaration_begins_with_its_word() {
        let whole = |text: &str| {
            let mut sources = Sources::default();
            let file = sources.add("main.mlops".into(), text.into());
            let at = text.find("NAME").expect("it stands there");
            sources.slice(declaration(&sources, Span::new(file, at, at + 4))).to_owned()
        };
        assert_eq!(whole("a { output NAME: bool }"), "output NAME: bool");
        assert_eq!(
            whole("a {\n  secret NAME { name = \"x, y\" } // why\n}"),
            "secret NAME { name = \"x, y\" }"
        );
        assert_eq!(whole("a { group = \"g\", secret NAME, secret b }"), "secret NAME");
        assert_eq!(
            whole("param NAME: string = \"a\" {\n  enum = [\"a\"]\n}\n"),
            "param NAME: string = \"a\" {\n  enum = [\"a\"]\n}"
        );
    }

    #[test]
    fn all_places_of_a_text_are_found() {
        let mut sources = Sources::default();
        let file = sources.add("main.mlops".into(), "ab ab ab".into());
        let all = places(&sources, Span::new(file, 2, 8), "ab");
        assert_eq!(all.iter().map(|it| it.start).collect::<Vec<_>>(), [3, 6]);
    }
}
