//! Brackets that do not fit.

use crate::base::span::Span;
use crate::diag::Diagnostic;

pub fn unclosed_body(opener: Span, end: Span) -> Diagnostic {
    Diagnostic::error("unclosed-body", opener, "this `{` is never closed")
        .label(end, "its `}` is missing before this place")
        .help("write `}` where the body ends; a name in the first column of a line closes all bodies")
}

/// The brace that closes it stands where the brace of an outer body would.
pub fn unclosed_by_indent(opener: Span, closer: Span) -> Diagnostic {
    Diagnostic::error("unclosed-body", opener, "this `{` is never closed")
        .label(closer, "this `}` closes it, but its indentation is that of an outer body")
        .help("write `}` where the body ends")
}

/// `closer` is a bracket in backquotes, `end` the last character before it should stand.
pub fn unclosed_bracket(opener: Span, closer: &str, end: Span) -> Diagnostic {
    let bracket = closer.trim_matches('`');
    let counterpart = if bracket == "]" { "[" } else { "(" };
    Diagnostic::error("unclosed-bracket", opener, format!("this `{counterpart}` is never closed"))
        .label(end, format!("{closer} is missing behind this"))
        .help(format!("write {closer} where it ends"))
        .replace(format!("insert {closer}"), Span { start: end.end, ..end }, bracket)
}

pub fn stray_brace(span: Span) -> Diagnostic {
    Diagnostic::error("stray-brace", span, "this `}` closes nothing")
        .help("remove it, or write the `{` that it should close")
}

/// A block without a body in front of statements and a brace that look like its body.
pub fn head_without_brace(head: Span, closer: Span) -> Diagnostic {
    let behind = Span { start: head.end, ..head };
    Diagnostic::error("stray-brace", head, "a `{` is missing behind this")
        .label(closer, "this `}` closes nothing, or a body around it")
        .help("write `{` at the end of the line")
        .replace("insert `{`", behind, " {")
}

pub fn next_line_brace(brace: Span, between: Span, is_blank: bool) -> Diagnostic {
    let finding =
        Diagnostic::error("misplaced-brace", brace, "`{` must stand on the line of what it belongs to")
            .help("write `{` at the end of the line above");
    if is_blank { finding.replace("move the brace up", between, " ") } else { finding }
}

pub fn missing_body(span: Span, word: &str) -> Diagnostic {
    Diagnostic::error("syntax", span, format!("`{word}` has no body"))
        .help(format!("write `{word} … {{` on one line, then the statements and `}}`"))
}

pub fn stray_comma(span: Span) -> Diagnostic {
    Diagnostic::error("syntax", span, "there is nothing between this comma and the one before")
        .help("remove the comma")
        .replace("remove the comma", span, "")
}
