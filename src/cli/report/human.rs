//! Findings with their source, drawn by miette.
//!
//! miette draws one source a finding, so the labels of other files follow as excerpts of their own.

use super::excerpt::{Excerpt, printable};
use super::{Batch, Options, fill};
use crate::base::span::FileId;
use crate::diag::{Diagnostic, Label, Severity};
use miette::{GraphicalReportHandler, GraphicalTheme, LabeledSpan, ThemeStyles};
use std::collections::BTreeMap;
use std::fmt;

/// More labels than this are only counted.
const MOST_LABELS: usize = 12;

pub fn render(out: &mut String, batch: Batch<'_>, options: Options) {
    let mut excerpts = BTreeMap::new();
    for label in batch.findings.iter().flat_map(|finding| &finding.labels) {
        let file = label.span.file;
        excerpts.entry(file).or_insert_with(|| Excerpt::new(batch.sources.get(file), batch.prefix));
    }
    let cx = Cx { excerpts, options };
    for finding in batch.findings {
        cx.finding(out, finding);
    }
}

struct Cx<'a> {
    excerpts: BTreeMap<FileId, Excerpt<'a>>,
    options: Options,
}

impl Cx<'_> {
    fn finding(&self, out: &mut String, finding: &Diagnostic) {
        let shown = &finding.labels[..finding.labels.len().min(MOST_LABELS)];
        let mut files: Vec<FileId> = Vec::new();
        for label in shown {
            if !files.contains(&label.span.file) {
                files.push(label.span.file);
            }
        }
        for (nth, file) in files.iter().enumerate() {
            let is_first = nth == 0;
            let is_last = nth + 1 == files.len();
            let mut part = self.part(finding, shown, *file, is_last);
            if !is_first {
                part.message.clear();
            }
            let drawn = self.draw(finding, &part);
            // Only the first part has a headline, and that without miette's indentation.
            let drawn =
                if is_first { drawn.trim_start() } else { drawn.split_once('\n').map_or("", |it| it.1) };
            out.push_str(drawn);
        }
        out.push('\n');
    }

    fn part<'p>(
        &'p self,
        finding: &'p Diagnostic,
        shown: &'p [Label],
        file: FileId,
        is_last: bool,
    ) -> Part<'p> {
        let excerpt = &self.excerpts[&file];
        let mine = shown.iter().enumerate().filter(|(_, label)| label.span.file == file);
        let mut labels: Vec<LabeledSpan> =
            mine.map(|(nth, label)| labeled(excerpt, label, nth == 0)).collect();
        labels.sort_by_key(LabeledSpan::offset);
        let help = if is_last { self.help(finding) } else { None };
        Part {
            message: printable(&finding.message).into_owned(),
            severity: finding.severity,
            excerpt,
            labels,
            help,
        }
    }

    fn help(&self, finding: &Diagnostic) -> Option<String> {
        let mut lines = Vec::new();
        let unseen = finding.labels.len().saturating_sub(MOST_LABELS);
        if unseen > 0 {
            lines.push(format!("{unseen} more places are not shown"));
        }
        let fix = || finding.fix.as_ref().map(|fix| &fix.title);
        if let Some(help) = finding.help.as_ref().or_else(fix) {
            lines.push(fill(&printable(help), self.options.width.saturating_sub("  help: ".len())));
        }
        (!lines.is_empty()).then(|| lines.join("\n"))
    }

    fn draw(&self, finding: &Diagnostic, part: &Part<'_>) -> String {
        let handler = GraphicalReportHandler::new_themed(self.theme(finding, part))
            .with_width(self.options.width)
            .with_wrap_lines(false)
            .with_urls(false)
            .without_syntax_highlighting();
        let mut drawn = String::new();
        handler.render_report(&mut drawn, part).expect("a string takes everything");
        drawn.lines().map(|line| line.trim_end().to_owned() + "\n").collect()
    }

    /// miette's icon is our `error[code]:`; the place itself has the severity's colour, its context another.
    fn theme(&self, finding: &Diagnostic, part: &Part<'_>) -> GraphicalTheme {
        let mut theme = GraphicalTheme::unicode_nocolor();
        if self.options.paint.on {
            theme.styles = ThemeStyles::ansi();
        }
        let style = match finding.severity {
            Severity::Error => theme.styles.error,
            Severity::Warning => theme.styles.warning,
            Severity::Info => theme.styles.advice,
        };
        let context = theme.styles.help;
        let highlight = |label: &LabeledSpan| if label.primary() { style } else { context };
        theme.styles.highlights = part.labels.iter().map(highlight).collect();
        theme.characters.error = format!("error[{}]:", finding.code);
        theme.characters.warning = format!("warning[{}]:", finding.code);
        theme.characters.advice = format!("info[{}]:", finding.code);
        theme
    }
}

fn labeled(excerpt: &Excerpt<'_>, label: &Label, is_primary: bool) -> LabeledSpan {
    let text = (!label.text.is_empty()).then(|| printable(&label.text).into_owned());
    let range = excerpt.label(label.span.range());
    if is_primary {
        LabeledSpan::new_primary_with_span(text, range)
    } else {
        LabeledSpan::new_with_span(text, range)
    }
}

/// What one drawing of miette shows.
struct Part<'a> {
    message: String,
    severity: Severity,
    excerpt: &'a Excerpt<'a>,
    labels: Vec<LabeledSpan>,
    help: Option<String>,
}

impl miette::Diagnostic for Part<'_> {
    fn severity(&self) -> Option<miette::Severity> {
        Some(match self.severity {
            Severity::Error => miette::Severity::Error,
            Severity::Warning => miette::Severity::Warning,
            Severity::Info => miette::Severity::Advice,
        })
    }

    fn help<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        self.help.as_ref().map(|help| Box::new(help) as Box<dyn fmt::Display>)
    }

    fn source_code(&self) -> Option<&dyn miette::SourceCode> {
        Some(self.excerpt)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        Some(Box::new(self.labels.iter().cloned()))
    }
}

impl fmt::Debug for Part<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl fmt::Display for Part<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Part<'_> {}
