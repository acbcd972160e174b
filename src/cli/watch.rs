//! Runs a command again whenever something that it looked at has changed.
//!
//! Looks instead of asking the operating system for events: what a run read is known exactly, side files and files that
//! were not there included, and looking works on network folders and in containers too.

use super::Outcome;
use super::disk::{Disk, Entry, Kind, Locked, Stamp};
use super::edge::Edge;
use super::report::summary::plural;
use super::trouble::Trouble;
use std::collections::BTreeMap;
use std::ffi::OsString;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// Between two looks.
pub const PAUSE: Duration = Duration::from_millis(200);

type Run<'r> = dyn Fn(&mut Edge<'_>) -> Result<Outcome, Trouble> + 'r;

/// Ends where the pause says so, with what the last run said. Trouble ends the first run only: later a file may be
/// missing for a moment.
pub fn watch(edge: &mut Edge<'_>, run: &Run<'_>) -> Result<Outcome, Trouble> {
    let mut is_first = true;
    loop {
        let seen = Recording::new(edge.disk);
        let outcome = run(&mut edge.over(&seen));
        match &outcome {
            Err(_) if is_first => return outcome,
            Err(trouble) => edge.err.trouble(&trouble.clone().seen_from(&edge.here))?,
            Ok(_) => {}
        }
        is_first = false;
        edge.note(&format!("watching {}; Ctrl+C ends it\n", plural(seen.files(), "file")))?;
        let Some(changed) = wait(&seen, edge) else { return outcome };
        let shown = changed.strip_prefix(&edge.here).unwrap_or(&changed);
        let shown = if shown.as_os_str().is_empty() { Path::new(".") } else { shown }.display();
        edge.note(&format!("\n{shown} changed\n"))?;
    }
}

/// The first path that changed, once nothing changes any more; none where the watch ends.
fn wait(seen: &Recording<'_>, edge: &mut Edge<'_>) -> Option<PathBuf> {
    let first = loop {
        if !(edge.pause)() {
            return None;
        }
        if let Some(path) = seen.changed() {
            break path;
        }
    };
    // Several files are often saved one after the other.
    while (edge.pause)() && seen.changed().is_some() {}
    Some(first)
}

/// The first name that a folder holds on one side only.
fn came_or_went(before: &Found, after: &Found) -> Option<OsString> {
    let (Found::Names(before), Found::Names(after)) = (before, after) else { return None };
    let new = after.iter().find(|it| !before.contains(it));
    new.or_else(|| before.iter().find(|it| !after.contains(it))).cloned()
}

