//! Findings as text, for people and for programs. One file a format, one variant of `Format`.

mod azure;
mod checkstyle;
mod concise;
mod excerpt;
mod fingerprint;
mod github;
mod gitlab;
mod human;
mod json;
mod junit;
mod markdown;
mod place;
mod rdjson;
mod sarif;
pub mod statistics;
pub mod summary;
mod wrap;
pub mod xml;

pub use excerpt::printable;
pub use wrap::fill;

use super::edge::Paint;
use crate::base::sources::Sources;
use crate::base::span::FileId;
use crate::diag::{Diagnostic, Kind};
use crate::explain;
use summary::Count;

/// The findings of one compilation with the texts they stand in.
#[derive(Clone, Copy)]
pub struct Batch<'a> {
    /// Stands before every path, so that it can be opened from the current folder.
    pub prefix: &'a str,
    pub sources: &'a Sources,
    pub findings: &'a [Diagnostic],
}

impl Batch<'_> {
    /// From the current folder.
    pub fn path(&self, file: FileId) -> String {
        format!("{}{}", self.prefix, self.sources.get(file).path)
    }
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
    /// An array of all that is known of each finding
    Json,
    /// The same, one line a finding
    JsonLines,
    /// SARIF 2.1.0, for code scanning
    Sarif,
    /// Issues of a run of Azure Pipelines
    Azure,
    /// Annotations of GitHub Actions
    Github,
    /// A code quality report of GitLab
    Gitlab,
    /// A test suite for each file
    Junit,
    /// For reviewdog
    Rdjson,
    /// A comment for a pull request
    Markdown,
    /// For servers that read Checkstyle's XML
    Checkstyle,
}

impl Format {
    /// A document, which is whole even where nothing was found, and which nobody wants cut.
    pub fn is_document(self) -> bool {
        match self {
            Format::Human | Format::Concise | Format::Azure | Format::Github | Format::Markdown => false,
            Format::Json
            | Format::JsonLines
            | Format::Sarif
            | Format::Gitlab
            | Format::Junit
            | Format::Rdjson
            | Format::Checkstyle => true,
        }
    }

    fn render(self) -> fn(&Report<'_>) -> String {
        match self {
            Format::Human => human::render,
            Format::Concise => concise::render,
            Format::Json => json::array,
            Format::JsonLines => json::lines,
            Format::Sarif => sarif::render,
            Format::Azure => azure::render,
            Format::Github => github::render,
            Format::Gitlab => gitlab::render,
            Format::Junit => junit::render,
            Format::Rdjson => rdjson::render,
            Format::Markdown => markdown::render,
            Format::Checkstyle => checkstyle::render,
        }
    }
}

/// What a format tells.
pub struct Report<'a> {
    /// With the findings that are printed.
    pub batches: Vec<Batch<'a>>,
    /// With all findings.
    whole: &'a [Batch<'a>],
    kinds: Vec<Kind>,
    pub options: Options,
}

impl<'a> Report<'a> {
    pub fn new(whole: &'a [Batch<'a>], options: Options) -> Report<'a> {
        let mut left = if options.limit == 0 { usize::MAX } else { options.limit };
        let cut = whole.iter().map(|batch| {
            let findings = &batch.findings[..batch.findings.len().min(left)];
            left -= findings.len();
            Batch { findings, ..*batch }
        });
        Report { batches: cut.collect(), whole, kinds: explain::kinds(), options }
    }

    /// Those that are printed.
    fn findings(&self) -> impl Iterator<Item = (Batch<'a>, &'a Diagnostic)> {
        self.batches.iter().flat_map(|batch| batch.findings.iter().map(|it| (*batch, it)))
    }

    fn kind(&self, code: &str) -> Option<Kind> {
        let at = self.kinds.binary_search_by(|it| it.code.cmp(code)).ok()?;
        Some(self.kinds[at])
    }

    /// Of all findings.
    fn count(&self) -> Count {
        Count::of(self.whole)
    }

    fn files(&self) -> usize {
        summary::files(self.whole)
    }
}

/// All findings up to the limit.
pub fn render(batches: &[Batch<'_>], options: Options) -> String {
    let report = Report::new(batches, options);
    let mut out = options.format.render()(&report);
    let total: usize = batches.iter().map(|batch| batch.findings.len()).sum();
    let printed: usize = report.batches.iter().map(|batch| batch.findings.len()).sum();
    if total > printed && !options.format.is_document() {
        let more = format!("and {} more; `--max-diagnostics 0` prints all\n", total - printed);
        out.push_str(&more);
    }
    out
}
