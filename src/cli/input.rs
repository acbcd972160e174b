//! A source from the standard input, in the place of the file of that name.

use super::disk::{Disk, Entry, Kind, Locked, Stamp};
use super::edge::Edge;
use super::trouble::Trouble;
use std::ffi::OsStr;
use std::io;
use std::path::{Path, PathBuf};

/// Stands for the standard input.
pub const DASH: &str = "-";

/// Whether the standard input is meant. A name without it says nothing, and other paths beside it have no place.
pub fn is_meant(paths: &[PathBuf], name: Option<&Path>) -> Result<bool, Trouble> {
    let dash = paths.iter().any(|it| it.as_os_str() == DASH);
    if !dash && name.is_some() {
        return Err(
            Trouble::new("`--stdin-filename` names the standard input, and that is not read").help("add `-`")
        );
    }
    if dash && paths.len() > 1 {
        return Err(Trouble::new("`-` stands alone").help("name files, or `-` for the standard input"));
    }
    Ok(dash)
}

pub fn read(edge: &mut Edge<'_>) -> Result<Vec<u8>, Trouble> {
    let mut bytes = Vec::new();
    edge.input.read_to_end(&mut bytes).map_err(|error| Trouble::io("read", Path::new(DASH), &error))?;
    Ok(bytes)
}

/// A disk on which one file holds something else.
pub struct Overlay<'d> {
    disk: &'d dyn Disk,
    /// As it was named, absolute, and with links followed.
    names: [PathBuf; 2],
    bytes: Vec<u8>,
}

impl<'d> Overlay<'d> {
    pub fn new(disk: &'d dyn Disk, path: &Path, bytes: Vec<u8>) -> Self {
        let folder = path.parent().and_then(|it| disk.resolve(it).ok());
        let in_folder = |name: &OsStr| folder.map(|it| it.join(name));
        let real = disk.resolve(path).ok().or_else(|| path.file_name().and_then(in_folder));
        let real = real.unwrap_or_else(|| path.to_owned());
        Overlay { disk, names: [path.to_owned(), real], bytes }
    }

    fn is_it(&self, path: &Path) -> bool {
        self.names.iter().any(|it| it == path)
    }

    /// With links followed.
    pub fn real(&self) -> &Path {
        &self.names[1]
    }
}

impl Disk for Overlay<'_> {
    fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
        if self.is_it(path) { Ok(self.bytes.clone()) } else { self.disk.read(path) }
    }

    fn kind(&self, path: &Path) -> io::Result<Option<Kind>> {
        if self.is_it(path) { Ok(Some(Kind::File)) } else { self.disk.kind(path) }
    }

    fn resolve(&self, path: &Path) -> io::Result<PathBuf> {
        if self.is_it(path) { Ok(self.real().to_owned()) } else { self.disk.resolve(path) }
    }

    fn is_read_only(&self, path: &Path) -> io::Result<bool> {
        self.disk.is_read_only(path)
    }

    fn is_executable(&self, path: &Path) -> io::Result<bool> {
        self.disk.is_executable(path)
    }

    fn list(&self, folder: &Path) -> io::Result<Vec<Entry>> {
        let mut entries = self.disk.list(folder)?;
        let name = self.real().file_name().unwrap_or_default();
        if self.real().parent() == Some(folder) && !entries.iter().any(|it| it.name == name) {
            entries.push(Entry { name: name.to_owned(), kind: Kind::File });
        }
        Ok(entries)
    }

    fn stamp(&self, path: &Path) -> io::Result<Stamp> {
        self.disk.stamp(path)
    }

    fn lock(&self, folder: &Path, waits: &mut dyn FnMut()) -> io::Result<Locked> {
        self.disk.lock(folder, waits)
    }

    fn create_folder(&self, path: &Path) -> io::Result<()> {
        self.disk.create_folder(path)
    }

    fn write_new(&self, path: &Path, bytes: &[u8]) -> io::Result<()> {
        self.disk.write_new(path, bytes)
    }

    fn make_executable(&self, path: &Path) -> io::Result<()> {
        self.disk.make_executable(path)
    }

    fn copy_mode(&self, from: &Path, to: &Path) -> io::Result<()> {
        self.disk.copy_mode(from, to)
    }

    fn link(&self, from: &Path, to: &Path) -> io::Result<()> {
        self.disk.link(from, to)
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        self.disk.rename(from, to)
    }

    fn remove_file(&self, path: &Path) -> io::Result<()> {
        self.disk.remove_file(path)
    }

    fn remove_folder(&self, path: &Path) -> io::Result<()> {
        self.disk.remove_folder(path)
    }
}
