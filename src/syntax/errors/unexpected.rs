//! Characters that fit nowhere: what they mean elsewhere, and what is written here.

use crate::base::span::Span;
use crate::diag::Diagnostic;

/// What could have stood there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    Statement,
    /// Behind the key or the head of a statement.
    Head,
    /// Behind a complete statement or value.
    End,
    /// Before the body that must follow.
    Body,
    Value,
    Item,
}

/// `text` is all that does not fit, to the end of its line.
pub fn unexpected(span: Span, text: &str, place: Place) -> Diagnostic {
    if let Some(finding) = comment(span, text, place) {
        return finding;
    }
    let token = token(text);
    let span = Span { end: span.start + u32::try_from(token.len()).unwrap_or(0), ..span };
    let shown = shown(token);
    let message = match place {
        Place::Statement => format!("{shown} starts no statement"),
        Place::Head => format!("{shown} cannot follow the first word of a statement"),
        Place::End => format!("expected the end of the statement, found {shown}"),
        Place::Body => format!("expected `{{`, found {shown}"),
        Place::Value => format!("expected a value, found {shown}"),
        Place::Item => format!("expected `,` or the end of the list, found {shown}"),
    };
    let finding = Diagnostic::error("syntax", span, message).help(help(text, place));
    match fix(text) {
        Some((title, length, right)) => {
            let end = span.start + u32::try_from(length).unwrap_or(0);
            finding.replace(title, Span { end, ..span }, right)
        }
        None => finding,
    }
}

/// A comment as other languages write it; it ends with its line, or at `*/`.
fn comment(span: Span, text: &str, place: Place) -> Option<Diagnostic> {
    let is_possible = matches!(place, Place::Statement | Place::End | Place::Head | Place::Body);
    let sign = ["/*", "#", "--"].into_iter().find(|it| text.starts_with(it)).filter(|_| is_possible)?;
    let line = text.lines().next().unwrap_or_default().trim_end();
    let all = Span { end: span.start + u32::try_from(line.len()).unwrap_or(0), ..span };
    let sign_of = Span { end: span.start + u32::try_from(sign.len()).unwrap_or(0), ..span };
    let message = format!("a comment begins with `//`, not with `{sign}`");
    let finding = Diagnostic::error("syntax", sign_of, message);
    if sign != "/*" {
        return Some(finding.help("write `//`").replace("write `//`", sign_of, "//"));
    }
    let finding = finding.help("write `//` before each line of it; there is no `*/`");
    Some(match line[2..].strip_suffix("*/") {
        Some(inside) if !inside.contains("*/") => {
            finding.replace("write `//`", all, format!("//{}", inside.trim_end()))
        }
        _ => finding,
    })
}

/// What other languages mean by a beginning, and what is written here instead.
const ELSEWHERE: &[(&str, &str)] = &[
    ("'", "texts stand in double quotes: `\"text\"`"),
    ("`", "texts stand in double quotes: `\"text\"`"),
    ("\u{201C}", "write straight quotes: `\"text\"`"),
    ("\u{201D}", "write straight quotes: `\"text\"`"),
    ("\u{201E}", "write straight quotes: `\"text\"`"),
    ("\u{2018}", "texts stand in straight double quotes: `\"text\"`"),
    ("\u{2019}", "texts stand in straight double quotes: `\"text\"`"),
    ("\u{A0}", "write a plain space instead of the no-break space"),
    ("\u{FEFF}", "remove the byte order mark: it may stand at the start of a file only"),
    (";", "a new line or a comma ends a statement"),
    ("#", "comments start with `//`"),
    ("/", "there is no division; a path of files stands in quotes"),
    (
        "$(",
        "`$(name)` is not part of the language: give data to scripts through `env`, and write names of the language elsewhere",
    ),
    ("$", "`$` has a meaning inside texts only: write the name alone"),
    ("===", "write `==`"),
    ("==", "a comparison is a value, as in `when = a == b`"),
    ("=>", "write `=`"),
    ("&&", "a condition is a value, as in `when = a && b`"),
    ("||", "a condition is a value, as in `when = a || b`"),
    ("&", "write `&&`"),
    ("|", "write `||`"),
    ("?", "write `if c then a else b`"),
    (":", "`=` gives a value, `:` a type; text that holds `:` stands in quotes"),
    ("(", "a call has no blank before its parenthesis, and stands in a value"),
    (")", "no parenthesis is open here"),
    ("]", "no bracket is open here"),
    ("{", "a body follows the head of a block on its line; a record follows `=`"),
    ("@", "text that holds `@` stands in quotes"),
    ("\\", "text that holds a backslash stands in quotes, with the backslash written twice"),
    ("*", "text that holds `*` stands in quotes"),
    ("..", "a range has a value on both sides, as in `0..4`"),
];

