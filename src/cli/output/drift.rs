//! How each output stands to what it was compiled from, read off a plan.

use super::conflict::{Conflict, Reason};
use super::line_ends;
use super::meaning::{self, Changed, Difference};
use super::plan::{Change, Plan};
use serde::Serialize;

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Status {
    /// Never written.
    New,
    /// Written, and not there.
    Missing,
    SourceChanged,
    /// Another version wrote it; the sources may have changed too.
    CompilerChanged,
    /// A script with line ends that no shell takes.
    LineEnds,
    Edited,
    EditedAndSourceChanged,
    /// Edited, and means what it meant.
    Reformatted,
    /// Edited, and that was accepted.
    Accepted,
    /// Edited and accepted, and then its sources changed.
    AcceptedBefore,
    /// Somebody else's file.
    NotOurs,
    NoLongerGenerated,
    /// The same, and edited.
    EditedAndNoLongerGenerated,
    /// Something that is no file.
    Blocked,
}

impl Status {
    pub fn is_drift(self) -> bool {
        !matches!(self, Status::Reformatted | Status::Accepted)
    }

    /// Whether `--accept` has something to say about it.
    pub fn can_be_accepted(self) -> bool {
        match self {
            Status::Edited
            | Status::EditedAndSourceChanged
            | Status::Reformatted
            | Status::AcceptedBefore
            | Status::NotOurs
            | Status::EditedAndNoLongerGenerated => true,
            Status::New
            | Status::Missing
            | Status::SourceChanged
            | Status::CompilerChanged
            | Status::LineEnds
            | Status::Accepted
            | Status::NoLongerGenerated
            | Status::Blocked => false,
        }
    }
}

/// An output that is not up to date.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Drifted {
    pub path: String,
    pub status: Status,
    /// Where the file is YAML or JSON.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub changes: Vec<Changed>,
    /// What is in the way, or which version wrote it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
}

/// All outputs that are not up to date, by path.
pub fn of(plan: &Plan) -> Vec<Drifted> {
    let is_blocked = |it: &&Conflict| !it.reason.yields_to_force() || is_manifest(it);
    let blocked: Vec<&Conflict> = plan.conflicts.iter().filter(is_blocked).collect();
    let changes = plan.changes.iter().filter(|it| !blocked.iter().any(|known| known.path == it.path));
    let mut found: Vec<Drifted> = changes.map(|it| changed(it, plan)).collect();
    found.extend(blocked.iter().map(|it| plain(&it.path, Status::Blocked, Some(it.reason.to_string()))));
    found.extend(plan.accepted.iter().map(|it| plain(it, Status::Accepted, None)));
    found.sort_by(|a, b| a.path.cmp(&b.path));
    found
}

fn is_manifest(conflict: &Conflict) -> bool {
    matches!(conflict.reason, Reason::BrokenManifest(_))
}

fn plain(path: &str, status: Status, detail: Option<String>) -> Drifted {
    Drifted { path: path.to_owned(), status, changes: Vec::new(), detail }
}

fn changed(change: &Change, plan: &Plan) -> Drifted {
    let path = &change.path;
    let known = plan.known.files.get(path);
    let reason = plan.conflicts.iter().find(|it| it.path == *path).map(|it| &it.reason);
    let (Some(new), Some(old)) = (&change.new, &change.old) else {
        return plain(path, absent(change, known.is_some(), reason.is_some()), None);
    };
    let edited = |status| {
        let difference = meaning::difference(path, new, old);
        let status = if difference == Difference::Form { Status::Reformatted } else { status };
        let changes = match difference {
            Difference::Values(changes) => changes,
            Difference::Form | Difference::Lines => Vec::new(),
        };
        Drifted { changes, ..plain(path, status, None) }
    };
    match reason {
        Some(Reason::NotOurs) => plain(path, Status::NotOurs, None),
        Some(Reason::AcceptedBefore) => edited(Status::AcceptedBefore),
        Some(_) if known.is_some_and(|it| it.sha256 != super::manifest::hash(new.as_bytes())) => {
            edited(Status::EditedAndSourceChanged)
        }
        Some(_) => edited(Status::Edited),
        None if line_ends::differ_only(old, new.as_bytes()) => plain(path, Status::LineEnds, None),
        None if plan.known.mlopsc != env!("CARGO_PKG_VERSION") => {
            plain(path, Status::CompilerChanged, Some(format!("mlopsc {} wrote it", plan.known.mlopsc)))
        }
        None => plain(path, Status::SourceChanged, None),
    }
}

/// One side has no file.
fn absent(change: &Change, is_known: bool, is_in_the_way: bool) -> Status {
    match (&change.new, is_known, is_in_the_way) {
        (Some(_), true, _) => Status::Missing,
        (Some(_), false, _) => Status::New,
        (None, _, true) => Status::EditedAndNoLongerGenerated,
        (None, _, false) => Status::NoLongerGenerated,
    }
}
