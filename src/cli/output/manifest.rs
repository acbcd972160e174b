//! `mlopsc.manifest.json`: what was written, so that a later run knows its own files from those of people.
//!
//! While files are being replaced the manifest on the disk is a journal: it also names the content each file had
//! before. A run that is killed in the middle leaves old and new files, and both are known as ours.

use super::line_ends;
use crate::base::files::normalize;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;

/// The manifest's name in the output folder.
pub const NAME: &str = "mlopsc.manifest.json";

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    /// The version of the compiler.
    pub mlopsc: String,
    /// By path in the output folder.
    pub files: BTreeMap<String, Entry>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    pub sha256: String,
    /// The source file that declares what the output is made from.
    pub source: String,
    /// Edited by hand and accepted: the hash of what stands there instead, as long as the output stays what it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub accepted: Option<String>,
    /// In a journal: the content that is being replaced.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub before: Option<String>,
}

impl Manifest {
    /// The error says why the text is no manifest.
    pub fn parse(bytes: &[u8]) -> Result<Manifest, String> {
        if let Some((line, mark)) = mark_of_merge(bytes) {
            return Err(format!("line {line} is a mark of a merge, `{mark}`"));
        }
        let manifest: Manifest = serde_json::from_slice(bytes).map_err(|error| error.to_string())?;
        match manifest.files.keys().find(|path| !is_inside(path)) {
            Some(path) => Err(format!("`{path}` is not a path in the output folder")),
            None => Ok(manifest),
        }
    }

    pub fn text(&self) -> String {
        let mut text = serde_json::to_string_pretty(self).expect("texts by text are JSON");
        text.push('\n');
        text
    }
}

impl Entry {
    pub fn new(sha256: String, source: String) -> Entry {
        Entry { sha256, source, accepted: None, before: None }
    }

    /// Whether a run of ours wrote this content; line ends count as nothing.
    pub fn knows(&self, bytes: &[u8]) -> bool {
        is_of(&self.sha256, bytes) || self.before.as_ref().is_some_and(|it| is_of(it, bytes))
    }

    /// Whether this content was accepted in place of the output; line ends count as nothing.
    pub fn accepts(&self, bytes: &[u8]) -> bool {
        self.accepted.as_ref().is_some_and(|it| is_of(it, bytes))
    }
}

fn is_of(known: &str, bytes: &[u8]) -> bool {
    known == hash(bytes) || known == hash(&line_ends::plain(bytes))
}

/// The first line (from 1) that git left for people to settle, and what it begins with.
fn mark_of_merge(bytes: &[u8]) -> Option<(usize, &'static str)> {
    const MARKS: [&str; 4] = ["<<<<<<<", "|||||||", "=======", ">>>>>>>"];
    let mark = |line: &[u8]| MARKS.into_iter().find(|it| line.starts_with(it.as_bytes()));
    bytes.split(|it| *it == b'\n').zip(1..).find_map(|(line, number)| Some((number, mark(line)?)))
}

/// The SHA-256 in hexadecimal digits.
pub fn hash(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let digest = Sha256::digest(bytes);
    let digits =
        digest.iter().flat_map(|byte| [DIGITS[usize::from(byte >> 4)], DIGITS[usize::from(byte & 15)]]);
    digits.map(char::from).collect()
}

/// Whether a path names a file below the output folder, in the one way to write it.
pub fn is_inside(path: &str) -> bool {
    let plain = !path.is_empty() && path != "." && !path.contains(['\\', '\0']);
    let from_a_drive = path.as_bytes().get(1) == Some(&b':');
    plain && !from_a_drive && normalize(path).as_deref() == Some(path)
}
