//! What a rule sees, and how it reports.

use super::scripts::{self, Script};
use super::walk::{self, Place};
use super::{Rule, edit};
use crate::base::arena::Id;
use crate::base::files::Files;
use crate::base::sources::Sources;
use crate::base::span::Span;
use crate::diag::{Diagnostic, Edit, Fix, Label, Safety};
use crate::graph::Graphs;
use crate::model::project::{Pipeline, Project};
use crate::model::steps::Kind;
use crate::plan::{self, Plan};
use std::cell::OnceCell;
use std::ops::Range;
use std::rc::Rc;
use std::sync::OnceLock;

/// What is checked, and what several rules look for in it, which is found once.
pub struct Whole<'a> {
    project: &'a Project,
    graphs: &'a Graphs,
    plan: &'a Plan,
    texts: (&'a Sources, &'a dyn Files),
    deliveries: OnceLock<Vec<Place<'a>>>,
}

impl<'a> Whole<'a> {
    pub fn new(
        project: &'a Project,
        graphs: &'a Graphs,
        plan: &'a Plan,
        texts: (&'a Sources, &'a dyn Files),
    ) -> Whole<'a> {
        Whole { project, graphs, plan, texts, deliveries: OnceLock::new() }
    }
}

pub struct Cx<'a> {
    pub project: &'a Project,
    pub graphs: &'a Graphs,
    pub plan: &'a Plan,
    pub sources: &'a Sources,
    pub files: &'a dyn Files,
    pub findings: Vec<Diagnostic>,
    whole: &'a Whole<'a>,
    /// The pipelines that are looked at, by index.
    range: Range<usize>,
    scripts: OnceCell<Rc<[Script<'a>]>>,
}

impl<'a> Cx<'a> {
    pub fn new(whole: &'a Whole<'a>) -> Cx<'a> {
        Cx::of(whole, 0..whole.project.pipelines.len())
    }

    /// For rules that look at some pipelines at a time.
    pub fn of(whole: &'a Whole<'a>, range: Range<usize>) -> Cx<'a> {
        let Whole { project, graphs, plan, texts: (sources, files), .. } = *whole;
        let (findings, scripts) = (Vec::new(), OnceCell::new());
        Cx { project, graphs, plan, sources, files, findings, whole, range, scripts }
    }

    /// The pipelines to look at.
    pub fn pipelines(&self) -> impl Iterator<Item = &'a Pipeline> + Clone + use<'a> {
        self.numbered().map(|it| it.1)
    }

    /// The same with their ids.
    pub fn numbered(&self) -> impl Iterator<Item = (Id<Pipeline>, &'a Pipeline)> + Clone + use<'a> {
        self.project.pipelines.within(self.range.clone())
    }

    /// Their steps.
    pub fn steps(&self) -> impl Iterator<Item = Place<'a>> + use<'a> {
        self.numbered().flat_map(|(id, it)| walk::steps_of(id, it))
    }

    /// What they become.
    pub fn planned(&self) -> &'a [plan::Pipeline] {
        // A plan of a view is that of the project.
        self.plan.pipelines.get(self.range.clone()).unwrap_or_default()
    }

    /// The steps of all pipelines that are of this language alone: no scripts, tasks, tests, and no files put somewhere.
    pub fn deliveries(&self) -> &'a [Place<'a>] {
        self.whole.deliveries.get_or_init(|| {
            let all = walk::steps(self.project);
            all.filter(|it| !is_common(&it.step.kind)).collect()
        })
    }

    /// Reports a finding of the rule; labels and help are put onto what comes back.
    pub fn report(&mut self, rule: &Rule, span: Span, message: impl Into<String>) -> Finding<'_> {
        self.findings.push(Diagnostic::new(rule.severity, rule.code, span, message));
        Finding(self.findings.last_mut().expect("it was just pushed"))
    }

    /// A text file of the project.
    pub fn read(&self, path: &str) -> Option<String> {
        String::from_utf8(self.files.read(path).ok()?).ok()
    }

    /// Every script of the steps, read once.
    pub fn scripts(&self) -> Rc<[Script<'a>]> {
        Rc::clone(self.scripts.get_or_init(|| scripts::all(self.project, self.steps(), self.files).into()))
    }

    /// An edit that adds a statement, such as `always = true`, to the block with this head.
    pub fn insert(&self, head: Span, statement: &str) -> Edit {
        edit::insert(self.sources, head, statement)
    }

    /// An edit that adds an entry to a block with free keys inside the block with this head, such as `env`.
    pub fn insert_in(&self, head: Span, block: &str, entry: &str) -> Edit {
        match edit::inside(self.sources, head, block) {
            Some(inner) => self.insert(inner, entry),
            None => self.insert(head, &format!("{block} {{ {entry} }}")),
        }
    }

    /// A statement directly in the block with this head, by its first word: all of an attribute, the head of a block.
    pub fn inside(&self, head: Span, word: &str) -> Option<Span> {
        edit::inside(self.sources, head, word)
    }

    /// An edit that adds a statement before the one with this head.
    pub fn insert_before(&self, head: Span, statement: &str) -> Edit {
        edit::insert_before(self.sources, head, statement)
    }

    /// An edit that adds a statement behind the one with this head.
    pub fn insert_behind(&self, head: Span, statement: &str) -> Edit {
        edit::insert_behind(self.sources, head, statement)
    }

    /// A line behind the one with this span, with its margin.
    pub fn line_below(&self, span: Span, text: &str) -> String {
        edit::line_below(self.sources, span, text)
    }

    /// An edit that removes a whole statement.
    pub fn remove(&self, statement: Span) -> Edit {
        edit::remove(self.sources, statement)
    }

    /// An edit that removes the attribute with this value.
    pub fn remove_attribute(&self, value: Span) -> Edit {
        edit::remove(self.sources, edit::attribute(self.sources, value))
    }

    /// The whole `key = value`, by its value.
    pub fn attribute(&self, value: Span) -> Span {
        edit::attribute(self.sources, value)
    }

    /// Where the value of an attribute stands in the block with this head.
    pub fn value(&self, head: Span, key: &str) -> Option<Span> {
        edit::value(self.sources, head, key)
    }

    /// Every place of a text inside of a span, as it is written there.
    pub fn places(&self, span: Span, part: &str) -> Vec<Span> {
        edit::places(self.sources, span, part)
    }

    /// Where it is written, the same for all copies that loops and templates make of it.
    pub fn place(&self, span: Span) -> (u32, u32) {
        (self.sources.real(span.file).0, span.start)
    }

    /// Whether a loop or a template has made it: then what is written there stands for other copies too.
    pub fn is_copy(&self, span: Span) -> bool {
        self.sources.origin(span.file).is_some()
    }

    /// What is written at a span.
    pub fn written(&self, span: Span) -> &'a str {
        self.sources.slice(span)
    }

    /// An edit that removes the declaration of a name inside of a body, such as `output x: bool`.
    pub fn remove_declaration(&self, ident: Span) -> Edit {
        edit::remove(self.sources, edit::declaration(self.sources, ident))
    }

    /// The whole block with this head.
    pub fn whole(&self, head: Span) -> Span {
        edit::block(self.sources, head)
    }

    /// An edit that removes the block with this head.
    pub fn remove_block(&self, head: Span) -> Edit {
        edit::remove(self.sources, edit::block(self.sources, head))
    }
}

