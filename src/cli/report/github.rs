//! Workflow commands of GitHub Actions: annotations on the changed files. A step shows ten of each kind.

use super::excerpt::printable;
use super::place::{Columns, Place};
use super::{Report, summary};
use crate::diag::Severity;
use std::fmt::Write as _;

pub fn render(report: &Report<'_>) -> String {
    let mut out = String::new();
    for (batch, finding) in report.findings() {
        let kind = match finding.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Info => "notice",
        };
        let Place { line, column, end_line, end_column } =
            Place::of(batch, finding.span(), Columns::Characters);
        let path = property(&batch.path(finding.span().file));
        // Columns are read only where they stand in one line.
        let columns =
            if line == end_line { format!(",col={column},endColumn={end_column}") } else { String::new() };
        let help = finding.help.as_ref().map_or_else(String::new, |it| format!("\nhelp: {it}"));
        let (title, message) = (property(finding.code), data(&format!("{}{help}", finding.message)));
        writeln!(
            out,
            "::{kind} title={title},file={path},line={line},endLine={end_line}{columns}::{message}"
        )
        .expect("a string takes everything");
    }
    writeln!(out, "mlopsc: {}", summary::counts(report.count(), report.files()))
        .expect("a string takes everything");
    out
}

fn data(text: &str) -> String {
    printable(text).replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::{data, property};

    #[test]
    fn nothing_ends_a_command_early() {
        assert_eq!(data("50%\r\n:a,b"), "50%25%0D%0A:a,b");
        assert_eq!(property("a:b,c%\n"), "a%3Ab%2Cc%25%0A");
    }
}
