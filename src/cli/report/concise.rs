//! One line a finding: `path:line:column: severity[code] message`.

use super::excerpt::printable;
use super::{Batch, Report};
use crate::cli::edge::Paint;
use crate::diag::{Diagnostic, Severity};

pub fn render(report: &Report<'_>) -> String {
    report.findings().map(|(batch, it)| line(batch, it, report.options.paint)).collect()
}

pub fn line(batch: Batch<'_>, finding: &Diagnostic, paint: Paint) -> String {
    let path = batch.path(finding.span().file);
    let path = printable(&path);
    let place = batch.sources.position(finding.span());
    let severity = match finding.severity {
        Severity::Error => paint.red("error"),
        Severity::Warning => paint.yellow("warning"),
        Severity::Info => paint.cyan("info"),
    };
    let message = printable(&finding.message).replace('\n', " ");
    let (line, column, code) = (place.line, place.column, finding.code);
    format!("{path}:{line}:{column}: {severity}[{code}] {message}\n")
}