fn help(text: &str, place: Place) -> &'static str {
    let special = match place {
        Place::Statement if text.starts_with("- ") => Some("a list is a value: `name = [a, b]`"),
        Place::Statement if text.starts_with('=') => Some("write the key before `=`"),
        Place::Statement if text.starts_with('[') => Some("a list is a value: write `name = [a, b]`"),
        Place::Statement if text.starts_with(|it: char| it.is_ascii_digit()) => {
            Some("a statement starts with a name; other keys stand in quotes")
        }
        Place::Head if text.starts_with(['-', '.', '/']) => {
            Some("a name is letters, digits and `_`; write another key in quotes")
        }
        Place::Head if text.starts_with(['\'', '`']) => {
            Some("a name stands without quotes, a text in double quotes: `\"text\"`")
        }
        Place::Head if text.starts_with('[') => Some("write a blank before the list, or `=`"),
        Place::Body | Place::End if text.starts_with('=') => Some("a comparison is written `==`"),
        Place::Value if text.starts_with('.') => Some("write a digit before the dot: `0.5`"),
        Place::End if text.starts_with(|it: char| it == '.' || it.is_ascii_digit()) => {
            Some("a version like `1.2.3` is a text and stands in quotes")
        }
        Place::End if text.starts_with('"') => Some("items of a list stand in brackets: `[\"a\", \"b\"]`"),
        _ => None,
    };
    let known = ELSEWHERE.iter().find(|(start, _)| text.starts_with(start)).map(|(_, help)| *help);
    special.or(known).unwrap_or(match place {
        Place::Statement | Place::Head => "write `key = value`, `word name { … }` or `word name: type`",
        Place::Body => "write `{` behind a complete head; join conditions with `&&` or `||`",
        Place::End => "end the statement with a new line or a comma",
        Place::Value => "write a text in quotes, a number, a name, a list `[ ]` or a record `{ }`",
        Place::Item => "separate items by a comma or a new line",
    })
}

/// Title, length of what is replaced, replacement.
fn fix(text: &str) -> Option<(&'static str, usize, String)> {
    if let Some(rest) = text.strip_prefix('\'') {
        let inside = &rest[..rest.find('\'')?];
        let is_plain = !inside.contains(['"', '\\']);
        return is_plain.then(|| ("write double quotes", inside.len() + 2, format!("\"{inside}\"")));
    }
    if text.starts_with('\u{A0}') {
        return Some(("write a space", 2, " ".to_owned()));
    }
    (text.trim_end() == ";").then(|| ("remove `;`", 1, String::new()))
}

/// The first word or sign.
fn token(text: &str) -> &str {
    let is_word = |it: char| it.is_alphanumeric() || it == '_';
    let word = text.find(|it| !is_word(it)).unwrap_or(text.len());
    if word > 0 {
        return &text[..word];
    }
    let signs = ["===", "==", "=>", "&&", "||", "..", "/*", "$("];
    let sign = signs.iter().find(|it| text.starts_with(**it)).map(|it| it.len());
    &text[..sign.or_else(|| text.chars().next().map(char::len_utf8)).unwrap_or(0)]
}

/// A token in a message: short, and visible.
fn shown(token: &str) -> String {
    let Some(first) = token.chars().next() else { return "the end of the line".to_owned() };
    if first.is_control() || (first.is_whitespace() && first != ' ') || first == '\u{FEFF}' {
        return format!("the invisible character U+{:04X}", u32::from(first));
    }
    let short: String = token.chars().take(40).collect();
    if short.len() < token.len() { format!("`{short}…`") } else { format!("`{short}`") }
}
