//! Projects given as texts.

use mlopsc::base::files::Memory;
use mlopsc::base::sources::Sources;
use mlopsc::diag::Diagnostic;
use mlopsc::driver::{self, Analysis};

/// Analyses one file with these side files beside it.
pub fn analysis(text: &str, side_files: &[(&str, &str)]) -> Analysis {
    let mut sources = Sources::default();
    sources.add("main.mlops".into(), text.into());
    let files = side_files.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned())).collect();
    driver::analyze(sources, &Memory(files))
}

/// What is found in one file without side files.
pub fn findings(text: &str) -> Vec<Diagnostic> {
    analysis(text, &[]).findings
}
