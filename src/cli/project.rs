//! Which project the arguments mean, and its files.

use super::disk::{Disk, Kind};
use super::edge::Edge;
use super::input;
use super::trouble::Trouble;
use crate::base::files::relative;
use crate::config::{self, Texts};
use crate::decode;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// A project on the disk.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// Absolute, links followed.
    pub root: PathBuf,
    pub scope: Scope,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Scope {
    /// All files below the root, and the named ones even where the search would skip them.
    Whole { has_config: bool, named: BTreeSet<PathBuf> },
    /// One file without `mlopsc.toml` above it.
    File(PathBuf),
}

/// The projects that the paths belong to, each once; without paths that of the current folder. A folder that neither is in a
/// project nor holds sources of its own stands for the projects below it.
pub fn find(paths: &[PathBuf], edge: &Edge<'_>) -> Result<Vec<Place>, Trouble> {
    let here = [PathBuf::from(".")];
    let mut places: Vec<Place> = Vec::new();
    for path in if paths.is_empty() { &here } else { paths } {
        for place in places_of(path, edge)? {
            match places.iter_mut().find(|known| known.is_same_project(&place)) {
                Some(known) => known.merge(place),
                None => places.push(place),
            }
        }
    }
    Ok(places)
}

impl Place {
    fn is_same_project(&self, other: &Place) -> bool {
        let whole = |place: &Place| matches!(place.scope, Scope::Whole { .. });
        self == other || (self.root == other.root && whole(self) && whole(other))
    }

    fn merge(&mut self, other: Place) {
        if let (Scope::Whole { named, .. }, Scope::Whole { named: more, .. }) = (&mut self.scope, other.scope)
        {
            named.extend(more);
        }
    }

    /// What to put before a path of the project so that it can be opened from the folder `here`.
    pub fn prefix(&self, here: &Path) -> String {
        let absolute = slashed(&self.root);
        let way = relative(&slashed(here), &absolute);
        if way == "." {
            return String::new();
        }
        let shorter = if way.len() <= absolute.len() { way } else { absolute };
        format!("{shorter}/")
    }

    /// The way from the folder of a file to the project, with `/` at its end.
    pub fn seen_from(&self, file: &Path) -> String {
        let folder = file.parent().unwrap_or(file);
        match relative(&slashed(folder), &slashed(&self.root)).as_str() {
            "." => String::new(),
            way => format!("{way}/"),
        }
    }

    /// Reads `mlopsc.toml` and all sources, sorted by path. Messages name folders as seen from `here`.
    pub fn load(&self, disk: &dyn Disk, here: &Path) -> Result<Texts, Trouble> {
        let mut loaded = Texts::default();
        if let Scope::Whole { has_config: true, .. } = self.scope {
            self.load_config(&mut loaded, disk)?;
        }
        for path in self.files(disk)? {
            let bytes = read(disk, &path)?;
            let (_, finding) = decode::add(self.relative(&path), bytes, &mut loaded.sources);
            loaded.findings.extend(finding);
        }
        if loaded.sources.iter().next().is_none() {
            let shown = self.root.strip_prefix(here).unwrap_or(&self.root);
            let shown = if shown.as_os_str().is_empty() { Path::new(".") } else { shown };
            return Err(Trouble::new(format!("no `.mlops` file in `{}` or below", shown.display()))
                .help("name the folder of a project, or start one with a file `main.mlops`"));
        }
        Ok(loaded)
    }

    fn load_config(&self, loaded: &mut Texts, disk: &dyn Disk) -> Result<(), Trouble> {
        let bytes = read(disk, &self.root.join(config::FILE))?;
        let (file, finding) = decode::add(config::FILE.to_owned(), bytes, &mut loaded.config_text);
        if let Some(finding) = finding {
            loaded.config_findings.push(finding);
            return Ok(());
        }
        let text = &loaded.config_text.get(file).text;
        (loaded.config, loaded.config_findings) = config::parse(text, file);
        Ok(())
    }

    fn files(&self, disk: &dyn Disk) -> Result<Vec<PathBuf>, Trouble> {
        match &self.scope {
            Scope::File(path) => Ok(vec![path.clone()]),
            Scope::Whole { named, .. } => {
                let mut files = below(&self.root, Inner::Apart, disk)?;
                files.extend(named.iter().cloned());
                files.sort_by_cached_key(|path| self.relative(path));
                files.dedup();
                Ok(files)
            }
        }
    }

    fn relative(&self, path: &Path) -> String {
        slashed(path.strip_prefix(&self.root).unwrap_or(path))
    }
}

fn places_of(path: &Path, edge: &Edge<'_>) -> Result<Vec<Place>, Trouble> {
    let place = place_of(path, edge)?;
    let is_loose = matches!(place.scope, Scope::Whole { has_config: false, .. });
    if is_loose && place.files(edge.disk)?.is_empty() {
        let inner = projects_below(&place.root, edge.disk)?;
        if !inner.is_empty() {
            return Ok(inner);
        }
    }
    Ok(vec![place])
}

/// The project that a file belongs to, and if that is a whole one without the file's name.
pub fn of_file(folder: &Path, file: &Path, disk: &dyn Disk) -> Result<Place, Trouble> {
    project_of(folder, Some(file), disk)
}

/// The project in a folder with `mlopsc.toml`, or that of a single file.
pub fn place(root: PathBuf, file: Option<PathBuf>) -> Place {
    let whole = Scope::Whole { has_config: true, named: BTreeSet::new() };
    Place { root, scope: file.map_or(whole, Scope::File) }
}

