//! Commands to the agent of Azure Pipelines, which shows them as issues of the run. It keeps the first ten errors and the
//! first ten warnings of a step; all stand in its log.

use super::excerpt::printable;
use super::place::{Columns, Place};
use super::{Report, concise, summary};
use crate::diag::Severity;
use std::fmt::Write as _;

pub fn render(report: &Report<'_>) -> String {
    let mut out = String::new();
    for (batch, finding) in report.findings() {
        let kind = match finding.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
            // The agent knows no third kind: it stands in the log only.
            Severity::Info => {
                out.push_str(&concise::line(batch, finding, report.options.paint));
                continue;
            }
        };
        let place = Place::of(batch, finding.span(), Columns::Characters);
        let help = finding.help.as_ref().map_or_else(String::new, |it| format!("\nhelp: {it}"));
        let path = property(&batch.path(finding.span().file));
        let message = data(&format!("{}{help}", finding.message));
        let (line, column, code) = (place.line, place.column, property(finding.code));
        writeln!(
            out,
            "##vso[task.logissue type={kind};sourcepath={path};\
             linenumber={line};columnnumber={column};code={code};]{message}"
        )
        .expect("a string takes everything");
    }
    writeln!(out, "mlopsc: {}{}", summary::counts(report.count(), report.files()), beyond(report))
        .expect("a string takes everything");
    out
}

fn beyond(report: &Report<'_>) -> &'static str {
    let count = report.count();
    let kept = 10;
    if count.errors > kept || count.warnings > kept {
        "; the run shows the first 10 errors and the first 10 warnings, this log all that were printed"
    } else {
        ""
    }
}

fn data(text: &str) -> String {
    printable(text).replace('%', "%AZP25").replace('\r', "%0D").replace('\n', "%0A")
}

fn property(text: &str) -> String {
    data(text).replace(']', "%5D").replace(';', "%3B")
}

#[cfg(test)]
mod tests {
    use super::{data, property};

    #[test]
    fn nothing_ends_a_command_early() {
        assert_eq!(data("50%\r\n[a];b"), "50%AZP25%0D%0A[a];b");
        assert_eq!(property("a]b;c%\n"), "a%5Db%3Bc%AZP25%0A");
    }
}
