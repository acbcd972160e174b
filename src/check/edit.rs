//! Edits that keep a file's layout, comments and indentation: what fixes of rules are made of. They work on the text,
//! so that no tree must live as long as the rules run.

mod find;
mod text;

use crate::base::sources::Sources;
use crate::base::span::Span;
use crate::diag::Edit;
pub use find::{declaration, places, value};
use text::{line_end, line_start, matching_brace};

/// Adds a statement to the body of the block with this head, or gives it one.
pub fn insert(sources: &Sources, head: Span, statement: &str) -> Edit {
    let text = &sources.get(head.file).text;
    let end = head.end as usize;
    let Some(open) = body(text, end) else { return at(head, end, format!(" {{ {statement} }}")) };
    let close = matching_brace(text, open).filter(|close| !text[open..*close].contains('\n'));
    if let Some(close) = close {
        let inner = text[open + 1..close].trim_end();
        let last = open + 1 + inner.len();
        return match inner.trim_start().chars().last() {
            None => Edit { span: within(head, open + 1, close), text: format!(" {statement} ") },
            Some(',') => at(head, last, format!(" {statement}")),
            Some(_) => at(head, last, format!(", {statement}")),
        };
    }
    let line = line_end(text, open);
    let rest = text[open + 1..line].trim();
    if !rest.is_empty() && !rest.starts_with("//") {
        return at(head, open + 1, format!(" {statement},"));
    }
    let (end, newline) = line_break(text, line);
    at(head, end, format!("{newline}{}{statement}", indentation(text, open)))
}

/// Adds a statement before the one with this head: on a line of its own where that begins one.
pub fn insert_before(sources: &Sources, head: Span, statement: &str) -> Edit {
    let text = &sources.get(head.file).text;
    let start = head.start as usize;
    let margin = &text[line_start(text, start)..start];
    let separator = if margin.trim().is_empty() { format!("\n{margin}") } else { ", ".to_owned() };
    at(head, start, format!("{statement}{separator}"))
}

/// Adds a statement behind the one with this head: on a line of its own where that ends one.
pub fn insert_behind(sources: &Sources, head: Span, statement: &str) -> Edit {
    let text = &sources.get(head.file).text;
    let end = block(sources, head).end as usize;
    let (start, line) = (line_start(text, head.start as usize), line_end(text, end));
    let (margin, rest) = (&text[start..head.start as usize], text[end..line].trim());
    if margin.trim().is_empty() && (rest.is_empty() || rest.starts_with("//")) {
        let (line, newline) = line_break(text, line);
        return at(head, line, format!("{newline}{margin}{statement}"));
    }
    at(head, end, format!(", {statement}"))
}

/// A line behind the one with this span, with its margin.
pub fn line_below(sources: &Sources, span: Span, line: &str) -> String {
    let text = &sources.get(span.file).text;
    let start = line_start(text, span.start as usize);
    let margin = text[start..].len() - text[start..].trim_start_matches([' ', '\t']).len();
    let newline = line_break(text, line_end(text, start)).1;
    format!("{newline}{}{line}", &text[start..start + margin])
}

/// The end of a line without its break, and the break.
fn line_break(text: &str, line: usize) -> (usize, &'static str) {
    if text[..line].ends_with('\r') { (line - 1, "\r\n") } else { (line, "\n") }
}

/// Removes a whole statement with what separated it from its neighbours.
pub fn remove(sources: &Sources, statement: Span) -> Edit {
    let text = &sources.get(statement.file).text;
    let range = statement.range();
    let (start, end) = (line_start(text, range.start), line_end(text, range.end));
    let alone = text[start..range.start].trim().is_empty() && matches!(text[range.end..end].trim(), "" | ",");
    let (start, end) = if alone { lines(text, start, end) } else { inline(text, range.start, range.end) };
    Edit { span: within(statement, start, end), text: String::new() }
}

/// The whole `key = value`, by its value.
pub fn attribute(sources: &Sources, value: Span) -> Span {
    let before = &sources.get(value.file).text[..value.start as usize];
    let is_name = |it: char| it.is_alphanumeric() || it == '_' || it == '"';
    let key = before.trim_end().strip_suffix('=').map(str::trim_end).filter(|it| it.ends_with(is_name));
    let start = key.map_or(before.len(), |it| it.trim_end_matches(is_name).len());
    within(value, start, value.end as usize)
}

