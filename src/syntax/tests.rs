//! The two halves of the grammar against each other.

#![expect(clippy::disallowed_methods, reason = "the corpus stands on the disk")]

use super::lower::Lower;
use super::pairs::{self, Rule};
use super::scan::scan;
use super::{ast, parse};
use crate::base::span::FileId;
use crate::diag::Diagnostic;

const FILE: FileId = FileId(0);

fn tolerant(text: &str) -> (ast::File, Vec<Diagnostic>) {
    let mut scan = scan(FILE, text);
    let mut cx = Lower::new(FILE, text, std::mem::take(&mut scan.comments));
    let tree =
        pairs::parse(Rule::loose_file, &scan.text).ok().expect("the tolerant grammar accepts everything");
    let statements = cx.loose_file(tree.root());
    cx.finish(statements)
}

#[test]
fn both_halves_give_the_same_tree_for_healthy_files() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/cases/syntax/ok");
    for case in std::fs::read_dir(folder).expect("the cases are there") {
        let path = case.expect("the folder can be read").path();
        let text = std::fs::read_to_string(path).expect("cases are UTF-8");
        let (strict, findings) = parse(FILE, &text);
        assert_eq!(findings, []);
        let (loose, findings) = tolerant(&text);
        assert_eq!(findings, []);
        assert_eq!(format!("{strict:#?}"), format!("{loose:#?}"));
    }
}

/// What the strict grammar refuses has an error, also where the tolerant one saw none.
#[test]
fn a_text_has_errors_if_it_is_refused() {
    let text = include_str!("../../tests/cases/syntax/ok/language.mlops");
    for at in (0..text.len()).step_by(11).filter(|it| text.is_char_boundary(*it)) {
        let cut = &text[..at];
        let is_refused = pairs::parse(Rule::file, &scan(FILE, cut).text).is_err();
        let has_errors = parse(FILE, cut).1.iter().any(Diagnostic::is_error);
        assert!(has_errors || !is_refused, "{cut}");
    }
}
