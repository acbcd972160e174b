//! The disk as the command line uses it: a trait, so that a test can let any single operation fail.

use std::ffi::OsString;
use std::fs;
use std::io::{self, ErrorKind, Write as _};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

pub trait Disk: Sync {
    fn read(&self, path: &Path) -> io::Result<Vec<u8>>;
    /// What stands at the path itself, links not followed; `None` where nothing does.
    fn kind(&self, path: &Path) -> io::Result<Option<Kind>>;
    /// The absolute path with all links followed.
    fn resolve(&self, path: &Path) -> io::Result<PathBuf>;
    /// Whether the file is marked as one that nobody may write.
    fn is_read_only(&self, path: &Path) -> io::Result<bool>;
    /// Whether the file can be started by its name; where the disk does not know, it can.
    fn is_executable(&self, path: &Path) -> io::Result<bool>;
    /// What tells one content of a file from another without reading it, where the disk knows something like that.
    fn stamp(&self, path: &Path) -> io::Result<Stamp> {
        self.read(path).map(|bytes| Stamp { modified: None, bytes })
    }
    /// Keeps other runs from writing below a folder until the result is dropped, also by being killed. Waits for them,
    /// and says so before. A disk without locks does nothing.
    fn lock(&self, _: &Path, _: &mut dyn FnMut()) -> io::Result<Locked> {
        Ok(Locked::default())
    }
    /// What a folder holds, in no particular order.
    fn list(&self, folder: &Path) -> io::Result<Vec<Entry>>;
    /// Fails where a folder or file of that name exists, or where its parent does not.
    fn create_folder(&self, path: &Path) -> io::Result<()>;
    /// Fails where the file exists. After a failure a part of the file may exist.
    fn write_new(&self, path: &Path, bytes: &[u8]) -> io::Result<()>;
    /// Lets a file be started by its name, where the disk knows such a thing.
    fn make_executable(&self, path: &Path) -> io::Result<()>;
    /// Who may do what with `from` may do so with `to`, where the disk knows such a thing.
    fn copy_mode(&self, from: &Path, to: &Path) -> io::Result<()>;
    /// A second name for a file.
    fn link(&self, from: &Path, to: &Path) -> io::Result<()>;
    /// Replaces what stands at `to` in one step.
    fn rename(&self, from: &Path, to: &Path) -> io::Result<()>;
    fn remove_file(&self, path: &Path) -> io::Result<()>;
    /// Fails where the folder is not empty.
    fn remove_folder(&self, path: &Path) -> io::Result<()>;
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    File,
    Folder,
    Link,
    /// A pipe, a device, a socket.
    Other,
}

#[derive(Clone, Debug)]
pub struct Entry {
    pub name: OsString,
    pub kind: Kind,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stamp {
    pub modified: Option<SystemTime>,
    /// The content, or what is known of it.
    pub bytes: Vec<u8>,
}

/// Ends a lock when it is dropped.
#[derive(Debug, Default)]
pub struct Locked(Option<fs::File>);

impl Drop for Locked {
    /// Closing the file is not enough: a process that another thread starts holds it too, until it runs its program.
    fn drop(&mut self) {
        if let Some(folder) = &self.0 {
            let _ = folder.unlock();
        }
    }
}

/// The disk of this machine.
#[derive(Clone, Copy, Debug, Default)]
pub struct Local;

impl Disk for Local {
    fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
        let kind = fs::metadata(path)?.file_type();
        // A pipe would be waited for, and some devices never end.
        if !kind.is_file() && !kind.is_dir() {
            return Err(io::Error::new(ErrorKind::InvalidInput, "not a regular file"));
        }
        fs::read(path)
    }

    fn kind(&self, path: &Path) -> io::Result<Option<Kind>> {
        match fs::symlink_metadata(path) {
            Ok(found) => Ok(Some(Kind::of(found.file_type()))),
            Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => Ok(None),
            Err(error) => Err(error),
        }
    }

    fn resolve(&self, path: &Path) -> io::Result<PathBuf> {
        fs::canonicalize(path)
    }

