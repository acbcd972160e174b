//! What has to change on the disk, found out before anything is touched.

use super::conflict::{self, Conflict, Reason};
use super::line_ends;
use super::manifest::{self, Entry, Manifest};
use super::staging;
use super::standing::{self, Old, kind};
use crate::base::parallel;
use crate::cli::disk::{Disk, Kind};
use crate::cli::targets;
use crate::cli::trouble::Trouble;
use crate::emit::Target;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// What the output folder shall hold.
pub struct Wanted {
    /// By path in the output folder.
    pub files: BTreeMap<String, Wish>,
    /// Files of other targets stay as they are.
    pub targets: Vec<Target>,
    pub accepted: Accepted,
}

/// What becomes of edits that were accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Accepted {
    Stay,
    /// As with all that is overwritten by `--force`.
    Overwritten,
}

pub struct Wish {
    pub text: String,
    /// The path of the source it comes from.
    pub source: String,
}

pub struct Plan {
    /// The output folder, absolute.
    pub out: PathBuf,
    /// In the order of the paths.
    pub changes: Vec<Change>,
    pub unchanged: usize,
    /// Files that were edited, and stay so since that was accepted.
    pub accepted: Vec<String>,
    /// Scripts that are what they shall be, but cannot be started.
    pub not_executable: Vec<String>,
    /// What is known from the last run that wrote.
    pub known: Manifest,
    /// The manifest as it stands on the disk.
    pub written: Option<Vec<u8>>,
    /// The source of each file that is wanted.
    pub sources: BTreeMap<String, String>,
    pub conflicts: Vec<Conflict>,
    /// The manifest's own change.
    pub manifest: Option<Change>,
    /// The manifest for the time in which files are being replaced.
    pub journal: String,
    /// A killed run left its staging folder behind.
    pub is_stale: bool,
}

/// One file; at least one of `old` and `new` is there.
#[derive(Debug)]
pub struct Change {
    pub path: String,
    pub old: Option<Vec<u8>>,
    pub new: Option<String>,
}

impl Plan {
    pub fn is_empty(&self) -> bool {
        self.changes.is_empty() && self.manifest.is_none()
    }

    /// The manifest cannot be read, so that nobody knows whose the files are.
    pub fn is_unknown(&self) -> bool {
        self.conflicts.iter().any(|it| matches!(it.reason, Reason::BrokenManifest(_)))
    }

    /// The changes a person is told about: the manifest only where nothing else changes.
    pub fn told(&self) -> impl Iterator<Item = &Change> {
        let manifest = self.manifest.iter().filter(|_| self.changes.is_empty());
        self.changes.iter().chain(manifest)
    }
}

/// Compares the output folder with what is wanted.
pub fn plan(out: &Path, wanted: &Wanted, disk: &dyn Disk) -> Result<Plan, Trouble> {
    let old = standing::read(out, disk)?;
    let is_stale = kind(&out.join(staging::FOLDER), disk)?.is_some();
    let mut cx = Planning { out, disk, old, checked: BTreeSet::new(), plan: Plan::empty(out, is_stale) };
    cx.plan.conflicts = conflict::between(&wanted.files);
    if !cx.plan.conflicts.is_empty() {
        return Ok(cx.plan);
    }
    if let Old::Broken { why, .. } = &cx.old {
        let why = why.clone();
        cx.conflict(manifest::NAME, Reason::BrokenManifest(why));
    }
    for path in cx.old.entries().keys().filter(|path| !wanted.keeps(path)).cloned().collect::<Vec<_>>() {
        cx.remove(&path)?;
    }
    for (path, wish) in &wanted.files {
        cx.write(path, wish, wanted.accepted)?;
    }
    cx.plan.changes.sort_by(|a, b| a.path.cmp(&b.path));
    cx.manifests(wanted);
    cx.plan.written = cx.old.bytes().cloned();
    cx.plan.sources = wanted.files.iter().map(|(path, wish)| (path.clone(), wish.source.clone())).collect();
    if let Old::Found { manifest, .. } = cx.old {
        cx.plan.known = manifest;
    }
    Ok(cx.plan)
}

