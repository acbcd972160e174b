//! A text that is open in the editor.

use super::convert::{self, Encoding, Text};
use super::host::Key;
use super::protocol::{TextDocumentContentChangeEvent, Uri};
use super::tree::Tree;
use std::ops::Range;
use std::path::PathBuf;
use std::sync::Arc;

pub struct Document {
    /// As the client writes it.
    pub uri: Uri,
    /// Links followed.
    pub path: PathBuf,
    /// The client's number.
    pub version: i32,
    /// Of the state when it changed last.
    pub revision: u64,
    pub project: Option<Key>,
    pub text: Arc<str>,
    pub lines: Vec<u32>,
    pub tree: Tree,
    edits: Vec<Edit>,
}

/// A change of the text, so that what was found before can be told where it stands now.
#[derive(Clone, Debug)]
struct Edit {
    /// The revision that it led to.
    revision: u64,
    /// In the text before.
    range: Range<usize>,
    new: usize,
}

/// More edits than anybody waits for: what is older is not carried over.
const MOST_EDITS: usize = 1000;

impl Document {
    pub fn new(uri: Uri, path: PathBuf, version: i32, text: String) -> Document {
        let lines = convert::lines(&text);
        let tree = Tree::of(&text);
        let text = text.into();
        Document { uri, path, version, revision: 0, project: None, text, lines, tree, edits: Vec::new() }
    }

    pub fn text(&self, encoding: Encoding) -> Text<'_> {
        Text { text: &self.text, lines: &self.lines, encoding }
    }

    /// Changes in the order in which the client made them.
    pub fn change(
        &mut self,
        changes: Vec<TextDocumentContentChangeEvent>,
        encoding: Encoding,
        revision: u64,
    ) {
        let before = Arc::clone(&self.text);
        for change in changes {
            let (range, text) = match change {
                TextDocumentContentChangeEvent::TextDocumentContentChangeWholeDocument(it) => {
                    (0..self.text.len(), it.text)
                }
                TextDocumentContentChangeEvent::TextDocumentContentChangePartial(it) => {
                    let place = self.text(encoding);
                    let (start, end) = (place.clamped(it.range.start), place.clamped(it.range.end));
                    (start.min(end)..end.max(start), it.text)
                }
            };
            self.replace(range, &text, revision);
        }
        self.tree = self.tree.changed(&before, &self.text);
        self.revision = revision;
        let many = self.edits.len().saturating_sub(MOST_EDITS);
        self.edits.drain(..many);
    }

    fn replace(&mut self, range: Range<usize>, text: &str, revision: u64) {
        let (before, behind) = (&self.text[..range.start], &self.text[range.end..]);
        let whole = [before, text, behind].concat();
        self.edits.push(Edit { revision, range, new: text.len() });
        self.text = whole.into();
        self.lines = convert::lines(&self.text);
    }

    /// Where bytes of an older text stand now; none where they were changed, or too long ago.
    pub fn carried(&self, range: Range<usize>, since: u64) -> Option<Range<usize>> {
        let oldest = self.edits.first().filter(|_| self.edits.len() == MOST_EDITS);
        if oldest.is_some_and(|it| it.revision > since) {
            return None;
        }
        let edits = self.edits.iter().filter(|it| it.revision > since);
        edits.into_iter().try_fold(range, |range, edit| {
            if range.end <= edit.range.start && range.start < edit.range.start {
                Some(range)
            } else if range.start >= edit.range.end {
                let moved = |at: usize| at - edit.range.len() + edit.new;
                Some(moved(range.start)..moved(range.end))
            } else {
                None
            }
        })
    }

    /// Nothing asks for places before this revision any more.
    pub fn forget_edits(&mut self, until: u64) {
        self.edits.retain(|it| it.revision > until);
    }
}
