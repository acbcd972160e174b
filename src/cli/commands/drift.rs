//! `mlopsc drift`: how the output folder stands to the sources.

use crate::cli::Outcome;
use crate::cli::edge::{Edge, Level, Paint};
use crate::cli::output::drift::{self, Drifted, Status};
use crate::cli::output::{self, Accepted, accept, tell};
use crate::cli::outputs::{self, OutputArgs, Planned};
use crate::cli::report::summary::plural;
use crate::cli::rules::RuleArgs;
use crate::cli::session::{self, OptionArgs};
use crate::cli::trouble::Trouble;
use serde::Serialize;
use std::fmt::Write as _;
use std::path::PathBuf;

/// Say which outputs were edited, are old, missing, or no longer generated
///
/// Writes nothing without `--accept` or `--force`. Exit code 1 if a file is not what the sources say; the order of keys
/// and comments in YAML and JSON count as nothing, and neither do edits that were accepted.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Folders of projects or `.mlops` files; without one the current folder
    #[arg(value_name = "PATH")]
    pub paths: Vec<PathBuf>,
    #[command(flatten)]
    pub into: OutputArgs,
    /// Let edited files stay as they are, until their sources or they themselves change again
    #[arg(long, conflicts_with = "force")]
    pub accept: bool,
    /// Write all files anew, over what was edited
    #[arg(long)]
    pub force: bool,
    #[command(flatten)]
    pub options: OptionArgs,
    /// How the list is printed
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub format: Format,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Format {
    /// For people
    Text,
    /// An array with an object for each project
    Json,
}

pub fn run(args: &Args, edge: &mut Edge<'_>) -> Result<Outcome, Trouble> {
    let checked = session::check(&args.paths, &RuleArgs::default(), &args.options, edge)?;
    let Some(outputs) = outputs::of(&checked, &args.into, None, edge)? else {
        return Ok(Outcome::Findings);
    };
    let _locks = if args.accept || args.force { outputs::lock(&outputs, edge)? } else { Vec::new() };
    let accepted = if args.force { Accepted::Overwritten } else { Accepted::Stay };
    let planned = outputs::plan(outputs, accepted, edge)?;
    if args.accept {
        return accept_all(planned, edge);
    }
    if args.force {
        return force(&planned, edge);
    }
    let found: Vec<Folder> = planned.iter().map(Folder::of).collect();
    match args.format {
        Format::Text => {
            let is_told = |it: &&Folder| edge.level >= Level::Normal || it.has_drift();
            let told: String = found.iter().filter(is_told).map(|it| it.text(edge.out.paint)).collect();
            edge.out.print(&told)?;
        }
        Format::Json => {
            let text = serde_json::to_string_pretty(&found).expect("texts and numbers are JSON");
            edge.out.print(&format!("{text}\n"))?;
        }
    }
    let differs = found.iter().any(Folder::has_drift);
    Ok(if differs { Outcome::Findings } else { Outcome::Fine })
}

fn accept_all(planned: Vec<Planned>, edge: &mut Edge<'_>) -> Result<Outcome, Trouble> {
    for Planned { shown, plan } in planned {
        let (plan, accepted) = accept::accept(plan);
        output::write(&plan, edge.disk)?;
        for it in &accepted {
            edge.detail(&format!("  accepted {shown}/{}\n", it.path))?;
        }
        edge.note(&match accepted.len() {
            0 => format!("nothing to accept in {shown}\n"),
            some => format!("accepted {} in {shown}\n", plural(some, "edited file")),
        })?;
    }
    Ok(Outcome::Fine)
}

