//! `mlopsc check`: says what is wrong, and repairs what it can if asked to.

use crate::cli::Outcome;
use crate::cli::edge::Edge;
use crate::cli::fixing::{self, Then, Wanted};
use crate::cli::input::{self, Overlay};
use crate::cli::rules::RuleArgs;
use crate::cli::session::{self, Checked, OptionArgs, ReportArgs, To};
use crate::cli::trouble::Trouble;
use crate::cli::watch;
use crate::diag::Safety;
use std::path::{Path, PathBuf};

/// Check projects, and fix what can be fixed
///
/// Exit code 1 if there are errors, after fixing; warnings alone are fine. With `--diff`, 1 if something would change.
#[derive(Debug, clap::Args)]
#[expect(clippy::struct_excessive_bools, reason = "flags are what a command line has")]
pub struct Args {
    /// Folders of projects or `.mlops` files; `-` reads one from the standard input; without one the current folder
    #[arg(value_name = "PATH")]
    pub paths: Vec<PathBuf>,
    /// Apply fixes that are safe to the sources
    #[arg(long)]
    pub fix: bool,
    /// With `--fix` or `--diff`, also fixes that are a guess or change what runs
    #[arg(long)]
    pub unsafe_fixes: bool,
    /// Write nothing; print what `--fix` would change
    #[arg(long)]
    pub diff: bool,
    /// Write comments that allow all that is found now, but for errors
    #[arg(long, requires = "reason", conflicts_with = "fix")]
    pub add_allows: bool,
    /// Why it is allowed, for `--add-allows`
    #[arg(long, value_name = "TEXT", requires = "add_allows", value_parser = reason)]
    pub reason: Option<String>,
    /// Count these as errors
    #[arg(long, value_name = "WHAT")]
    pub deny: Option<Deny>,
    #[command(flatten)]
    pub rules: RuleArgs,
    #[command(flatten)]
    pub options: OptionArgs,
    #[command(flatten)]
    pub report: ReportArgs,
    /// Write the report into this file; the standard output is then for people
    #[arg(long, value_name = "FILE", conflicts_with = "statistics")]
    pub output: Option<PathBuf>,
    /// Print how often each code was found instead of the findings
    #[arg(long)]
    pub statistics: bool,
    /// The file that the standard input stands for, with `-`: it is checked in that file's project
    #[arg(long, value_name = "PATH")]
    pub stdin_filename: Option<PathBuf>,
    /// Check again whenever a file changes that was read
    #[arg(long, conflicts_with = "add_allows")]
    pub watch: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Deny {
    Warnings,
}

fn reason(text: &str) -> Result<String, String> {
    let text = text.trim();
    if text.is_empty() || text.contains(['\n', '\r']) {
        return Err("a reason is one line of text".to_owned());
    }
    Ok(text.to_owned())
}

pub fn run(args: &Args, edge: &mut Edge<'_>) -> Result<Outcome, Trouble> {
    if input::is_meant(&args.paths, args.stdin_filename.as_deref())? {
        return standard_input(args, edge);
    }
    if args.watch {
        return watch::watch(edge, &|edge| check(&args.paths, args, None, edge));
    }
    check(&args.paths, args, None, edge)
}

fn standard_input(args: &Args, edge: &mut Edge<'_>) -> Result<Outcome, Trouble> {
    if args.watch || args.add_allows {
        return Err(Trouble::new("the standard input can only be checked and fixed")
            .help("remove `-`, or `--add-allows` and `--watch`"));
    }
    if args.fix && !args.diff && (args.statistics || args.output.is_some()) {
        return Err(Trouble::new("with `-` and `--fix` the standard output holds the fixed text").help(
            "remove `--fix`, or `--statistics` and `--output`; findings are told on the standard error",
        ));
    }
    let name = args.stdin_filename.clone().unwrap_or_else(|| PathBuf::from(input::DASH));
    let bytes = input::read(edge)?;
    let overlay = Overlay::new(edge.disk, &edge.here.join(&name), bytes);
    check(&[name], args, Some(overlay.real()), &mut edge.over(&overlay))
}

/// `only` is the file that the standard input stands for.
fn check(
    paths: &[PathBuf],
    args: &Args,
    only: Option<&Path>,
    edge: &mut Edge<'_>,
) -> Result<Outcome, Trouble> {
    if args.unsafe_fixes && !args.fix && !args.diff {
        return Err(Trouble::new("`--unsafe-fixes` changes nothing alone")
            .help("add `--fix` to apply them, or `--diff` to see them"));
    }
    let mut checked = session::check(paths, &args.rules, &args.options, edge)?;
    session::tell_read(&checked, edge)?;
    let prints = args.fix && !args.diff && only.is_some();
    if args.fix || args.diff || args.add_allows {
        let changes = change(&mut checked, paths, args, only, edge)?;
        if args.diff {
            return Ok(if changes { Outcome::Findings } else { Outcome::Fine });
        }
    }
    if args.deny == Some(Deny::Warnings) {
        checked.iter_mut().for_each(Checked::deny_warnings);
    }
    let count = match &args.output {
        Some(file) => session::report_into(file, &checked, &args.report, edge)?,
        None if args.statistics => session::statistics(&checked, &args.report, edge)?,
        None => session::report(&checked, &args.report, if prints { To::Err } else { To::Out }, edge)?,
    };
    session::footer(&checked, edge)?;
    if !args.watch {
        session::leave(checked);
    }
    Ok(if count.errors > 0 { Outcome::Findings } else { Outcome::Fine })
}

/// Whether something changed, or would.
fn change(
    checked: &mut Vec<Checked>,
    paths: &[PathBuf],
    args: &Args,
    only: Option<&Path>,
    edge: &mut Edge<'_>,
) -> Result<bool, Trouble> {
    let then = match only {
        _ if args.diff => Then::Show,
        Some(_) => Then::Print,
        None => Then::Write,
    };
    if let Some(reason) = &args.reason {
        return fixing::add_allows(checked, reason, then, edge);
    }
    let safety = if args.unsafe_fixes { Safety::Unsafe } else { Safety::Safe };
    let wanted = Wanted { safety, then, only };
    let configs = fixing::fix_configs(checked, wanted, edge)?;
    if configs.files > 0 && then == Then::Write {
        *checked = session::check(paths, &args.rules, &args.options, edge)?;
    }
    Ok(fixing::fix(checked, wanted, configs, edge)?.files > 0)
}
