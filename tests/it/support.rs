//! What the tests share.

use mlopsc::base::sources::Sources;
use mlopsc::base::span::Span;
use mlopsc::diag::{Diagnostic, Fix, Severity};
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

/// Diagnostics as plain text: code, place, message, labels, help, fix.
pub fn render(sources: &Sources, findings: &[Diagnostic]) -> String {
    let mut text = String::new();
    for finding in findings {
        one(sources, finding, &mut text).expect("a string takes all that is written to it");
    }
    text
}

fn one(sources: &Sources, finding: &Diagnostic, text: &mut String) -> std::fmt::Result {
    let severity = match finding.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Info => "info",
    };
    writeln!(text, "{severity}[{}] {}: {}", finding.code, place(sources, finding.span()), finding.message)?;
    for (number, label) in finding.labels.iter().enumerate() {
        if number > 0 || !label.text.is_empty() {
            writeln!(text, "  at {}: {}", place(sources, label.span), label.text)?;
        }
    }
    if let Some(help) = &finding.help {
        writeln!(text, "  help: {help}")?;
    }
    if let Some(fix) = &finding.fix {
        writeln!(text, "  fix: {}", fix.title)?;
        for edit in &fix.edits {
            writeln!(text, "    {} -> {:?}", place(sources, edit.span), edit.text)?;
        }
    }
    Ok(())
}

/// `path:line:column-line:column`
fn place(sources: &Sources, span: Span) -> String {
    let source = sources.get(span.file);
    let (start, end) = (source.position(span.start as usize), source.position(span.end as usize));
    format!("{}:{}:{}-{}:{}", source.path, start.line, start.column, end.line, end.column)
}

/// A path in the repository.
pub fn repository(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

/// Every file below a folder of the repository that ends so, by its path in the repository, sorted.
pub fn files_below(folder: &str, ending: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let mut open = vec![repository(folder)];
    while let Some(folder) = open.pop() {
        for entry in std::fs::read_dir(&folder).expect("the folder can be read") {
            let path = entry.expect("the folder can be read").path();
            if path.is_dir() {
                open.push(path);
            } else if path.to_string_lossy().ends_with(ending) {
                let shown = path.strip_prefix(repository("")).expect("it lies below").to_string_lossy();
                let shown = shown.replace('\\', "/");
                found.push((shown, std::fs::read_to_string(&path).expect("it is UTF-8")));
            }
        }
    }
    found.sort();
    found
}

/// The compiler's own sources.
pub fn source_files() -> Vec<(String, String)> {
    files_below("src", ".rs")
}

/// The text with the edits of a fix made.
pub fn apply(text: &str, fix: &Fix) -> String {
    let mut edits: Vec<_> = fix.edits.iter().collect();
    edits.sort_by_key(|it| std::cmp::Reverse(it.span));
    let mut text = text.to_owned();
    for edit in edits {
        text.replace_range(edit.span.range(), &edit.text);
    }
    text
}
