//! Where the lines of output files come from, so that a message of the cloud finds its way home. In: the project, its plan,
//! the sources and a file that was made from them. Out: stretches of lines with the statement behind each; a stretch
//! inside another says it more precisely.

mod azure_devops;
mod azure_ml;
mod helm;
mod outline;
mod trees;

use crate::base::sources::Sources;
use crate::base::span::Span;
use crate::emit::OutputFile;
use crate::model::project::Project;
use crate::plan::Plan;
use crate::syntax::ast::Statement;
use outline::{Outline, ROOT};
use trees::Trees;

/// Lines of an output file, from 1, both included.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    pub first: usize,
    pub last: usize,
    /// In the statement that they come from; possibly in a copy of a file.
    pub span: Span,
    /// What they are: stage `train`.
    pub what: String,
}

pub struct Tracer<'a> {
    project: &'a Project,
    plan: &'a Plan,
    sources: &'a Sources,
    trees: Trees,
}

impl<'a> Tracer<'a> {
    pub fn new(project: &'a Project, plan: &'a Plan, sources: &'a Sources) -> Tracer<'a> {
        Tracer { project, plan, sources, trees: Trees::of(sources) }
    }

    /// The whole file first, then what is in it; of two parts that hold a line the later one is the inner one.
    pub fn parts(&self, file: &OutputFile) -> Vec<Part> {
        let outline = Outline::of(&file.text);
        let (first, last) = outline.lines(ROOT);
        let mut cx = Cx { tracer: self, file, outline, parts: Vec::new() };
        cx.parts.push(Part { first, last, span: file.source, what: String::new() });
        azure_devops::trace(&mut cx);
        azure_ml::trace(&mut cx);
        helm::trace(&mut cx);
        let head = self.statement(file.source).map_or(file.source, |it| it.0);
        cx.parts[0].what = one_line(self.sources.slice(head));
        cx.parts
    }

    /// What the user wrote there: the head of the innermost statement, and the whole of it.
    pub fn statement(&self, span: Span) -> Option<(Span, Span)> {
        let around = self.trees.around(self.sources.real(span.file), span.start);
        let inner = around.last()?;
        let whole = inner.span();
        let end = inner.bodies().next().map_or(whole.end, |it| it.span.start);
        Some((Span { end, ..whole }, whole))
    }

    /// The statements that touch a line of a source, from the innermost.
    pub fn statements_at(&self, line: Span) -> Vec<Span> {
        let text = self.sources.slice(line);
        let blank = text.len() - text.trim_start().len();
        let offset = line.start + u32::try_from(blank).expect("a line is shorter than 4 GiB");
        self.trees.around(line.file, offset).into_iter().rev().map(Statement::span).collect()
    }
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// One file on its way.
struct Cx<'a, 't> {
    tracer: &'t Tracer<'a>,
    file: &'t OutputFile,
    outline: Outline,
    parts: Vec<Part>,
}

impl Cx<'_, '_> {
    fn push(&mut self, node: usize, span: Span, what: String) {
        let (first, last) = self.outline.lines(node);
        // What nobody wrote belongs to what is around it.
        if span != Span::default() {
            self.parts.push(Part { first, last, span, what });
        }
    }

    fn keys(&self, node: usize) -> Vec<(String, usize)> {
        self.outline.children(node).map(|(key, it)| (key.to_owned(), it)).collect()
    }
}
