//! Names with letters beyond a to z: told as such, and read as the names that they were meant to be.

use super::{BLOCK_END, BLOCK_START, is_name_part};
use std::ops::Range;

/// A text in which each such letter is as many `_` as it has bytes, and where the names with them stand. `text` is what
/// the scan made of a file.
pub(in crate::syntax) fn foreign_names(text: &str) -> (String, Vec<Range<usize>>) {
    let mut bytes = text.as_bytes().to_vec();
    let mut letters: Vec<usize> = Vec::new();
    let mut closer = None;
    for (at, character) in text.char_indices() {
        if let Some(awaited) = closer {
            closer = (character != awaited).then_some(awaited);
        } else if character == '"' {
            closer = Some('"');
        } else if character == char::from(BLOCK_START) {
            closer = Some(char::from(BLOCK_END));
        } else if is_foreign(character) {
            bytes[at..at + character.len_utf8()].fill(b'_');
            letters.push(at);
        }
    }
    let mut names: Vec<Range<usize>> = Vec::new();
    for at in letters {
        if names.last().is_none_or(|it| it.end <= at) {
            let before = bytes[..at].iter().rev().take_while(|it| is_name_part(**it)).count();
            let behind = bytes[at..].iter().take_while(|it| is_name_part(**it)).count();
            names.push(at - before..at + behind);
        }
    }
    (String::from_utf8(bytes).expect("whole characters became characters of one byte"), names)
}

/// A letter, or a mark that combines with the letter before it.
fn is_foreign(it: char) -> bool {
    !it.is_ascii() && (it.is_alphanumeric() || matches!(it, '\u{300}'..='\u{36F}'))
}
