//! SARIF 2.1.0, as GitHub, Azure DevOps and editors read it. Paths are URIs relative to the folder in which the program ran;
//! columns count UTF-16 code units.

use super::fingerprint::Fingerprints;
use super::place::{Columns, Place};
use super::{Batch, Report};
use crate::base::span::{FileId, Span};
use crate::diag::{Code, Diagnostic, Fix, Group, Kind, Severity};
use crate::explain;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

/// What paths are relative to.
const BASE: &str = "%SRCROOT%";
/// Longer excerpts are left out, in bytes.
const LONGEST: usize = 300;

pub fn render(report: &Report<'_>) -> String {
    let codes: BTreeSet<Code> = report.findings().map(|(_, it)| it.code).collect();
    let codes: Vec<Code> = codes.into_iter().collect();
    let rules: Vec<Value> = codes
        .iter()
        .map(|code| report.kind(code).map_or_else(|| json!({ "id": code }), |it| rule(&it)))
        .collect();
    let mut fingerprints = Fingerprints::default();
    let results = report.findings().map(|(batch, finding)| {
        let index = codes.binary_search(&finding.code).expect("all codes are there");
        result(batch, finding, index, &fingerprints.next(batch, finding))
    });
    let run = json!({
        "tool": { "driver": {
            "name": "mlopsc",
            "fullName": concat!("mlopsc ", env!("CARGO_PKG_VERSION")),
            "version": env!("CARGO_PKG_VERSION"),
            "semanticVersion": env!("CARGO_PKG_VERSION"),
            "rules": rules,
        } },
        "automationDetails": { "id": "mlopsc/" },
        "originalUriBaseIds": {
            BASE: { "description": { "text": "The folder in which mlopsc ran." } }
        },
        "columnKind": "utf16CodeUnits",
        "results": results.collect::<Vec<_>>(),
    });
    let document = json!({
        "$schema": "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json",
        "version": "2.1.0",
        "runs": [run],
    });
    serde_json::to_string_pretty(&document).expect("it has plain keys") + "\n"
}

fn rule(kind: &Kind) -> Value {
    let lines: Vec<&str> = explain::lines(kind.page).collect();
    let about = lines.iter().skip(1).skip_while(|it| it.is_empty());
    let about: Vec<&str> = about.take_while(|it| !it.is_empty() && !it.starts_with("```")).copied().collect();
    let help = lines.join("\n");
    let mut properties = json!({
        "tags": [kind.group.word()],
        "problem.severity": match kind.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Info => "recommendation",
        },
    });
    if kind.group == Group::Security {
        properties["security-severity"] = json!(match kind.severity {
            Severity::Error => "8.0",
            Severity::Warning => "5.0",
            Severity::Info => "2.0",
        });
    }
    let mut rule = json!({
        "id": kind.code,
        "shortDescription": { "text": sentence(explain::title(kind.page)) },
        "fullDescription": { "text": sentence(&about.join(" ")) },
        "help": { "text": help, "markdown": help },
        "defaultConfiguration": { "level": level(kind.severity) },
        "properties": properties,
    });
    // A name that says no more than the id must not be there.
    if kind.code.contains('-') {
        rule["name"] = json!(kind.name());
    }
    rule
}

fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Info => "note",
    }
}

fn result(batch: Batch<'_>, finding: &Diagnostic, rule: usize, fingerprint: &str) -> Value {
    let help = finding.help.as_ref().map_or_else(String::new, |it| format!(" {}", sentence(it)));
    let mut result = json!({
        "ruleId": finding.code,
        "ruleIndex": rule,
        "level": level(finding.severity),
        "message": { "text": format!("{}{help}", sentence(&finding.message)) },
        "locations": [{ "physicalLocation": physical(batch, finding.span()) }],
        "partialFingerprints": { "primaryLocationLineHash": fingerprint },
    });
    let told = finding.labels.iter().enumerate().filter(|(nth, it)| *nth > 0 || !it.text.is_empty());
    let related: Vec<Value> = told
        .enumerate()
        .map(|(id, (_, label))| {
            let text = if label.text.is_empty() { "here" } else { &label.text };
            let place = physical(batch, label.span);
            json!({ "id": id + 1, "physicalLocation": place, "message": { "text": sentence(text) } })
        })
        .collect();
    if !related.is_empty() {
        result["relatedLocations"] = json!(related);
    }
    if let Some(it) = &finding.fix {
        result["fixes"] = json!([fix(batch, it)]);
    }
    result
}

fn fix(batch: Batch<'_>, fix: &Fix) -> Value {
    let mut files: BTreeMap<FileId, Vec<Value>> = BTreeMap::new();
    for edit in &fix.edits {
        let replacement = json!({
            "deletedRegion": region(batch, edit.span),
            "insertedContent": { "text": edit.text },
        });
        files.entry(edit.span.file).or_default().push(replacement);
    }
    let changes: Vec<Value> = files
        .into_iter()
        .map(|(file, replacements)| json!({ "artifactLocation": artifact(batch, file), "replacements": replacements }))
        .collect();
    json!({
        "description": { "text": sentence(&fix.title) },
        "artifactChanges": changes,
        "properties": { "safety": fix.safety.word() },
    })
}

fn physical(batch: Batch<'_>, span: Span) -> Value {
    let mut region = region(batch, span);
    let source = &batch.sources.get(span.file).text;
    let text = source.get(span.range()).filter(|it| !it.is_empty() && it.len() <= LONGEST);
    if let Some(text) = text {
        region["snippet"] = json!({ "text": text });
    }
    json!({ "artifactLocation": artifact(batch, span.file), "region": region })
}

fn region(batch: Batch<'_>, span: Span) -> Value {
    let Place { line, column, end_line, end_column } = Place::of(batch, span, Columns::Utf16);
    json!({ "startLine": line, "startColumn": column, "endLine": end_line, "endColumn": end_column })
}

fn artifact(batch: Batch<'_>, file: FileId) -> Value {
    let path = batch.path(file);
    let encoded = encoded(&path);
    if path.starts_with('/') {
        json!({ "uri": format!("file://{encoded}") })
    } else if path.as_bytes().get(1) == Some(&b':') {
        json!({ "uri": format!("file:///{}", encoded.replacen("%3A", ":", 1)) })
    } else {
        json!({ "uri": encoded, "uriBaseId": BASE })
    }
}

/// A path as part of a URI.
fn encoded(path: &str) -> String {
    let mut out = String::with_capacity(path.len());
    for byte in path.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte) {
            out.push(char::from(byte));
        } else {
            write!(out, "%{byte:02X}").expect("a string takes everything");
        }
    }
    out
}

/// Ends with a mark that ends a sentence.
fn sentence(text: &str) -> String {
    let text = text.trim_end();
    if text.ends_with(['.', '?', '!']) { text.to_owned() } else { format!("{text}.") }
}
