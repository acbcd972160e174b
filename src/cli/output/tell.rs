//! What a person is told about a plan.

use super::conflict::{Conflict, Reason};
use super::drift::{self, Status};
use super::plan::Plan;
use crate::cli::edge::Paint;
use crate::cli::report::summary::plural;
use std::collections::BTreeMap;
use std::fmt::Write as _;

struct Tally {
    created: usize,
    changed: usize,
    removed: usize,
    unchanged: usize,
}

impl Tally {
    fn of(plan: &Plan) -> Tally {
        let many = |old: bool, new: bool| {
            let fits = plan.changes.iter().filter(|it| it.old.is_some() == old && it.new.is_some() == new);
            fits.count()
        };
        Tally {
            created: many(false, true),
            changed: many(true, true),
            removed: many(true, false),
            unchanged: plan.unchanged,
        }
    }

    fn parts(&self) -> String {
        let parts = [
            (self.created, "created"),
            (self.changed, "changed"),
            (self.removed, "removed"),
            (self.unchanged, "unchanged"),
        ];
        let parts = parts.iter().filter(|(many, _)| *many > 0).map(|(many, word)| format!("{many} {word}"));
        parts.collect::<Vec<_>>().join(", ")
    }
}

/// What was written into `folder`.
pub fn written(plan: &Plan, folder: &str) -> String {
    let tally = Tally::of(plan);
    let written = tally.created + tally.changed;
    if plan.is_empty() {
        let edited = plan.accepted.len();
        let files = plural(tally.unchanged + edited, "file");
        return match (tally.unchanged, edited) {
            (0, 0) => "nothing to write\n".to_owned(),
            (_, 0) => format!("{folder} is up to date ({files})\n"),
            (_, some) => format!("{folder} is up to date ({files}, {some} as edited by hand)\n"),
        };
    }
    if plan.changes.is_empty() {
        return format!("wrote the manifest of {folder} ({} unchanged)\n", tally.unchanged);
    }
    if written == 0 {
        return format!("removed {} from {folder} ({})\n", plural(tally.removed, "file"), tally.parts());
    }
    let overwritten = overwritten(plan, folder);
    format!("wrote {} to {folder} ({})\n{overwritten}", plural(written, "file"), tally.parts())
}

/// Somebody meant these edits.
fn overwritten(plan: &Plan, folder: &str) -> String {
    let edits = plan.conflicts.iter().filter(|it| it.reason == Reason::AcceptedBefore);
    let mut out = String::new();
    for it in edits {
        writeln!(out, "overwrote {}, an edit that was accepted", join(folder, &it.path))
            .expect("a string takes everything");
    }
    out
}

/// What a run would do, one line a file, and why where nobody would guess.
pub fn would_change(plan: &Plan, folder: &str) -> String {
    let mut why: BTreeMap<String, String> = BTreeMap::new();
    for it in drift::of(plan) {
        let said = match (it.status, it.detail) {
            (Status::Missing, _) => "it is missing".to_owned(),
            (Status::LineEnds, _) => "it has the line ends of Windows, which no shell takes".to_owned(),
            (Status::CompilerChanged, Some(detail)) => detail,
            _ => continue,
        };
        why.insert(it.path, format!(" ({said})"));
    }
    lines(plan, folder, ["would create", "would change", "would remove"], &why)
}

/// What a run did, one line a file.
pub fn changes(plan: &Plan, folder: &str) -> String {
    lines(plan, folder, ["  created", "  changed", "  removed"], &BTreeMap::new())
}

fn lines(
    plan: &Plan,
    folder: &str,
    [create, change, remove]: [&str; 3],
    why: &BTreeMap<String, String>,
) -> String {
    let mut out = String::new();
    for it in plan.told() {
        let verb = match (&it.old, &it.new) {
            (None, _) => create,
            (Some(_), Some(_)) => change,
            (Some(_), None) => remove,
        };
        let why = why.get(&it.path).map_or("", String::as_str);
        writeln!(out, "{verb} {}{why}", join(folder, &it.path)).expect("a string takes everything");
    }
    out
}

pub const BROKEN_MANIFEST: &str = "take `mlopsc.manifest.json` back from your history; or write it and all outputs anew, over \
what was edited, with `mlopsc compile --force`";

/// The files in the way, each with its reason.
pub fn conflicts(conflicts: &[&Conflict], folder: &str, paint: Paint) -> String {
    let mut out = format!("{} nothing was written to {folder}\n", paint.red("error:"));
    let wide = conflicts.iter().map(|conflict| conflict.path.chars().count()).max().unwrap_or(0);
    for Conflict { path, reason } in conflicts {
        writeln!(out, "  {path:wide$}  {reason}").expect("a string takes everything");
    }
    let is_unknown = conflicts.iter().any(|it| matches!(it.reason, Reason::BrokenManifest(_)));
    let forceable = conflicts.iter().all(|conflict| conflict.reason.yields_to_force());
    let help = if forceable && is_unknown {
        BROKEN_MANIFEST
    } else if forceable {
        "`mlopsc drift` shows what was edited: move it into the sources, or overwrite these files with `--force`"
    } else {
        "remove or rename what is in the way; `--force` does not touch it"
    };
    writeln!(out, "  {} {help}", paint.cyan("help:")).expect("a string takes everything");
    out
}

fn join(folder: &str, path: &str) -> String {
    if folder == "." { path.to_owned() } else { format!("{folder}/{path}") }
}
