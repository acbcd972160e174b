//! What is wrong with a comment for the compiler.

use super::Allow;
use crate::base::span::Span;
use crate::base::suggest;
use crate::diag::{Diagnostic, Kind, Severity};

pub fn no_instruction(comment: Span) -> Diagnostic {
    Diagnostic::warning("unknown-suppression", comment, "this comment allows nothing")
        .help("write `// mlopsc: allow(RULE) why`; for several rules `allow(ONE, OTHER)`")
}

pub fn unknown(rule: Span, name: &str, kinds: &[Kind]) -> Diagnostic {
    if let Some(finding) = no_rule(rule, name) {
        return finding;
    }
    let finding = Diagnostic::warning("unknown-suppression", rule, format!("there is no rule `{name}`"));
    let allowable = kinds.iter().filter(|it| it.severity != Severity::Error).map(|it| it.code);
    match suggest::nearest(name, allowable) {
        Some(known) => {
            let title = format!("did you mean `{known}`?");
            finding.help(&title).suggest(title, rule, known)
        }
        None => finding.help("`mlopsc explain` lists all rules"),
    }
}

/// What is no name of a rule, but may be meant to stand for some.
fn no_rule(rule: Span, name: &str) -> Option<Diagnostic> {
    let finding = |message: String| Diagnostic::warning("unknown-suppression", rule, message);
    if name.is_empty() {
        return Some(finding("this allows nothing: a rule is missing".into()).help(
            "write the code of the finding between the parentheses: `// mlopsc: allow(unused-declaration) why`",
        ));
    }
    let group = name.strip_prefix("group:");
    (group.is_some() || name == "all").then(|| {
        finding(format!("a comment allows single rules, not `{name}`")).help(format!(
            "write the codes of the findings: `allow(ONE, OTHER) why`; for a whole file, name `\"{name}\"` in `[check.per-file-ignores]` of mlopsc.toml"
        ))
    })
}

pub fn not_allowable(rule: Span, name: &str) -> Diagnostic {
    Diagnostic::warning("unknown-suppression", rule, format!("`{name}` is an error and cannot be allowed"))
        .help("what is written from a project with errors would be refused or do something else; only warnings can be allowed")
}

pub fn without_reason(comment: Span) -> Diagnostic {
    Diagnostic::warning("suppression-without-reason", comment, "nobody will know why this is allowed")
        .help("write the reason behind the parenthesis: `// mlopsc: allow(RULE) why`")
}

/// `left` are the other rules of the comment.
pub fn unused(allow: &Allow, rule: Span, name: &str, left: &[&str]) -> Diagnostic {
    let finding = Diagnostic::warning("unused-suppression", rule, format!("`{name}` is not found here"));
    let finding = finding.help("remove it; an allowance is for the statements that begin on its line or, if it stands alone, on the next");
    if left.is_empty() {
        return finding.replace("remove the comment", allow.whole, "");
    }
    finding.replace(format!("remove `{name}`"), allow.list(), left.join(", "))
}
