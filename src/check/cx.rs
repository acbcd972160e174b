//! What a rule sees, and how it reports.

use super::Rule;
use crate::base::files::Files;
use crate::base::span::Span;
use crate::diag::{Diagnostic, Fix, Label, Safety};
use crate::graph::Graphs;
use crate::model::project::Project;
use crate::plan::Plan;

pub struct Cx<'a> {
    pub project: &'a Project,
    pub graphs: &'a Graphs,
    pub plan: &'a Plan,
    pub files: &'a dyn Files,
    pub findings: Vec<Diagnostic>,
}

impl<'a> Cx<'a> {
    pub fn new(project: &'a Project, graphs: &'a Graphs, plan: &'a Plan, files: &'a dyn Files) -> Cx<'a> {
        Cx { project, graphs, plan, files, findings: Vec::new() }
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

    pub fn help(self, text: impl Into<String>) -> Self {
        self.0.help = Some(text.into());
        self
    }
}
