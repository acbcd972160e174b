//! Fixes applied to texts. In: texts, and a function that says what is found in them. Out: the texts after as many
//! rounds as there is something to fix, and which fixes were refused.
//!
//! In a round all fixes are applied that touch nothing in common. If what they were for is still found then, or
//! something is wrong that was not before, half of them are tried, down to a single one, which is refused.

use crate::base::sources::Sources;
use crate::base::span::{FileId, Span};
use crate::diag::{Code, Diagnostic, Edit, Group, Safety};
use crate::explain;
use crate::syntax::{self, ast::Statement};
use std::collections::{BTreeMap, BTreeSet};

/// So often the texts are looked at; a project that needs more has fixes that undo each other.
const MOST_LOOKS: usize = 200;

/// Texts with what is found in them; the ids of the project's files are the indices of the texts.
pub struct Seen {
    pub sources: Sources,
    pub findings: Vec<Diagnostic>,
}

/// What a finding is about, as far as it matters for those that come up later.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum About {
    /// How the text is read: once it is right, more can be read, and more be found wrong.
    Shape,
    /// What is declared.
    Names,
    Other,
}

pub struct Outcome {
    pub seen: Seen,
    /// By code.
    pub applied: BTreeMap<Code, usize>,
    pub refused: Vec<Refused>,
    /// Something was left to fix when it was looked at for the last time.
    pub is_cut_off: bool,
}

/// A fix that was taken back.
pub struct Refused {
    pub finding: Diagnostic,
    /// The first finding that it would have led to, if it was one.
    pub because: Option<Diagnostic>,
}

/// What may be applied.
#[derive(Clone, Copy, Debug)]
pub struct Allowed {
    pub safety: Safety,
    /// Nothing outside of this file changes.
    pub only: Option<FileId>,
}

/// What a code is about.
pub fn about(code: Code) -> About {
    if syntax::KINDS.iter().any(|it| it.code == code) {
        return About::Shape;
    }
    let group = explain::kind(code).map(|it| it.group);
    if group == Some(Group::References) { About::Names } else { About::Other }
}

/// `look` is asked about other texts of the same files. `about` says what a code is about.
pub fn run(
    first: Seen,
    allowed: Allowed,
    about: &dyn Fn(Code) -> About,
    look: &mut dyn FnMut(Vec<String>) -> Seen,
) -> Outcome {
    let mut engine = Engine { seen: first, allowed, about, refused_keys: BTreeSet::new(), left: MOST_LOOKS };
    let mut applied: BTreeMap<Code, usize> = BTreeMap::new();
    let mut refused = Vec::new();
    while engine.left > 0 {
        let batch = engine.batch();
        if batch.is_empty() {
            break;
        }
        match engine.round(batch, look) {
            Ok(codes) => codes.into_iter().for_each(|it| *applied.entry(it).or_default() += 1),
            Err(it) => refused.push(*it),
        }
    }
    let is_cut_off = !engine.batch().is_empty();
    Outcome { seen: engine.seen, applied, refused, is_cut_off }
}

/// What became of a batch.
enum Verdict {
    Fine,
    /// What it was for is still found.
    StillThere,
    /// Found now, and not before.
    Worse(Box<Diagnostic>),
}

/// What makes two fixes the same in texts that differ elsewhere.
type Key = (Code, String, Vec<(FileId, String, String)>);

struct Engine<'a> {
    seen: Seen,
    allowed: Allowed,
    about: &'a dyn Fn(Code) -> About,
    refused_keys: BTreeSet<Key>,
    left: usize,
}