    fn is_read_only(&self, path: &Path) -> io::Result<bool> {
        Ok(fs::metadata(path)?.permissions().readonly())
    }

    #[cfg(unix)]
    fn is_executable(&self, path: &Path) -> io::Result<bool> {
        use std::os::unix::fs::PermissionsExt as _;
        Ok(fs::metadata(path)?.permissions().mode() & 0o111 != 0)
    }

    #[cfg(not(unix))]
    fn is_executable(&self, _: &Path) -> io::Result<bool> {
        Ok(true)
    }

    fn stamp(&self, path: &Path) -> io::Result<Stamp> {
        let found = fs::metadata(path)?;
        Ok(Stamp { modified: found.modified().ok(), bytes: found.len().to_le_bytes().to_vec() })
    }

    /// A lock on the folder itself leaves no file behind. Windows locks no folders, and some network disks nothing at all.
    fn lock(&self, folder: &Path, waits: &mut dyn FnMut()) -> io::Result<Locked> {
        if !cfg!(unix) {
            return Ok(Locked::default());
        }
        let folder = fs::File::open(folder)?;
        let held = match folder.try_lock() {
            Ok(()) => true,
            Err(fs::TryLockError::WouldBlock) => {
                waits();
                folder.lock().is_ok()
            }
            Err(fs::TryLockError::Error(_)) => false,
        };
        Ok(Locked(held.then_some(folder)))
    }

    fn list(&self, folder: &Path) -> io::Result<Vec<Entry>> {
        let entry = |found: fs::DirEntry| {
            let kind = Kind::of(found.file_type()?);
            Ok(Entry { name: found.file_name(), kind })
        };
        fs::read_dir(folder)?.map(|found| found.and_then(entry)).collect()
    }

    fn create_folder(&self, path: &Path) -> io::Result<()> {
        fs::create_dir(path)
    }

    fn write_new(&self, path: &Path, bytes: &[u8]) -> io::Result<()> {
        fs::File::create_new(path)?.write_all(bytes)
    }

    #[cfg(unix)]
    fn make_executable(&self, path: &Path) -> io::Result<()> {
        use std::os::unix::fs::PermissionsExt as _;
        let mut permissions = fs::metadata(path)?.permissions();
        // Whoever may read it may start it.
        permissions.set_mode(permissions.mode() | ((permissions.mode() & 0o444) >> 2));
        fs::set_permissions(path, permissions)
    }

    #[cfg(not(unix))]
    fn make_executable(&self, _: &Path) -> io::Result<()> {
        Ok(())
    }

    #[cfg(unix)]
    fn copy_mode(&self, from: &Path, to: &Path) -> io::Result<()> {
        fs::set_permissions(to, fs::metadata(from)?.permissions())
    }

    #[cfg(not(unix))]
    fn copy_mode(&self, _: &Path, _: &Path) -> io::Result<()> {
        Ok(())
    }

    fn link(&self, from: &Path, to: &Path) -> io::Result<()> {
        fs::hard_link(from, to)
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        fs::rename(from, to)
    }

    fn remove_file(&self, path: &Path) -> io::Result<()> {
        fs::remove_file(path)
    }

    fn remove_folder(&self, path: &Path) -> io::Result<()> {
        fs::remove_dir(path)
    }
}

impl Kind {
    fn of(found: fs::FileType) -> Kind {
        if found.is_symlink() {
            Kind::Link
        } else if found.is_dir() {
            Kind::Folder
        } else if found.is_file() {
            Kind::File
        } else {
            Kind::Other
        }
    }
}

#[cfg(all(test, unix))]
mod tests {
    use super::{Disk as _, Local};

    #[test]
    fn a_lock_ends_although_another_process_still_has_its_file() {
        let folder = tempfile::tempdir().expect("there is room");
        let locked =
            Local.lock(folder.path(), &mut || panic!("nobody holds it")).expect("folders can be locked");
        let inherited = locked.0.as_ref().map(|it| it.try_clone().expect("a file has many handles"));
        drop(locked);
        let again = Local.lock(folder.path(), &mut || panic!("it was not given back"));
        assert!(again.is_ok() && inherited.is_some());
    }
}
