//! What this phase says, one constructor for each finding.

use crate::base::span::Span;
use crate::diag::Diagnostic;

/// Branches of one `if … else if … else`.
pub(super) const MAX_BRANCHES: usize = 64;

pub(super) fn unknown(span: Span) -> Diagnostic {
    Diagnostic::error("syntax", span, "the file does not fit the grammar")
}

pub(super) fn nested_too_deep(span: Span) -> Diagnostic {
    Diagnostic::error("nested-too-deep", span, "more than 64 brackets are open here")
        .help("move the inner part into a `let` or a `template`")
}

pub(super) fn expression_too_long(span: Span) -> Diagnostic {
    Diagnostic::error("nested-too-deep", span, "the expression has too many operators")
        .help("name parts of it with `let`")
}

pub(super) fn too_many_branches(span: Span) -> Diagnostic {
    Diagnostic::error("nested-too-deep", span, "the `if` has more than 64 branches")
        .help("use a list and `for`")
}

pub(super) fn chained(first: Span, second: Span, sign: &str) -> Diagnostic {
    Diagnostic::error("syntax", second, format!("`{sign}` cannot follow another comparison"))
        .label(first, "the first one")
        .help("join two comparisons with `&&`")
}

pub(super) fn not_in_record(span: Span) -> Diagnostic {
    Diagnostic::error("syntax", span, "a record holds `key = value` only").help("write `key = value`")
}

pub(super) fn open_path(span: Span) -> Diagnostic {
    Diagnostic::error("syntax", span, "a name is missing behind the dot")
        .help("write the name, or remove the dot")
}

pub(super) fn not_a_name(span: Span) -> Diagnostic {
    Diagnostic::error("syntax", span, "this is no name").help("write letters, digits and `_`")
}

pub(super) fn leading_zero(span: Span, digits: &str, unit: &str) -> Diagnostic {
    let _ = unit;
    Diagnostic::error("invalid-number", span, format!("`{digits}` starts with a zero"))
}

pub(super) fn unit(span: Span, digits: &str, unit: &str) -> Diagnostic {
    Diagnostic::error("invalid-number", span, format!("`{unit}` behind `{digits}` is no unit"))
}

pub(super) fn invalid_escape(span: Span, escape: &str) -> Diagnostic {
    Diagnostic::error("invalid-escape", span, format!("`{escape}` is no escape"))
}

pub(super) fn margin(span: Span, has_fence: bool) -> Diagnostic {
    let _ = has_fence;
    Diagnostic::error("text-margin", span, "the line is indented less than the closing quotes")
}