impl Plan {
    fn empty(out: &Path, is_stale: bool) -> Plan {
        Plan {
            out: out.to_owned(),
            changes: Vec::new(),
            unchanged: 0,
            accepted: Vec::new(),
            not_executable: Vec::new(),
            known: Manifest::default(),
            written: None,
            sources: BTreeMap::new(),
            conflicts: Vec::new(),
            manifest: None,
            journal: String::new(),
            is_stale,
        }
    }
}

impl Wanted {
    /// Whether a file of the old manifest stays, or is compared with a wish anyway.
    fn keeps(&self, path: &str) -> bool {
        self.files.contains_key(path) || self.is_foreign(path)
    }

    fn is_foreign(&self, path: &str) -> bool {
        match targets::of_path(path) {
            Some(target) => !self.targets.contains(&target),
            None => self.targets.len() < targets::ALL.len(),
        }
    }
}

struct Planning<'a> {
    out: &'a Path,
    disk: &'a dyn Disk,
    old: Old,
    /// Folders that are known to be none of a link, a file or a device.
    checked: BTreeSet<String>,
    plan: Plan,
}

/// What stands at the path of an output.
enum Found {
    Nothing,
    File(Vec<u8>),
    /// Something that cannot be replaced; it has been noted as a conflict.
    Obstacle,
}

