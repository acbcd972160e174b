//! A revision of a repository as a disk that nobody can write.

use super::disk::{Disk, Entry, Kind};
use super::trouble::Trouble;
use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsString;
use std::io::{self, ErrorKind};
use std::path::{Component, Path, PathBuf};
use std::process::{Command, Output};

/// Links that are followed one after the other at most.
const LINKS: usize = 40;

#[derive(Debug)]
pub struct Revision {
    /// The working tree, absolute: paths below it are those of the revision.
    root: PathBuf,
    /// What stands there, relative to the root.
    items: BTreeMap<PathBuf, Item>,
}

#[derive(Clone, Debug)]
enum Item {
    /// By its object.
    File(String),
    /// By the object that holds where it leads.
    Link(String),
    Folder(BTreeSet<OsString>),
}

/// Where one version branched off another: `A...B`.
pub fn merge_base(folder: &Path, one: &str, other: &str) -> Result<String, Trouble> {
    let [one, other] = [commit(folder, one)?, commit(folder, other)?];
    let found = git(folder, &["merge-base", &one, &other])?;
    if !found.status.success() {
        return Err(
            Trouble::new("the two revisions have no commit in common").help("write `A..B`, or two revisions")
        );
    }
    Ok(line(&found))
}

impl Revision {
    /// `folder` lies in the repository.
    pub fn read(folder: &Path, name: &str) -> Result<Revision, Trouble> {
        let commit = commit(folder, name)?;
        let top = git(folder, &["rev-parse", "--show-toplevel"])?;
        let root = std::fs::canonicalize(line(&top)).map_err(|error| Trouble::io("open", folder, &error))?;
        let listed = git(&root, &["ls-tree", "-r", "-z", "--full-tree", &commit])?;
        if !listed.status.success() {
            return Err(failed("cannot list what the revision holds", &listed));
        }
        let mut found = Revision { root, items: BTreeMap::new() };
        found.items.insert(PathBuf::new(), Item::Folder(BTreeSet::new()));
        for row in listed.stdout.split(|it| *it == 0).filter(|it| !it.is_empty()) {
            found.add(&String::from_utf8_lossy(row));
        }
        Ok(found)
    }

    /// As the repository names the path.
    pub fn inside<'a>(&self, path: &'a Path) -> &'a Path {
        path.strip_prefix(&self.root).unwrap_or(path)
    }

    /// Folders of projects, from the top of the repository.
    pub fn projects(&self) -> Vec<String> {
        let marks = self.items.keys().filter(|it| it.file_name().is_some_and(|it| it == crate::config::FILE));
        let folders = marks.filter_map(|it| it.parent());
        folders
            .map(|it| if it.as_os_str().is_empty() { ".".to_owned() } else { it.display().to_string() })
            .collect()
    }

    /// `100644 blob OBJECT<tab>PATH`
    fn add(&mut self, row: &str) {
        let Some((head, path)) = row.split_once('\t') else { return };
        let mut head = head.split(' ');
        let (Some(mode), Some(_), Some(object)) = (head.next(), head.next(), head.next()) else { return };
        let item = match mode {
            "120000" => Item::Link(object.to_owned()),
            // A submodule: what is in it is not in this repository.
            "160000" => Item::Folder(BTreeSet::new()),
            _ => Item::File(object.to_owned()),
        };
        let path = PathBuf::from(path);
        let mut below = path.clone();
        self.items.insert(path, item);
        while let (Some(parent), Some(name)) = (below.parent().map(Path::to_owned), below.file_name()) {
            let empty = || Item::Folder(BTreeSet::new());
            if let Item::Folder(names) = self.items.entry(parent.clone()).or_insert_with(empty) {
                names.insert(name.to_owned());
            }
            below = parent;
        }
    }

    fn item(&self, path: &Path) -> Option<&Item> {
        self.items.get(path.strip_prefix(&self.root).ok()?)
    }

    fn object(&self, object: &str) -> io::Result<Vec<u8>> {
        let read =
            Command::new("git").arg("-C").arg(&self.root).args(["cat-file", "blob", object]).output()?;
        if read.status.success() {
            Ok(read.stdout)
        } else {
            Err(io::Error::other(String::from_utf8_lossy(&read.stderr).trim().to_owned()))
        }
    }

    fn followed(&self, path: &Path, links: usize) -> io::Result<PathBuf> {
        if links == 0 {
            return Err(io::Error::other("links lead round in a circle"));
        }
        let mut found = PathBuf::new();
        let mut parts = path.components();
        while let Some(part) = parts.next() {
            match part {
                Component::CurDir => {}
                Component::ParentDir => {
                    found.pop();
                }
                part => found.push(part),
            }
            if let Some(Item::Link(object)) = self.item(&found) {
                let to = String::from_utf8_lossy(&self.object(object)?).into_owned();
                let target = found.parent().unwrap_or(&found).join(to).join(parts.as_path());
                return self.followed(&target, links - 1);
            }
        }
        Ok(found)
    }
}

