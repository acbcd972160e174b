//! Why a file is not written: somebody else's work is in the way.

use super::line_ends;
use super::manifest;
use super::plan::Wish;
use std::collections::BTreeMap;
use std::fmt;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Conflict {
    pub path: String,
    pub reason: Reason,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reason {
    NotOurs,
    /// `line` is the first that differs from what would be written; `None` where the file would be removed.
    Edited {
        line: Option<usize>,
    },
    /// The edit was accepted, but the output is no longer what it was then.
    AcceptedBefore,
    IsLink,
    /// Why it cannot be read.
    BrokenManifest(String),
    /// The manifest is broken, so that nobody knows who wrote it.
    Unknown,
    ReadOnly,
    IsFolder,
    IsDevice,
    FolderIsLink,
    FolderIsFile,
    Outside,
    /// Windows cannot hold a file of that name.
    Reserved,
    /// Two outputs are one file on many disks.
    SameAs(String),
}

impl Reason {
    pub fn edited(bytes: &[u8], new: Option<&str>) -> Reason {
        Reason::Edited { line: new.map(|new| first_difference(&line_ends::plain(bytes), new.as_bytes())) }
    }

    /// Whether `--force` overwrites it.
    pub fn yields_to_force(&self) -> bool {
        match self {
            Reason::NotOurs
            | Reason::Edited { .. }
            | Reason::AcceptedBefore
            | Reason::BrokenManifest(_)
            | Reason::Unknown => true,
            Reason::ReadOnly
            | Reason::IsLink
            | Reason::IsFolder
            | Reason::IsDevice
            | Reason::FolderIsLink
            | Reason::FolderIsFile
            | Reason::Outside
            | Reason::Reserved
            | Reason::SameAs(_) => false,
        }
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Reason::NotOurs => "was not written by mlopsc",
            Reason::Edited { line: Some(line) } => {
                return write!(f, "was edited since mlopsc wrote it; line {line} is the first that differs");
            }
            Reason::Edited { line: None } => "was edited since mlopsc wrote it, and is no longer an output",
            Reason::AcceptedBefore => "was edited, which was accepted, but its sources have changed since",
            Reason::IsLink => "is a symbolic link",
            Reason::BrokenManifest(why) => return write!(f, "is not a manifest any more: {why}"),
            Reason::Unknown => "differs, and only the manifest could say who wrote it",
            Reason::ReadOnly => "is read-only: make it writable",
            Reason::IsFolder => "is a folder, where a file is to be written",
            Reason::IsDevice => "is not a regular file",
            Reason::FolderIsLink => "is a symbolic link, where a folder is needed",
            Reason::FolderIsFile => "is a file, where a folder is needed",
            Reason::Outside => "is not a path in the output folder",
            Reason::Reserved => "is a name that Windows keeps for itself: rename what it is made from",
            Reason::SameAs(other) => return write!(f, "cannot stand beside `{other}`"),
        })
    }
}

/// The outputs that exclude each other: names that differ only in case, and a file below a file.
pub fn between(files: &BTreeMap<String, Wish>) -> Vec<Conflict> {
    let mut taken = BTreeMap::from([(manifest::NAME.to_owned(), manifest::NAME)]);
    let mut conflicts = Vec::new();
    let mut conflict = |path: &str, reason| conflicts.push(Conflict { path: path.to_owned(), reason });
    for path in files.keys() {
        if !manifest::is_inside(path) {
            conflict(path, Reason::Outside);
        } else if path.split('/').any(is_reserved) {
            conflict(path, Reason::Reserved);
        } else if let Some(other) = taken.insert(path.to_lowercase(), path) {
            conflict(path, Reason::SameAs(other.to_owned()));
        }
    }
    for path in files.keys() {
        let folded = path.to_lowercase();
        let mut folders = folded.match_indices('/').map(|(end, _)| &folded[..end]);
        if let Some(other) = folders.find_map(|folder| taken.get(folder)) {
            conflict(path, Reason::SameAs((*other).to_owned()));
        }
    }
    conflicts
}

/// Names of devices, with any ending, and what the shell of Windows takes off or refuses.
/// Source: <https://learn.microsoft.com/windows/win32/fileio/naming-a-file>.
pub fn is_reserved(name: &str) -> bool {
    let stem = name.split('.').next().unwrap_or(name).trim_end().to_ascii_uppercase();
    let numbered = |device: &str| {
        let number = stem.strip_prefix(device).map(|it| it.chars().collect::<Vec<_>>());
        matches!(number.as_deref(), Some(['1'..='9' | '¹' | '²' | '³']))
    };
    matches!(stem.as_str(), "CON" | "PRN" | "AUX" | "NUL")
        || numbered("COM")
        || numbered("LPT")
        || name.ends_with(['.', ' '])
        || name.contains(|it: char| it < ' ' || "<>:\"|?*".contains(it))
}

/// The first line (from 1) in which two texts differ.
fn first_difference(old: &[u8], new: &[u8]) -> usize {
    let same = old.iter().zip(new).take_while(|(a, b)| a == b);
    same.filter(|(byte, _)| **byte == b'\n').count() + 1
}
