//! A line of a generated file or of a source.

mod output;
mod source;

use crate::base::sources::Sources;
use crate::base::span::Span;
use crate::cli::edge::Edge;
use crate::cli::project::slashed;
use crate::cli::rules::RuleArgs;
use crate::cli::session::{self, Checked, OptionArgs};
use crate::cli::targets;
use crate::cli::trouble::Trouble;
use crate::config;
use crate::emit::Target;
use std::path::{Path, PathBuf};

/// `FILE:LINE`, `FILE:LINE:COLUMN`, or as Azure Pipelines says it: `/FILE (Line: 12, Col: 3)`.
pub fn place(text: &str) -> Option<(&str, usize)> {
    if let Some((file, rest)) = text.split_once(" (Line: ") {
        let digits = rest.split(|it: char| !it.is_ascii_digit()).next()?;
        return Some((file, digits.parse().ok()?));
    }
    let (file, last) = text.trim_end_matches(':').rsplit_once(':')?;
    let last: usize = last.parse().ok()?;
    match file.rsplit_once(':').and_then(|(file, line)| Some((file, line.parse().ok()?))) {
        Some(found) => Some(found),
        None => Some((file, last)),
    }
}

pub fn explain(
    file: &str,
    line: usize,
    options: &OptionArgs,
    edge: &mut Edge<'_>,
) -> Result<String, Trouble> {
    let path = find(file, edge)?;
    let is_source = path.extension().is_some_and(|it| it == "mlops");
    let start = if is_source { path.clone() } else { root(&path, edge)? };
    let checked = session::check(&[start], &RuleArgs::default(), options, edge)?;
    let checked = checked.into_iter().next().expect("one path belongs to one project");
    if is_source {
        source::explain(&path, line, &checked, edge)
    } else {
        output::explain(&path, line, &checked, edge)
    }
}

/// A path of Azure Pipelines begins at the repository's root with a `/`.
fn find(file: &str, edge: &Edge<'_>) -> Result<PathBuf, Trouble> {
    let from_here = edge.disk.resolve(&edge.here.join(file));
    let below = || edge.disk.resolve(&edge.here.join(file.trim_start_matches('/')));
    from_here.or_else(|error| below().map_err(|_| Trouble::io("open", Path::new(file), &error)))
}

/// The root of the project that a generated file belongs to.
fn root(path: &Path, edge: &Edge<'_>) -> Result<PathBuf, Trouble> {
    for folder in path.ancestors().skip(1) {
        let has_config = edge.disk.kind(&folder.join(config::FILE)).is_ok_and(|it| it.is_some());
        if has_config {
            return Ok(folder.to_owned());
        }
    }
    // Without `mlopsc.toml` the output lies in a folder of this name.
    let default = config::Config::default().output;
    let output = path.ancestors().find(|it| it.file_name().is_some_and(|name| name == default.as_str()));
    output.and_then(Path::parent).map(Path::to_owned).ok_or_else(|| {
        Trouble::new(format!("`{}` belongs to no project", path.display()))
            .help(format!("no folder above it has a `{}`", config::FILE))
    })
}

fn all_targets() -> Vec<Target> {
    targets::ALL.iter().map(|row| row.target).collect()
}

/// Where the output folder lies, relative to the project's root.
fn output_folder(checked: &Checked) -> String {
    checked.loaded.config.output.clone()
}

/// `path:line` as it can be opened from the current folder.
fn shown(checked: &Checked, sources: &Sources, span: Span) -> String {
    let line = sources.position(span).line;
    format!("{}{}:{line}", checked.prefix, sources.get(span.file).path)
}

/// A path below the project's root.
fn below(path: &Path, root: &Path) -> String {
    slashed(path.strip_prefix(root).unwrap_or(path))
}
