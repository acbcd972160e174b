//! What an edit by hand changed for those who read the file: in YAML and JSON neither the order of keys nor comments.

use serde::Serialize;
use serde_json::Value;

/// The most characters of a value that are shown.
const WIDEST: usize = 60;

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Difference {
    /// Only comments, blanks or the order of keys.
    Form,
    Values(Vec<Changed>),
    /// What is read as lines, or cannot be read at all.
    Lines,
}

/// A value that is not the same on both sides, as compact JSON; at least one side has it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Changed {
    /// `stages[0].displayName`
    pub at: String,
    pub generated: Option<String>,
    pub found: Option<String>,
}

/// `path` decides how both are read.
pub fn difference(path: &str, generated: &str, found: &[u8]) -> Difference {
    let Ok(found) = std::str::from_utf8(found) else { return Difference::Lines };
    let (Some(ours), Some(theirs)) = (read(path, generated), read(path, found)) else {
        return Difference::Lines;
    };
    let mut changes = Vec::new();
    compare("", &ours, &theirs, &mut changes);
    if changes.is_empty() { Difference::Form } else { Difference::Values(changes) }
}

fn read(path: &str, text: &str) -> Option<Value> {
    match path.rsplit('.').next()? {
        "json" => serde_json::from_str(text).ok(),
        "yml" | "yaml" => serde_yaml::from_str(text).ok(),
        _ => None,
    }
}

fn compare(at: &str, ours: &Value, theirs: &Value, changes: &mut Vec<Changed>) {
    match (ours, theirs) {
        (Value::Object(a), Value::Object(b)) => {
            for (key, value) in a {
                one(&member(at, key), Some(value), b.get(key), changes);
            }
            for (key, value) in b.iter().filter(|it| !a.contains_key(it.0)) {
                one(&member(at, key), None, Some(value), changes);
            }
        }
        (Value::Array(a), Value::Array(b)) => items(at, a, b, changes),
        _ if ours == theirs => {}
        _ => changes.push(Changed {
            at: at.to_owned(),
            generated: Some(short(ours)),
            found: Some(short(theirs)),
        }),
    }
}

/// What is the same at both ends stands for itself, so that one item more does not change all behind it.
fn items(at: &str, ours: &[Value], theirs: &[Value], changes: &mut Vec<Changed>) {
    let start = ours.iter().zip(theirs).take_while(|(a, b)| a == b).count();
    let (a, b) = (&ours[start..], &theirs[start..]);
    let same = a.iter().rev().zip(b.iter().rev()).take_while(|(a, b)| a == b).count();
    let (a, b) = (&a[..a.len() - same], &b[..b.len() - same]);
    for nth in 0..a.len().max(b.len()) {
        one(&format!("{at}[{}]", start + nth), a.get(nth), b.get(nth), changes);
    }
}

fn one(at: &str, ours: Option<&Value>, theirs: Option<&Value>, changes: &mut Vec<Changed>) {
    match (ours, theirs) {
        (Some(ours), Some(theirs)) => compare(at, ours, theirs, changes),
        _ => {
            changes.push(Changed { at: at.to_owned(), generated: ours.map(short), found: theirs.map(short) });
        }
    }
}

fn member(at: &str, key: &str) -> String {
    let plain = !key.is_empty() && key.chars().all(|it| it.is_alphanumeric() || it == '_' || it == '-');
    match (plain, at) {
        (true, "") => key.to_owned(),
        (true, _) => format!("{at}.{key}"),
        (false, _) => format!("{at}[{key:?}]"),
    }
}

fn short(value: &Value) -> String {
    let text = value.to_string();
    match text.char_indices().nth(WIDEST) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text,
    }
}
