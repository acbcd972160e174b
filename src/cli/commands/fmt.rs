//! `mlopsc fmt`: one style for all files.

use crate::cli::Outcome;
use crate::cli::edge::Edge;
use crate::cli::input;
use crate::cli::output::{diff, replace};
use crate::cli::project::{self, slashed};
use crate::cli::report::summary::plural;
use crate::cli::trouble::Trouble;
use crate::format;
use std::path::{Path, PathBuf};

/// Bring files into the one style
///
/// Only blanks change, and commas before a line break. A declaration that does not hold together is left as it is. With
/// `--check` or `--diff` nothing is
/// written, and the exit code is 1 if something would change.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Folders or `.mlops` files; `-` reads the standard input and prints; without one the current folder
    #[arg(value_name = "PATH")]
    pub paths: Vec<PathBuf>,
    /// Write nothing; name the files that would change
    #[arg(long)]
    pub check: bool,
    /// Write nothing; print what would change
    #[arg(long)]
    pub diff: bool,
    /// What the standard input is called where it is named, with `-`
    #[arg(long, value_name = "PATH")]
    pub stdin_filename: Option<PathBuf>,
}

pub fn run(args: &Args, edge: &mut Edge<'_>) -> Result<Outcome, Trouble> {
    if input::is_meant(&args.paths, args.stdin_filename.as_deref())? {
        return standard_input(args, edge);
    }
    let files = project::sources(&args.paths, edge)?;
    let mut changed = 0;
    for path in &files {
        changed += usize::from(one(path, args, edge)?);
    }
    let same = files.len() - changed;
    let verb = if args.check || args.diff { "would change" } else { "changed" };
    edge.note(&match changed {
        0 => format!("{} in style\n", plural(same, "file")),
        _ => format!("{changed} {verb}, {same} in style\n"),
    })?;
    Ok(outcome(args, changed > 0))
}

fn outcome(args: &Args, differs: bool) -> Outcome {
    if differs && (args.check || args.diff) { Outcome::Findings } else { Outcome::Fine }
}

/// Whether the file is not in style.
fn one(path: &Path, args: &Args, edge: &mut Edge<'_>) -> Result<bool, Trouble> {
    let bytes = edge.disk.read(path).map_err(|error| Trouble::io("read", path, &error))?;
    let shown = slashed(path.strip_prefix(&edge.here).unwrap_or(path));
    let text = text(bytes, &shown)?;
    let formatted = format::format(&text);
    if formatted == text {
        return Ok(false);
    }
    if args.diff {
        edge.out.print(&diff::texts(&shown, &text, &formatted, edge.out.paint))?;
    }
    if args.check {
        edge.err.print(&format!("would change {shown}\n"))?;
    }
    if !args.check && !args.diff {
        replace(path, formatted.as_bytes(), edge.disk)?;
        edge.detail(&format!("  changed {shown}\n"))?;
    }
    Ok(true)
}

fn text(bytes: Vec<u8>, shown: &str) -> Result<String, Trouble> {
    String::from_utf8(bytes).map_err(|_| {
        Trouble::new(format!("`{shown}` is not text in UTF-8")).help("`mlopsc check` shows where")
    })
}

fn standard_input(args: &Args, edge: &mut Edge<'_>) -> Result<Outcome, Trouble> {
    let shown = args.stdin_filename.as_deref().map_or_else(|| input::DASH.to_owned(), slashed);
    let text = text(input::read(edge)?, &shown)?;
    let formatted = format::format(&text);
    if args.diff {
        edge.out.print(&diff::texts(&shown, &text, &formatted, edge.out.paint))?;
    } else if !args.check {
        edge.out.print(&formatted)?;
    }
    Ok(outcome(args, formatted != text))
}
