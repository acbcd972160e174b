//! What the server needs from outside: which project a file belongs to, and all that the project is made of. The command
//! line does the same things in the same way, so that an editor shows what `mlopsc check` says.

use crate::base::files::Files;
use crate::config::Texts;
use crate::driver::Setting;
use crate::policy::Policy;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Texts that are open in the editor, by absolute path with links followed; they stand over what the disk holds.
pub type Documents = BTreeMap<PathBuf, Arc<str>>;

/// A project: the folder of its `mlopsc.toml`, or a single file without one above it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Key {
    pub root: PathBuf,
    pub file: Option<PathBuf>,
}

impl Key {
    /// The file behind a path of the project.
    pub fn path(&self, relative: &str) -> PathBuf {
        self.root.join(relative)
    }
}

/// A project's texts and what it wants to hear.
#[derive(Debug, Default)]
pub struct Loaded {
    pub texts: Texts,
    pub settings: Vec<Setting>,
    pub policy: Policy,
}

/// What is done with a project: its texts, and what reads its side files.
pub type Use<'u> = dyn FnMut(Loaded, &dyn Files) + 'u;

/// A file or folder in a folder.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Listed {
    pub name: String,
    pub is_folder: bool,
}

pub trait Host: Sync {
    /// The absolute path with links followed, as far as it is there.
    fn resolve(&self, path: &Path) -> PathBuf;
    /// The error is a sentence for people.
    fn project_of(&self, file: &Path, documents: &Documents) -> Result<Key, String>;
    /// Reads a project and hands it over. The error is a sentence for people.
    fn load(&self, project: &Key, documents: &Documents, then: &mut Use<'_>) -> Result<(), String>;
    /// Whether the disk holds a file there.
    fn is_file(&self, path: &Path) -> bool;
    /// What a folder of the disk holds, sorted by name; nothing where there is none.
    fn list(&self, folder: &Path) -> Vec<Listed>;
    /// Something has changed on the disk at this path, or anywhere.
    fn forget(&self, path: Option<&Path>);
    /// Whether changes on the disk will be told; else nothing is kept.
    fn is_told(&self, told: bool);
}
