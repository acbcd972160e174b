//! Repairs tried out on the project before they are offered.

use super::document::Document;
use super::feature::Cx;
use super::host::{Documents, Loaded};
use super::worker::{self, Checked};
use crate::base::files::Files;
use crate::base::sources::Sources;
use crate::base::span::FileId;
use crate::diag::{Code, Diagnostic, Edit, Safety};
use crate::driver::Analysis;
use crate::fix::{self, Allowed, Seen};
use crate::format::format;
use std::collections::BTreeMap;

/// The text of a document after all its safe repairs; none where nothing changes.
pub fn safely(cx: &Cx<'_>, document: &Document, checked: &Checked) -> Option<String> {
    let file = Cx::file(checked, document)?;
    let mut after = None;
    let mut then = |mut loaded: Loaded, files: &dyn Files| {
        let sources = std::mem::take(&mut loaded.texts.sources);
        let (paths, texts): (Vec<String>, Vec<String>) =
            sources.iter().map(|(_, it)| (it.path.clone(), it.text.clone())).unzip();
        let mut look = |texts: Vec<String>| {
            let sources = &mut loaded.texts.sources;
            *sources = Sources::default();
            paths.iter().zip(texts).for_each(|(path, text)| {
                sources.add(path.clone(), text);
            });
            let analysis = worker::analyze(&mut loaded, files);
            Seen { sources: analysis.sources, findings: analysis.findings }
        };
        let first = look(texts);
        let allowed = Allowed { safety: Safety::Safe, only: Some(file) };
        let fixed = fix::run(first, allowed, &fix::about, &mut look);
        after = Some(fixed.seen.sources.get(file).text.clone());
    };
    cx.state.host.load(&checked.key, &cx.state.texts(), &mut then).ok()?;
    let after = after.filter(|it| **it != *document.text)?;
    // A text in the one style stays in it.
    let was_formatted = format(&document.text) == *document.text;
    Some(if was_formatted { format(&after).into_owned() } else { after })
}

/// The project with edits made in its sources, which stand in order. The error is a sentence for people.
pub fn tried(cx: &Cx<'_>, checked: &Checked, edits: &[Edit]) -> Result<Analysis, String> {
    let known = checked.analysis.as_ref().ok_or(UNREADABLE)?;
    let mut texts: BTreeMap<u32, String> = BTreeMap::new();
    for edit in edits.iter().rev() {
        let file = edit.span.file;
        let text = texts.entry(file.0).or_insert_with(|| known.sources.get(file).text.clone());
        text.replace_range(edit.span.range(), &edit.text);
    }
    let mut documents: Documents = (*cx.state.texts()).clone();
    for (file, text) in texts {
        let path = &known.sources.get(FileId(file)).path;
        documents.insert(checked.key.path(path), text.into());
    }
    let mut found = None;
    let mut then = |mut loaded: Loaded, files: &dyn Files| {
        found = Some(worker::analyze(&mut loaded, files));
    };
    cx.state.host.load(&checked.key, &documents, &mut then)?;
    found.ok_or_else(|| UNREADABLE.to_owned())
}

const UNREADABLE: &str = "the project cannot be read";

/// The first error that was not there.
pub fn worse<'a>(before: &Analysis, after: &'a Analysis) -> Option<&'a Diagnostic> {
    let mut known: BTreeMap<Code, usize> = BTreeMap::new();
    before.findings.iter().filter(|it| it.is_error()).for_each(|it| *known.entry(it.code).or_default() += 1);
    after.findings.iter().filter(|it| it.is_error()).find(|it| match known.get_mut(it.code) {
        Some(left) if *left > 0 => {
            *left -= 1;
            false
        }
        _ => true,
    })
}
