//! The diagnostic format of reviewdog, which comments on pull requests of many hosts. Columns count bytes.

use super::place::{Columns, Place};
use super::{Batch, Report};
use crate::base::span::Span;
use crate::diag::{Diagnostic, Severity};
use serde::Serialize;

#[derive(Serialize)]
struct Document<'a> {
    source: Source,
    diagnostics: Vec<Item<'a>>,
}

#[derive(Serialize)]
struct Source {
    name: &'static str,
}

#[derive(Serialize)]
struct Item<'a> {
    message: String,
    location: Location,
    severity: &'static str,
    code: Code<'a>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    suggestions: Vec<Suggestion<'a>>,
}

#[derive(Serialize)]
struct Location {
    path: String,
    range: Range,
}

#[derive(Serialize)]
struct Range {
    start: Position,
    end: Position,
}

#[derive(Serialize)]
struct Position {
    line: usize,
    column: usize,
}

#[derive(Serialize)]
struct Code<'a> {
    value: &'a str,
}

#[derive(Serialize)]
struct Suggestion<'a> {
    range: Range,
    text: &'a str,
}

pub fn render(report: &Report<'_>) -> String {
    let diagnostics = report.findings().map(|(batch, it)| item(batch, it)).collect();
    let document = Document { source: Source { name: "mlopsc" }, diagnostics };
    serde_json::to_string_pretty(&document).expect("it has plain keys") + "\n"
}

fn item<'a>(batch: Batch<'_>, finding: &'a Diagnostic) -> Item<'a> {
    let help = finding.help.as_ref().map_or_else(String::new, |it| format!("\nhelp: {it}"));
    Item {
        message: format!("{}{help}", finding.message),
        location: Location { path: batch.path(finding.span().file), range: range(batch, finding.span()) },
        severity: match finding.severity {
            Severity::Error => "ERROR",
            Severity::Warning => "WARNING",
            Severity::Info => "INFO",
        },
        code: Code { value: finding.code },
        suggestions: suggestion(batch, finding).into_iter().collect(),
    }
}

/// Several suggestions would be so many choices, and none of them names a file: only one edit in the finding's own file
/// can be told.
fn suggestion<'a>(batch: Batch<'_>, finding: &'a Diagnostic) -> Option<Suggestion<'a>> {
    let [edit] = finding.fix.as_ref()?.edits.as_slice() else { return None };
    let here = edit.span.file == finding.span().file;
    here.then(|| Suggestion { range: range(batch, edit.span), text: &edit.text })
}

fn range(batch: Batch<'_>, span: Span) -> Range {
    let place = Place::of(batch, span, Columns::Bytes);
    Range {
        start: Position { line: place.line, column: place.column },
        end: Position { line: place.end_line, column: place.end_column },
    }
}
