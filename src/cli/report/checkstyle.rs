//! The XML of Checkstyle, which many servers read. Columns count characters.

use super::Report;
use super::place::{Columns, Place};
use super::xml::escape;
use std::fmt::Write as _;

pub fn render(report: &Report<'_>) -> String {
    let mut out = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<checkstyle version=\"4.3\">\n".to_owned();
    let mut open: Option<String> = None;
    for (batch, finding) in report.findings() {
        let path = batch.path(finding.span().file);
        if open.as_ref() != Some(&path) {
            let end = if open.is_some() { "  </file>\n" } else { "" };
            writeln!(out, "{end}  <file name=\"{}\">", escape(&path)).expect("a string takes everything");
            open = Some(path);
        }
        let Place { line, column, .. } = Place::of(batch, finding.span(), Columns::Characters);
        let (severity, message) = (finding.severity.word(), escape(&finding.message));
        writeln!(
            out,
            "    <error line=\"{line}\" column=\"{column}\" severity=\"{severity}\" \
             message=\"{message}\" source=\"mlopsc.{}\"/>",
            escape(finding.code)
        )
        .expect("a string takes everything");
    }
    if open.is_some() {
        out.push_str("  </file>\n");
    }
    out.push_str("</checkstyle>\n");
    out
}
