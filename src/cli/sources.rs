//! Files that are read and written one by one, whatever project they belong to.

use super::disk::{Disk, Kind};
use super::edge::Edge;
use super::project::{Inner, below, is_source, no_source};
use super::trouble::Trouble;
use crate::config;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// All `.mlops` files that the paths name or hold, each once and with the folder that was searched, also of projects inside;
/// without paths those of the current folder. Links are not followed: the last name may be one.
pub fn find(paths: &[PathBuf], edge: &Edge<'_>) -> Result<BTreeMap<PathBuf, PathBuf>, Trouble> {
    let here = [PathBuf::from(".")];
    let mut found = BTreeMap::new();
    for path in if paths.is_empty() { &here } else { paths } {
        let cannot = |error| Trouble::io("open", path, &error);
        let named = edge.here.join(path);
        let resolved = edge.disk.resolve(&named).map_err(cannot)?;
        match edge.disk.kind(&resolved).map_err(cannot)? {
            Some(Kind::Folder) => {
                let files = below(&resolved, Inner::Too, edge.disk)?;
                found.extend(files.into_iter().map(|it| (it, resolved.clone())));
            }
            Some(Kind::File) if is_source(&named) || is_source(&resolved) => {
                let (Some(folder), Some(name)) = (named.parent(), named.file_name()) else {
                    return Err(no_source(path));
                };
                let folder = edge.disk.resolve(folder).map_err(cannot)?;
                found.insert(folder.join(name), folder);
            }
            _ => return Err(no_source(path)),
        }
    }
    if found.is_empty() {
        return Err(Trouble::new("no `.mlops` file there").help("name a folder that holds some, or a file"));
    }
    Ok(found)
}

/// The folder that a file's links may not lead out of: its project's, or without one that in which it was found.
pub fn root_of<'p>(path: &'p Path, searched: &'p Path, disk: &dyn Disk) -> Result<&'p Path, Trouble> {
    for folder in path.ancestors().skip(1) {
        let marker = folder.join(config::FILE);
        if disk.kind(&marker).map_err(|error| Trouble::io("open", &marker, &error))?.is_some() {
            return Ok(folder);
        }
    }
    Ok(searched)
}

/// Refuses a file that lies outside of `root`, or may not be written. It is called `shown`.
pub fn writable(path: &Path, root: &Path, shown: &str, edge: &Edge<'_>) -> Result<(), Trouble> {
    let cannot = |error| Trouble::io("write", path, &error);
    let resolved = edge.disk.resolve(path).map_err(cannot)?;
    if !resolved.starts_with(root) {
        return Err(Trouble::new(format!("`{shown}` leads to a file outside of the project"))
            .help("nothing was changed; change it in the project that it belongs to"));
    }
    if edge.disk.is_read_only(&resolved).map_err(cannot)? {
        return Err(Trouble::new(format!("`{shown}` is read-only"))
            .help("nothing was changed; make it writable, or see the changes with `--diff`"));
    }
    Ok(())
}
