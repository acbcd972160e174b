//! What this phase says, one constructor for each finding. Pages for `explain` stand in `pages/`.

mod braces;
mod entries;
mod literals;
mod names;
mod settle;
mod unexpected;
mod yaml;

pub(super) use braces::*;
pub(super) use entries::*;
pub(super) use literals::*;
pub(super) use names::*;
pub(super) use settle::{MAX_COLLECTED, settle};
pub(super) use unexpected::{Place, unexpected};

use super::pairs::Failure;
use crate::base::span::Span;
use crate::diag::{Diagnostic, Group, Kind, Safety};

/// What this phase finds.
pub const KINDS: &[Kind] = &[
    Kind::error(Group::Syntax, "invalid-escape", include_str!("../pages/invalid-escape.md"))
        .fixes(Safety::Safe),
    Kind::error(Group::Syntax, "invalid-number", include_str!("../pages/invalid-number.md"))
        .fixes(Safety::Safe),
    Kind::error(Group::Syntax, "misplaced-brace", include_str!("../pages/misplaced-brace.md"))
        .fixes(Safety::Safe),
    Kind::error(Group::Syntax, "missing-separator", include_str!("../pages/missing-separator.md"))
        .fixes(Safety::Safe),
    Kind::error(Group::Syntax, "nested-too-deep", include_str!("../pages/nested-too-deep.md")),
    Kind::error(Group::Syntax, "pasted-yaml", include_str!("../pages/pasted-yaml.md")),
    Kind::error(Group::Syntax, "reserved-word", include_str!("../pages/reserved-word.md")),
    Kind::error(Group::Syntax, "stray-brace", include_str!("../pages/stray-brace.md")).fixes(Safety::Safe),
    Kind::warning(Group::Security, "suspicious-unicode", include_str!("../pages/suspicious-unicode.md"))
        .fixes(Safety::Safe),
    Kind::error(Group::Syntax, "syntax", include_str!("../pages/syntax.md")).fixes(Safety::Safe),
    Kind::error(Group::Syntax, "text-margin", include_str!("../pages/text-margin.md")),
    Kind::info(Group::Syntax, "too-many-errors", include_str!("../pages/too-many-errors.md")),
    Kind::error(Group::Syntax, "unclosed-body", include_str!("../pages/unclosed-body.md")),
    Kind::error(Group::Syntax, "unclosed-bracket", include_str!("../pages/unclosed-bracket.md"))
        .fixes(Safety::Safe),
    Kind::error(Group::Syntax, "unterminated-string", include_str!("../pages/unterminated-string.md")),
];

/// Branches of one `if … else if … else`.
pub(super) const MAX_BRANCHES: usize = 64;

/// Where the strict grammar stopped, for texts of which nothing better is known.
pub(super) fn rejected(span: Span, failure: &Failure) -> Diagnostic {
    let expected = failure.expected.join(", ");
    let message = if expected.is_empty() {
        "the text stops making sense here".to_owned()
    } else {
        format!("expected {expected}")
    };
    Diagnostic::error("syntax", span, message).help("remove what stands here, or write what is expected")
}

pub(super) fn nested_too_deep(span: Span) -> Diagnostic {
    Diagnostic::error("nested-too-deep", span, "more than 64 brackets are open here")
        .help("close brackets further up, or move the inner part into a `let` or a `template`")
}

pub(super) fn expression_too_long(span: Span) -> Diagnostic {
    Diagnostic::error("nested-too-deep", span, "the expression has too many parts")
        .help("give parts of it a name with `let`")
}

pub(super) fn too_many_branches(span: Span) -> Diagnostic {
    Diagnostic::error("nested-too-deep", span, format!("the `if` has more than {MAX_BRANCHES} branches"))
        .help("put the cases into a list and use `for`")
}

pub(super) fn suspicious_unicode(span: Span, character: char) -> Diagnostic {
    let code = u32::from(character);
    let message =
        format!("the invisible character U+{code:04X} changes the direction in which text is shown");
    Diagnostic::warning("suspicious-unicode", span, message)
        .help("remove it: the file reads other than it looks")
        .replace("remove the character", span, "")
}

/// Something the grammar awaits is not there; `span` is what it should follow.
pub(super) fn missing(span: Span, what: &str, behind: &str, help: &str) -> Diagnostic {
    let message = if behind.is_empty() {
        format!("{what} is missing")
    } else {
        format!("{what} is missing behind `{behind}`")
    };
    Diagnostic::error("syntax", span, message).help(help)
}
