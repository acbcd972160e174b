//! A timeline as lines for people.

use super::clock::spoken;
use super::timeline::{Entry, Mark, Timeline};
use crate::base::sources::Sources;
use crate::base::span::Span;
use std::collections::BTreeMap;

#[derive(Debug)]
pub struct Line {
    /// `None`: no event, but what is said about all of them.
    pub mark: Option<Mark>,
    pub text: String,
}

/// Columns that a name may fill.
const WIDEST: usize = 34;

/// `prefix`: what stands before the paths of the sources, where they are in another folder.
pub fn lines(timeline: &Timeline, sources: &Sources, prefix: &str) -> Vec<Line> {
    let show = Show { timeline, sources, prefix, several: several(timeline) };
    let names: Vec<String> = timeline.entries.iter().map(|it| show.name(it)).collect();
    let wide = names.iter().map(|it| it.chars().count()).max().unwrap_or(0).min(WIDEST);
    let mut lines = Vec::new();
    let mut before = None;
    for (entry, name) in timeline.entries.iter().zip(&names) {
        let time = if before == Some(entry.at) { String::new() } else { spoken(entry.at) };
        before = Some(entry.at);
        let sign = sign(entry.mark);
        let place = entry.place.map(|it| format!("  ({})", show.place(it))).unwrap_or_default();
        let text = match entry.run {
            None => format!("{time:>8}  {sign} {}{place}", entry.text),
            Some(_) => format!("{time:>8}  {sign} {name:wide$}  {}{place}", entry.text),
        };
        lines.push(Line { mark: Some(entry.mark), text });
    }
    lines.extend(show.rest().into_iter().map(|text| Line { mark: None, text }));
    lines
}

/// The whole as one text, without colours.
pub fn text(timeline: &Timeline, sources: &Sources) -> String {
    prefixed(timeline, sources, "")
}

/// The same with something before the paths.
pub fn prefixed(timeline: &Timeline, sources: &Sources, prefix: &str) -> String {
    lines(timeline, sources, prefix).into_iter().map(|it| it.text.trim_end().to_owned() + "\n").collect()
}

pub fn sign(mark: Mark) -> &'static str {
    match mark {
        Mark::Event => "●",
        Mark::Starts => "▶",
        Mark::Does => "·",
        Mark::Waits => "◷",
        Mark::Succeeds => "✓",
        Mark::Issues => "!",
        Mark::Fails => "✗",
        Mark::Cancels => "■",
        Mark::Skips => "○",
    }
}

struct Show<'a> {
    timeline: &'a Timeline,
    sources: &'a Sources,
    prefix: &'a str,
    /// Pipelines that ran more than once.
    several: BTreeMap<usize, usize>,
}

fn several(timeline: &Timeline) -> BTreeMap<usize, usize> {
    let mut found = BTreeMap::new();
    for run in &timeline.runs {
        *found.entry(run.index).or_insert(0) += 1;
    }
    found.retain(|_, count| *count > 1);
    found
}

impl Show<'_> {
    fn name(&self, entry: &Entry) -> String {
        let Some(run) = entry.run.map(|it| &self.timeline.runs[it]) else { return String::new() };
        let number =
            if self.several.contains_key(&run.index) { format!(" #{}", run.number) } else { String::new() };
        match &entry.stage {
            Some(stage) => format!("  {}{number}.{stage}", run.pipeline),
            None => format!("{}{number}", run.pipeline),
        }
    }

    /// `pipelines/train.mlops:3`
    fn place(&self, span: Span) -> String {
        format!("{}{}:{}", self.prefix, self.sources.get(span.file).path, self.sources.position(span).line)
    }

    fn rest(&self) -> Vec<String> {
        let mut lines = Vec::new();
        if let Some(at) = self.timeline.cut {
            lines.push(String::new());
            lines.push(format!("What comes after {} is not looked at; `--until` says how far.", spoken(at)));
        }
        if !self.timeline.idle.is_empty() {
            lines.push(String::new());
            lines.push("Did not start:".to_owned());
        }
        let wide = self.timeline.idle.iter().map(|it| it.name.chars().count()).max().unwrap_or(0).min(WIDEST);
        for idle in &self.timeline.idle {
            for (number, (why, place)) in idle.reasons.iter().enumerate() {
                let name = if number == 0 { idle.name.as_str() } else { "" };
                lines.push(format!("  {name:wide$}  {why}  ({})", self.place(*place)));
            }
        }
        if !self.timeline.assumed.is_empty() {
            lines.push(String::new());
            lines.push("Taken for granted:".to_owned());
            lines.extend(self.timeline.assumed.iter().map(|(path, value)| format!("  {path} = {value}")));
        }
        lines
    }
}
