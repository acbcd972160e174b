//! `mlopsc compile`: checks, then writes all output files or none.

use crate::base::files::relative;
use crate::cli::Outcome;
use crate::cli::edge::Edge;
use crate::cli::output::{self, Plan, Wanted, Wish, diff, tell};
use crate::cli::project::slashed;
use crate::cli::rules::RuleArgs;
use crate::cli::session::{self, Checked, OptionArgs, ReportArgs, To};
use crate::cli::targets;
use crate::cli::trouble::Trouble;
use crate::emit::{OutputFile, Target};
use clap::builder::{PossibleValuesParser, TypedValueParser};
use std::collections::BTreeMap;
use std::path::{Component, Path, PathBuf};

/// Write the files for Azure DevOps, Azure ML and Helm
///
/// All files are written, or none. Exit code 1 if there are errors, if a file is in the way, or if `--check` or
/// `--diff` find a difference.
#[derive(Debug, clap::Args)]
#[expect(clippy::struct_excessive_bools, reason = "flags are what a command line has")]
pub struct Args {
    /// Folders of projects or `.mlops` files; without one the current folder
    #[arg(value_name = "PATH")]
    pub paths: Vec<PathBuf>,
    /// The output folder, inside the project, instead of the one in `mlopsc.toml`
    #[arg(short, long, value_name = "DIR")]
    pub output: Option<PathBuf>,
    /// Only these targets; the files of others stay as they are
    #[arg(long, value_name = "TARGET", value_delimiter = ',', value_parser = target_parser())]
    pub target: Vec<Target>,
    /// Write nothing; exit code 1 if a file would change
    #[arg(long)]
    pub check: bool,
    /// Write nothing; print what would change
    #[arg(long)]
    pub diff: bool,
    /// Write nothing; print all files
    #[arg(long, conflicts_with_all = ["check", "diff"])]
    pub stdout: bool,
    /// Overwrite files that mlopsc did not write or that were edited since
    #[arg(long)]
    pub force: bool,
    #[command(flatten)]
    pub options: OptionArgs,
    #[command(flatten)]
    pub report: ReportArgs,
}

pub fn run(args: &Args, edge: &mut Edge<'_>) -> Result<Outcome, Trouble> {
    let checked = session::check(&args.paths, &RuleArgs::default(), &args.options, edge)?;
    if args.output.is_some() && checked.len() > 1 {
        return Err(Trouble::new(format!("`--output` names one folder for {} projects", checked.len()))
            .help("compile them one by one, or set `output` in each `mlopsc.toml`"));
    }
    let count = session::report(&checked, &args.report, To::Err, edge)?;
    if !count.is_empty() {
        session::footer(&checked, edge)?;
    }
    if count.errors > 0 {
        return Ok(Outcome::Findings);
    }
    let outputs: Vec<Output> =
        checked.iter().map(|it| Output::of(it, args, edge)).collect::<Result<_, _>>()?;
    if args.stdout {
        return print(&outputs, edge);
    }
    let planned = outputs.into_iter().map(|output| output.plan(args, edge));
    let outcome = write(&planned.collect::<Result<Vec<_>, _>>()?, args, edge);
    session::leave(checked);
    outcome
}

fn target_parser() -> impl TypedValueParser<Value = Target> {
    PossibleValuesParser::new(targets::ALL.iter().map(|row| row.name))
        .map(|name| targets::by_name(&name).expect("the parser takes names of the table only"))
}

/// The files of one project and where they go.
struct Output {
    folder: PathBuf,
    /// The folder as seen from the current one, without `/` at its end.
    shown: String,
    files: Vec<OutputFile>,
    /// The source of each file.
    sources: Vec<String>,
}

impl Output {
    fn of(checked: &Checked, args: &Args, edge: &Edge<'_>) -> Result<Output, Trouble> {
        let root = &checked.place.root;
        let configured = &checked.loaded.config.output;
        let (folder, shown) = match &args.output {
            Some(path) => (absolute(path, edge)?, slashed(path)),
            None => (absolute(&root.join(configured), edge)?, format!("{}{configured}", checked.prefix)),
        };
        let Some(analysis) = &checked.analysis else {
            return Err(Trouble::new("a project with unreadable text cannot be compiled"));
        };
        let out = relative(&slashed(root), &slashed(&folder));
        if args.output.is_some() && out.split('/').next() == Some("..") {
            return Err(Trouble::new(format!("the output folder `{shown}` lies outside of the project"))
                .help("the output names files of the project by paths that only hold inside it; to look at it, use `--stdout`"));
        }
        let files = (edge.compiler.emit)(analysis, &out, &wanted(args));
        let sources = files.iter().map(|it| analysis.sources.get(it.source.file).path.clone()).collect();
        Ok(Output { folder, shown, files, sources })
    }

    fn plan(self, args: &Args, edge: &Edge<'_>) -> Result<Planned, Trouble> {
        let wish = |(file, source): (OutputFile, String)| (file.path, Wish { text: file.text, source });
        let files: BTreeMap<String, Wish> = self.files.into_iter().zip(self.sources).map(wish).collect();
        let plan = output::plan(&self.folder, &Wanted { files, targets: wanted(args) }, edge.disk)?;
        Ok(Planned { shown: self.shown, plan })
    }
}

fn wanted(args: &Args) -> Vec<Target> {
    let all = || targets::ALL.iter().map(|row| row.target).collect();
    if args.target.is_empty() { all() } else { args.target.clone() }
}

struct Planned {
    shown: String,
    plan: Plan,
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
        edge.err.print(&tell::written(plan, shown))?;
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
            edge.err.print(&tell::written(plan, shown))?;
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

/// The absolute path of a folder that may not exist yet, links followed as far as it does.
fn absolute(path: &Path, edge: &Edge<'_>) -> Result<PathBuf, Trouble> {
    let path = lexical(&edge.here.join(path));
    for above in path.ancestors() {
        let kind = edge.disk.kind(above).map_err(|error| Trouble::io("open", above, &error))?;
        if kind.is_none() {
            continue;
        }
        let resolved = edge.disk.resolve(above).map_err(|error| Trouble::io("open", above, &error))?;
        let rest = path.strip_prefix(above).expect("an ancestor begins the path");
        return Ok(if rest.as_os_str().is_empty() { resolved } else { resolved.join(rest) });
    }
    Ok(path)
}

fn lexical(path: &Path) -> PathBuf {
    let mut out = PathBuf::new();
    for part in path.components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir => {
                out.pop();
            }
            Component::Prefix(_) | Component::RootDir | Component::Normal(_) => out.push(part),
        }
    }
    out
}