/// A disk that remembers what was looked at, and how it was then.
struct Recording<'d> {
    disk: &'d dyn Disk,
    seen: Mutex<BTreeMap<Look, Found>>,
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Look {
    At(PathBuf),
    /// What a folder holds.
    Into(PathBuf),
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Found {
    Nothing,
    File(Stamp),
    /// Neither its age nor its size says anything.
    Other(Kind),
    Names(Vec<OsString>),
}

impl<'d> Recording<'d> {
    fn new(disk: &'d dyn Disk) -> Self {
        Recording { disk, seen: Mutex::default() }
    }

    fn all(&self) -> MutexGuard<'_, BTreeMap<Look, Found>> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn files(&self) -> usize {
        self.all().values().filter(|it| matches!(it, Found::File(_))).count()
    }

    /// Something that is not as it was last seen; from now on it is as it is.
    fn changed(&self) -> Option<PathBuf> {
        let mut changed = None;
        for (look, found) in self.all().iter_mut() {
            let now = self.look(look);
            if now != *found {
                let (Look::At(path) | Look::Into(path)) = look;
                let name = came_or_went(found, &now);
                *found = now;
                changed.get_or_insert_with(|| name.map_or_else(|| path.clone(), |it| path.join(it)));
            }
        }
        changed
    }

    fn look(&self, look: &Look) -> Found {
        match look {
            Look::At(path) => self.at(path),
            Look::Into(folder) => self.names(folder),
        }
    }

    fn at(&self, path: &Path) -> Found {
        let target = self.disk.resolve(path).unwrap_or_else(|_| path.to_owned());
        match self.disk.kind(&target) {
            Ok(Some(Kind::File)) => self.disk.stamp(&target).map_or(Found::Nothing, Found::File),
            Ok(Some(kind)) => Found::Other(kind),
            Ok(None) | Err(_) => Found::Nothing,
        }
    }

    /// Without what editors put beside a file while they write it.
    fn names(&self, folder: &Path) -> Found {
        let Ok(entries) = self.disk.list(folder) else { return Found::Nothing };
        let mut names: Vec<OsString> = entries.into_iter().map(|it| it.name).collect();
        names.retain(|it| {
            let name = it.as_encoded_bytes();
            !name.starts_with(b".") && !name.ends_with(b"~")
        });
        names.sort();
        Found::Names(names)
    }

    /// Before it is read, so that what changes while it is read is found later.
    fn before(&self, look: Look) {
        if !self.all().contains_key(&look) {
            let found = self.look(&look);
            self.all().insert(look, found);
        }
    }

    /// What the run itself wrote is no change.
    fn after(&self, path: &Path) {
        let folder = path.parent().unwrap_or(path).to_owned();
        for look in [Look::At(path.to_owned()), Look::Into(path.to_owned()), Look::Into(folder)] {
            let found = self.look(&look);
            if let Some(known) = self.all().get_mut(&look) {
                *known = found;
            }
        }
    }

    fn written<T>(&self, path: &Path, done: io::Result<T>) -> io::Result<T> {
        self.after(path);
        done
    }
}

impl Disk for Recording<'_> {
    fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
        self.before(Look::At(path.to_owned()));
        self.disk.read(path)
    }

    fn kind(&self, path: &Path) -> io::Result<Option<Kind>> {
        self.before(Look::At(path.to_owned()));
        self.disk.kind(path)
    }

    fn resolve(&self, path: &Path) -> io::Result<PathBuf> {
        self.before(Look::At(path.to_owned()));
        self.disk.resolve(path)
    }

    fn is_read_only(&self, path: &Path) -> io::Result<bool> {
        self.disk.is_read_only(path)
    }

    fn is_executable(&self, path: &Path) -> io::Result<bool> {
        self.disk.is_executable(path)
    }

    fn list(&self, folder: &Path) -> io::Result<Vec<Entry>> {
        self.before(Look::Into(folder.to_owned()));
        self.disk.list(folder)
    }

    fn stamp(&self, path: &Path) -> io::Result<Stamp> {
        self.disk.stamp(path)
    }

    fn lock(&self, folder: &Path, waits: &mut dyn FnMut()) -> io::Result<Locked> {
        self.disk.lock(folder, waits)
    }

    fn create_folder(&self, path: &Path) -> io::Result<()> {
        self.written(path, self.disk.create_folder(path))
    }

    fn write_new(&self, path: &Path, bytes: &[u8]) -> io::Result<()> {
        self.written(path, self.disk.write_new(path, bytes))
    }

    fn make_executable(&self, path: &Path) -> io::Result<()> {
        self.written(path, self.disk.make_executable(path))
    }

    fn copy_mode(&self, from: &Path, to: &Path) -> io::Result<()> {
        self.written(to, self.disk.copy_mode(from, to))
    }

    fn link(&self, from: &Path, to: &Path) -> io::Result<()> {
        self.written(to, self.disk.link(from, to))
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        let done = self.disk.rename(from, to);
        self.after(from);
        self.written(to, done)
    }

    fn remove_file(&self, path: &Path) -> io::Result<()> {
        self.written(path, self.disk.remove_file(path))
    }

    fn remove_folder(&self, path: &Path) -> io::Result<()> {
        self.written(path, self.disk.remove_folder(path))
    }
}
