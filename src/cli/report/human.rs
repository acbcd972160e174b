//! Findings with their source, drawn by miette.
//!
//! miette draws one source a finding and orders its labels by line; so the place of the finding is drawn first, and
//! labels far away or in other files follow as excerpts of their own.

use super::excerpt::{Excerpt, printable};
use super::{Batch, Options, Report, fill};
use crate::base::span::FileId;
use crate::diag::{Diagnostic, Label, Severity};
use miette::{GraphicalReportHandler, GraphicalTheme, LabeledSpan, ThemeStyles};
use std::collections::BTreeMap;
use std::fmt;

/// More labels than this are only counted.
const MOST_LABELS: usize = 12;
/// Lines above and below a place.
const CONTEXT: usize = 1;

pub fn render(report: &Report<'_>) -> String {
    let mut out = String::new();
    for batch in &report.batches {
        render_batch(&mut out, *batch, report.options);
    }
    out
}

fn render_batch(out: &mut String, batch: Batch<'_>, options: Options) {
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
        let places = self.places(shown);
        for (nth, place) in places.iter().enumerate() {
            let is_first = nth == 0;
            let is_last = nth + 1 == places.len();
            let part = Part {
                message: if is_first { printable(&finding.message).into_owned() } else { String::new() },
                severity: finding.severity,
                excerpt: &self.excerpts[&place[0].span.file],
                labels: self.labels(place, &shown[0]),
                help: if is_last { self.help(finding) } else { None },
            };
            let drawn = self.draw(finding, &part);
            // Only the first part has a headline, and that without miette's indentation.
            let drawn =
                if is_first { drawn.trim_start() } else { drawn.split_once('\n').map_or("", |it| it.1) };
            out.push_str(drawn);
        }
        out.push('\n');
    }

    /// The labels by places that are drawn in one piece, the finding's own place first.
    fn places<'l>(&self, labels: &'l [Label]) -> Vec<Vec<&'l Label>> {
        let mut rest: Vec<&Label> = labels.iter().collect();
        let mut places = Vec::new();
        while !rest.is_empty() {
            let mut place = vec![rest.remove(0)];
            while let Some(next) =
                rest.iter().position(|it| place.iter().any(|known| self.are_near(it, known)))
            {
                place.push(rest.remove(next));
            }
            places.push(place);
        }
        places
    }

    /// Whether the excerpts around both touch.
    fn are_near(&self, a: &Label, b: &Label) -> bool {
        if a.span.file != b.span.file {
            return false;
        }
        let excerpt = &self.excerpts[&a.span.file];
        let (a, b) = (excerpt.lines(a.span.range()), excerpt.lines(b.span.range()));
        a.start().max(b.start()).saturating_sub(*a.end().min(b.end())) <= 2 * CONTEXT + 1
    }

    fn labels(&self, place: &[&Label], primary: &Label) -> Vec<LabeledSpan> {
        let labeled = |label: &&Label| {
            let text = (!label.text.is_empty()).then(|| printable(&label.text).into_owned());
            let range = self.excerpts[&label.span.file].label(label.span.range());
            if std::ptr::eq(*label, primary) {
                LabeledSpan::new_primary_with_span(text, range)
            } else {
                LabeledSpan::new_with_span(text, range)
            }
        };
        let mut labels: Vec<LabeledSpan> = place.iter().map(labeled).collect();
        labels.sort_by_key(LabeledSpan::offset);
        labels
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
            .with_context_lines(CONTEXT)
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
