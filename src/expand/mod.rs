//! Reuse worked out. In: the trees of all files. Out: trees without `let`, `option`, `for`, compile-time `if`,
//! `template`, `use`, indexed names and files that are read, and what is wrong with these. Trees that hold none of them
//! are not touched.
//!
//! What an iteration or a use of a template produces stands in a *copy* of its file ([`Sources::add_copy`]): its spans
//! are those of the file, and the copy knows why it was made. [`settle`] brings findings back to the files.

mod arguments;
mod data;
mod errors;
mod fold;
mod globals;
mod limits;
mod lost;
mod names;
mod options;
pub mod pages;
mod paths;
mod respan;
mod rows;
mod scope;
mod settle;
mod statements;
mod templates;
mod when;

pub use names::Names;
pub use settle::settle;

use crate::base::files::Files;
use crate::base::sources::{Origin, Sources};
use crate::base::span::FileId;
use crate::diag::Diagnostic;
use crate::schema::Block;
use crate::syntax::ast;
use globals::Declared;
use limits::Budget;
use rows::Row;
use scope::Scopes;
use std::collections::HashMap;
use std::rc::Rc;

/// A value for an `option` from outside.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Setting {
    pub name: String,
    pub text: String,
    /// Where it was said, for findings.
    pub from: String,
}

/// What expansion sees besides the trees.
pub struct Surroundings<'a> {
    pub sources: &'a mut Sources,
    pub files: &'a dyn Files,
    pub settings: &'a [Setting],
    /// The row of a kind of step.
    pub step: fn(&str) -> Option<&'static Block>,
}

#[derive(Debug, Default)]
pub struct Expanded {
    pub files: Vec<ast::File>,
    pub findings: Vec<Diagnostic>,
    /// Of use only where nothing is wrong otherwise.
    pub unused: Vec<Diagnostic>,
    pub names: Names,
}

pub fn expand(mut files: Vec<ast::File>, around: Surroundings<'_>) -> Expanded {
    let Surroundings { sources, files: side_files, settings, step } = around;
    if !files.iter().any(|it| it.reuses) && settings.is_empty() {
        return Expanded { files, ..Expanded::default() };
    }
    let mut cx = Expand {
        sources,
        files: side_files,
        step,
        findings: Vec::new(),
        scopes: Scopes::default(),
        templates: HashMap::new(),
        declared: Declared::of(&files),
        names: Names::default(),
        frames: Vec::new(),
        around: Vec::new(),
        budget: Budget::default(),
        last_replaced: None,
    };
    let unused = globals::unused(&files);
    cx.globals(&mut files, settings);
    for file in &mut files {
        let statements = std::mem::take(&mut file.statements);
        file.statements = cx.body(statements, Row::Top);
    }
    if cx.budget.exhausted {
        // What was produced until then means little, and there is a lot of it.
        files.clear();
    }
    let Expand { mut findings, mut names, scopes, .. } = cx;
    names.known = scopes.known();
    paths::resolve(&mut files, &names, &mut findings);
    Expanded { files, findings, unused, names }
}

struct Expand<'a> {
    sources: &'a mut Sources,
    files: &'a dyn Files,
    step: fn(&str) -> Option<&'static Block>,
    findings: Vec<Diagnostic>,
    scopes: Scopes,
    templates: HashMap<String, Rc<ast::Template>>,
    declared: Declared,
    names: Names,
    /// The uses of templates around, outermost first.
    frames: Vec<templates::Frame>,
    /// The blocks around, outermost first.
    around: Vec<names::Around>,
    budget: Budget,
    last_replaced: Option<(FileId, FileId)>,
}

impl Expand<'_> {
    fn push(&mut self, finding: Diagnostic) {
        // What follows from a limit is not worth a word, and there may be a lot of it.
        if self.findings.len() < limits::MAX_FINDINGS {
            self.findings.push(finding);
        }
    }

    fn add_copy(&mut self, of: FileId, origin: Origin) -> FileId {
        self.sources.add_copy(of, origin)
    }
}
