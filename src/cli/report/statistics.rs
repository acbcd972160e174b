//! How often each code was found, and how many of its findings have a fix.

use super::{Format, Report};
use crate::diag::{Code, Safety};
use crate::explain;
use serde::Serialize;
use std::collections::BTreeMap;
use std::fmt::Write as _;

#[derive(Serialize)]
struct Row {
    code: Code,
    group: Option<&'static str>,
    severity: &'static str,
    count: usize,
    fixable: Fixable,
    summary: &'static str,
}

#[derive(Clone, Copy, Default, Serialize)]
struct Fixable {
    safe: usize,
    r#unsafe: usize,
}

/// Formats that statistics can be told in.
pub const FORMATS: [Format; 3] = [Format::Human, Format::Concise, Format::Json];

pub fn render(report: &Report<'_>) -> String {
    let rows = rows(report);
    if report.options.format == Format::Json {
        return serde_json::to_string_pretty(&rows).expect("it has plain keys") + "\n";
    }
    let mut out = String::new();
    let wide = rows.iter().map(|it| it.code.len()).max().unwrap_or(0);
    let digits = rows.iter().map(|it| it.count.to_string().len()).max().unwrap_or(0);
    for it in &rows {
        let fixes = told(it.fixable);
        let fixes = if fixes.is_empty() { fixes } else { format!("  ({fixes})") };
        writeln!(out, "{:>digits$}  {:wide$}  {:7}  {}{fixes}", it.count, it.code, it.severity, it.summary)
            .expect("a string takes everything");
    }
    let all = rows.iter().fold(Fixable::default(), |all, it| Fixable {
        safe: all.safe + it.fixable.safe,
        r#unsafe: all.r#unsafe + it.fixable.r#unsafe,
    });
    if all.safe + all.r#unsafe > 0 {
        writeln!(out, "{}", told(all)).expect("a string takes everything");
    }
    out
}

/// The most frequent first.
fn rows(report: &Report<'_>) -> Vec<Row> {
    let mut rows: BTreeMap<Code, Row> = BTreeMap::new();
    for (_, finding) in report.findings() {
        let kind = report.kind(finding.code);
        let row = rows.entry(finding.code).or_insert_with(|| Row {
            code: finding.code,
            group: kind.map(|it| it.group.word()),
            severity: finding.severity.word(),
            count: 0,
            fixable: Fixable::default(),
            summary: kind.map_or("", |it| explain::title(it.page)),
        });
        row.count += 1;
        match finding.fix.as_ref().map(|it| it.safety) {
            Some(Safety::Safe) => row.fixable.safe += 1,
            Some(Safety::Unsafe) => row.fixable.r#unsafe += 1,
            None => {}
        }
    }
    let mut rows: Vec<Row> = rows.into_values().collect();
    rows.sort_by_key(|it| std::cmp::Reverse(it.count));
    rows
}

/// `2 safe fixes, 1 unsafe fix`
fn told(fixable: Fixable) -> String {
    let parts = [(fixable.safe, "safe"), (fixable.r#unsafe, "unsafe")];
    let parts = parts.iter().filter(|it| it.0 > 0).map(|(many, word)| {
        let plural = if *many == 1 { "" } else { "es" };
        format!("{many} {word} fix{plural}")
    });
    parts.collect::<Vec<_>>().join(", ")
}
