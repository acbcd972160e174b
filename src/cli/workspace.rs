//! Projects as a language server sees them: what is open in the editor stands over the disk, and what was read of the
//! disk is kept until somebody says that it has changed.

use super::disk::{Disk, Entry, Kind, Stamp};
use super::files::ProjectFiles;
use super::project;
use super::rules::RuleArgs;
use super::session::OptionArgs;
use crate::diag;
use crate::lsp::host::{Documents, Host, Key, Listed, Loaded, Use};
use std::collections::{BTreeSet, HashMap};
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime};

pub struct Workspace<'d> {
    disk: &'d (dyn Disk + Sync),
    kept: Mutex<Kept>,
}

/// What is known of the disk.
#[derive(Default)]
struct Kept {
    /// Changes will be told; else nothing is kept.
    told: bool,
    read: HashMap<PathBuf, Vec<u8>>,
    kinds: HashMap<PathBuf, Option<Kind>>,
    resolved: HashMap<PathBuf, PathBuf>,
    lists: HashMap<PathBuf, Vec<Entry>>,
    /// What was read while changes are not told; good as long as the stamp is the same.
    stamped: HashMap<PathBuf, (Stamp, Vec<u8>)>,
}

/// A file that changed so shortly before it was read may change again without another stamp: disks count time in steps of
/// up to two seconds.
const SETTLED: Duration = Duration::from_secs(2);

impl<'d> Workspace<'d> {
    pub fn new(disk: &'d (dyn Disk + Sync)) -> Self {
        Workspace { disk, kept: Mutex::default() }
    }

    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What is known of a path, or what the disk says, which is then known.
    fn known<T: Clone>(
        &self,
        path: &Path,
        table: fn(&mut Kept) -> &mut HashMap<PathBuf, T>,
        look: impl FnOnce() -> io::Result<T>,
    ) -> io::Result<T> {
        if let Some(known) = table(&mut self.kept()).get(path) {
            return Ok(known.clone());
        }
        let found = look()?;
        let mut kept = self.kept();
        if kept.told {
            table(&mut kept).insert(path.to_owned(), found.clone());
        }
        Ok(found)
    }

    fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
        if self.kept().told {
            return self.known(path, |it| &mut it.read, || self.disk.read(path));
        }
        let now = SystemTime::now();
        let stamp = self.disk.stamp(path)?;
        if let Some((_, bytes)) = self.kept().stamped.get(path).filter(|it| it.0 == stamp) {
            return Ok(bytes.clone());
        }
        let bytes = self.disk.read(path)?;
        let age = stamp.modified.and_then(|it| now.duration_since(it).ok());
        if age.is_some_and(|it| it > SETTLED) {
            self.kept().stamped.insert(path.to_owned(), (stamp, bytes.clone()));
        }
        Ok(bytes)
    }
}

impl Host for Workspace<'_> {
    fn resolve(&self, path: &Path) -> PathBuf {
        let look = || {
            let Some((parent, name)) = path.parent().zip(path.file_name()) else {
                return Ok(path.to_owned());
            };
            let resolved = self.disk.resolve(path);
            // A file that is not saved yet has no place of its own, but its folder has one.
            Ok(resolved.unwrap_or_else(|_| self.resolve(parent).join(name)))
        };
        self.known(path, |it| &mut it.resolved, look).unwrap_or_else(|_: io::Error| path.to_owned())
    }

    fn project_of(&self, file: &Path, documents: &Documents) -> Result<Key, String> {
        let disk = Overlay { workspace: self, documents };
        let folder = file.parent().unwrap_or(file);
        let place = project::of_file(folder, file, &disk).map_err(|it| it.message)?;
        let file = match place.scope {
            project::Scope::File(file) => Some(file),
            project::Scope::Whole { .. } => None,
        };
        Ok(Key { root: place.root, file })
    }

    fn load(&self, project: &Key, documents: &Documents, then: &mut Use<'_>) -> Result<(), String> {
        let disk = Overlay { workspace: self, documents };
        let place = project::place(project.root.clone(), project.file.clone());
        let mut texts = place.load(&disk, &project.root).map_err(|it| it.message)?;
        let (policy, found) = RuleArgs::default().policy(&texts.config.check).map_err(|it| it.message)?;
        texts.config_findings.extend(found);
        diag::sort(&mut texts.config_findings);
        let settings = OptionArgs::default().over(&texts.config.options);
        let loaded = Loaded { texts, settings, policy };
        then(loaded, &ProjectFiles { disk: &disk, root: &project.root });
        Ok(())
    }

    fn is_file(&self, path: &Path) -> bool {
        let found = self.known(path, |it| &mut it.kinds, || self.disk.kind(path));
        matches!(found, Ok(Some(Kind::File)))
    }

    fn list(&self, folder: &Path) -> Vec<Listed> {
        let entries = self.known(folder, |it| &mut it.lists, || self.disk.list(folder)).unwrap_or_default();
        let listed = |it: Entry| {
            let name = it.name.into_string().ok()?;
            let is_file = |path: PathBuf| matches!(self.disk.kind(&path), Ok(Some(Kind::File)));
            let is_link_to_folder = || self.disk.resolve(&folder.join(&name)).is_ok_and(|it| !is_file(it));
            let is_folder = match it.kind {
                Kind::Folder => true,
                Kind::Link => is_link_to_folder(),
                Kind::File => false,
                Kind::Other => return None,
            };
            Some(Listed { name, is_folder })
        };
        let mut found: Vec<Listed> = entries.into_iter().filter_map(listed).collect();
        found.sort_unstable();
        found
    }

    fn forget(&self, path: Option<&Path>) {
        let mut kept = self.kept();
        let told = kept.told;
        match path {
            // A folder that went took with it what was in it.
            Some(path) if !kept.lists.contains_key(path) => {
                let parent = path.parent().map(Path::to_owned);
                kept.read.remove(path);
                kept.kinds.remove(path);
                kept.resolved.remove(path);
                if let Some(parent) = parent {
                    kept.lists.remove(&parent);
                }
            }
            _ => *kept = Kept { told, ..Kept::default() },
        }
    }

    fn is_told(&self, told: bool) {
        *self.kept() = Kept { told, ..Kept::default() };
    }
}

