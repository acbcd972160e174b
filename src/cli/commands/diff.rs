//! `mlopsc diff`: what a change of the sources changes in what runs.

use crate::cli::Outcome;
use crate::cli::disk::{Disk as _, Kind};
use crate::cli::edge::Edge;
use crate::cli::git::{self, Revision};
use crate::cli::rules::RuleArgs;
use crate::cli::session::{self, Checked, OptionArgs};
use crate::cli::trouble::Trouble;
use crate::compare::{self, Sides, Weight};
use crate::driver;
use clap::ValueEnum;
use std::path::{Path, PathBuf};

/// Say what changes in what runs, for who reviews it
///
/// Compares two versions of a project: what newly starts what, approvals and checks that are lost, environments that are newly reached, conditions,
/// order, images, sizes, secrets. What is only written otherwise, moved to another file or renamed inside of the project is no
/// change. What lowers protection comes first. Exit code 1 if there are errors in the sources of either version, and with
/// `--exit-code` if there are changes.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// A folder or a revision of Git; `A..B` and `A...B` as for `git diff`
    #[arg(value_name = "OLD")]
    pub old: String,
    /// The same; without it the files as they are now
    #[arg(value_name = "NEW")]
    pub new: Option<String>,
    /// The project's folder, for revisions; without it the current folder
    #[arg(long, value_name = "PATH")]
    pub project: Option<PathBuf>,
    /// How the result is printed
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub format: Format,
    /// Exit code 1 if there are changes
    #[arg(long)]
    pub exit_code: bool,
    #[command(flatten)]
    pub options: OptionArgs,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// For people
    Text,
    /// A comment for a pull request
    Markdown,
    /// One JSON document
    Json,
}

enum Version {
    Folder(PathBuf),
    Revision(String),
}

pub fn run(args: &Args, edge: &mut Edge<'_>) -> Result<Outcome, Trouble> {
    let project = args.project.clone().unwrap_or_else(|| PathBuf::from("."));
    let (old, new) = versions(args, &project, edge)?;
    let checked = [read(&old, &project, args, edge)?, read(&new, &project, args, edge)?];
    let analyses = [&checked[0], &checked[1]]
        .map(|it| it.analysis.as_ref().filter(|it| !driver::has_holes_beside_tests(it)));
    if let [Some(old), Some(new)] = analyses {
        let mut changes = driver::compared(old, new);
        let [from, to] = [&checked[0], &checked[1]].map(|it| it.loaded.config.output.as_str());
        changes.extend(compare::moved(from, to));
        changes.sort_by_key(|it| it.weight);
        let sides =
            Sides { old: (&old.sources, &checked[0].prefix), new: (&new.sources, &checked[1].prefix) };
        let paint = edge.out.paint;
        let title = |it: Weight| match it {
            Weight::LowersProtection => paint.red(it.title()),
            Weight::ChangesProtection | Weight::Reaches | Weight::Secrets => paint.yellow(it.title()),
            Weight::RaisesProtection => paint.green(it.title()),
            _ => paint.bold(it.title()),
        };
        edge.out.print(&match args.format {
            Format::Text => compare::text(&changes, &sides, &title),
            Format::Markdown => compare::markdown(&changes, &sides),
            Format::Json => compare::json(&changes, &sides),
        })?;
        let wrong = session::tell_errors_alone(&checked, edge)?;
        let told = wrong || (args.exit_code && !changes.is_empty());
        return Ok(if told { Outcome::Findings } else { Outcome::Fine });
    }
    session::tell_errors_alone(&checked, edge)?;
    let whose = match analyses {
        [None, Some(_)] => "of the old version",
        [Some(_), None] => "of the new version",
        _ => "of both versions",
    };
    edge.err.print(&format!(
        "error: nothing was compared: parts of the system {whose} are not known, because of the errors above\n"
    ))?;
    Ok(Outcome::Findings)
}

/// What both names mean.
fn versions(args: &Args, project: &Path, edge: &Edge<'_>) -> Result<(Version, Version), Trouble> {
    let one = |name: &str| {
        if is_folder(name, edge) {
            Version::Folder(PathBuf::from(name))
        } else {
            Version::Revision(name.to_owned())
        }
    };
    let or_head = |name: &str| Version::Revision(if name.is_empty() { "HEAD" } else { name }.to_owned());
    if let Some(new) = &args.new {
        return Ok((one(&args.old), one(new)));
    }
    if !is_folder(&args.old, edge) {
        if let Some((old, new)) = args.old.split_once("...") {
            let (old, new) = (or_head(old), or_head(new));
            let (Version::Revision(from), Version::Revision(to)) = (&old, &new) else {
                return Ok((old, new));
            };
            let base = git::merge_base(&folder(project, edge), from, to)?;
            return Ok((Version::Revision(base), new));
        }
        if let Some((old, new)) = args.old.split_once("..") {
            return Ok((or_head(old), or_head(new)));
        }
    }
    Ok((one(&args.old), Version::Folder(project.to_owned())))
}

fn is_folder(name: &str, edge: &Edge<'_>) -> bool {
    let resolved = edge.disk.resolve(&edge.here.join(name));
    resolved.and_then(|it| edge.disk.kind(&it)).is_ok_and(|it| it == Some(Kind::Folder))
}

/// The nearest folder of the project that is there now: the repository is looked for from it.
fn folder(project: &Path, edge: &Edge<'_>) -> PathBuf {
    let path = edge.here.join(project);
    let found = path.ancestors().find(|it| it.is_dir()).unwrap_or(&edge.here);
    found.to_owned()
}

/// The project is not there in the revision.
fn absent(name: &str, disk: &Revision, path: &Path) -> Trouble {
    let path: PathBuf = path.components().collect();
    let all = disk.projects();
    let shown: Vec<String> = all.iter().take(3).map(|it| format!("`{it}`")).collect();
    let help = match shown.as_slice() {
        [] => "no project is there; name another revision".to_owned(),
        some => format!(
            "its projects stand in {} of the repository: name one by `--project`, or another revision",
            some.join(", ")
        ),
    };
    Trouble::new(format!("there is no folder `{}` at revision `{name}`", disk.inside(&path).display()))
        .help(help)
}

/// A revision for people: a whole hash by its first digits.
fn shortened(name: &str) -> &str {
    let is_hash = name.len() >= 40 && name.bytes().all(|it| it.is_ascii_hexdigit());
    if is_hash { &name[..DIGITS] } else { name }
}

/// Of a hash: enough for the largest repositories, and Git takes them.
const DIGITS: usize = 10;

fn read(version: &Version, project: &Path, args: &Args, edge: &mut Edge<'_>) -> Result<Checked, Trouble> {
    let rules = RuleArgs::default();
    let mut found = match version {
        Version::Folder(path) => session::check(std::slice::from_ref(path), &rules, &args.options, edge)?,
        Version::Revision(name) => {
            let disk = Revision::read(&folder(project, edge), name)?;
            let path = [project.to_owned()];
            if disk.resolve(&edge.here.join(project)).is_err() {
                return Err(absent(name, &disk, &edge.here.join(project)));
            }
            let mut found = session::check(&path, &rules, &args.options, &edge.over(&disk))
                .map_err(|it| Trouble { message: format!("{}, at revision `{name}`", it.message), ..it })?;
            for it in &mut found {
                it.prefix = format!("{}:{}", shortened(name), it.prefix);
            }
            found
        }
    };
    match found.pop() {
        Some(only) if found.is_empty() => Ok(only),
        _ => Err(Trouble::new("one project at a time")
            .help("name the project's folder, by `--project` for revisions")),
    }
}