impl Engine<'_> {
    /// Indices of findings whose fixes touch nothing in common.
    fn batch(&self) -> Vec<usize> {
        let mut taken: Vec<&Edit> = Vec::new();
        let mut batch = Vec::new();
        for (at, finding) in self.seen.findings.iter().enumerate() {
            let Some(fix) = finding.fix.as_ref().filter(|it| it.safety <= self.allowed.safety) else {
                continue;
            };
            let files = self.seen.sources.iter().count();
            let is_ours =
                |file: FileId| (file.0 as usize) < files && self.allowed.only.is_none_or(|only| only == file);
            let is_in_project = fix.edits.iter().all(|it| is_ours(it.span.file));
            let is_free = fix.edits.iter().all(|it| !taken.iter().any(|other| touch(it, other)));
            let changes = fix.edits.iter().any(|it| self.seen.sources.slice(it.span) != it.text);
            if is_in_project && is_free && changes && !self.refused_keys.contains(&self.key(finding)) {
                taken.extend(&fix.edits);
                batch.push(at);
            }
        }
        batch
    }

    fn key(&self, finding: &Diagnostic) -> Key {
        let edits = finding.fix.iter().flat_map(|it| &it.edits);
        let edits =
            edits.map(|it| (it.span.file, self.seen.sources.slice(it.span).to_owned(), it.text.clone()));
        (finding.code, finding.message.clone(), edits.collect())
    }

    /// The codes of what was fixed, or the one fix that cannot be.
    fn round(
        &mut self,
        mut batch: Vec<usize>,
        look: &mut dyn FnMut(Vec<String>) -> Seen,
    ) -> Result<Vec<Code>, Box<Refused>> {
        loop {
            self.left = self.left.saturating_sub(1);
            let after = look(self.edited(&batch));
            let worse = self.worse(&batch, &after);
            if matches!(worse, Verdict::Fine) {
                let codes = batch.iter().map(|it| self.seen.findings[*it].code).collect();
                self.seen = after;
                return Ok(codes);
            }
            if let [only] = batch.as_slice() {
                let because = match worse {
                    Verdict::Worse(it) => Some(*it),
                    Verdict::Fine | Verdict::StillThere => None,
                };
                let finding = self.seen.findings[*only].clone();
                self.refused_keys.insert(self.key(&finding));
                return Err(Box::new(Refused { finding, because }));
            }
            batch.truncate(batch.len().div_ceil(2));
        }
    }

    fn edited(&self, batch: &[usize]) -> Vec<String> {
        let mut texts: Vec<String> = self.seen.sources.iter().map(|(_, it)| it.text.clone()).collect();
        let mut edits: Vec<&Edit> =
            batch.iter().flat_map(|it| &self.seen.findings[*it].fix).flat_map(|it| &it.edits).collect();
        edits.sort_by_key(|it| (it.span, &it.text));
        edits.dedup();
        for edit in edits.into_iter().rev() {
            let text = &mut texts[edit.span.file.0 as usize];
            let new = if text.contains("\r\n") { edit.text.replace('\n', "\r\n") } else { edit.text.clone() };
            text.replace_range(edit.span.range(), &new);
        }
        texts
    }

    fn worse(&self, batch: &[usize], after: &Seen) -> Verdict {
        let mut left = counted(&self.seen.findings);
        for at in batch {
            let it = &self.seen.findings[*at];
            *left.entry((it.code, it.message.as_str())).or_default() -= 1;
        }
        let was_whole = !self.seen.findings.iter().any(Diagnostic::is_error);
        let fixes_shape = batch.iter().any(|it| self.is_of_shape(self.seen.findings[*it].code));
        let fixed: BTreeSet<(Code, &str)> = batch
            .iter()
            .map(|it| (self.seen.findings[*it].code, self.seen.findings[*it].message.as_str()))
            .collect();
        let guessed = if was_whole || fixes_shape { Vec::new() } else { self.guessed(batch, after) };
        for finding in &after.findings {
            let key = (finding.code, finding.message.as_str());
            let room = left.entry(key).or_default();
            *room -= 1;
            if *room >= 0 {
                continue;
            }
            if fixed.contains(&key) {
                return Verdict::StillThere;
            }
            let is_news = was_whole
                || self.is_of_shape(finding.code)
                || guessed
                    .iter()
                    .any(|it| it.file == finding.span().file && holds(*it, finding.span().start))
                || (!fixes_shape && self.is_of_names(finding.code));
            if finding.is_error() && is_news {
                return Verdict::Worse(Box::new(finding.clone()));
            }
        }
        Verdict::Fine
    }

    /// The statements that guesses have changed, as they are now.
    fn guessed(&self, batch: &[usize], after: &Seen) -> Vec<Span> {
        let fixes = || batch.iter().flat_map(|it| &self.seen.findings[*it].fix);
        let edits: Vec<&Edit> = fixes().flat_map(|it| &it.edits).collect();
        let guesses = fixes().filter(|it| it.safety == Safety::Unsafe).flat_map(|it| &it.edits);
        let places = guesses.filter(|it| !it.text.is_empty()).filter_map(|guess| {
            let file = guess.span.file;
            let before = edits.iter().filter(|it| it.span.file == file && it.span.start < guess.span.start);
            let (gone, new) =
                before.fold((0, 0), |(gone, new), it| (gone + it.span.range().len(), new + it.text.len()));
            let at = (guess.span.start as usize + new).checked_sub(gone)?;
            let tree = syntax::parse(file, &after.sources.get(file).text).0;
            innermost(&tree.statements, u32::try_from(at).ok()?)
        });
        places.collect()
    }

    fn is_of_shape(&self, code: Code) -> bool {
        (self.about)(code) == About::Shape
    }

    fn is_of_names(&self, code: Code) -> bool {
        (self.about)(code) == About::Names
    }
}

fn counted(findings: &[Diagnostic]) -> BTreeMap<(Code, &str), isize> {
    let mut count = BTreeMap::new();
    for it in findings {
        *count.entry((it.code, it.message.as_str())).or_default() += 1;
    }
    count
}

fn holds(span: Span, at: u32) -> bool {
    span.start <= at && at < span.end
}

fn innermost(statements: &[Statement], at: u32) -> Option<Span> {
    let around = statements.iter().find(|it| holds(it.span(), at))?;
    let inner = around.bodies().find_map(|it| innermost(&it.statements, at));
    Some(inner.unwrap_or(around.span()))
}

/// Edits that share a byte, or insert at one place.
fn touch(a: &Edit, b: &Edit) -> bool {
    a.span.file == b.span.file && a.span.start <= b.span.end && b.span.start <= a.span.end
}
