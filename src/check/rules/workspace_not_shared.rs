//! # A file that another job wrote
//!
//! Each job starts on an agent of its own, with the checked-out sources and nothing else. What the script of another
//! job wrote is not there: the script that reads it fails, or works with an older file of the same name.
//!
//! ```mlops,fails
//! pool linux { image = "ubuntu-24.04" }
//! project p { pool = linux }
//! pipeline nightly {
//!   trigger manual
//!   stage measure {
//!     run "python -m measure > metrics.json"
//!   }
//!   stage decide {
//!     run "jq --exit-status '.accuracy > 0.9' metrics.json"
//!   }
//! }
//! ```
//!
//! ```mlops,passes
//! pool linux { image = "ubuntu-24.04" }
//! project p { pool = linux }
//! pipeline nightly {
//!   trigger manual
//!   stage measure {
//!     run "python -m measure > metrics.json"
//!     publish metrics { path = "metrics.json" }
//!   }
//!   stage decide {
//!     download metrics { to = "." }
//!     run "jq --exit-status '.accuracy > 0.9' metrics.json"
//!   }
//! }
//! ```
//!
//! Publish the file where it is written, and download it where it is read. Values travel as outputs.
//!
//! It is told only where it is sure: the job that reads runs on an agent of Microsoft, nothing before the reading can have made the
//! file, and no such file is in the project.
//!
//! Source: Azure DevOps documentation, "Specify jobs": each job runs on an agent that may have nothing of other jobs.

use crate::base::files::normalize;
use crate::check::scripts::Script;
use crate::check::walk::Place;
use crate::check::{Cx, Group, Rule, walk};
use crate::diag::{Edit, Safety};
use crate::model::project::{PoolKind, Step};
use crate::model::steps::Kind;
use crate::model::steps::action::Shell;
use crate::model::steps::checkout::Checkout;
use crate::target::shell::files::{self, Touched};
use crate::target::shell::{Command, Word};
use std::collections::{BTreeMap, BTreeSet};

pub(super) static RULE: Rule = Rule::error(Group::Graph, "workspace-not-shared", run).fixes(Safety::Unsafe).needs_all().by_pipeline();

/// A pipeline, its stage, and the job in it.
type JobKey = (usize, usize, u32);

/// The first script of each step, by its job and its place in it.
type ByStep<'s> = BTreeMap<(JobKey, usize), &'s Script<'s>>;

fn run(cx: &mut Cx<'_>) {
    let scripts = cx.scripts();
    let mut writers: BTreeMap<(usize, String), Vec<&Script<'_>>> = BTreeMap::new();
    for script in scripts.iter().filter(|it| starts_in_sources(it)) {
        for path in written(script) {
            writers.entry((script.place.id.index(), path)).or_default().push(script);
        }
    }
    if writers.is_empty() {
        return;
    }
    let mut by_step = ByStep::new();
    for script in scripts.iter() {
        by_step.entry((key(&script.place), script.place.step_index)).or_insert(script);
    }
    let mut told = BTreeSet::new();
    for reader in scripts.iter().filter(|it| starts_in_sources(it)) {
        if !is_alone(cx, &reader.place) {
            continue;
        }
        let Some((word, path)) = first_missing(cx, reader, &by_step) else { continue };
        let all = writers.get(&(reader.place.id.index(), path.clone())).map(Vec::as_slice).unwrap_or_default();
        let own = key(&reader.place);
        let Some(writer) = all.iter().find(|it| key(&it.place) != own) else { continue };
        if told.insert((own, path.clone())) {
            report(cx, writer, reader, (word, &path));
        }
    }
}

fn key(place: &Place<'_>) -> JobKey {
    (place.id.index(), place.stage_index, place.job.head.start)
}

/// In Bash, in the folder of the sources, and without changing it.
fn starts_in_sources(script: &Script<'_>) -> bool {
    let moves = |it: &Command| matches!(it.name(), "cd" | "pushd");
    script.shell == Shell::Bash
        && script.place.step.working_directory.is_none()
        && matches!(script.place.step.kind, Kind::Run(_) | Kind::Azure(_))
        && !commands(script).any(moves)
}

fn commands<'s>(script: &'s Script<'_>) -> impl Iterator<Item = &'s Command> {
    script.pipelines.iter().flat_map(|it| &it.commands)
}

/// Nobody else's files can be there: agents of one's own keep theirs.
fn is_alone(cx: &Cx<'_>, place: &Place<'_>) -> bool {
    let hosted = |id| matches!(cx.project.pools[id].kind, PoolKind::Hosted { .. });
    walk::pool(cx.project, place).is_some_and(hosted)
}

/// A path below the sources or in `/tmp` that is the same in every job.
fn path(word: &Word) -> Option<String> {
    let text = word.text.as_str();
    let odd = |it: char| !(it.is_ascii_alphanumeric() || "._-/".contains(it));
    if text.is_empty() || !word.reads.is_empty() || text.contains(odd) {
        return None;
    }
    let rest = text.strip_prefix("/tmp/");
    let normal = normalize(rest.unwrap_or(text)).filter(|it| it != ".")?;
    match rest {
        Some(_) => Some(format!("/tmp/{normal}")),
        None => (!text.starts_with('/')).then_some(normal),
    }
}

fn written(script: &Script<'_>) -> BTreeSet<String> {
    commands(script).flat_map(|it| files::of(it).writes).filter_map(path).collect()
}

