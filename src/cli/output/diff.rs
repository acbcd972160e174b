//! Changes as a unified diff that `patch -p1` takes, where the old file has the line ends that are written.

use super::line_ends;
use super::plan::Change;
use crate::cli::edge::Paint;
use similar::TextDiff;
use std::borrow::Cow;

/// `folder` is the output folder as seen from the current one, empty or with `/` at its end.
pub fn unified(change: &Change, folder: &str, paint: Paint) -> String {
    let old = change.old.as_ref().map(|bytes| old_text(bytes, change.new.as_deref()));
    let path = format!("{folder}{}", change.path);
    let name = |side: &str, exists: bool| {
        if exists { format!("{side}/{path}") } else { "/dev/null".to_owned() }
    };
    let (before, after) = (old.as_deref().unwrap_or_default(), change.new.as_deref().unwrap_or_default());
    compare((&name("a", old.is_some()), before), (&name("b", change.new.is_some()), after), paint)
}

/// Where more than line ends differs they are not shown: every line of a checkout with others would be.
fn old_text(bytes: &[u8], new: Option<&str>) -> String {
    let is_all = new.is_some_and(|new| line_ends::differ_only(bytes, new.as_bytes()));
    let bytes = if is_all { Cow::Borrowed(bytes) } else { line_ends::plain(bytes) };
    String::from_utf8_lossy(&bytes).into_owned()
}

/// A file's text before and after.
pub fn texts(path: &str, before: &str, after: &str, paint: Paint) -> String {
    let path = path.trim_start_matches('/');
    compare((&format!("a/{path}"), before), (&format!("b/{path}"), after), paint)
}

/// Each side is a name and a text.
fn compare(before: (&str, &str), after: (&str, &str), paint: Paint) -> String {
    let text = TextDiff::from_lines(before.1, after.1).unified_diff().header(before.0, after.0).to_string();
    if paint.on { text.lines().map(|line| painted(line, paint) + "\n").collect() } else { text }
}

fn painted(line: &str, paint: Paint) -> String {
    match line.as_bytes() {
        [b'-', b'-', b'-', b' ', ..] | [b'+', b'+', b'+', b' ', ..] => paint.bold(line),
        [b'@', b'@', ..] => paint.cyan(line),
        [b'-', ..] => paint.red(line),
        [b'+', ..] => paint.green(line),
        _ => line.to_owned(),
    }
}
