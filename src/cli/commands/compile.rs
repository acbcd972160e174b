//! `mlopsc compile`: checks, then writes all output files or none.

use crate::cli::Outcome;
use crate::cli::edge::Edge;
use crate::cli::output::{self, Accepted, diff, tell};
use crate::cli::outputs::{self, Output, OutputArgs, Planned};
use crate::cli::rules::RuleArgs;
use crate::cli::session::{self, OptionArgs, ReportArgs};
use crate::cli::trouble::Trouble;
use crate::cli::watch;
use std::path::PathBuf;

/// Write the files for Azure DevOps, Azure ML and Helm
///
/// All files are written, or none. Exit code 1 if there are errors, if a file is in the way, if `--check` or `--diff`
/// find a difference, or if `--fail-on-change` wrote one.
#[derive(Debug, clap::Args)]
#[expect(clippy::struct_excessive_bools, reason = "flags are what a command line has")]
pub struct Args {
    /// Folders of projects or `.mlops` files; without one the current folder
    #[arg(value_name = "PATH")]
    pub paths: Vec<PathBuf>,
    #[command(flatten)]
    pub into: OutputArgs,
    /// Write nothing; exit code 1 if a file would change
    #[arg(long)]
    pub check: bool,
    /// Write nothing; print what would change
    #[arg(long)]
    pub diff: bool,
    /// Write nothing; print all files
    #[arg(long, conflicts_with_all = ["check", "diff"])]
    pub stdout: bool,
    /// Write, name what changed, and exit with 1 if anything did: for hooks that run before a commit
    #[arg(long, conflicts_with_all = ["check", "diff", "stdout"])]
    pub fail_on_change: bool,
    /// Overwrite files that mlopsc did not write or that were edited since
    #[arg(long)]
    pub force: bool,
    /// Compile again whenever a file changes that was read
    #[arg(long, conflicts_with_all = ["check", "diff", "stdout", "force"])]
    pub watch: bool,
    #[command(flatten)]
    pub options: OptionArgs,
    #[command(flatten)]
    pub report: ReportArgs,
}

pub fn run(args: &Args, edge: &mut Edge<'_>) -> Result<Outcome, Trouble> {
    if args.watch { watch::watch(edge, &|edge| compile(args, edge)) } else { compile(args, edge) }
}

fn compile(args: &Args, edge: &mut Edge<'_>) -> Result<Outcome, Trouble> {
    let checked = session::check(&args.paths, &RuleArgs::default(), &args.options, edge)?;
    let Some(outputs) = outputs::of(&checked, &args.into, Some(&args.report), edge)? else {
        return Ok(Outcome::Findings);
    };
    if args.stdout {
        return print(&outputs, edge);
    }
    let writes = !args.check && !args.diff;
    let _locks = if writes { outputs::lock(&outputs, edge)? } else { Vec::new() };
    let accepted = if args.force { Accepted::Overwritten } else { Accepted::Stay };
    let outcome = write(&outputs::plan(outputs, accepted, edge)?, args, edge);
    if !args.watch {
        session::leave(checked);
    }
    outcome
}

fn print(outputs: &[Output], edge: &mut Edge<'_>) -> Result<Outcome, Trouble> {
    let mut is_first = true;
    for output in outputs {
        for file in &output.files {
            let gap = if is_first { "" } else { "\n" };
            is_first = false;
            let head = edge.out.paint.bold(&format!("# {}/{}", output.shown, file.path));
            edge.out.print(&format!("{gap}{head}\n{}", file.text))?;
        }
    }
    Ok(Outcome::Fine)
}

fn write(planned: &[Planned], args: &Args, edge: &mut Edge<'_>) -> Result<Outcome, Trouble> {
    if args.check || args.diff {
        return compare(planned, args, edge);
    }
    if tell_conflicts(planned, args, edge)? {
        return Ok(Outcome::Findings);
    }
    for Planned { shown, plan } in planned {
        output::write(plan, edge.disk)?;
        let changes = tell::changes(plan, shown);
        if args.fail_on_change {
            edge.err.print(&changes)?;
        } else {
            edge.detail(&changes)?;
        }
        edge.note(&tell::written(plan, shown))?;
    }
    let changed = planned.iter().any(|it| !it.plan.is_empty());
    if args.fail_on_change && changed {
        let help = edge.err.paint.cyan("help:");
        edge.err.print(&format!("  {help} add these files to the commit\n"))?;
        return Ok(Outcome::Findings);
    }
    Ok(Outcome::Fine)
}

fn compare(planned: &[Planned], args: &Args, edge: &mut Edge<'_>) -> Result<Outcome, Trouble> {
    for Planned { shown, plan } in planned {
        if args.diff {
            for change in plan.told() {
                edge.out.print(&diff::unified(change, &format!("{shown}/"), edge.out.paint))?;
            }
        }
        if args.check {
            edge.err.print(&tell::would_change(plan, shown))?;
        }
        if plan.is_empty() && plan.conflicts.is_empty() {
            edge.note(&tell::written(plan, shown))?;
        }
    }
    let in_the_way = tell_conflicts(planned, args, edge)?;
    let differs = in_the_way || planned.iter().any(|it| !it.plan.is_empty());
    Ok(if differs { Outcome::Findings } else { Outcome::Fine })
}

/// Names everything that is in the way of any project; whether there is something.
fn tell_conflicts(planned: &[Planned], args: &Args, edge: &mut Edge<'_>) -> Result<bool, Trouble> {
    let mut found = false;
    for Planned { shown, plan } in planned {
        let in_the_way = plan.conflicts.iter().filter(|it| !(args.force && it.reason.yields_to_force()));
        let in_the_way: Vec<_> = in_the_way.collect();
        if !in_the_way.is_empty() {
            found = true;
            edge.err.print(&tell::conflicts(&in_the_way, shown, edge.err.paint))?;
        }
    }
    Ok(found)
}
