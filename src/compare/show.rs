//! Changes as lines for people, as a comment, as data.

use super::{Change, Weight};
use crate::base::sources::Sources;
use crate::base::span::Span;
use serde_json::{Value, json};
use std::fmt::Write as _;

/// Where the sources of both versions stand, with what comes before their paths.
pub struct Sides<'a> {
    pub old: (&'a Sources, &'a str),
    pub new: (&'a Sources, &'a str),
}

impl Weight {
    pub fn title(self) -> &'static str {
        match self {
            Weight::LowersProtection => "Lowers protection",
            Weight::ChangesProtection => "Changes protection",
            Weight::Reaches => "Starts or reaches more",
            Weight::Secrets => "Secrets",
            Weight::Runs => "Runs otherwise",
            Weight::Images => "Images",
            Weight::Costs => "Sizes and cost",
            Weight::MachineLearning => "Azure ML",
            Weight::RaisesProtection => "Raises protection",
            Weight::Other => "Names and the rest",
        }
    }

    /// In reports for programs.
    pub fn word(self) -> &'static str {
        match self {
            Weight::LowersProtection => "lowers-protection",
            Weight::ChangesProtection => "changes-protection",
            Weight::Reaches => "reaches",
            Weight::Secrets => "secrets",
            Weight::Runs => "runs",
            Weight::Images => "images",
            Weight::Costs => "costs",
            Weight::MachineLearning => "azure-ml",
            Weight::RaisesProtection => "raises-protection",
            Weight::Other => "other",
        }
    }
}

impl Sides<'_> {
    /// In the new version where it is there, else in the old one.
    fn place(&self, change: &Change) -> Option<String> {
        let shown = |(sources, prefix): (&Sources, &str), span: Span| {
            (span != Span::default())
                .then(|| format!("{prefix}{}:{}", sources.get(span.file).path, sources.position(span).line))
        };
        let new = change.new.and_then(|it| shown(self.new, it));
        new.or_else(|| change.old.and_then(|it| shown(self.old, it)).map(|it| format!("was {it}")))
    }

    fn data(&self, change: &Change) -> Value {
        let place = |(sources, prefix): (&Sources, &str), span: Option<Span>| {
            span.filter(|it| *it != Span::default()).map(|span| {
                let at = sources.position(span);
                let path = format!("{prefix}{}", sources.get(span.file).path);
                json!({ "path": path, "line": at.line, "column": at.column })
            })
        };
        json!({
            "weight": change.weight.word(), "subject": change.subject, "also": change.others,
            "message": change.message, "notes": change.notes,
            "old": place(self.old, change.old), "new": place(self.new, change.new),
        })
    }
}

/// `title` of a group in the colours that people have chosen.
pub fn text(changes: &[Change], sides: &Sides<'_>, title: &dyn Fn(Weight) -> String) -> String {
    let mut text = String::new();
    for group in changes.chunk_by(|a, b| a.weight == b.weight) {
        let _ = writeln!(text, "{}", title(group[0].weight));
        for change in group {
            let place = sides.place(change).map(|it| format!("  ({it})")).unwrap_or_default();
            let _ = writeln!(text, "  {}{place}", line(change));
            for note in &change.notes {
                let _ = writeln!(text, "    {note}");
            }
        }
        text.push('\n');
    }
    text + &counted(changes) + "\n"
}

/// A comment for a pull request.
pub fn markdown(changes: &[Change], sides: &Sides<'_>) -> String {
    let mut text = format!("### What changes: {}\n", counted(changes));
    for group in changes.chunk_by(|a, b| a.weight == b.weight) {
        let _ = write!(text, "\n**{}**\n\n", group[0].weight.title());
        for change in group {
            let place = sides.place(change).map(|it| format!(" <sub>{it}</sub>")).unwrap_or_default();
            let _ = writeln!(text, "- {}{place}", line(change));
            for note in &change.notes {
                let _ = writeln!(text, "  - {note}");
            }
        }
    }
    text
}

pub fn json(changes: &[Change], sides: &Sides<'_>) -> String {
    let all: Vec<Value> = changes.iter().map(|it| sides.data(it)).collect();
    serde_json::to_string_pretty(&json!({ "changes": all })).expect("its keys are strings") + "\n"
}

/// Whether it is said of the thing as a whole: the subject and the message are a sentence.
pub(super) fn says_all(message: &str) -> bool {
    ["is ", "newly ", "no longer "].iter().any(|it| message.starts_with(it))
}

/// More than these are counted.
const NAMED: usize = 3;

fn line(change: &Change) -> String {
    let mut subjects = vec![change.subject.clone()];
    subjects.extend(change.others.iter().take(NAMED).cloned());
    let rest = change.others.len().saturating_sub(NAMED);
    if rest > 0 {
        subjects.push(format!("{rest} more"));
    }
    let joint = if says_all(&change.message) { " " } else { ": " };
    format!("{}{joint}{}", subjects.join("; "), change.message)
}

fn counted(changes: &[Change]) -> String {
    match changes.len() {
        0 => "no change in what it does".to_owned(),
        1 => "1 change".to_owned(),
        some => format!("{some} changes"),
    }
}
