//! Text to tree. In: one file's text. Out: its tree and every syntax error in it. Never fails, never panics.

pub mod ast;
mod errors;
mod lower;
mod pairs;
mod scan;

use crate::base::span::{FileId, Span};
use crate::diag::Diagnostic;
use lower::Lower;
use pairs::Rule;

/// The tree of a file, and what is wrong with its shape.
pub fn parse(file: FileId, text: &str) -> (ast::File, Vec<Diagnostic>) {
    let scan = scan::scan(file, text);
    if let Some(at) = scan.too_deep {
        let refused = errors::nested_too_deep(Span::new(file, at, at + 1));
        return (ast::File { statements: Vec::new(), comments: scan.comments }, vec![refused]);
    }
    let mut cx = Lower::new(file, text, scan.comments);
    let statements = match pairs::parse(Rule::file, text) {
        Some(pair) => cx.file(pair),
        None => {
            cx.push(errors::unknown(Span::new(file, 0, 0)));
            Vec::new()
        }
    };
    cx.finish(statements)
}
