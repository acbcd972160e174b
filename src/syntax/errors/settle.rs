//! From all that lowering found to what is reported: one error of shape on a line, and not too many.

use super::yaml;
use crate::base::span::{FileId, Span};
use crate::diag::{self, Diagnostic, Severity};

/// Further findings in a file are counted, not told.
const MAX_FINDINGS: usize = 200;

/// Lowering may stop collecting here: more than this is never told.
pub const MAX_COLLECTED: usize = 2000;

pub fn settle(file: FileId, text: &str, mut findings: Vec<Diagnostic>) -> Vec<Diagnostic> {
    if findings.is_empty() {
        return findings;
    }
    diag::sort(&mut findings);
    let findings = yaml::gather(file, text, findings);
    let lines = Lines::of(text, &findings);
    let mut kept = one_of_shape(findings, &lines);
    if kept.len() > MAX_FINDINGS {
        kept.truncate(MAX_FINDINGS);
        let end = Span::new(file, text.len(), text.len());
        kept.push(too_many(end));
    }
    kept
}

fn too_many(end: Span) -> Diagnostic {
    let message = format!("the file has more than {MAX_FINDINGS} syntax errors; the others are not shown");
    Diagnostic::new(Severity::Info, "too-many-errors", end, message)
        .help("repair the first ones and compile again")
}

/// What follows from an error on the same line is noise; a text without its end explains most.
fn one_of_shape(findings: Vec<Diagnostic>, lines: &Lines) -> Vec<Diagnostic> {
    let open_texts: Vec<usize> =
        findings.iter().filter(|it| it.code == "unterminated-string").map(|it| lines.of_start(it)).collect();
    let mut last_line = None;
    let mut is_kept = |finding: &Diagnostic| {
        let line = lines.of_start(finding);
        let is_explained = finding.code != "unterminated-string" && open_texts.binary_search(&line).is_ok();
        if !SHAPE.contains(&finding.code) {
            return !(is_explained && finding.code == "invalid-escape");
        }
        let is_noise = is_explained || last_line == Some(line);
        if !is_noise {
            last_line = Some(line);
        }
        !is_noise
    };
    findings.into_iter().filter(|it| is_kept(it)).collect()
}

const SHAPE: &[&str] = &[
    "syntax",
    "missing-separator",
    "reserved-word",
    "stray-brace",
    "unterminated-string",
    "unclosed-bracket",
    "misplaced-brace",
];

/// Line numbers of the places of findings, found in one pass over the text.
struct Lines(Vec<(u32, usize)>);

impl Lines {
    /// `findings` are sorted by place.
    fn of(text: &str, findings: &[Diagnostic]) -> Lines {
        let (mut at, mut line) = (0, 0);
        let mut lines = Vec::with_capacity(findings.len());
        for finding in findings {
            let start = finding.span().start as usize;
            line += text[at..start].matches('\n').count();
            at = start;
            lines.push((finding.span().start, line));
        }
        Lines(lines)
    }

    fn of_start(&self, finding: &Diagnostic) -> usize {
        let start = finding.span().start;
        self.0.binary_search_by_key(&start, |it| it.0).map_or(0, |at| self.0[at].1)
    }
}
