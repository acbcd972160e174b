//! Lines of YAML in a file of the language: pasted from a pipeline, and one mistake, however many lines it has.

use crate::base::span::{FileId, Span};
use crate::diag::Diagnostic;

/// From so many lines on it is no slip any more.
const LINES: usize = 3;

/// Findings in a stretch of YAML become one. `findings` are sorted by place.
pub(super) fn gather(file: FileId, text: &str, findings: Vec<Diagnostic>) -> Vec<Diagnostic> {
    let stretches = stretches(file, text);
    if stretches.is_empty() {
        return findings;
    }
    let mut told = vec![false; stretches.len()];
    let mut kept = Vec::with_capacity(findings.len());
    for finding in findings {
        let start = finding.span().start;
        let after = stretches.partition_point(|it| it.span.start <= start);
        let inside = after.checked_sub(1).filter(|at| start < stretches[*at].span.end);
        match inside {
            None => kept.push(finding),
            Some(at) if !told[at] => {
                told[at] = true;
                kept.push(pasted(&stretches[at]));
            }
            Some(_) => {}
        }
    }
    kept
}

struct Stretch {
    /// From the first line's text to the last line's end.
    span: Span,
    first: Span,
    last: Span,
    lines: usize,
    /// A list or a key without a value is among them: no mere slip of `:` for `=`, which has a fix.
    nested: bool,
}

fn pasted(stretch: &Stretch) -> Diagnostic {
    Diagnostic::error("pasted-yaml", stretch.first, format!("these {} lines are YAML", stretch.lines))
        .at("YAML begins here")
        .label(stretch.last, "and ends here")
        .help("write them in this language: `key = value`, `word name { … }`; a YAML template stays as it is and is taken in by `include \"file.yml\"`")
}

/// Neighbouring lines that only YAML writes so, blank ones between them included.
fn stretches(file: FileId, text: &str) -> Vec<Stretch> {
    let mut found: Vec<Stretch> = Vec::new();
    let mut open: Option<Stretch> = None;
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let shown = line.trim_end();
        let indent = shown.len() - shown.trim_start().len();
        let span = Span::new(file, at + indent, at + shown.len().max(indent));
        at += line.len();
        if shown.is_empty() {
            continue;
        }
        if !is_yaml(shown.trim_start()) {
            found.extend(open.take());
            continue;
        }
        let nests = shown.ends_with(':') || shown.trim_start().starts_with('-');
        match &mut open {
            Some(stretch) => {
                stretch.span = stretch.span.to(span);
                stretch.last = span;
                stretch.lines += 1;
                stretch.nested |= nests;
            }
            None => open = Some(Stretch { span, first: span, last: span, lines: 1, nested: nests }),
        }
    }
    found.extend(open);
    found.retain(|it| it.nested && it.lines >= LINES);
    found
}

/// `- item`, `key:` or `key: value`. No line of the language: there a name with a type follows a word.
fn is_yaml(line: &str) -> bool {
    if line == "-" || line.starts_with("- ") {
        return true;
    }
    let Some((key, rest)) = line.split_once(':') else { return false };
    let plain = |it: char| it.is_ascii_alphanumeric() || "_-.$".contains(it);
    !key.is_empty() && key.chars().all(plain) && (rest.is_empty() || rest.starts_with(' '))
}
