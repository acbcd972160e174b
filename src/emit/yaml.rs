//! Typed documents as YAML text that readers of YAML 1.1 and 1.2 understand alike. Nothing is folded, there are no
//! anchors, lists stand indented under their key, no line ends with a blank, the text ends with one line break.

use serde::{Serialize, Serializer};
use serde_yaml::{DoubleQuoted, LitStr, SerializerOptions, ser_options};
use std::borrow::Cow;

/// Strings other than [`Text`] are written on one line, quoted where some reader would take them for something else.
pub fn write(document: &impl Serialize) -> String {
    let mut text = String::new();
    serde_yaml::to_fmt_writer_with_options(&mut text, document, options())
        .expect("a document of ours has scalar keys, and a string takes all that is written to it");
    let mut text = without_trailing_blanks(text);
    text.truncate(text.trim_end_matches('\n').len());
    text.push('\n');
    text
}

/// `# ` before every line; what no comment may hold becomes a blank.
pub fn comment(text: &str) -> String {
    let mut lines = String::with_capacity(text.len() + 8);
    for line in text.lines() {
        let line = line.replace(|it: char| it.is_control() || is_break_or_mark(it), " ");
        lines.push_str(format!("# {line}").trim_end());
        lines.push('\n');
    }
    lines
}

/// A string that stands as a block where it has several lines and every reader gives the block back unchanged.
#[derive(Clone, Debug, PartialEq)]
pub struct Text<'a>(pub Cow<'a, str>);

impl<'a> From<&'a str> for Text<'a> {
    fn from(text: &'a str) -> Self {
        Text(Cow::Borrowed(text))
    }
}

impl From<String> for Text<'_> {
    fn from(text: String) -> Self {
        Text(Cow::Owned(text))
    }
}

impl Serialize for Text<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let text = &*self.0;
        if !text.contains('\n') {
            text.serialize(serializer)
        } else if fits_block(text) {
            LitStr(text).serialize(serializer)
        } else {
            DoubleQuoted(text).serialize(serializer)
        }
    }
}

/// A block would lose blanks at line ends to editors and hooks, and empty lines at its own end to layout. Readers of
/// YAML 1.1 refuse a tab where they look for the indentation, and break lines at characters that 1.2 takes for text.
fn fits_block(text: &str) -> bool {
    let blank_at_end = text.split('\n').any(|line| line.ends_with([' ', '\t']));
    let odd = |it: char| (it.is_control() && !matches!(it, '\n' | '\t')) || is_break_or_mark(it);
    !blank_at_end && !text.ends_with("\n\n") && !text.starts_with(['\n', '\t']) && !text.contains(odd)
}

/// The writer indents empty lines of blocks. All strings that end a line with a blank are quoted, so nothing is lost.
fn without_trailing_blanks(text: String) -> String {
    if !text.contains(" \n") {
        return text;
    }
    let mut trimmed = String::with_capacity(text.len());
    for line in text.lines() {
        trimmed.push_str(line.trim_end_matches(' '));
        trimmed.push('\n');
    }
    trimmed
}

fn is_break_or_mark(character: char) -> bool {
    matches!(character, '\u{2028}' | '\u{2029}' | '\u{FEFF}')
}

fn options() -> SerializerOptions {
    ser_options! {
        compact_list_indent: false,
        prefer_block_scalars: false,
        folded_wrap_chars: usize::MAX,
    }
}
