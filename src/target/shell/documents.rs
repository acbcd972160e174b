//! Here-documents.

use super::words::{Open, Reader};
use super::{How, Redirect, RedirectKind, Word};

impl Reader<'_> {
    /// The lines of here-documents that begin on this line.
    pub(super) fn documents(&mut self, open: &mut Open) {
        for (index, end, verbatim) in std::mem::take(&mut open.documents) {
            let start = self.at;
            let mut stop = start;
            while stop < self.text.len() {
                let rest = &self.text[stop..];
                let line = &rest[..rest.find('\n').unwrap_or(rest.len())];
                let next = (stop + line.len() + 1).min(self.text.len());
                if line.trim() == end {
                    self.at = next;
                    break;
                }
                (stop, self.at) = (next, next);
            }
            let body = &self.text[start..stop];
            self.line += self.text[start..self.at].matches('\n').count();
            let word =
                if verbatim { Word { text: body.to_owned(), ..Word::default() } } else { expanded(body) };
            let word = Word { at: self.base + start, ..word };
            let command = open.pipeline.commands.get_mut(index).unwrap_or(&mut open.command);
            command.redirects.push(Redirect { kind: RedirectKind::Text, word });
        }
    }
}

/// The text of a here-document with its variables.
fn expanded(body: &str) -> Word {
    let mut reader = Reader::new(body);
    let mut word = Word::default();
    while let Some(next) = reader.peek() {
        match next {
            '\\' => reader.escaped(&mut word),
            '$' => reader.expansion(How::Quoted, &mut word),
            _ => word.text.extend(reader.next()),
        }
    }
    word
}
