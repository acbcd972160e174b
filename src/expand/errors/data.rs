//! Files that are read at compile time.

use crate::base::span::Span;
use crate::diag::Diagnostic;

pub fn reader_arguments(span: Span, word: &str) -> Diagnostic {
    Diagnostic::error("wrong-arguments", span, format!("`{word}` takes the path of a file"))
        .help(format!("write `{word}(\"folder/file\")`, relative to the project's root"))
}

pub fn leaves_project(span: Span) -> Diagnostic {
    Diagnostic::error("missing-file", span, "the path leaves the project")
        .help("write a path relative to the project's root, with `/`, that stays inside it")
}

pub fn no_file(span: Span, path: &str) -> Diagnostic {
    Diagnostic::error("missing-file", span, format!("there is no file `{path}` in the project"))
        .at("looked for from the folder of mlopsc.toml")
        .help("paths are relative to the project's root; create it, or correct the path")
}

pub fn unreadable(span: Span, path: &str, why: &str, place: Option<Span>) -> Diagnostic {
    let found = Diagnostic::error("unreadable-data", span, format!("`{path}` cannot be read: {why}"));
    match place {
        Some(place) => found.label(place, "here").help("repair the file"),
        None => found.help("it is text in UTF-8"),
    }
}
