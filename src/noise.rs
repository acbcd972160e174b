//! Findings that only follow from others. In: all findings about the sources. Out: those that say something of their
//! own. What is left out comes back, where it is true, once the shape of the file is repaired.

use crate::base::sources::Sources;
use crate::base::span::FileId;
use crate::diag::{Code, Diagnostic};
use std::collections::BTreeSet;

/// A line that one of these speaks of was not read as it was meant.
const LINE: &[Code] =
    &["syntax", "missing-separator", "unterminated-string", "stray-brace", "misplaced-brace"];

/// Speaks of all lines from its first label to its last.
const STRETCH: Code = "pasted-yaml";

/// Said about a statement that was not read as it was meant, these are about something else.
const OF_STATEMENT: &[Code] =
    &["missing-attribute", "type-mismatch", "undefined-reference", "unknown-attribute", "unknown-word"];

/// A file in which one of these is found has bodies that begin or end elsewhere than they were meant to.
const BODIES: &[Code] = &["stray-brace", "unclosed-body"];

/// What is at home in another body than the one it seems to stand in.
const OF_BODY: &[Code] = &["unknown-attribute", "unknown-word"];

pub fn without_followers(sources: &Sources, findings: Vec<Diagnostic>) -> Vec<Diagnostic> {
    let line = |it: &Diagnostic| (it.span().file, sources.position(it.span()).line);
    let mut lines: BTreeSet<(FileId, usize)> =
        findings.iter().filter(|it| LINE.contains(&it.code)).map(line).collect();
    for stretch in findings.iter().filter(|it| it.code == STRETCH) {
        let [first, .., last] = stretch.labels.as_slice() else { continue };
        let ends = [first, last].map(|it| sources.position(it.span).line);
        lines.extend((ends[0]..=ends[1]).map(|it| (first.span.file, it)));
    }
    let files: BTreeSet<FileId> =
        findings.iter().filter(|it| BODIES.contains(&it.code)).map(|it| it.span().file).collect();
    if lines.is_empty() && files.is_empty() {
        return findings;
    }
    let follows = |it: &Diagnostic| {
        (OF_BODY.contains(&it.code) && files.contains(&it.span().file))
            || (OF_STATEMENT.contains(&it.code) && lines.contains(&line(it)))
    };
    findings.into_iter().filter(|it| !follows(it)).collect()
}
