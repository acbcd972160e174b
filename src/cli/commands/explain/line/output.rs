//! A line of a generated file: the statements behind it, from the declaration to the innermost.

use super::{all_targets, below, output_folder, shown};
use crate::base::sources::Sources;
use crate::base::span::Span;
use crate::cli::edge::{Edge, Paint};
use crate::cli::output::line_ends::differ_only;
use crate::cli::session::Checked;
use crate::cli::trouble::Trouble;
use crate::driver::{self, Analysis};
use crate::emit::OutputFile;
use crate::trace::{Part, Tracer};
use std::fmt::Write as _;
use std::path::Path;

/// Lines of a statement that are shown.
const MOST: usize = 12;
/// Characters of a line that are shown.
const LONGEST: usize = 160;

pub fn explain(path: &Path, line: usize, checked: &Checked, edge: &mut Edge<'_>) -> Result<String, Trouble> {
    let Some(analysis) = checked.analysis.as_ref().filter(|it| !it.has_errors()) else {
        return Err(Trouble::new("the project has errors, so it is not known what its files come from")
            .help("`mlopsc check` tells them"));
    };
    let relative = below(path, &checked.place.root);
    let (out, file) = file(analysis, checked, &relative, edge)?;
    let count = file.text.lines().count();
    if line == 0 || line > count {
        return Err(Trouble::new(format!("`{relative}` has no line {line}"))
            .help(format!("what `mlopsc compile` would write has {count} lines")));
    }
    let is_current = edge.disk.read(path).is_ok_and(|it| differ_only(&it, file.text.as_bytes()));
    if !is_current {
        let note = edge.err.paint.yellow("note:");
        let text = format!(
            "{note} the file is not what the sources say now; this is line {line} of what they say\n"
        );
        edge.err.print(&text)?;
    }
    let paint = edge.out.paint;
    Ok(driver::trace(analysis, &out, |tracer| {
        let parts = tracer.parts(&file);
        let around: Vec<&Part> = parts.iter().filter(|it| it.first <= line && line <= it.last).collect();
        told(checked, analysis, tracer, &around, paint)
    }))
}

/// The file and its output folder: that of the project, or another one that was named when it was written.
fn file(
    analysis: &Analysis,
    checked: &Checked,
    relative: &str,
    edge: &Edge<'_>,
) -> Result<(String, OutputFile), Trouble> {
    let emit = |out: &str| (edge.compiler.emit)(analysis, out, &all_targets());
    let out = output_folder(checked);
    let found = emit(&out).into_iter().find_map(|it| {
        let out = relative.strip_suffix(&it.path)?.strip_suffix('/')?.to_owned();
        Some((out, it))
    });
    let unknown = || {
        Trouble::new(format!("`{relative}` is not a file that this project becomes"))
            .help("`mlopsc compile --stdout` shows the files")
    };
    let (place, file) = found.ok_or_else(unknown)?;
    if place == out {
        return Ok((place, file));
    }
    let file = emit(&place).into_iter().find(|it| it.path == file.path).ok_or_else(unknown)?;
    Ok((place, file))
}

fn told(
    checked: &Checked,
    analysis: &Analysis,
    tracer: &Tracer<'_>,
    around: &[&Part],
    paint: Paint,
) -> String {
    let sources = &analysis.sources;
    let places: Vec<String> = around.iter().map(|it| shown(checked, sources, it.span)).collect();
    let wide = places.iter().map(String::len).max().unwrap_or(0);
    let mut out = String::new();
    for (part, place) in around.iter().zip(&places) {
        writeln!(out, "{}  {}", paint.cyan(&format!("{place:wide$}")), part.what)
            .expect("a string takes everything");
    }
    let Some(inner) = around.last() else { return out };
    for reason in reasons(checked, sources, inner.span) {
        writeln!(out, "{reason}").expect("a string takes everything");
    }
    let whole = tracer.statement(inner.span).map_or(inner.span, |it| it.1);
    format!("{out}\n{}", excerpt(sources, whole, paint))
}

/// Why the statement stands there more than once.
fn reasons(checked: &Checked, sources: &Sources, span: Span) -> Vec<String> {
    let mut found = Vec::new();
    let mut file = span.file;
    while let Some(origin) = sources.origin(file) {
        found.push(format!("{}, {}", origin.text, shown(checked, sources, origin.place)));
        file = origin.inside;
    }
    found
}

fn excerpt(sources: &Sources, span: Span, paint: Paint) -> String {
    let source = sources.get(span.file);
    let (first, last) = (source.line_of(span.start as usize), source.line_of(span.end as usize));
    let digits = (last + 1).to_string().len();
    let mut out = String::new();
    for (number, line) in source.text.lines().enumerate().skip(first).take((last - first + 1).min(MOST)) {
        let cut: String = crate::cli::report::printable(line).chars().take(LONGEST).collect();
        let number = paint.dim(&format!("{:digits$} │", number + 1));
        writeln!(out, "{}", format!("{number} {cut}").trim_end()).expect("a string takes everything");
    }
    if last - first + 1 > MOST {
        writeln!(out, "{}", paint.dim(&format!("{:digits$} ┆", ""))).expect("a string takes everything");
    }
    out
}
