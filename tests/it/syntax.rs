//! Text to tree: what parses, and how what does not is told.

use crate::support;
use mlopsc::base::sources::Sources;
use mlopsc::diag::{Diagnostic, Kind};
use mlopsc::syntax::{self, ast};
use std::path::Path;

fn parse(text: &str) -> (ast::File, Vec<Diagnostic>) {
    syntax::parse(mlopsc::base::span::FileId(0), text)
}

fn complaints(text: &str) -> String {
    let mut sources = Sources::default();
    let file = sources.add("x.mlops".to_owned(), text.to_owned());
    support::render(&sources, &syntax::parse(file, text).1)
}

pub fn cases(folder: &str) -> Vec<(String, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases/syntax").join(folder);
    let entries = std::fs::read_dir(folder).expect("the cases are there");
    let mut cases: Vec<(String, String)> = entries
        .map(|entry| {
            let path = entry.expect("the folder can be read").path();
            let name = path.file_stem().expect("a case has a name").to_string_lossy().into_owned();
            (name, std::fs::read_to_string(&path).expect("cases are UTF-8"))
        })
        .collect();
    cases.sort();
    cases
}

#[test]
fn healthy_files_have_no_findings() {
    for (name, text) in cases("ok") {
        assert_eq!(complaints(&text), "", "{name}");
        assert!(!parse(&text).0.statements.is_empty(), "{name}");
    }
}

#[test]
fn broken_files_are_told_what_is_wrong() {
    for (name, text) in cases("broken") {
        let report = complaints(&text);
        assert_ne!(report, "", "{name}");
        insta::with_settings!({ prepend_module_to_snapshot => false, omit_expression => true }, {
            insta::assert_snapshot!(format!("broken__{name}"), format!("{text}\n----\n{report}"));
        });
    }
}

/// Every text that is cut off somewhere, as while typing, gives a tree and few errors.
#[test]
fn every_prefix_parses() {
    for (name, text, limit) in sections() {
        for (end, _) in text.char_indices() {
            let count = parse(&text[..end]).1.len();
            assert!(count <= limit.min(40), "{name}, {end} bytes: {}", complaints(&text[..end]));
        }
    }
}

/// A forgotten character is told in few errors.
#[test]
fn every_text_without_one_character_parses() {
    for (name, text, limit) in sections() {
        for (at, character) in text.char_indices() {
            let rest = format!("{}{}", &text[..at], &text[at + character.len_utf8()..]);
            let count = parse(&rest).1.len();
            assert!(count <= limit * 2, "{name} without `{character}` at {at}: {}", complaints(&rest));
        }
    }
}

/// The top-level parts of all cases, each with a number of findings that is not too many for it.
fn sections() -> Vec<(String, String, usize)> {
    let mut sections = Vec::new();
    for (folder, limit) in [("ok", 4), ("broken", 25)] {
        for (name, text) in cases(folder) {
            let mut rest = text.as_str();
            while let Some(end) =
                rest.match_indices("\n\n").map(|it| it.0 + 2).find(|it| !rest[*it..].starts_with(' '))
            {
                sections.push((name.clone(), rest[..end].to_owned(), limit));
                rest = &rest[end..];
            }
            sections.push((name, rest.to_owned(), limit));
        }
    }
    sections
}

/// The examples in the pages of `mlopsc explain` do what the pages say.
#[test]
fn pages_show_working_examples() {
    for Kind { code, page, .. } in syntax::KINDS {
        assert!(page.starts_with("# "), "{code} has a title");
        for text in fenced(page, "mlops,fails") {
            assert!(parse(&text).1.iter().any(|it| it.code == *code), "{code}: {}", complaints(&text));
        }
        for text in fenced(page, "mlops,passes") {
            assert_eq!(complaints(&text), "", "{code}");
        }
    }
}

fn fenced(page: &str, kind: &str) -> Vec<String> {
    let opening = format!("```{kind}\n");
    let parts = page.split(&opening).skip(1);
    parts.map(|part| part.split("```").next().expect("a split has a first part").to_owned()).collect()
}
