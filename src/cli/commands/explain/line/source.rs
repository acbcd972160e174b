//! A line of a source: what is found there, and which lines of which files come from it.

use super::{all_targets, below, output_folder};
use crate::base::span::{FileId, Span};
use crate::cli::edge::Edge;
use crate::cli::report::{self, Batch, Format, Options};
use crate::cli::session::Checked;
use crate::cli::trouble::Trouble;
use crate::diag::Diagnostic;
use crate::driver::{self, Analysis};
use crate::trace::{Part, Tracer};
use std::fmt::Write as _;
use std::path::Path;

pub fn explain(path: &Path, line: usize, checked: &Checked, edge: &mut Edge<'_>) -> Result<String, Trouble> {
    let Some(analysis) = &checked.analysis else {
        return Err(
            Trouble::new("the project holds text that cannot be read").help("`mlopsc check` tells more")
        );
    };
    let relative = below(path, &checked.place.root);
    let (file, source) = analysis
        .sources
        .iter()
        .find(|(_, it)| it.path == relative)
        .ok_or_else(|| Trouble::new(format!("`{relative}` is not a source of the project")))?;
    let lines = source.lines();
    let Some(start) = line.checked_sub(1).and_then(|it| lines.get(it)) else {
        return Err(Trouble::new(format!("`{relative}` has no line {line}")));
    };
    let end = lines.get(line).map_or(source.text.len(), |it| *it as usize);
    let span = Span::new(file, *start as usize, end);
    let mut out = findings(checked, analysis, span, edge);
    if analysis.has_errors() {
        out.push_str("nothing comes from it as long as the project has errors\n");
        return Ok(out);
    }
    let folder = output_folder(checked);
    let files = (edge.compiler.emit)(analysis, &folder, &all_targets());
    let parts = driver::trace(analysis, &folder, |tracer| {
        let all = files.iter().map(|it| (it.path.as_str(), tracer.parts(it))).collect::<Vec<_>>();
        coming_from(tracer, analysis, span, &all)
    });
    if parts.is_empty() {
        out.push_str("no line of the output comes from this one alone\n");
    }
    let shown = format!("{}{folder}", checked.prefix);
    for (path, part) in parts {
        let (first, last) = (part.first, part.last);
        let place = edge.out.paint.cyan(&format!("{shown}/{path}:{first}-{last}"));
        writeln!(out, "{place}  {}", part.what).expect("a string takes everything");
    }
    Ok(out)
}

fn findings(checked: &Checked, analysis: &Analysis, line: Span, edge: &Edge<'_>) -> String {
    let touches = |it: &&Diagnostic| {
        let span = it.span();
        span.file == line.file && span.start < line.end && span.end.max(span.start + 1) > line.start
    };
    let found: Vec<Diagnostic> = analysis.findings.iter().filter(touches).cloned().collect();
    let batch = Batch { prefix: &checked.prefix, sources: &analysis.sources, findings: &found };
    let paint = edge.out.paint;
    report::render(&[batch], Options { format: Format::Human, limit: 0, width: edge.width, paint })
}

/// What the smallest statement around the line becomes that becomes anything, without what is inside other parts.
fn coming_from<'f>(
    tracer: &Tracer<'_>,
    analysis: &Analysis,
    line: Span,
    files: &[(&'f str, Vec<Part>)],
) -> Vec<(&'f str, Part)> {
    for statement in tracer.statements_at(line) {
        let comes = |it: &&Part| is_in(analysis.sources.real(it.span.file), it.span, statement);
        let mut found = Vec::new();
        for (path, parts) in files {
            let mut until = 0;
            for part in parts.iter().filter(comes) {
                if part.last > until {
                    until = part.last;
                    found.push((*path, part.clone()));
                }
            }
        }
        if !found.is_empty() {
            return found;
        }
    }
    Vec::new()
}

fn is_in(file: FileId, span: Span, statement: Span) -> bool {
    file == statement.file && statement.start <= span.start && span.start < statement.end
}