fn force(planned: &[Planned], edge: &mut Edge<'_>) -> Result<Outcome, Trouble> {
    for Planned { shown, plan } in planned {
        let stuck: Vec<_> = plan.conflicts.iter().filter(|it| !it.reason.yields_to_force()).collect();
        if !stuck.is_empty() {
            edge.err.print(&tell::conflicts(&stuck, shown, edge.err.paint))?;
            return Ok(Outcome::Findings);
        }
    }
    for Planned { shown, plan } in planned {
        output::write(plan, edge.disk)?;
        edge.detail(&tell::changes(plan, shown))?;
        edge.note(&tell::written(plan, shown))?;
    }
    Ok(Outcome::Fine)
}

/// An output folder with what is not up to date in it.
#[derive(Serialize)]
struct Folder {
    output: String,
    up_to_date: usize,
    files: Vec<Drifted>,
    /// Its manifest cannot be read.
    #[serde(skip)]
    is_unknown: bool,
}

impl Folder {
    fn of(planned: &Planned) -> Folder {
        Folder {
            output: planned.shown.clone(),
            up_to_date: planned.plan.unchanged,
            files: drift::of(&planned.plan),
            is_unknown: planned.plan.is_unknown(),
        }
    }

    fn has_drift(&self) -> bool {
        self.files.iter().any(|it| it.status.is_drift())
    }

    fn text(&self, paint: Paint) -> String {
        let drifted = self.files.iter().filter(|it| it.status.is_drift()).count();
        let all = plural(self.up_to_date + self.files.len(), "file");
        let mut out = match drifted {
            0 => format!("{} is what the sources say ({all})\n", self.output),
            some => format!("{}: {some} of {all} not what the sources say\n", self.output),
        };
        for it in &self.files {
            let word = sentence(it.status);
            let word = if it.status.is_drift() { paint.yellow(word) } else { paint.dim(word) };
            let detail = it.detail.as_ref().map_or_else(String::new, |it| format!(" ({it})"));
            writeln!(out, "  {}  {word}{detail}", it.path).expect("a string takes everything");
            out.extend(it.changes.iter().map(change));
        }
        let help = if self.is_unknown { Some(tell::BROKEN_MANIFEST) } else { help(&self.files) };
        if let Some(help) = help {
            writeln!(out, "  {} {help}", paint.cyan("help:")).expect("a string takes everything");
        }
        out
    }
}

fn change(it: &output::meaning::Changed) -> String {
    match (&it.generated, &it.found) {
        (Some(ours), Some(theirs)) => format!("    {}: {theirs} instead of {ours}\n", it.at),
        (None, Some(theirs)) => format!("    {}: {theirs} was added\n", it.at),
        (Some(ours), None) => format!("    {}: {ours} was removed\n", it.at),
        (None, None) => String::new(),
    }
}

fn sentence(status: Status) -> &'static str {
    match status {
        Status::New => "not written yet",
        Status::Missing => "missing",
        Status::SourceChanged => "the sources changed",
        Status::CompilerChanged => "mlopsc or the sources changed",
        Status::LineEnds => "has the line ends of Windows, which no shell takes",
        Status::Edited => "edited by hand",
        Status::EditedAndSourceChanged => "edited by hand, and the sources changed",
        Status::Reformatted => "edited by hand, means the same",
        Status::Accepted => "edited by hand, accepted",
        Status::AcceptedBefore => "edited by hand and accepted, but the sources changed since",
        Status::NotOurs => "not written by mlopsc",
        Status::NoLongerGenerated => "no longer generated",
        Status::EditedAndNoLongerGenerated => "no longer generated, edited by hand",
        Status::Blocked => "in the way",
    }
}

fn help(files: &[Drifted]) -> Option<&'static str> {
    let mut drifted = files.iter().filter(|it| it.status.is_drift()).peekable();
    drifted.peek()?;
    let edited = |it: &Drifted| it.status.can_be_accepted();
    Some(if drifted.any(edited) || files.iter().any(|it| it.status == Status::Reformatted) {
        "move what was edited into the sources; or keep it with `--accept`, or overwrite it with `--force`"
    } else {
        "`mlopsc compile` brings it up to date"
    })
}