fn is_common(kind: &Kind) -> bool {
    matches!(
        kind,
        Kind::Run(_)
            | Kind::Azure(_)
            | Kind::Task(_)
            | Kind::Checkout(_)
            | Kind::Publish(_)
            | Kind::Download(_)
            | Kind::UsePython(_)
            | Kind::Cache(_)
            | Kind::Pytest(_)
            | Kind::TestResults(_)
            | Kind::Coverage(_)
            | Kind::Lint(_)
    )
}

/// A finding that is still being told.
pub struct Finding<'f>(&'f mut Diagnostic);

impl Finding<'_> {
    pub fn at(self, text: impl Into<String>) -> Self {
        self.0.labels[0].text = text.into();
        self
    }

    pub fn label(self, span: Span, text: impl Into<String>) -> Self {
        self.0.labels.push(Label { span, text: text.into() });
        self
    }

    /// A safe fix by replacing one place.
    pub fn replace(self, title: impl Into<String>, span: Span, text: impl Into<String>) -> Self {
        self.0.fix = Some(Fix::one(Safety::Safe, title, span, text));
        self
    }

    /// A fix by replacing one place that may not be what was meant.
    pub fn suggest(self, title: impl Into<String>, span: Span, text: impl Into<String>) -> Self {
        self.0.fix = Some(Fix::one(Safety::Unsafe, title, span, text));
        self
    }

    /// A fix of several edits.
    pub fn edits(self, safety: Safety, title: impl Into<String>, edits: Vec<Edit>) -> Self {
        self.0.fix = Some(Fix { title: title.into(), safety, edits });
        self
    }

    pub fn help(self, text: impl Into<String>) -> Self {
        self.0.help = Some(text.into());
        self
    }
}