/// The whole `key = value`, by its key.
pub fn from_key(sources: &Sources, key: Span) -> Span {
    let end = text::value_end(&sources.get(key.file).text, key.end as usize);
    within(key, key.start as usize, end)
}

/// The whole block, by its head.
pub fn block(sources: &Sources, head: Span) -> Span {
    let text = &sources.get(head.file).text;
    let close = body(text, head.end as usize).and_then(|open| matching_brace(text, open));
    within(head, head.start as usize, close.map_or(head.end as usize, |it| it + 1))
}

/// A statement directly in the block with this head, by its first word: all of an attribute, the head of a block.
pub fn inside(sources: &Sources, head: Span, word: &str) -> Option<Span> {
    let text = &sources.get(head.file).text;
    let open = body(text, head.end as usize)?;
    let (start, end) = text::statement(text, open, word)?;
    Some(within(head, start, end))
}

/// The brace that opens the body behind a head; it stands on the same line.
fn body(text: &str, end: usize) -> Option<usize> {
    let rest = &text[end..];
    let blanks = rest.len() - rest.trim_start_matches([' ', '\t']).len();
    rest[blanks..].starts_with('{').then_some(end + blanks)
}

/// That of the first statement of a body, else two blanks more than the line of its brace.
fn indentation(text: &str, open: usize) -> String {
    let blank = |line: &str| line[..line.len() - line.trim_start().len()].to_owned();
    let first = text[line_end(text, open)..].lines().find(|it| !it.trim().is_empty());
    match first.filter(|it| !it.trim_start().starts_with('}')) {
        Some(line) => blank(line),
        None => blank(&text[line_start(text, open)..open]) + "  ",
    }
}

/// Whole lines: with the documentation above, and one of two blank lines around.
fn lines(text: &str, start: usize, end: usize) -> (usize, usize) {
    let mut start = start;
    while start > 0 {
        let above = line_start(text, start - 1);
        if !text[above..start].trim_start().starts_with("///") {
            break;
        }
        start = above;
    }
    let behind = (end + 1).min(text.len());
    let after = text[behind..].lines().next().map(str::trim);
    let before = text[..start].lines().next_back().map(str::trim);
    let separated = before == Some("") || before.is_none_or(|it| it.ends_with('{'));
    if separated && after == Some("") {
        return (start, (line_end(text, behind) + 1).min(text.len()));
    }
    let last = before == Some("") && after.is_none_or(|it| it.starts_with('}'));
    if last { (line_start(text, start - 1), behind) } else { (start, behind) }
}

/// A part of a line: with the comma behind it or before it.
fn inline(text: &str, start: usize, end: usize) -> (usize, usize) {
    let blanks = [' ', '\t'];
    let rest = text[end..].trim_start_matches(blanks);
    let before = text[..start].trim_end_matches(blanks);
    if let Some(rest) = rest.strip_prefix(',') {
        return (start, text.len() - rest.trim_start_matches(blanks).len());
    }
    if let Some(before) = before.strip_suffix(',') {
        return (before.len(), end);
    }
    let alone = before.ends_with('{') && rest.starts_with('}');
    if alone { (before.len(), text.len() - rest.len()) } else { (start, end) }
}

fn at(like: Span, offset: usize, text: String) -> Edit {
    Edit { span: within(like, offset, offset), text }
}

fn within(like: Span, start: usize, end: usize) -> Span {
    Span::new(like.file, start, end)
}

#[cfg(test)]
mod tests {
    use super::{attribute, block, insert, insert_before, insert_behind, inside, remove};
    use crate::base::sources::Sources;
    use crate::base::span::Span;
    use crate::diag::Edit;

    fn sources(text: &str) -> Sources {
        let mut sources = Sources::default();
        sources.add("main.mlops".into(), text.into());
        sources
    }

    fn span(sources: &Sources, part: &str) -> Span {
        let (file, source) = sources.iter().next().expect("one file");
        let start = source.text.find(part).expect("it stands there");
        Span::new(file, start, start + part.len())
    }

    fn applied(sources: &Sources, edit: &Edit) -> String {
        let mut text = sources.get(edit.span.file).text.clone();
        text.replace_range(edit.span.range(), &edit.text);
        text
    }

    fn inserted(text: &str, head: &str) -> String {
        let sources = sources(text);
        applied(&sources, &insert(&sources, span(&sources, head), "x = 1"))
    }

    fn removed(text: &str, statement: &str) -> String {
        let sources = sources(text);
        applied(&sources, &remove(&sources, span(&sources, statement)))
    }

