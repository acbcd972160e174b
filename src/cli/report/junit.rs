//! A test suite for each file, in the schema that `PublishTestResults` names (`JUnit.xsd` of Windy Road): an error is a
//! failed test; warnings do not fail a check and stand in the suite's output.
//!
//! The schema asks for a time. There is none, so that the same sources give the same report; Azure Pipelines takes this one
//! as not given.

use super::summary::is_config;
use super::xml::escape;
use super::{Batch, Report, concise};
use crate::base::span::FileId;
use crate::cli::edge::Paint;
use crate::diag::Diagnostic;
use std::fmt::Write as _;

const NO_TIME: &str = "0001-01-01T00:00:00";

pub fn render(report: &Report<'_>) -> String {
    let mut out = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n".to_owned();
    let suites = report.batches.iter().flat_map(|batch| suites(*batch));
    for (id, (batch, file, findings)) in suites.enumerate() {
        suite(&mut out, id, (batch, file), &findings);
    }
    out.push_str("</testsuites>\n");
    out
}

/// The files with what is found in each; one without findings only if it is a source.
fn suites(batch: Batch<'_>) -> Vec<(Batch<'_>, FileId, Vec<&Diagnostic>)> {
    let sources = batch.sources.iter().filter(|(_, it)| !is_config(&it.path));
    let mut files: Vec<FileId> = sources.map(|(file, _)| file).collect();
    files.extend(batch.findings.iter().map(|it| it.span().file));
    files.sort_unstable();
    files.dedup();
    let mut found = vec![Vec::new(); files.len()];
    for finding in batch.findings {
        let at = files.binary_search(&finding.span().file).expect("all files are there");
        found[at].push(finding);
    }
    files.into_iter().zip(found).map(|(file, findings)| (batch, file, findings)).collect()
}

fn suite(out: &mut String, id: usize, (batch, file): (Batch<'_>, FileId), findings: &[&Diagnostic]) {
    let path = escape(&batch.path(file));
    let (errors, others): (Vec<&Diagnostic>, Vec<&Diagnostic>) =
        findings.iter().copied().partition(|it| it.is_error());
    let (tests, failures) = (errors.len().max(1), errors.len());
    writeln!(
        out,
        "  <testsuite name=\"{path}\" package=\"mlopsc\" id=\"{id}\" timestamp=\"{NO_TIME}\" \
         hostname=\"localhost\" tests=\"{tests}\" failures=\"{failures}\" errors=\"0\" time=\"0\">\n    <properties/>"
    )
    .expect("a string takes everything");
    if errors.is_empty() {
        writeln!(out, "    <testcase name=\"no errors\" classname=\"{path}\" time=\"0\"/>")
            .expect("a string takes everything");
    }
    for finding in errors {
        out.push_str(&failed(batch, &path, finding));
    }
    let told: String = others.iter().map(|it| concise::line(batch, it, Paint::default())).collect();
    write!(out, "    <system-out>{}</system-out>\n    <system-err/>\n  </testsuite>\n", escape(&told))
        .expect("a string takes everything");
}

fn failed(batch: Batch<'_>, path: &str, finding: &Diagnostic) -> String {
    let place = batch.sources.position(finding.span());
    let (code, line, column) = (escape(finding.code), place.line, place.column);
    let help = finding.help.as_ref().map_or_else(String::new, |it| format!("\nhelp: {it}"));
    let (message, details) = (
        escape(&finding.message),
        escape(&format!("{}{}", concise::line(batch, finding, Paint::default()).trim_end(), help)),
    );
    format!(
        "    <testcase name=\"{code} at {line}:{column}\" classname=\"{path}\" time=\"0\">\n      \
         <failure type=\"{code}\" message=\"{message}\">{details}</failure>\n    </testcase>\n"
    )
}
