//! Carries out a plan: all files or none.
//!
//! 1. Everything new is written into the staging folder, everything old gets a second name there. A full disk ends here.
//! 2. The manifest becomes a journal that knows the old and the new content of every file.
//! 3. Each file is replaced by a rename: at any moment it is the old one or the new one, whole. What somebody saved since the
//!    plan was made is found before the rename, and what was saved into the old file also after it.
//! 4. The new manifest is renamed into place. Up to here every failure is undone step by step; from here the run has succeeded.
//! 5. The staging folder and emptied folders go.

use super::line_ends;
use super::manifest;
use super::plan::{Change, Plan};
use super::staging;
use crate::cli::disk::{Disk, Kind};
use crate::cli::trouble::Trouble;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// Gives one file another content: at any moment it is the old one or the new one, whole. Makes it where there is none.
pub fn replace(path: &Path, bytes: &[u8], disk: &dyn Disk) -> Result<(), Trouble> {
    let cannot = |error| Trouble::io("write", path, &error);
    let exists = disk.kind(path).map_err(cannot)?.is_some();
    let target = if exists { disk.resolve(path).map_err(cannot)? } else { path.to_owned() };
    if exists && disk.kind(&target).map_err(cannot)? != Some(Kind::File) {
        return Err(Trouble::new(format!("cannot write `{}`: it is no file", path.display())));
    }
    let folder = target.parent().filter(|it| !it.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let _lock = disk.lock(folder, &mut || {}).map_err(cannot)?;
    let name = target.file_name().unwrap_or_default().to_string_lossy();
    let beside = target.with_file_name(format!(".{name}.mlopsc-new"));
    // Left behind by a run that was killed: nobody else writes here now.
    if disk.kind(&beside).map_err(cannot)?.is_some() {
        disk.remove_file(&beside).map_err(cannot)?;
    }
    let keep_mode = || if exists { disk.copy_mode(&target, &beside) } else { Ok(()) };
    let written = disk.write_new(&beside, bytes).and_then(|()| keep_mode());
    let written = written.and_then(|()| disk.rename(&beside, &target));
    written.map_err(|error| {
        // The trouble is told; a file that is left beside is the smaller one.
        let _ = disk.remove_file(&beside);
        cannot(error)
    })
}

pub fn write(plan: &Plan, disk: &dyn Disk) -> Result<(), Trouble> {
    if plan.is_stale {
        staging::remove(&plan.out, disk)?;
    }
    for path in &plan.not_executable {
        // A disk that cannot hold that, and a file of somebody else, are as good as before.
        let _ = disk.make_executable(&plan.out.join(path));
    }
    if plan.is_empty() {
        return Ok(());
    }
    let mut work = Work { plan, disk, undo: Vec::new() };
    if let Err(trouble) = work.stage().and_then(|()| work.commit()) {
        return Err(work.undo(trouble));
    }
    staging::remove(&plan.out, disk)?;
    work.remove_empty_folders();
    Ok(())
}

struct Work<'a> {
    plan: &'a Plan,
    disk: &'a dyn Disk,
    /// What takes back the steps so far.
    undo: Vec<Undo>,
}

enum Undo {
    RemoveFile(PathBuf),
    RemoveFolder(PathBuf),
    RemoveStaging,
    Restore { from: PathBuf, to: PathBuf },
}

/// The names of a change in the staging folder.
struct Staged {
    new: PathBuf,
    old: PathBuf,
}

impl<'a> Work<'a> {
    fn stage(&mut self) -> Result<(), Trouble> {
        let out = self.plan.out.clone();
        self.create_folders(&out)?;
        staging::create(&out, self.disk)?;
        self.undo.push(Undo::RemoveStaging);
        for (nth, change) in self.changes() {
            self.stage_change(change, &self.staged(nth))?;
        }
        self.write_new(&self.journal(), self.plan.journal.as_bytes())
    }

    fn stage_change(&self, change: &Change, staged: &Staged) -> Result<(), Trouble> {
        if let Some(new) = &change.new {
            let cannot = |error| Trouble::io("write", &staged.new, &error);
            self.write_new(&staged.new, new.as_bytes())?;
            if change.old.is_some() {
                self.disk.copy_mode(&self.plan.out.join(&change.path), &staged.new).map_err(cannot)?;
            }
            if line_ends::is_script(new) {
                self.disk.make_executable(&staged.new).map_err(cannot)?;
            }
        }
        let Some(old) = &change.old else { return Ok(()) };
        // Some disks know no second names; a copy does as well.
        match self.disk.link(&self.plan.out.join(&change.path), &staged.old) {
            Ok(()) => Ok(()),
            Err(_) => self.write_new(&staged.old, old),
        }
    }

    fn commit(&mut self) -> Result<(), Trouble> {
        let plan = self.plan;
        // A manifest that does not change already knows the new content: a journal would say nothing more.
        if let (Some(manifest), false) = (&plan.manifest, plan.changes.is_empty()) {
            let old = manifest.old.as_ref().map(|_| self.staged(plan.changes.len()).old);
            self.replace(&self.journal(), &plan.out.join(manifest::NAME), old)?;
        }
        for (nth, change) in plan.changes.iter().enumerate() {
            self.commit_change(change, change.old.as_deref(), &self.staged(nth))?;
        }
        if let Some(manifest) = &plan.manifest {
            let journal = Some(plan.journal.as_bytes()).filter(|_| !plan.changes.is_empty());
            let standing = journal.or(manifest.old.as_deref());
            self.commit_change(manifest, standing, &self.staged(plan.changes.len()))?;
        }
        Ok(())
    }

