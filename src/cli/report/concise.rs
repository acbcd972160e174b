//! One line a finding: `path:line:column: severity[code] message`.

use super::excerpt::printable;
use super::{Batch, Options};
use crate::diag::Severity;
use std::fmt::Write as _;

pub fn render(out: &mut String, batch: Batch<'_>, options: Options) {
    let paint = options.paint;
    for finding in batch.findings {
        let span = finding.span();
        let path = printable(&batch.sources.get(span.file).path);
        let place = batch.sources.position(span);
        let severity = match finding.severity {
            Severity::Error => paint.red("error"),
            Severity::Warning => paint.yellow("warning"),
            Severity::Info => paint.cyan("info"),
        };
        let message = printable(&finding.message).replace('\n', " ");
        let (line, column, code) = (place.line, place.column, finding.code);
        writeln!(out, "{}{path}:{line}:{column}: {severity}[{code}] {message}", batch.prefix)
            .expect("a string takes everything");
    }
}
