//! Files by path. The compiler reads only through this trait; the disk stands behind it at the edge (`cli`), an
//! editor's unsaved text or a test's map elsewhere. Paths are relative to the project's root, with `/`.

use std::collections::BTreeMap;

pub trait Files: Sync {
    /// The file's bytes; the error is the operating system's sentence.
    fn read(&self, path: &str) -> Result<Vec<u8>, String>;
    /// What stands at the path.
    fn kind(&self, path: &str) -> Option<FileKind>;
    /// The names of what a folder holds, sorted; none where there is no such folder.
    fn list(&self, folder: &str) -> Vec<String>;
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum FileKind {
    File,
    Folder,
}

/// Files held in memory, for tests and editors.
#[derive(Debug, Default)]
pub struct Memory(pub BTreeMap<String, String>);

impl Files for Memory {
    fn read(&self, path: &str) -> Result<Vec<u8>, String> {
        self.0.get(path).map(|text| text.clone().into_bytes()).ok_or_else(|| "no such file".to_owned())
    }

    fn kind(&self, path: &str) -> Option<FileKind> {
        if self.0.contains_key(path) {
            return Some(FileKind::File);
        }
        let folder = format!("{}/", path.trim_end_matches('/'));
        let holds_some =
            path == "." || self.0.range(folder.clone()..).next().is_some_and(|it| it.0.starts_with(&folder));
        holds_some.then_some(FileKind::Folder)
    }

    fn list(&self, folder: &str) -> Vec<String> {
        let prefix = if folder == "." { String::new() } else { format!("{}/", folder.trim_end_matches('/')) };
        let below = self.0.keys().filter_map(|it| it.strip_prefix(&prefix));
        let mut names: Vec<String> = below.filter_map(|it| it.split('/').next()).map(str::to_owned).collect();
        names.dedup();
        names
    }
}

/// `path` with `.` and `..` worked out; `None` where it leaves the root.
pub fn normalize(path: &str) -> Option<String> {
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop()?;
            }
            name => parts.push(name),
        }
    }
    Some(if parts.is_empty() { ".".to_owned() } else { parts.join("/") })
}

/// The way from folder `from` to `to`, both relative to the same root and normalized.
pub fn relative(from: &str, to: &str) -> String {
    let from: Vec<&str> = from.split('/').filter(|it| !matches!(*it, "" | ".")).collect();
    let to: Vec<&str> = to.split('/').filter(|it| !matches!(*it, "" | ".")).collect();
    let shared = from.iter().zip(&to).take_while(|(a, b)| a == b).count();
    let up = std::iter::repeat_n("..", from.len() - shared);
    let parts: Vec<&str> = up.chain(to[shared..].iter().copied()).collect();
    if parts.is_empty() { ".".to_owned() } else { parts.join("/") }
}
