//! The side files of a project, read from the disk.

use super::disk::{Disk, Kind};
use super::trouble::sentence;
use crate::base::files::{FileKind, Files};
use std::path::{Path, PathBuf};

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
