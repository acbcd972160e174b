//! Changes of texts for the client.

use super::document::Document;
use super::feature::{Cx, source_text};
use super::protocol::{
    DocumentChange, Edit, OptionalVersionedTextDocumentIdentifier, TextDocumentEdit, TextDocumentIdentifier,
    TextEdit, Uri, WorkspaceEdit,
};
use super::worker::Checked;
use crate::diag;
use std::collections::{BTreeMap, HashMap};
use std::ops::Range;

/// Edits by the address of the file.
type ByFile = BTreeMap<String, Vec<TextEdit>>;

impl Cx<'_> {
    /// Edits of the project's sources; none where one of them stands in what is no source of the project.
    pub fn project_edit(&self, checked: &Checked, edits: &[diag::Edit]) -> Option<WorkspaceEdit> {
        let sources = &checked.analysis.as_ref()?.sources;
        let files = sources.iter().count();
        let mut by_file = ByFile::new();
        for edit in edits {
            if edit.span.file.0 as usize >= files {
                return None;
            }
            let source = sources.get(edit.span.file);
            let range = source_text(source, self.encoding()).range(edit.span.range());
            let uri = self.state.uri(&checked.key.path(&source.path));
            let new_text = with_ends_of(&source.text, &edit.text);
            by_file.entry(uri.0).or_default().push(TextEdit { range, new_text });
        }
        Some(self.workspace_edit(by_file))
    }

    /// Edits of one open document.
    pub fn document_edit(&self, document: &Document, edits: &[(Range<usize>, String)]) -> WorkspaceEdit {
        let edits = edits.iter().map(|(bytes, text)| TextEdit {
            range: self.range(document, bytes.clone()),
            new_text: with_ends_of(&document.text, text),
        });
        self.workspace_edit(BTreeMap::from([(document.uri.0.clone(), edits.collect())]))
    }

    fn workspace_edit(&self, by_file: ByFile) -> WorkspaceEdit {
        if !self.state.client.document_changes {
            let changes: HashMap<Uri, Vec<TextEdit>> =
                by_file.into_iter().map(|(uri, edits)| (Uri(uri), edits)).collect();
            return WorkspaceEdit { changes: Some(changes), ..WorkspaceEdit::default() };
        }
        let changes = by_file.into_iter().map(|(uri, edits)| {
            let uri = Uri(uri);
            let version = self.state.document(&uri).map(|it| it.version);
            let text_document_identifier = TextDocumentIdentifier { uri };
            let text_document = OptionalVersionedTextDocumentIdentifier { version, text_document_identifier };
            let edits = edits.into_iter().map(Edit::TextEdit).collect();
            DocumentChange::TextDocumentEdit(TextDocumentEdit { text_document, edits })
        });
        WorkspaceEdit { document_changes: Some(changes.collect()), ..WorkspaceEdit::default() }
    }
}

/// What turns a text into another one, by lines.
pub fn between(before: &str, after: &str) -> Vec<(Range<usize>, String)> {
    let (old, new): (Vec<&str>, Vec<&str>) =
        (before.split_inclusive('\n').collect(), after.split_inclusive('\n').collect());
    let starts: Vec<usize> = std::iter::once(0)
        .chain(old.iter().scan(0, |at, line| {
            *at += line.len();
            Some(*at)
        }))
        .collect();
    let changes = similar::capture_diff_slices(similar::Algorithm::Patience, &old, &new);
    let changes = changes.into_iter().filter(|it| it.tag() != similar::DiffTag::Equal);
    let edits = changes.map(|it| {
        let lines = it.old_range();
        (starts[lines.start]..starts[lines.end], new[it.new_range()].concat())
    });
    edits.collect()
}

/// New lines end like those that are there.
fn with_ends_of(text: &str, new: &str) -> String {
    if text.contains("\r\n") && !new.contains("\r\n") { new.replace('\n', "\r\n") } else { new.to_owned() }
}