/// The disk with the open texts over it. Nothing can be written.
struct Overlay<'o> {
    workspace: &'o Workspace<'o>,
    documents: &'o Documents,
}

impl Disk for Overlay<'_> {
    fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
        match self.documents.get(path) {
            Some(text) => Ok(text.as_bytes().to_vec()),
            None => self.workspace.read(path),
        }
    }

    fn kind(&self, path: &Path) -> io::Result<Option<Kind>> {
        if self.documents.contains_key(path) {
            return Ok(Some(Kind::File));
        }
        self.workspace.known(path, |it| &mut it.kinds, || self.workspace.disk.kind(path))
    }

    fn resolve(&self, path: &Path) -> io::Result<PathBuf> {
        if self.documents.contains_key(path) {
            return Ok(path.to_owned());
        }
        self.workspace.known(path, |it| &mut it.resolved, || self.workspace.disk.resolve(path))
    }

    fn is_read_only(&self, path: &Path) -> io::Result<bool> {
        self.workspace.disk.is_read_only(path)
    }

    fn is_executable(&self, path: &Path) -> io::Result<bool> {
        self.workspace.disk.is_executable(path)
    }

    fn list(&self, folder: &Path) -> io::Result<Vec<Entry>> {
        let mut entries =
            self.workspace.known(folder, |it| &mut it.lists, || self.workspace.disk.list(folder))?;
        let below = self.documents.range(folder.to_owned()..).map(|it| it.0);
        let below = below.take_while(|it| it.starts_with(folder)).filter(|it| it.parent() == Some(folder));
        let open: BTreeSet<_> = below.filter_map(|it| it.file_name()).map(ToOwned::to_owned).collect();
        entries.retain(|it| !open.contains(&it.name));
        entries.extend(open.into_iter().map(|name| Entry { name, kind: Kind::File }));
        Ok(entries)
    }

    fn create_folder(&self, _: &Path) -> io::Result<()> {
        Err(ErrorKind::Unsupported.into())
    }

    fn write_new(&self, _: &Path, _: &[u8]) -> io::Result<()> {
        Err(ErrorKind::Unsupported.into())
    }

    fn make_executable(&self, _: &Path) -> io::Result<()> {
        Err(ErrorKind::Unsupported.into())
    }

    fn copy_mode(&self, _: &Path, _: &Path) -> io::Result<()> {
        Err(ErrorKind::Unsupported.into())
    }

    fn link(&self, _: &Path, _: &Path) -> io::Result<()> {
        Err(ErrorKind::Unsupported.into())
    }

    fn rename(&self, _: &Path, _: &Path) -> io::Result<()> {
        Err(ErrorKind::Unsupported.into())
    }

    fn remove_file(&self, _: &Path) -> io::Result<()> {
        Err(ErrorKind::Unsupported.into())
    }

    fn remove_folder(&self, _: &Path) -> io::Result<()> {
        Err(ErrorKind::Unsupported.into())
    }
}