impl Planning<'_> {
    fn write(&mut self, path: &str, wish: &Wish, accepted: Accepted) -> Result<(), Trouble> {
        let old = match self.look(path)? {
            Found::Obstacle => return Ok(()),
            Found::Nothing => None,
            Found::File(bytes) if line_ends::is_as_good(&bytes, &wish.text) => {
                return self.unchanged(path, wish);
            }
            Found::File(bytes) => Some(bytes),
        };
        if let Some(bytes) = &old {
            if accepted == Accepted::Stay && self.is_accepted(path, bytes, wish) {
                self.plan.accepted.push(path.to_owned());
                return Ok(());
            }
            self.check_ours(path, bytes, Some(&wish.text))?;
        }
        self.plan.changes.push(Change { path: path.to_owned(), old, new: Some(wish.text.clone()) });
        Ok(())
    }

    fn remove(&mut self, path: &str) -> Result<(), Trouble> {
        if let Found::File(old) = self.look(path)? {
            self.check_ours(path, &old, None)?;
            self.plan.changes.push(Change { path: path.to_owned(), old: Some(old), new: None });
        }
        Ok(())
    }

    fn unchanged(&mut self, path: &str, wish: &Wish) -> Result<(), Trouble> {
        self.plan.unchanged += 1;
        if line_ends::is_script(&wish.text) {
            let at = self.out.join(path);
            let can_start = self.disk.is_executable(&at).map_err(|error| Trouble::io("open", &at, &error))?;
            self.plan.not_executable.extend((!can_start).then(|| path.to_owned()));
        }
        Ok(())
    }

    /// Whether what stands there may be replaced by `new`, or removed.
    fn check_ours(&mut self, path: &str, bytes: &[u8], new: Option<&str>) -> Result<(), Trouble> {
        let at = self.out.join(path);
        if self.disk.is_read_only(&at).map_err(|error| Trouble::io("open", &at, &error))? {
            self.conflict(path, Reason::ReadOnly);
            return Ok(());
        }
        let reason = match self.old.entries().get(path) {
            Some(entry) if entry.knows(bytes) => return Ok(()),
            Some(entry) if entry.accepts(bytes) && new.is_some() => Reason::AcceptedBefore,
            Some(_) => Reason::edited(bytes, new),
            None if matches!(self.old, Old::Broken { .. }) => Reason::Unknown,
            None => Reason::NotOurs,
        };
        self.conflict(path, reason);
        Ok(())
    }

    /// Whether the edit was accepted for the very output that is wanted now.
    fn is_accepted(&self, path: &str, bytes: &[u8], wish: &Wish) -> bool {
        self.old
            .entries()
            .get(path)
            .is_some_and(|entry| entry.accepts(bytes) && entry.sha256 == manifest::hash(wish.text.as_bytes()))
    }

    fn look(&mut self, path: &str) -> Result<Found, Trouble> {
        if !self.can_hold(path)? {
            return Ok(Found::Obstacle);
        }
        let at = self.out.join(path);
        let obstacle = match kind(&at, self.disk)? {
            None => return Ok(Found::Nothing),
            Some(Kind::File) => {
                let bytes = self.disk.read(&at).map_err(|error| Trouble::io("read", &at, &error))?;
                return Ok(Found::File(bytes));
            }
            Some(Kind::Folder) => Reason::IsFolder,
            Some(Kind::Link) => Reason::IsLink,
            Some(Kind::Other) => Reason::IsDevice,
        };
        self.conflict(path, obstacle);
        Ok(Found::Obstacle)
    }

    fn conflict(&mut self, path: &str, reason: Reason) {
        self.plan.conflicts.push(Conflict { path: path.to_owned(), reason });
    }

    /// Whether all folders above the path are folders, or can become ones. A link could lead out of the output folder.
    fn can_hold(&mut self, path: &str) -> Result<bool, Trouble> {
        for (end, _) in path.match_indices('/') {
            let folder = &path[..end];
            if self.checked.contains(folder) {
                continue;
            }
            let reason = match kind(&self.out.join(folder), self.disk)? {
                None | Some(Kind::Folder) => {
                    self.checked.insert(folder.to_owned());
                    continue;
                }
                Some(Kind::Link) => Reason::FolderIsLink,
                Some(Kind::File | Kind::Other) => Reason::FolderIsFile,
            };
            let folder = folder.to_owned();
            if !self.plan.conflicts.iter().any(|known| known.path == folder) {
                self.conflict(&folder, reason);
            }
            return Ok(false);
        }
        Ok(true)
    }

    fn manifests(&mut self, wanted: &Wanted) {
        let version = env!("CARGO_PKG_VERSION");
        let mut files: BTreeMap<String, Entry> = self.old.entries().clone();
        files.retain(|path, _| wanted.is_foreign(path));
        let texts: Vec<&[u8]> = wanted.files.values().map(|it| it.text.as_bytes()).collect();
        let bytes = texts.iter().map(|it| it.len()).sum();
        let hashes = parallel::map(&texts, bytes, |it| manifest::hash(it));
        for ((path, wish), sha256) in wanted.files.iter().zip(hashes) {
            files.insert(path.clone(), Entry::new(sha256, wish.source.clone()));
        }
        for path in &self.plan.accepted {
            let known = self.old.entries().get(path).and_then(|it| it.accepted.clone());
            files.entry(path.clone()).and_modify(|it| it.accepted = known);
        }
        self.plan.journal = journal(version, &files, &self.plan.changes);
        let new = Manifest { mlopsc: version.to_owned(), files };
        let new = (!new.files.is_empty()).then(|| new.text());
        let old = self.old.bytes().cloned();
        if !line_ends::both(old.as_deref(), new.as_deref()) {
            self.plan.manifest = Some(Change { path: manifest::NAME.to_owned(), old, new });
        }
    }
}

fn journal(version: &str, files: &BTreeMap<String, Entry>, changes: &[Change]) -> String {
    let mut files = files.clone();
    for change in changes {
        let Some(old) = &change.old else { continue };
        let before = manifest::hash(old);
        let removed = || Entry::new(before.clone(), String::new());
        let entry = files.entry(change.path.clone()).or_insert_with(removed);
        entry.before = (entry.sha256 != before).then_some(before);
    }
    Manifest { mlopsc: version.to_owned(), files }.text()
}