/// The first file that a script reads which nothing before it in its job can have made.
fn first_missing<'s>(
    cx: &Cx<'_>,
    script: &'s Script<'_>,
    all: &ByStep<'_>,
) -> Option<(&'s Word, String)> {
    if is_conditional(script) {
        return None;
    }
    let mut own = BTreeSet::new();
    let place = &script.place;
    for (index, step) in place.job.steps.iter().enumerate().take(place.step_index) {
        match all.get(&(key(place), index)) {
            Some(before) if is_plain(before) => own.extend(written(before)),
            Some(_) => return None,
            None if may_write(step) => return None,
            None => {}
        }
    }
    for command in commands(script) {
        let Touched { writes, reads, is_open } = files::of(command);
        let missing = reads.into_iter().filter_map(|it| Some((it, path(it)?)));
        let is_there = |path: &str| is_known(cx, path) || own.iter().any(|it| covers(it, path));
        if let Some((word, path)) = missing.into_iter().find(|it| !is_there(&it.1)) {
            return Some((word, path));
        }
        if is_open {
            return None;
        }
        own.extend(writes.into_iter().filter_map(path));
    }
    None
}

/// What it reads may not be read, or may be missing on purpose.
fn is_conditional(script: &Script<'_>) -> bool {
    let decides = |it: &Command| {
        it.words.iter().any(|it| matches!(it.text.as_str(), "if" | "elif" | "while" | "until" | "case" | "for" | "[" | "[[" | "test" | "trap" | "function"))
    };
    script.text.contains("||") || script.text.contains("()") || commands(script).any(decides)
}

/// Whether its words say all that it writes.
fn is_plain(script: &Script<'_>) -> bool {
    starts_in_sources(script) && commands(script).all(|it| !files::of(it).is_open)
}

/// Whether a step without a script of the user may put files on the agent.
fn may_write(step: &Step) -> bool {
    match &step.kind {
        Kind::Checkout(Checkout::Repository { id, .. }) => id.is_some(),
        Kind::Checkout(Checkout::Nothing)
        | Kind::Publish(_)
        | Kind::Wait(_)
        | Kind::Approve(_)
        | Kind::Call(_)
        | Kind::UsePython(_)
        | Kind::Notify(_)
        | Kind::TagRun(_)
        | Kind::Submit(_)
        | Kind::Ensure(_) => false,
        _ => step.enabled,
    }
}

/// A file of the repository as far as it can be seen: what lies beside the project cannot.
fn is_known(cx: &Cx<'_>, path: &str) -> bool {
    if path.starts_with("/tmp/") {
        return false;
    }
    let own = cx.project.repositories.values().find(|it| it.is_self()).map_or(".", |it| it.folder.as_str());
    if own == "." {
        return cx.files.kind(path).is_some();
    }
    path.strip_prefix(own).and_then(|it| it.strip_prefix('/')).is_none_or(|it| cx.files.kind(it).is_some())
}

fn covers(folder: &str, path: &str) -> bool {
    path.strip_prefix(folder).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

fn report(cx: &mut Cx<'_>, writer: &Script<'_>, reader: &Script<'_>, (word, path): (&Word, &str)) {
    let edits = edits(cx, writer, reader, path);
    let published = writer.place.job.steps.iter().find_map(|it| match &it.kind {
        Kind::Publish(step) if step.path == "." || covers(&step.path, path) => Some(step.artifact.clone()),
        _ => None,
    });
    let help = match &published {
        Some(name) => format!("add `download {name}` before this; a folder for it is named with `to`"),
        None => format!("add `publish NAME {{ path = \"{path}\" }}` where it is written and `download NAME` here, or pass a value as an output"),
    };
    let place = if reader.place.stage_index == writer.place.stage_index { "job" } else { "stage" };
    let finding = cx
        .report_in(&RULE, reader, word.range(), &format!("`{path}` was written on the agent of another {place}, and is not here"))
        .at("each job starts on a fresh agent")
        .label(writer.place.step.head, "written here")
        .help(help);
    if let Some(edits) = edits.filter(|_| published.is_none()) {
        finding.edits(Safety::Unsafe, "publish it there and download it here", edits);
    }
}

/// A `publish` behind the writing and a `download` before the reading, where that comes later and no loop made either.
fn edits(cx: &Cx<'_>, writer: &Script<'_>, reader: &Script<'_>, path: &str) -> Option<Vec<Edit>> {
    let (from, to) = (&writer.place, &reader.place);
    let graph = &cx.graphs.pipelines[from.id.index()];
    let is_later = if from.stage_index == to.stage_index {
        let index = |place: &Place<'_>| place.stage.jobs.iter().position(|it| it.head == place.job.head);
        graph.jobs[to.stage_index].get(index(to)?)?.contains(&index(from)?)
    } else {
        graph.before(to.stage_index).contains(&from.stage_index)
    };
    let (write, read) = (from.step.head, to.step.head);
    if !is_later || cx.is_copy(write) || cx.is_copy(read) {
        return None;
    }
    let name = artifact(cx, path)?;
    let folder = path.rsplit_once('/').map_or(".", |it| it.0);
    Some(vec![
        cx.insert_behind(write, &format!("publish {name} {{ path = \"{path}\" }}")),
        cx.insert_before(read, &format!("download {name} {{ to = \"{folder}\" }}")),
    ])
}

/// A name for the artifact, of the file's, that no other has.
fn artifact(cx: &Cx<'_>, path: &str) -> Option<String> {
    let file = path.rsplit('/').next()?;
    let stem = file.split('.').find(|it| !it.is_empty())?;
    let name: String = stem.chars().map(|it| if it.is_ascii_alphanumeric() { it.to_ascii_lowercase() } else { '_' }).collect();
    let name = name.trim_matches('_').to_owned();
    let is_taken = walk::steps(cx.project).any(|it| matches!(&it.step.kind, Kind::Publish(step) if step.artifact == name));
    (name.starts_with(|it: char| it.is_ascii_lowercase()) && !is_taken).then_some(name)
}
