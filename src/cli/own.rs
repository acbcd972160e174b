//! What people wrote for a project, and what nothing that is generated takes the place of.

use super::edge::Edge;
use super::session::Checked;
use super::trouble::Trouble;
use crate::base::files::FileKind;
use crate::config;
use std::path::{Path, PathBuf};

/// A report or a picture that is written into a file: `example` is a name that it may have.
pub fn keep(file: &Path, example: &str, checked: &[Checked], edge: &Edge<'_>) -> Result<(), Trouble> {
    let path = edge.here.join(file);
    let io = |error| Trouble::io("open", &path, &error);
    let refused = |why: &str| {
        Err(Trouble::new(format!("`{}` {why}", file.display()))
            .help(format!("name another file, such as `{example}`")))
    };
    let exists = edge.disk.kind(&path).map_err(io)?.is_some();
    let target = if exists { edge.disk.resolve(&path).map_err(io)? } else { beside_others(&path, edge) };
    if exists && checked.iter().any(|it| belongs(&target, it, edge)) {
        return refused("belongs to the project and is not replaced by a report");
    }
    match checked.iter().find_map(|it| sent_along(&target, it, edge)) {
        Some(folder) => refused(&format!(
            "lies in `{folder}`, which the sources name: what is there is sent along with it"
        )),
        None => Ok(()),
    }
}

/// The path of a file that does not exist yet, in a folder that may.
fn beside_others(path: &Path, edge: &Edge<'_>) -> PathBuf {
    let folder = path.parent().and_then(|it| edge.disk.resolve(it).ok());
    folder.zip(path.file_name()).map_or_else(|| path.to_owned(), |(folder, name)| folder.join(name))
}

fn belongs(target: &Path, checked: &Checked, edge: &Edge<'_>) -> bool {
    let is_source = target.extension().is_some_and(|it| it == "mlops");
    let is_config = target.file_name().is_some_and(|it| it == config::FILE);
    let root = &checked.place.root;
    let is_output = target.starts_with(root.join(&checked.loaded.config.output));
    let is = |path: &str| edge.disk.resolve(&root.join(path)).is_ok_and(|it| it == target);
    let is_read = || named(checked, FileKind::File).any(is) || checked.read().iter().any(|it| is(it));
    is_source || is_config || is_output || is_read()
}

fn sent_along(target: &Path, checked: &Checked, edge: &Edge<'_>) -> Option<String> {
    let holds =
        |path: &str| edge.disk.resolve(&checked.place.root.join(path)).is_ok_and(|it| target.starts_with(it));
    folders(checked).find(|it| holds(it)).map(|it| format!("{}{it}", checked.prefix))
}

/// Folders below the project's own that its sources name: code, contexts of builds, charts.
pub fn folders(checked: &Checked) -> impl Iterator<Item = &str> {
    named(checked, FileKind::Folder).filter(|it| *it != ".")
}

fn named(checked: &Checked, kind: FileKind) -> impl Iterator<Item = &str> {
    let all = checked.analysis.iter().flat_map(|it| &it.project.side_files);
    all.filter(move |it| it.1 == kind).map(|it| it.0.as_str())
}
