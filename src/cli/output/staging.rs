//! The folder in which new files wait until all of them are written.

use crate::cli::disk::{Disk, Kind};
use crate::cli::trouble::Trouble;
use std::path::Path;

/// In the output folder, so that a rename never crosses disks.
pub const FOLDER: &str = ".mlopsc-staging";

/// Removes the staging folder of an output folder, if there is one. It holds files only; it may be a link that somebody else put there.
pub fn remove(out: &Path, disk: &dyn Disk) -> Result<(), Trouble> {
    let folder = out.join(FOLDER);
    let cannot = |error| Trouble::io("remove", &folder, &error);
    match disk.kind(&folder).map_err(cannot)? {
        None => return Ok(()),
        Some(Kind::Folder) => {}
        Some(Kind::Link | Kind::File | Kind::Other) => return disk.remove_file(&folder).map_err(cannot),
    }
    for entry in disk.list(&folder).map_err(cannot)? {
        let path = folder.join(entry.name);
        disk.remove_file(&path).map_err(|error| Trouble::io("remove", &path, &error))?;
    }
    disk.remove_folder(&folder).map_err(cannot)
}
