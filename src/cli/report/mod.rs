//! Findings as text. One file a format, one row in `FORMATS`.

mod concise;
mod excerpt;
mod human;
pub mod summary;
mod wrap;

pub use wrap::fill;

use super::edge::Paint;
use crate::base::sources::Sources;
use crate::diag::Diagnostic;

/// The findings of one compilation with the texts they stand in.
#[derive(Clone, Copy)]
pub struct Batch<'a> {
    /// Stands before every path, so that it can be opened from the current folder.
    pub prefix: &'a str,
    pub sources: &'a Sources,
    pub findings: &'a [Diagnostic],
}

#[derive(Clone, Copy, Debug)]
pub struct Options {
    pub format: Format,
    /// At most so many findings are printed; 0 means all.
    pub limit: usize,
    pub width: usize,
    pub paint: Paint,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum Format {
    /// With the source and its context
    #[default]
    Human,
    /// One line a finding
    Concise,
}

/// All findings up to the limit.
pub fn render(batches: &[Batch<'_>], options: Options) -> String {
    let render = match options.format {
        Format::Human => human::render,
        Format::Concise => concise::render,
    };
    let limit = if options.limit == 0 { usize::MAX } else { options.limit };
    let mut out = String::new();
    let mut left = limit;
    for batch in batches {
        let printed = &batch.findings[..batch.findings.len().min(left)];
        left -= printed.len();
        render(&mut out, Batch { findings: printed, ..*batch }, options);
    }
    let total: usize = batches.iter().map(|batch| batch.findings.len()).sum();
    if total > limit {
        let more = format!("and {} more; `--max-diagnostics 0` prints all\n", total - limit);
        out.push_str(&more);
    }
    out
}
