//! Text to tree. In: one file's text. Out: its tree and every syntax error in it. Never fails, never panics.
//!
//! The strict grammar parses healthy files. Where it fails, the tolerant one accepts everything and marks what does not
//! fit; one lowering serves both. Spans are bytes of the text as given.

pub mod ast;
mod errors;
mod lower;
mod pairs;
mod scan;
#[cfg(test)]
mod tests;

pub use errors::KINDS;

use crate::base::span::{FileId, Span};
use crate::diag::Diagnostic;
use ast::Statement;
use lower::Lower;
use pairs::{Failure, Rule};

/// The tree of a file, and what is wrong with its shape, sorted by place.
pub fn parse(file: FileId, text: &str) -> (ast::File, Vec<Diagnostic>) {
    let scan = scan::scan(file, text);
    // Too many brackets may be open only because names in column 0 did not close them.
    let strict_depth = scan.too_deep;
    let scan = if strict_depth.is_some() { scan::tolerant_scan(file, text) } else { scan };
    let mut cx = Lower::new(file, text, scan.comments);
    for (at, character) in scan::suspicious(text) {
        cx.push(errors::suspicious_unicode(Span::new(file, at, at + character.len_utf8()), character));
    }
    let statements = match (scan.too_deep, strict_depth) {
        (Some(at), _) => {
            cx.push(errors::nested_too_deep(Span::new(file, at, at + 1)));
            Vec::new()
        }
        (None, Some(at)) => tolerant(&mut cx, &scan.text, &Failure { at, expected: Vec::new() }),
        (None, None) => statements(&mut cx, &scan.text),
    };
    cx.finish(statements)
}

fn statements(cx: &mut Lower<'_>, text: &str) -> Vec<Statement> {
    match pairs::parse(Rule::file, text) {
        Ok(tree) => cx.file(tree.root()),
        Err(failure) => tolerant(cx, text, &failure),
    }
}

/// The tree of a text that the strict grammar refuses.
fn tolerant(cx: &mut Lower<'_>, text: &str, failure: &Failure) -> Vec<Statement> {
    let (text, names) = scan::foreign_names(text);
    let statements = match pairs::parse(Rule::loose_file, &text) {
        Ok(tree) => cx.loose_file(tree.root()),
        Err(overflow) => {
            cx.push(errors::nested_too_deep(cx.behind(overflow.at)));
            Vec::new()
        }
    };
    cx.foreign_names(&names);
    if !cx.has_errors() {
        cx.push(errors::rejected(cx.behind(failure.at), failure));
    }
    statements
}
