//! Text to tree: what parses, and how what does not is told.

use crate::support;
use mlopsc::base::sources::Sources;
use mlopsc::diag::Diagnostic;
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

fn cases(folder: &str) -> Vec<(String, String)> {
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
