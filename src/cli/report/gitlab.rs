//! A code quality report of GitLab: the subset of Code Climate's format that its merge requests read.

use super::Report;
use super::fingerprint::Fingerprints;
use super::place::{Columns, Place};
use crate::diag::Severity;
use serde::Serialize;

#[derive(Serialize)]
struct Issue<'a> {
    description: String,
    check_name: &'a str,
    fingerprint: String,
    severity: &'static str,
    location: Location,
}

#[derive(Serialize)]
struct Location {
    path: String,
    lines: Lines,
}

#[derive(Serialize)]
struct Lines {
    begin: usize,
    end: usize,
}

pub fn render(report: &Report<'_>) -> String {
    let mut fingerprints = Fingerprints::default();
    let issues = report.findings().map(|(batch, it)| {
        let place = Place::of(batch, it.span(), Columns::Characters);
        Issue {
            description: it.message.clone(),
            check_name: it.code,
            fingerprint: fingerprints.next(batch, it),
            severity: match it.severity {
                Severity::Error => "critical",
                Severity::Warning => "minor",
                Severity::Info => "info",
            },
            location: Location {
                path: batch.path(it.span().file),
                lines: Lines { begin: place.line, end: place.end_line },
            },
        }
    });
    let issues: Vec<Issue<'_>> = issues.collect();
    serde_json::to_string_pretty(&issues).expect("it has plain keys") + "\n"
}