    /// `standing` is what has to stand there until now.
    fn commit_change(
        &mut self,
        change: &Change,
        standing: Option<&[u8]>,
        staged: &Staged,
    ) -> Result<(), Trouble> {
        let target = self.plan.out.join(&change.path);
        let old = change.old.is_some().then(|| staged.old.clone());
        self.expect(&target, standing, &target)?;
        if change.new.is_some() {
            self.create_folders(target.parent().unwrap_or(&self.plan.out))?;
            self.replace(&staged.new, &target, old)?;
        } else {
            self.disk.remove_file(&target).map_err(|error| Trouble::io("remove", &target, &error))?;
            self.undo.extend(old.map(|from| Undo::Restore { from, to: target.clone() }));
        }
        // An editor that writes into the file it opened writes into this one.
        if change.old.is_some() { self.expect(&staged.old, change.old.as_deref(), &target) } else { Ok(()) }
    }

    /// What stands there is what the plan was made for; `shown` is the output that it is about.
    fn expect(&self, path: &Path, planned: Option<&[u8]>, shown: &Path) -> Result<(), Trouble> {
        let cannot = |error| Trouble::io("read", path, &error);
        let found = match self.disk.kind(path).map_err(cannot)? {
            None => None,
            Some(_) => Some(self.disk.read(path).map_err(cannot)?),
        };
        if found.as_deref() == planned {
            return Ok(());
        }
        Err(Trouble::new(format!(
            "`{}` was changed by somebody else while outputs were written",
            shown.display()
        )))
    }

    /// Renames `new` over `target`; the way back is the old file's second name, or to remove the new one.
    fn replace(&mut self, new: &Path, target: &Path, old: Option<PathBuf>) -> Result<(), Trouble> {
        self.disk.rename(new, target).map_err(|error| Trouble::io("write", target, &error))?;
        let to = target.to_owned();
        self.undo.push(match old {
            Some(from) => Undo::Restore { from, to },
            None => Undo::RemoveFile(to),
        });
        Ok(())
    }

    fn create_folders(&mut self, folder: &Path) -> Result<(), Trouble> {
        let cannot = |path: &Path, error| Trouble::io("create", path, &error);
        let mut missing = Vec::new();
        for above in folder.ancestors() {
            if self.disk.kind(above).map_err(|error| cannot(above, error))?.is_some() {
                break;
            }
            missing.push(above);
        }
        for path in missing.into_iter().rev() {
            self.disk.create_folder(path).map_err(|error| cannot(path, error))?;
            self.undo.push(Undo::RemoveFolder(path.to_owned()));
        }
        Ok(())
    }

    /// Takes everything back; the trouble says so where that fails too.
    fn undo(mut self, trouble: Trouble) -> Trouble {
        let mut clean = true;
        while let Some(step) = self.undo.pop() {
            let done = match step {
                Undo::RemoveFile(path) => self.disk.remove_file(&path).is_ok(),
                Undo::RemoveFolder(path) => self.disk.remove_folder(&path).is_ok(),
                Undo::RemoveStaging => staging::remove(&self.plan.out, self.disk).is_ok(),
                Undo::Restore { from, to } => self.disk.rename(&from, &to).is_ok(),
            };
            clean = clean && done;
        }
        trouble.help(if clean {
            "nothing was changed"
        } else {
            "this could not be taken back; every file is either the old or the new one: run the command again"
        })
    }

    /// What stays after a failure here is an empty folder.
    fn remove_empty_folders(&self) {
        let removed = self.plan.changes.iter().filter(|change| change.new.is_none());
        let folders: BTreeSet<&Path> =
            removed.flat_map(|change| Path::new(&change.path).ancestors().skip(1)).collect();
        // Longer paths come later in the order, and the output folder itself is the empty path.
        for folder in folders.into_iter().rev() {
            let path = self.plan.out.join(folder);
            let empty = self.disk.list(&path).is_ok_and(|entries| entries.is_empty());
            if empty && self.disk.remove_folder(&path).is_err() {
                return;
            }
        }
    }

    /// All changes, the manifest's last.
    fn changes(&self) -> impl Iterator<Item = (usize, &'a Change)> + use<'a> {
        self.plan.changes.iter().chain(&self.plan.manifest).enumerate()
    }

    fn staged(&self, nth: usize) -> Staged {
        let folder = self.plan.out.join(staging::FOLDER);
        Staged { new: folder.join(format!("{nth}.new")), old: folder.join(format!("{nth}.old")) }
    }

    fn journal(&self) -> PathBuf {
        self.plan.out.join(staging::FOLDER).join("journal")
    }

    fn write_new(&self, path: &Path, bytes: &[u8]) -> Result<(), Trouble> {
        self.disk.write_new(path, bytes).map_err(|error| Trouble::io("write", path, &error))
    }
}
