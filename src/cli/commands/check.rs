//! `mlopsc check`: says what is wrong, writes nothing.

use crate::cli::Outcome;
use crate::cli::edge::Edge;
use crate::cli::session::{self, OptionArgs, ReportArgs, To};
use crate::cli::trouble::Trouble;
use std::path::PathBuf;

/// Check projects without writing anything
///
/// Exit code 1 if there are errors; warnings alone are fine.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Folders of projects or `.mlops` files; without one the current folder
    #[arg(value_name = "PATH")]
    pub paths: Vec<PathBuf>,
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
}

pub fn run(args: &Args, edge: &mut Edge<'_>) -> Result<Outcome, Trouble> {
    let checked = session::check(&args.paths, &args.options, edge)?;
    let count = match &args.output {
        Some(file) => session::report_into(file, &checked, &args.report, edge)?,
        None if args.statistics => session::statistics(&checked, &args.report, edge)?,
        None => session::report(&checked, &args.report, To::Out, edge)?,
    };
    session::footer(&checked, edge)?;
    Ok(if count.errors > 0 { Outcome::Findings } else { Outcome::Fine })
}
