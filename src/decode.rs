//! From the bytes of a file to text.

use crate::base::sources::Sources;
use crate::base::span::{FileId, Span};
use crate::diag::{Code, Diagnostic};

pub const CODE: Code = "not-utf8";

/// Adds a file to the sources. What is not UTF-8 is replaced in the text and reported once, at the first bad byte.
pub fn add(path: String, bytes: Vec<u8>, sources: &mut Sources) -> (FileId, Option<Diagnostic>) {
    let bytes = match String::from_utf8(bytes) {
        Ok(text) => return (sources.add(path, text), None),
        Err(error) => error.into_bytes(),
    };
    let at = bytes.utf8_chunks().next().map_or(0, |chunk| chunk.valid().len());
    let file = sources.add(path, String::from_utf8_lossy(&bytes).into_owned());
    let span = Span::new(file, at, at + char::REPLACEMENT_CHARACTER.len_utf8());
    (file, Some(finding(&bytes, at, span)))
}

fn finding(bytes: &[u8], at: usize, span: Span) -> Diagnostic {
    let utf16 = bytes.starts_with(&[0xFF, 0xFE]) || bytes.starts_with(&[0xFE, 0xFF]);
    let binary = bytes.iter().take(8_000).any(|byte| *byte == 0);
    if utf16 {
        return Diagnostic::error(CODE, span, "this file is UTF-16, not UTF-8")
            .help("save the file as UTF-8");
    }
    if binary {
        return Diagnostic::error(CODE, span, "this file is not text")
            .help("a file named `.mlops` holds UTF-8 text");
    }
    let byte = bytes[at];
    let finding = Diagnostic::error(CODE, span, "this file is not UTF-8 text").help("save the file as UTF-8");
    let latin = char::from(byte);
    if latin.is_alphabetic() {
        finding.at(format!("byte {byte:#04X}: `{latin}` in Latin-1"))
    } else {
        finding.at(format!("byte {byte:#04X}"))
    }
}
