//! `file:` addresses and paths.

use super::protocol::Uri;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

/// The absolute path behind the address; none where it is no file of this machine.
pub fn to_path(uri: &Uri) -> Option<PathBuf> {
    let rest = uri.as_ref().strip_prefix("file://")?;
    let path = rest.strip_prefix("localhost").unwrap_or(rest);
    let path = path.split(['?', '#']).next().filter(|it| it.starts_with('/'))?;
    let text = String::from_utf8(decoded(path)?).ok()?;
    if text.contains('\0') {
        return None;
    }
    Some(PathBuf::from(without_slash_before_drive(&text)))
}

pub fn of_path(path: &Path) -> Uri {
    let text = path.to_string_lossy();
    let text = if cfg!(windows) { text.replace('\\', "/") } else { text.into_owned() };
    let mut uri = String::from(if text.starts_with('/') { "file://" } else { "file:///" });
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"/-._~".contains(&byte) {
            uri.push(char::from(byte));
        } else {
            let _ = write!(uri, "%{byte:02X}");
        }
    }
    Uri(uri)
}

/// `%20` and the like; none where there is no number behind the `%`.
fn decoded(text: &str) -> Option<Vec<u8>> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [first, behind @ ..] = rest {
        rest = behind;
        if *first != b'%' {
            bytes.push(*first);
            continue;
        }
        let (digits, behind) = rest.split_at_checked(2)?;
        let digits =
            std::str::from_utf8(digits).ok().filter(|it| it.bytes().all(|it| it.is_ascii_hexdigit()))?;
        bytes.push(u8::from_str_radix(digits, 16).ok()?);
        rest = behind;
    }
    Some(bytes)
}

/// `/C:/project` means `C:/project` on Windows.
fn without_slash_before_drive(path: &str) -> &str {
    let is_drive = cfg!(windows) && path.as_bytes().get(2) == Some(&b':');
    if is_drive { &path[1..] } else { path }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_survive_the_way_there_and_back() {
        for path in ["/a/b.mlops", "/with space/100%/ä#?.mlops", "/"] {
            assert_eq!(to_path(&of_path(Path::new(path))).as_deref(), Some(Path::new(path)));
        }
    }

    #[test]
    fn what_is_no_file_has_no_path() {
        for uri in [
            "",
            "untitled:1",
            "file://server/share",
            "file:///a%",
            "file:///a%zz",
            "file:///%ff",
            "file:///a%00",
        ] {
            assert_eq!(to_path(&Uri::from(uri)), None, "{uri}");
        }
        assert_eq!(to_path(&Uri::from("file://localhost/a")), Some(PathBuf::from("/a")));
    }
}
