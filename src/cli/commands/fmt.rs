//! `mlopsc fmt`: one style for all files.

use crate::cli::Outcome;
use crate::cli::edge::Edge;
use crate::cli::input;
use crate::cli::output::{diff, replace};
use crate::cli::project::slashed;
use crate::cli::report::summary::plural;
use crate::cli::sources::{self, writable};
use crate::cli::trouble::Trouble;
use crate::format::{self, Formatted};
use std::path::{Path, PathBuf};

/// Bring files into the one style
///
/// Only blanks change, and commas at the ends of lines. A declaration that does not hold together is left as it is and told,
/// and the exit code is 1. With `--check` or `--diff` nothing is written, and the exit code is 1 also if something would change.
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
    let files = sources::find(&args.paths, edge)?;
    let looked: Vec<Looked> =
        files.iter().map(|(path, searched)| look(path, searched, args, edge)).collect::<Result<_, _>>()?;
    for it in &looked {
        tell(it, args, edge)?;
        if let (Some((_, new)), true) = (&it.change, args.writes()) {
            replace(&it.path, new.as_bytes(), edge.disk)?;
        }
    }
    edge.note(&summary(&looked, args))?;
    Ok(outcome(
        args,
        looked.iter().any(|it| it.change.is_some()),
        looked.iter().any(|it| !it.broken.is_empty()),
    ))
}

impl Args {
    fn writes(&self) -> bool {
        !self.check && !self.diff
    }
}

/// A file and what is to become of it.
struct Looked {
    path: PathBuf,
    shown: String,
    /// Its text and that in style, where they differ.
    change: Option<(String, String)>,
    /// The lines, from 1, at which something begins that does not hold together.
    broken: Vec<usize>,
}

/// Changes nothing, so that all files are looked at before the first is written.
fn look(path: &Path, searched: &Path, args: &Args, edge: &Edge<'_>) -> Result<Looked, Trouble> {
    let bytes = edge.disk.read(path).map_err(|error| Trouble::io("read", path, &error))?;
    let shown = slashed(path.strip_prefix(&edge.here).unwrap_or(path));
    let text = text(bytes, &shown)?;
    let Formatted { text: formatted, broken } = format::formatted(&text);
    let change = if formatted == text { None } else { Some(formatted.into_owned()) };
    if change.is_some() && args.writes() {
        writable(path, sources::root_of(path, searched, edge.disk)?, &shown, edge)?;
    }
    Ok(Looked { path: path.to_owned(), shown, change: change.map(|new| (text, new)), broken })
}

fn tell(it: &Looked, args: &Args, edge: &mut Edge<'_>) -> Result<(), Trouble> {
    edge.err.print(&left(&it.shown, &it.broken))?;
    let shown = &it.shown;
    let Some((old, new)) = &it.change else {
        let state = if it.broken.is_empty() { "in style" } else { "unchanged" };
        return edge.detail(&format!("  {state} {shown}\n"));
    };
    if args.diff {
        edge.out.print(&diff::texts(shown, old, new, edge.out.paint))?;
    }
    if args.check {
        edge.err.print(&format!("would change {shown}\n"))?;
    }
    if args.writes() { edge.detail(&format!("  changed {shown}\n")) } else { Ok(()) }
}

/// What was left as it is, one line a place.
fn left(shown: &str, broken: &[usize]) -> String {
    let line = |at: &usize| {
        format!("{shown}:{at}: left as it is, for it does not hold together: `mlopsc check` says why\n")
    };
    broken.iter().map(line).collect()
}

fn summary(looked: &[Looked], args: &Args) -> String {
    let changed = looked.iter().filter(|it| it.change.is_some()).count();
    let broken = looked.iter().filter(|it| !it.broken.is_empty()).count();
    let same = looked.iter().filter(|it| it.change.is_none() && it.broken.is_empty()).count();
    let verb = if args.writes() { "changed" } else { "would change" };
    if changed == 0 && broken == 0 {
        return format!("{} in style\n", plural(same, "file"));
    }
    let broken = if broken > 0 { format!(", {broken} with parts left as they are") } else { String::new() };
    format!("{changed} {verb}, {same} in style{broken}\n")
}

fn outcome(args: &Args, differs: bool, is_broken: bool) -> Outcome {
    if is_broken || (differs && !args.writes()) { Outcome::Findings } else { Outcome::Fine }
}

fn text(bytes: Vec<u8>, shown: &str) -> Result<String, Trouble> {
    String::from_utf8(bytes).map_err(|_| {
        Trouble::new(format!("`{shown}` is not text in UTF-8")).help("`mlopsc check` shows where")
    })
}

fn standard_input(args: &Args, edge: &mut Edge<'_>) -> Result<Outcome, Trouble> {
    let shown = args.stdin_filename.as_deref().map_or_else(|| input::DASH.to_owned(), slashed);
    let text = text(input::read(edge)?, &shown)?;
    let Formatted { text: formatted, broken } = format::formatted(&text);
    if args.diff {
        edge.out.print(&diff::texts(&shown, &text, &formatted, edge.out.paint))?;
    } else if !args.check {
        edge.out.print(&formatted)?;
    }
    edge.err.print(&left(&shown, &broken))?;
    Ok(outcome(args, formatted != text, !broken.is_empty()))
}
