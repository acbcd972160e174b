//! What is known of an output folder before a run.

use super::manifest::{self, Entry, Manifest};
use crate::cli::disk::{Disk, Kind};
use crate::cli::trouble::Trouble;
use std::collections::BTreeMap;
use std::path::Path;

/// The manifest on the disk.
pub enum Old {
    None,
    Broken { bytes: Vec<u8>, why: String },
    Found { bytes: Vec<u8>, manifest: Manifest },
}

impl Old {
    pub fn entries(&self) -> &BTreeMap<String, Entry> {
        static NONE: BTreeMap<String, Entry> = BTreeMap::new();
        match self {
            Old::None | Old::Broken { .. } => &NONE,
            Old::Found { manifest, .. } => &manifest.files,
        }
    }

    pub fn bytes(&self) -> Option<&Vec<u8>> {
        match self {
            Old::None => None,
            Old::Broken { bytes, .. } | Old::Found { bytes, .. } => Some(bytes),
        }
    }
}

/// Reads the manifest of an output folder.
pub fn read(out: &Path, disk: &dyn Disk) -> Result<Old, Trouble> {
    match kind(out, disk)? {
        None => return Ok(Old::None),
        Some(Kind::Folder | Kind::Link) => {}
        Some(Kind::File | Kind::Other) => {
            return Err(Trouble::new(format!("`{}` is not a folder", out.display()))
                .help("the output needs a folder: name another one with `-o` or in `mlopsc.toml`"));
        }
    }
    let path = out.join(manifest::NAME);
    if kind(&path, disk)?.is_none() {
        return Ok(Old::None);
    }
    let bytes = disk.read(&path).map_err(|error| Trouble::io("read", &path, &error))?;
    Ok(match Manifest::parse(&bytes) {
        Ok(manifest) => Old::Found { bytes, manifest },
        Err(why) => Old::Broken { bytes, why },
    })
}

pub fn kind(path: &Path, disk: &dyn Disk) -> Result<Option<Kind>, Trouble> {
    disk.kind(path).map_err(|error| Trouble::io("open", path, &error))
}
