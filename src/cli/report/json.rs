//! All that is known of each finding, for programs. Lines and columns start at 1, columns count characters; `start` and
//! `end` are offsets in bytes.

use super::fingerprint::Fingerprints;
use super::place::{Columns, Place};
use super::{Batch, Report};
use crate::base::span::Span;
use crate::diag::{Diagnostic, Edit, Fix};
use serde::Serialize;

#[derive(Serialize)]
struct Finding<'a> {
    code: &'a str,
    severity: &'static str,
    group: Option<&'static str>,
    message: &'a str,
    help: Option<&'a str>,
    location: Location,
    labels: Vec<Label<'a>>,
    fix: Option<FixOf<'a>>,
    fingerprint: String,
}

#[derive(Serialize)]
struct Location {
    path: String,
    line: usize,
    column: usize,
    end_line: usize,
    end_column: usize,
    start: u32,
    end: u32,
}

/// Another place that has to do with the finding; the first one is the finding's own, if it has a text there.
#[derive(Serialize)]
struct Label<'a> {
    text: &'a str,
    location: Location,
}

#[derive(Serialize)]
struct FixOf<'a> {
    title: &'a str,
    safety: &'static str,
    edits: Vec<EditOf<'a>>,
}

#[derive(Serialize)]
struct EditOf<'a> {
    location: Location,
    text: &'a str,
}

pub fn array(report: &Report<'_>) -> String {
    let all: Vec<Finding<'_>> = findings(report).collect();
    serde_json::to_string_pretty(&all).expect("it has plain keys") + "\n"
}

pub fn lines(report: &Report<'_>) -> String {
    findings(report).map(|it| serde_json::to_string(&it).expect("it has plain keys") + "\n").collect()
}

fn findings<'a>(report: &'a Report<'_>) -> impl Iterator<Item = Finding<'a>> {
    let mut fingerprints = Fingerprints::default();
    report.findings().map(move |(batch, it)| Finding {
        code: it.code,
        severity: it.severity.word(),
        group: report.kind(it.code).map(|it| it.group.word()),
        message: &it.message,
        help: it.help.as_deref(),
        location: location(batch, it.span()),
        labels: labels(batch, it),
        fix: it.fix.as_ref().map(|it| fix(batch, it)),
        fingerprint: fingerprints.next(batch, it),
    })
}

fn labels<'a>(batch: Batch<'_>, finding: &'a Diagnostic) -> Vec<Label<'a>> {
    let told = finding.labels.iter().enumerate().filter(|(nth, it)| *nth > 0 || !it.text.is_empty());
    told.map(|(_, it)| Label { text: &it.text, location: location(batch, it.span) }).collect()
}

fn fix<'a>(batch: Batch<'_>, fix: &'a Fix) -> FixOf<'a> {
    let edit = |it: &'a Edit| EditOf { location: location(batch, it.span), text: &it.text };
    FixOf { title: &fix.title, safety: fix.safety.word(), edits: fix.edits.iter().map(edit).collect() }
}

fn location(batch: Batch<'_>, span: Span) -> Location {
    let Place { line, column, end_line, end_column } = Place::of(batch, span, Columns::Characters);
    let path = batch.path(span.file);
    Location { path, line, column, end_line, end_column, start: span.start, end: span.end }
}