    #[test]
    fn a_statement_is_put_where_the_layout_has_room() {
        assert_eq!(inserted("a\n", "a"), "a { x = 1 }\n");
        assert_eq!(inserted("a {}\n", "a"), "a { x = 1 }\n");
        assert_eq!(inserted("a { b = \"}\" } // c\n", "a"), "a { b = \"}\", x = 1 } // c\n");
        assert_eq!(inserted("a { b = 1, }\n", "a"), "a { b = 1, x = 1 }\n");
        assert_eq!(inserted("a {\n    b = 1\n}\n", "a"), "a {\n    x = 1\n    b = 1\n}\n");
        assert_eq!(inserted("  a { // why\n  }\n", "a"), "  a { // why\n    x = 1\n  }\n");
        assert_eq!(inserted("a {\r\n  b = 1\r\n}\r\n", "a"), "a {\r\n  x = 1\r\n  b = 1\r\n}\r\n");
        assert_eq!(inserted("a { b = 1,\n  c = 2 }\n", "a"), "a { x = 1, b = 1,\n  c = 2 }\n");
    }

    #[test]
    fn what_looks_like_a_brace_is_none() {
        let text = "a { run \"\"\"\n  }\n  \"\"\"\n  b = 1 // }\n}\nc {}\n";
        let all = sources(text);
        assert_eq!(all.slice(block(&all, span(&all, "a"))), &text[..text.len() - "\nc {}\n".len()]);
        assert_eq!(all.slice(block(&all, span(&all, "c"))), "c {}");
    }

    #[test]
    fn a_statement_goes_with_its_separator() {
        assert_eq!(removed("a {\n  b = 1\n  c = 2\n}\n", "b = 1"), "a {\n  c = 2\n}\n");
        assert_eq!(removed("a { b = 1, c = 2 }", "b = 1"), "a { c = 2 }");
        assert_eq!(removed("a { b = 1, c = 2 }", "c = 2"), "a { b = 1 }");
        assert_eq!(removed("a { b = 1 }", "b = 1"), "a {}");
        assert_eq!(removed("a {\n  b = 1 // why\n}\n", "b = 1"), "a {\n   // why\n}\n");
    }

    #[test]
    fn statements_are_added_around_others() {
        let around = |text: &str, part: &str| {
            let all = sources(text);
            let head = span(&all, part);
            (applied(&all, &insert_before(&all, head, "x")), applied(&all, &insert_behind(&all, head, "x")))
        };
        let lines = around("a {\n  b 1 {\n    c = 1\n  } // why\n}\n", "b 1");
        assert_eq!(lines.0, "a {\n  x\n  b 1 {\n    c = 1\n  } // why\n}\n");
        assert_eq!(lines.1, "a {\n  b 1 {\n    c = 1\n  } // why\n  x\n}\n");
        let one = around("a { b 1, c 1 }", "b 1");
        assert_eq!(one, ("a { x, b 1, c 1 }".to_owned(), "a { b 1, x, c 1 }".to_owned()));
    }

    #[test]
    fn documentation_and_a_blank_line_go_too() {
        assert_eq!(removed("a {}\n\n/// B.\n/// And more.\nb {}\n\nc {}\n", "b {}"), "a {}\n\nc {}\n");
        assert_eq!(removed("a {\n  c = 1\n\n  b = 1\n}\n", "b = 1"), "a {\n  c = 1\n}\n");
        assert_eq!(removed("a {}\n// other\nb {}\nc {}\n", "b {}"), "a {}\n// other\nc {}\n");
    }

    #[test]
    fn a_statement_is_found_by_its_word() {
        let text = "a x {\n  b { batch = 1 }\n  batch = { c = [\"}\", 2] }, env { D = 1 }\n  // e = 1\n  when = x == 1\n}\ne = 2\n";
        let all = sources(text);
        let head = span(&all, "a x");
        let found = |word: &str| inside(&all, head, word).map(|it| all.slice(it));
        assert_eq!(found("batch"), Some("batch = { c = [\"}\", 2] }"));
        assert_eq!(found("env"), Some("env"));
        assert_eq!(found("when"), Some("when = x == 1"));
        assert_eq!((found("e"), found("c"), found("bat")), (None, None, None));
    }

    #[test]
    fn an_attribute_begins_with_its_key() {
        let all = sources("a { key_1   = \"x\", b = 2 }");
        assert_eq!(all.slice(attribute(&all, span(&all, "\"x\""))), "key_1   = \"x\"");
    }
}
