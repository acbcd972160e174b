//! What a person is told about a plan.

use super::conflict::Conflict;
use super::plan::Plan;
use crate::cli::edge::Paint;
use crate::cli::report::summary::plural;
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
    let (written, files) = (tally.created + tally.changed, plural(tally.unchanged, "file"));
    if plan.is_empty() {
        return match tally.unchanged {
            0 => "nothing to write\n".to_owned(),
            _ => format!("{folder} is up to date ({files})\n"),
        };
    }
    if plan.changes.is_empty() {
        return format!("wrote the manifest of {folder} ({} unchanged)\n", tally.unchanged);
    }
    if written == 0 {
        return format!("removed {} from {folder} ({})\n", plural(tally.removed, "file"), tally.parts());
    }
    format!("wrote {} to {folder} ({})\n", plural(written, "file"), tally.parts())
}

/// What a run would do, one line a file.
pub fn would_change(plan: &Plan, folder: &str) -> String {
    lines(plan, folder, ["would create", "would change", "would remove"])
}

/// What a run did, one line a file.
pub fn changes(plan: &Plan, folder: &str) -> String {
    lines(plan, folder, ["created", "changed", "removed"])
}

fn lines(plan: &Plan, folder: &str, [create, change, remove]: [&str; 3]) -> String {
    let mut out = String::new();
    for it in plan.told() {
        let verb = match (&it.old, &it.new) {
            (None, _) => create,
            (Some(_), Some(_)) => change,
            (Some(_), None) => remove,
        };
        writeln!(out, "{verb} {}", join(folder, &it.path)).expect("a string takes everything");
    }
    out
}

/// The files in the way, each with its reason.
pub fn conflicts(conflicts: &[&Conflict], folder: &str, paint: Paint) -> String {
    let mut out = format!("{} nothing was written to {folder}\n", paint.red("error:"));
    let wide = conflicts.iter().map(|conflict| conflict.path.chars().count()).max().unwrap_or(0);
    for Conflict { path, reason } in conflicts {
        writeln!(out, "  {path:wide$}  {reason}").expect("a string takes everything");
    }
    let forceable = conflicts.iter().all(|conflict| conflict.reason.yields_to_force());
    let help = if forceable {
        "move the change into the sources, or overwrite these files with `--force`"
    } else {
        "remove or rename what is in the way; `--force` does not touch it"
    };
    writeln!(out, "  {} {help}", paint.cyan("help:")).expect("a string takes everything");
    out
}

fn join(folder: &str, path: &str) -> String {
    if folder == "." { path.to_owned() } else { format!("{folder}/{path}") }
}