fn place_of(path: &Path, edge: &Edge<'_>) -> Result<Place, Trouble> {
    let cannot = |error| Trouble::io("open", path, &error);
    let resolved = edge.disk.resolve(&edge.here.join(path)).map_err(cannot)?;
    if path.as_os_str() == input::DASH {
        return Ok(Place { root: edge.here.clone(), scope: Scope::File(resolved) });
    }
    let kind = edge.disk.kind(&resolved).map_err(cannot)?;
    let is_config = resolved.file_name().is_some_and(|name| name == config::FILE);
    let folder = resolved.parent().unwrap_or(&resolved);
    match kind {
        Some(Kind::Folder) => project_of(&resolved, None, edge.disk),
        Some(Kind::File) if is_config => project_of(folder, None, edge.disk),
        Some(Kind::File) if is_source(&resolved) => project_of(folder, Some(&resolved), edge.disk),
        _ => Err(no_source(path)),
    }
}

pub fn no_source(path: &Path) -> Trouble {
    Trouble::new(format!("`{}` is neither a folder nor an `.mlops` file", path.display()))
        .help("name a project's folder, or one of its files")
}

fn project_of(folder: &Path, file: Option<&Path>, disk: &dyn Disk) -> Result<Place, Trouble> {
    let named = || file.iter().map(|path| path.to_path_buf()).collect();
    for root in folder.ancestors() {
        let marker = root.join(config::FILE);
        let kind = disk.kind(&marker).map_err(|error| Trouble::io("open", &marker, &error))?;
        if matches!(kind, Some(Kind::File | Kind::Link)) {
            let scope = Scope::Whole { has_config: true, named: named() };
            return Ok(Place { root: root.to_owned(), scope });
        }
    }
    let scope = match file {
        Some(path) => Scope::File(path.to_owned()),
        None => Scope::Whole { has_config: false, named: named() },
    };
    Ok(Place { root: folder.to_owned(), scope })
}

/// The projects below a folder, sorted by path.
fn projects_below(root: &Path, disk: &dyn Disk) -> Result<Vec<Place>, Trouble> {
    let mut roots = Vec::new();
    let mut folders = vec![root.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in disk.list(&folder).map_err(|error| Trouble::io("list", &folder, &error))? {
            match entry.kind {
                Kind::Folder if !is_skipped(&entry.name) => folders.push(folder.join(&entry.name)),
                Kind::File | Kind::Link if entry.name == config::FILE => roots.push(folder.clone()),
                Kind::Folder | Kind::File | Kind::Link | Kind::Other => {}
            }
        }
    }
    roots.sort();
    let whole = |root| Place { root, scope: Scope::Whole { has_config: true, named: BTreeSet::new() } };
    Ok(roots.into_iter().map(whole).collect())
}

/// What a search does with projects inside the folder.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Inner {
    Apart,
    Too,
}

/// The `.mlops` files below a folder. Hidden ones are left to the programs that keep them: Emacs locks `a.mlops` by a link
/// `.#a.mlops` that leads nowhere, and macOS keeps what it knows of a file in `._a.mlops`. Links to folders are not followed, so that no loop is possible.
pub fn below(root: &Path, inner: Inner, disk: &dyn Disk) -> Result<Vec<PathBuf>, Trouble> {
    let mut files = Vec::new();
    let mut folders = vec![root.to_owned()];
    while let Some(folder) = folders.pop() {
        let entries = disk.list(&folder).map_err(|error| Trouble::io("list", &folder, &error))?;
        let is_other_project =
            inner == Inner::Apart && folder != root && entries.iter().any(|entry| entry.name == config::FILE);
        if is_other_project {
            continue;
        }
        for entry in entries.into_iter().filter(|it| !is_hidden(&it.name)) {
            let path = folder.join(&entry.name);
            match entry.kind {
                Kind::Folder if !is_skipped(&entry.name) => folders.push(path),
                Kind::File if is_source(&path) => files.push(path),
                Kind::Link if is_source(&path) && leads_to_a_file(&path, disk)? => files.push(path),
                Kind::Folder | Kind::File | Kind::Link | Kind::Other => {}
            }
        }
    }
    Ok(files)
}

fn leads_to_a_file(link: &Path, disk: &dyn Disk) -> Result<bool, Trouble> {
    let kind = disk.resolve(link).and_then(|target| disk.kind(&target));
    kind.map(|kind| kind == Some(Kind::File)).map_err(|error| Trouble::io("read", link, &error))
}

pub fn is_source(path: &Path) -> bool {
    path.extension().is_some_and(|ending| ending == "mlops")
}

fn is_hidden(name: &std::ffi::OsStr) -> bool {
    name.as_encoded_bytes().starts_with(b".")
}

fn is_skipped(folder: &std::ffi::OsStr) -> bool {
    is_hidden(folder) || folder == "target" || folder == "node_modules"
}

fn read(disk: &dyn Disk, path: &Path) -> Result<Vec<u8>, Trouble> {
    let bytes = disk.read(path).map_err(|error| Trouble::io("read", path, &error))?;
    // Spans count bytes in 32 bits, and a bad byte takes three in the text.
    if bytes.len() > (u32::MAX / 3) as usize {
        return Err(Trouble::new(format!("`{}` is larger than 1.4 GB", path.display())));
    }
    Ok(bytes)
}

/// The path as text with `/`.
pub fn slashed(path: &Path) -> String {
    let text = path.to_string_lossy();
    if cfg!(windows) { text.replace('\\', "/") } else { text.into_owned() }
}
