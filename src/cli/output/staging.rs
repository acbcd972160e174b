//! The folder in which new files wait until all of them are written.

use crate::cli::disk::{Disk, Kind};
use crate::cli::trouble::Trouble;
use std::path::Path;

/// In the output folder, so that a rename never crosses disks.
pub const FOLDER: &str = ".mlopsc-staging";

/// Makes the staging folder of an output folder. Git does not see what stays in it after a run that was killed.
pub fn create(out: &Path, disk: &dyn Disk) -> Result<(), Trouble> {
    let folder = out.join(FOLDER);
    let ignored = folder.join(".gitignore");
    disk.create_folder(&folder).map_err(|error| Trouble::io("create", &folder, &error))?;
    let written = disk.write_new(&ignored, b"*\n");
    written.map_err(|error| {
        // Nobody but this run needs the folder.
        let _ = disk.remove_file(&ignored);
        let _ = disk.remove_folder(&folder);
        Trouble::io("write", &ignored, &error)
    })
}

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
