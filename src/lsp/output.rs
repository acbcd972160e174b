//! The files that a project is compiled to, with the statements behind their lines: made when somebody asks, once for each
//! state of the project.

use super::worker::Checked;
use crate::base::span::Span;
use crate::driver::{self, Analysis};
use crate::emit::{OutputFile, Target};
use crate::trace::Part;

/// A generated file with the statements behind its lines.
pub struct Written {
    pub file: OutputFile,
    /// The whole file first, then what is in it.
    pub parts: Vec<Part>,
}

/// Lines of a generated file, from 1, both included.
pub struct Stretch<'w> {
    pub written: &'w Written,
    pub part: &'w Part,
}

impl Checked {
    /// Whether asking for the files costs nothing any more.
    pub fn is_written(&self) -> bool {
        self.written.get().is_some() || self.analysis.as_ref().is_none_or(Analysis::has_errors)
    }

    /// All files; none while there are errors.
    pub fn written(&self) -> &[Written] {
        self.written.get_or_init(|| {
            let Some(analysis) = self.analysis.as_ref().filter(|it| !it.has_errors()) else {
                return Vec::new();
            };
            let out = &self.loaded.texts.config.output;
            let targets = [Target::AzureDevops, Target::AzureMl, Target::Helm, Target::Setup];
            let files = driver::emit(analysis, out, &targets);
            driver::trace(analysis, out, |tracer| {
                let files = files.into_iter().map(|file| Written { parts: tracer.parts(&file), file });
                files.collect()
            })
        })
    }

    /// What comes from the statement that holds a place: of each file the innermost stretches.
    pub fn stretches(&self, place: Span) -> Vec<Stretch<'_>> {
        let Some(analysis) = &self.analysis else { return Vec::new() };
        let holds = |part: &Part| {
            analysis.sources.real(part.span.file) == place.file
                && part.span.start <= place.start
                && place.start < part.span.end.max(part.span.start + 1)
        };
        let mut found = Vec::new();
        for written in self.written() {
            let fitting: Vec<&Part> = written.parts.iter().filter(|it| holds(it)).collect();
            let smallest = fitting.iter().map(|it| it.span.end - it.span.start).min();
            let inner = fitting.into_iter().filter(|it| Some(it.span.end - it.span.start) == smallest);
            found.extend(inner.map(|part| Stretch { written, part }));
        }
        found
    }
}
