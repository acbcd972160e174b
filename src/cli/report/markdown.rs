//! A comment for a pull request: errors in sight, the rest folded.

use super::excerpt::printable;
use super::{Batch, Report, summary};
use crate::diag::{Diagnostic, Severity};
use std::fmt::Write as _;

/// Errors in sight.
const MOST: usize = 10;

pub fn render(report: &Report<'_>) -> String {
    let mut out = format!("**mlopsc**: {}\n", summary::counts(report.count(), report.files()));
    let of = |severity| report.findings().filter(move |it| it.1.severity == severity).collect::<Vec<_>>();
    let errors = of(Severity::Error);
    let (seen, more) = errors.split_at(errors.len().min(MOST));
    if !seen.is_empty() {
        write!(out, "\n{}", table(seen)).expect("a string takes everything");
    }
    let (warnings, notes) = (of(Severity::Warning), of(Severity::Info));
    for (findings, word) in [(more, "more error"), (&warnings[..], "warning"), (&notes[..], "note")] {
        if !findings.is_empty() {
            let title = summary::plural(findings.len(), word);
            let table = table(findings);
            write!(out, "\n<details><summary>{title}</summary>\n\n{table}\n</details>\n")
                .expect("a string takes everything");
        }
    }
    out
}

fn table(findings: &[(Batch<'_>, &Diagnostic)]) -> String {
    let mut out = "| where | what |\n|---|---|\n".to_owned();
    for (batch, finding) in findings {
        let place = batch.sources.position(finding.span());
        let path = batch.path(finding.span().file);
        let help = finding.help.as_ref().map_or_else(String::new, |it| format!("<br>{}", cell(it)));
        let (line, column, code) = (place.line, place.column, finding.code);
        let path = path.replace('`', "").replace('|', "\\|");
        let message = cell(&finding.message);
        writeln!(out, "| `{path}:{line}:{column}` | **{code}** {message}{help} |")
            .expect("a string takes everything");
    }
    out
}

/// Text in a cell: what stands in backticks stays, elsewhere nothing is markup.
fn cell(text: &str) -> String {
    let paired = text.matches('`').count().is_multiple_of(2);
    let mut in_code = false;
    let mut out = String::new();
    for letter in printable(text).chars() {
        match letter {
            '`' if paired => in_code = !in_code,
            '`' | '|' => out.push('\\'),
            '\n' => {
                out.push_str("<br>");
                continue;
            }
            '*' | '_' | '[' | ']' | '<' | '>' | '~' | '\\' if !in_code => out.push('\\'),
            _ => {}
        }
        out.push(letter);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::cell;

    #[test]
    fn only_backticks_are_markup() {
        assert_eq!(cell("`a_b<c>` is *no*\n<b>|`|`"), "`a_b<c>` is \\*no\\*<br>\\<b\\>\\|`\\|`");
        assert_eq!(cell("one ` alone"), "one \\` alone");
    }
}