impl Disk for Revision {
    fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
        match self.item(&self.resolve(path)?) {
            Some(Item::File(object)) => self.object(object),
            Some(Item::Folder(_) | Item::Link(_)) => Err(ErrorKind::IsADirectory.into()),
            None => Err(ErrorKind::NotFound.into()),
        }
    }

    fn kind(&self, path: &Path) -> io::Result<Option<Kind>> {
        Ok(self.item(path).map(|it| match it {
            Item::File(_) => Kind::File,
            Item::Link(_) => Kind::Link,
            Item::Folder(_) => Kind::Folder,
        }))
    }

    fn resolve(&self, path: &Path) -> io::Result<PathBuf> {
        let found = self.followed(path, LINKS)?;
        if self.item(&found).is_some() { Ok(found) } else { Err(ErrorKind::NotFound.into()) }
    }

    fn is_read_only(&self, _: &Path) -> io::Result<bool> {
        Ok(true)
    }

    fn is_executable(&self, _: &Path) -> io::Result<bool> {
        Ok(true)
    }

    fn list(&self, folder: &Path) -> io::Result<Vec<Entry>> {
        let Some(Item::Folder(names)) = self.item(folder) else { return Err(ErrorKind::NotFound.into()) };
        let entry = |name: &OsString| {
            let kind = self.kind(&folder.join(name))?.unwrap_or(Kind::Other);
            Ok(Entry { name: name.clone(), kind })
        };
        names.iter().map(entry).collect()
    }

    fn create_folder(&self, _: &Path) -> io::Result<()> {
        Err(ErrorKind::ReadOnlyFilesystem.into())
    }

    fn write_new(&self, _: &Path, _: &[u8]) -> io::Result<()> {
        Err(ErrorKind::ReadOnlyFilesystem.into())
    }

    fn make_executable(&self, _: &Path) -> io::Result<()> {
        Err(ErrorKind::ReadOnlyFilesystem.into())
    }

    fn copy_mode(&self, _: &Path, _: &Path) -> io::Result<()> {
        Err(ErrorKind::ReadOnlyFilesystem.into())
    }

    fn link(&self, _: &Path, _: &Path) -> io::Result<()> {
        Err(ErrorKind::ReadOnlyFilesystem.into())
    }

    fn rename(&self, _: &Path, _: &Path) -> io::Result<()> {
        Err(ErrorKind::ReadOnlyFilesystem.into())
    }

    fn remove_file(&self, _: &Path) -> io::Result<()> {
        Err(ErrorKind::ReadOnlyFilesystem.into())
    }

    fn remove_folder(&self, _: &Path) -> io::Result<()> {
        Err(ErrorKind::ReadOnlyFilesystem.into())
    }
}

/// The commit that a revision names.
fn commit(folder: &Path, name: &str) -> Result<String, Trouble> {
    if git(folder, &["rev-parse", "--show-toplevel"])?.status.success() {
        // A name that begins so would be an option.
        let verify = |name: &str| git(folder, &["rev-parse", "--verify", "--quiet", name]);
        let found = if name.starts_with('-') { None } else { Some(verify(&format!("{name}^{{commit}}"))?) };
        return match found.filter(|it| it.status.success()) {
            Some(found) => Ok(line(&found)),
            None => Err(Trouble::new(format!("`{name}` is neither a folder nor a revision"))
                .help("name a folder, a branch, a tag or a commit; `git fetch` brings what is not here yet")),
        };
    }
    Err(Trouble::new(format!(
        "`{name}` is no folder, and `{}` lies in no repository of Git",
        std::path::absolute(folder).unwrap_or_else(|_| folder.to_owned()).display()
    ))
    .help("name a folder, or the project by `--project`"))
}

fn git(folder: &Path, args: &[&str]) -> Result<Output, Trouble> {
    let run = Command::new("git").arg("-C").arg(folder).args(args).output();
    run.map_err(|error| {
        Trouble::new(format!("cannot run `git`: {error}"))
            .help("revisions are read with Git; folders are not")
    })
}

fn line(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).trim_end_matches(['\n', '\r']).to_owned()
}

fn failed(what: &str, output: &Output) -> Trouble {
    Trouble::new(format!("{what}: {}", String::from_utf8_lossy(&output.stderr).trim()))
}
