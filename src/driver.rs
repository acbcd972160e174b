//! The phases in order. Everything above the edges is a function of the sources, the side files and the options.

use crate::base::files::Files;
use crate::base::sources::Sources;
use crate::diag::{self, Diagnostic};
use crate::emit::{OutputFile, Target};

/// Everything known about a project after all checks.
#[derive(Debug, Default)]
pub struct Analysis {
    pub sources: Sources,
    /// Sorted by place.
    pub findings: Vec<Diagnostic>,
}

impl Analysis {
    pub fn has_errors(&self) -> bool {
        self.findings.iter().any(Diagnostic::is_error)
    }
}

/// Checks the whole project: `sources` are all its `.mlops` files, `files` reads the side files they name.
pub fn analyze(sources: Sources, files: &dyn Files) -> Analysis {
    let _ = files;
    let mut findings = Vec::new();
    diag::sort(&mut findings);
    Analysis { sources, findings }
}

/// The output files, sorted by path. `out` is the output folder relative to the project's root, normalized.
/// Call it only for an analysis without errors.
pub fn emit(analysis: &Analysis, out: &str, targets: &[Target]) -> Vec<OutputFile> {
    let _ = (analysis, out, targets);
    Vec::new()
}
