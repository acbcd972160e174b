//! The side files of a project, read from the disk.

use super::disk::{Disk, Kind};
use super::trouble::sentence;
use crate::base::files::{FileKind, Files};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

pub struct ProjectFiles<'a> {
    pub disk: &'a dyn Disk,
    pub root: &'a Path,
}

impl ProjectFiles<'_> {
    fn at(&self, path: &str) -> PathBuf {
        if path == "." { self.root.to_owned() } else { self.root.join(path) }
    }
}

impl Files for ProjectFiles<'_> {
    fn read(&self, path: &str) -> Result<Vec<u8>, String> {
        self.disk.read(&self.at(path)).map_err(|error| sentence(&error))
    }

    fn kind(&self, path: &str) -> Option<FileKind> {
        let resolved = self.disk.resolve(&self.at(path)).ok()?;
        match self.disk.kind(&resolved).ok()?? {
            Kind::File => Some(FileKind::File),
            Kind::Folder => Some(FileKind::Folder),
            Kind::Link | Kind::Other => None,
        }
    }

    fn list(&self, folder: &str) -> Vec<String> {
        let entries = self.disk.list(&self.at(folder)).unwrap_or_default();
        let mut names: Vec<String> =
            entries.into_iter().map(|it| it.name.to_string_lossy().into_owned()).collect();
        names.sort();
        names
    }
}

/// The same, and notes which of them are read.
pub struct Noted<'a> {
    pub files: ProjectFiles<'a>,
    pub read: &'a Mutex<BTreeSet<String>>,
}

impl Files for Noted<'_> {
    fn read(&self, path: &str) -> Result<Vec<u8>, String> {
        let found = self.files.read(path);
        if found.is_ok() {
            self.read.lock().unwrap_or_else(PoisonError::into_inner).insert(path.to_owned());
        }
        found
    }

    fn kind(&self, path: &str) -> Option<FileKind> {
        self.files.kind(path)
    }

    fn list(&self, folder: &str) -> Vec<String> {
        self.files.list(folder)
    }
}
