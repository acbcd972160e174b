//! The files that checked projects become, and where they go.

use super::edge::Edge;
use super::output::{self, Accepted, Plan, Wanted, Wish};
use super::own;
use super::project::slashed;
use super::session::{self, Checked, ReportArgs, To};
use super::targets;
use super::trouble::Trouble;
use crate::base::files::relative;
use crate::cli::disk::Locked;
use crate::config;
use crate::emit::{OutputFile, Target};
use clap::builder::{PossibleValuesParser, TypedValueParser};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Component, Path, PathBuf};

#[derive(Debug, Default, clap::Args)]
pub struct OutputArgs {
    /// The output folder, inside the project, instead of the one in `mlopsc.toml`
    #[arg(short, long, value_name = "DIR")]
    pub output: Option<PathBuf>,
    /// Only these targets; the files of others stay as they are
    #[arg(long, value_name = "TARGET", value_delimiter = ',', value_parser = target_parser())]
    pub target: Vec<Target>,
}

impl OutputArgs {
    fn targets(&self) -> Vec<Target> {
        let all = || targets::ALL.iter().map(|row| row.target).collect();
        if self.target.is_empty() { all() } else { self.target.clone() }
    }
}

fn target_parser() -> impl TypedValueParser<Value = Target> {
    PossibleValuesParser::new(targets::ALL.iter().map(|row| row.name))
        .map(|name| targets::by_name(&name).expect("the parser takes names of the table only"))
}

/// The files of one project and where they go.
pub struct Output {
    root: PathBuf,
    folder: PathBuf,
    /// The folder as seen from the current one, without `/` at its end.
    pub shown: String,
    pub files: Vec<OutputFile>,
    /// The source of each file.
    sources: Vec<String>,
    targets: Vec<Target>,
}

pub struct Planned {
    pub shown: String,
    pub plan: Plan,
}

/// Tells what was found, all of it as a `report` or the errors only, and emits; none where there are errors.
pub fn of(
    checked: &[Checked],
    args: &OutputArgs,
    report: Option<&ReportArgs>,
    edge: &mut Edge<'_>,
) -> Result<Option<Vec<Output>>, Trouble> {
    session::tell_read(checked, edge)?;
    if args.output.is_some() && checked.len() > 1 {
        return Err(Trouble::new(format!("`--output` names one folder for {} projects", checked.len()))
            .help("take them one by one, or set `output` in each `mlopsc.toml`"));
    }
    if tell(checked, report, edge)? {
        return Ok(None);
    }
    let outputs = checked.iter().map(|it| Output::of(it, args, edge));
    outputs.collect::<Result<_, _>>().map(Some)
}

/// Whether there are errors.
fn tell(checked: &[Checked], report: Option<&ReportArgs>, edge: &mut Edge<'_>) -> Result<bool, Trouble> {
    let Some(report) = report else { return session::tell_in_short(checked, edge) };
    let count = session::report(checked, report, To::Err, edge)?;
    if !count.is_empty() {
        session::footer(checked, edge)?;
    }
    Ok(count.errors > 0)
}

/// Keeps other runs from writing into the same projects. In one order, so that two runs never wait for each other.
pub fn lock(outputs: &[Output], edge: &mut Edge<'_>) -> Result<Vec<Locked>, Trouble> {
    let roots: BTreeSet<&PathBuf> = outputs.iter().map(|it| &it.root).collect();
    let mut locks = Vec::new();
    for root in roots {
        let disk = edge.disk;
        let mut waits = || {
            // The lock is what counts.
            let _ = edge.note("waiting for another run of mlopsc in the same project\n");
        };
        locks.push(disk.lock(root, &mut waits).map_err(|error| Trouble::io("lock", root, &error))?);
    }
    Ok(locks)
}

/// Compares every output folder with what it shall hold.
pub fn plan(outputs: Vec<Output>, accepted: Accepted, edge: &Edge<'_>) -> Result<Vec<Planned>, Trouble> {
    outputs.into_iter().map(|it| it.plan(accepted, edge)).collect()
}

impl Output {
    fn of(checked: &Checked, args: &OutputArgs, edge: &Edge<'_>) -> Result<Output, Trouble> {
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
        if out.split('/').next() == Some("..") {
            return Err(Trouble::new(format!("the output folder `{shown}` lies outside of the project"))
                .help("the output names files of the project by paths that only hold inside it; to look at it, use `--stdout`"));
        }
        refuse_sources(&out, &shown, checked, edge)?;
        let targets = args.targets();
        let files = (edge.compiler.emit)(analysis, &out, &targets);
        let sources = files.iter().map(|it| analysis.sources.get(it.source.file).path.clone()).collect();
        Ok(Output { root: root.clone(), folder, shown, files, sources, targets })
    }

    fn plan(self, accepted: Accepted, edge: &Edge<'_>) -> Result<Planned, Trouble> {
        let wish = |(file, source): (OutputFile, String)| (file.path, Wish { text: file.text, source });
        let files: BTreeMap<String, Wish> = self.files.into_iter().zip(self.sources).map(wish).collect();
        let wanted = Wanted { files, targets: self.targets, accepted };
        let plan = output::plan(&self.folder, &wanted, edge.disk)?;
        Ok(Planned { shown: self.shown, plan })
    }
}

/// Generated files stand in a folder of their own: `out`, relative to the project, holds neither its sources nor another
/// project nor the history, and nothing that is sent along from a folder, such as code.
fn refuse_sources(out: &str, shown: &str, checked: &Checked, edge: &Edge<'_>) -> Result<(), Trouble> {
    let refused = |what: &str| {
        Err(Trouble::new(format!("the output folder `{shown}` {what}"))
            .help("name a folder for generated files alone, such as `generated`"))
    };
    if out.split('/').any(|it| it.eq_ignore_ascii_case(".git")) {
        return refused("is kept by git");
    }
    let below = format!("{out}/");
    let mut sources = checked.analysis.iter().flat_map(|it| it.sources.iter()).map(|(_, it)| &it.path);
    if out == "." || sources.any(|it| it.starts_with(&below)) {
        return refused("holds sources of the project");
    }
    if let Some(folder) = own::folders(checked).find(|it| is_in(out, it) || is_in(it, out)) {
        return refused(&format!("and `{folder}`, which the sources name, are not apart"));
    }
    let marker = checked.place.root.join(out).join(config::FILE);
    if edge.disk.kind(&marker).map_err(|error| Trouble::io("open", &marker, &error))?.is_some() {
        return refused("is another project");
    }
    Ok(())
}

/// Whether a path is a folder's or lies in it.
fn is_in(path: &str, folder: &str) -> bool {
    path.strip_prefix(folder).is_some_and(|it| it.is_empty() || it.starts_with('/'))
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
