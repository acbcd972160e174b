//! Line ends of outputs on the disk. With `core.autocrlf`, git writes `\r\n` into a checkout where the repository holds `\n`,
//! and turns them back in a commit: such a file was not edited.

use std::borrow::Cow;

/// The content with `\n` at the end of every line.
pub fn plain(bytes: &[u8]) -> Cow<'_, [u8]> {
    let is_pair = |at: usize| bytes[at] == b'\r' && bytes.get(at + 1) == Some(&b'\n');
    let Some(first) = (0..bytes.len()).find(|at| is_pair(*at)) else { return Cow::Borrowed(bytes) };
    let mut out = bytes[..first].to_vec();
    out.extend((first..bytes.len()).filter(|at| !is_pair(*at)).map(|at| bytes[at]));
    Cow::Owned(out)
}

/// Whether nothing differs, or nothing but line ends.
pub fn differ_only(found: &[u8], wanted: &[u8]) -> bool {
    plain(found) == plain(wanted)
}

/// Whether a file on the disk is as good as what is wanted. A shell takes `\r` for a part of a word, so that a script has to
/// be the very same; YAML and JSON, and with them Azure DevOps, Azure ML and Helm, read both line ends alike.
pub fn is_as_good(found: &[u8], wanted: &str) -> bool {
    found == wanted.as_bytes() || !is_script(wanted) && differ_only(found, wanted.as_bytes())
}

/// The same where there may be nothing on either side.
pub fn both(found: Option<&[u8]>, wanted: Option<&str>) -> bool {
    match (found, wanted) {
        (None, None) => true,
        (Some(found), Some(wanted)) => is_as_good(found, wanted),
        (Some(_), None) | (None, Some(_)) => false,
    }
}

/// Whether the file is started by its name.
pub fn is_script(text: &str) -> bool {
    text.starts_with("#!")
}
