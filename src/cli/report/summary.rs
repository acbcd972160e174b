//! The last lines of a run.

use super::Batch;
use crate::config;
use crate::diag::{Diagnostic, Severity};

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Count {
    pub errors: usize,
    pub warnings: usize,
    pub notes: usize,
}

impl Count {
    pub fn of(batches: &[Batch<'_>]) -> Count {
        let all = || batches.iter().flat_map(|batch| batch.findings);
        let with = |severity| all().filter(|finding| finding.severity == severity).count();
        Count {
            errors: with(Severity::Error),
            warnings: with(Severity::Warning),
            notes: with(Severity::Info),
        }
    }

    pub fn is_errors_only(self) -> bool {
        self == Count { errors: self.errors, ..Count::default() }
    }

    pub fn is_empty(self) -> bool {
        self == Count::default()
    }
}

/// The sources that were looked at; `mlopsc.toml` is none.
pub fn files(batches: &[Batch<'_>]) -> usize {
    batches.iter().flat_map(|it| it.sources.iter()).filter(|(_, it)| !is_config(&it.path)).count()
}

pub(super) fn is_config(path: &str) -> bool {
    path.rsplit('/').next() == Some(config::FILE)
}

/// `2 errors, 1 warning in 5 files`.
pub fn counts(count: Count, files: usize) -> String {
    format!("{} in {}", parts(count), plural(files, "file"))
}

/// `2 errors, 1 warning`.
pub fn parts(count: Count) -> String {
    let parts = [(count.errors, "error"), (count.warnings, "warning"), (count.notes, "note")];
    let parts: Vec<String> =
        parts.into_iter().filter(|(many, _)| *many > 0).map(|(many, word)| plural(many, word)).collect();
    if parts.is_empty() { "no findings".to_owned() } else { parts.join(", ") }
}

/// Where to read more about what was found.
pub fn pointer(batches: &[Batch<'_>]) -> Option<String> {
    let mut codes = batches.iter().flat_map(|batch| batch.findings).map(|finding: &Diagnostic| finding.code);
    let first = codes.next()?;
    let only = codes.all(|code| code == first);
    let code = if only { first } else { "CODE" };
    Some(format!("`mlopsc explain {code}` tells more"))
}

pub fn plural(many: usize, word: &str) -> String {
    if many == 1 { format!("1 {word}") } else { format!("{many} {word}s") }
}
