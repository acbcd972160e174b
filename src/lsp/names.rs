//! Which name stands where, where it is declared, and where else it is used. What the compiler looked up is the answer;
//! nothing is guessed.

use super::document::Document;
use super::feature::{Cx, Failure};
use super::place::{Place, Spot};
use super::protocol::TextDocumentPositionParams;
use super::worker::Checked;
use crate::base::span::{FileId, Link, Span};
use crate::driver::Analysis;
use std::sync::Arc;

/// A name in a document, as the project knows it.
pub struct Named<'n> {
    pub document: &'n Document,
    pub checked: &'n Arc<Checked>,
    pub analysis: &'n Analysis,
    /// What stands at the place.
    pub at: Span,
    /// The name where it is declared.
    pub declared: Span,
}

impl<'s> Cx<'s> {
    /// The name at a position, if there is one.
    pub fn named(&self, params: &TextDocumentPositionParams) -> Result<Option<Named<'s>>, Failure> {
        let document = self.document(&params.text_document.uri)?;
        let offset = self.offset(document, params.position)?;
        let Some(checked) = self.checked(document) else { return Ok(None) };
        let Some((file, analysis)) = Self::file(checked, document).zip(checked.analysis.as_ref()) else {
            return Ok(None);
        };
        let found = find(analysis, file, document, offset);
        Ok(found.map(|(at, declared)| Named { document, checked, analysis, at, declared }))
    }
}

fn find(analysis: &Analysis, file: FileId, document: &Document, offset: usize) -> Option<(Span, Span)> {
    let touches =
        |span: Span| span.file == file && span.start as usize <= offset && offset <= span.end as usize;
    let start = analysis.links.partition_point(|it| it.at.file < file);
    let end = analysis.links.partition_point(|it| it.at.file <= file);
    // The one that ends here is meant only if none begins here.
    let used = analysis.links[start..end].iter().rfind(|it| touches(it.at));
    if let Some(link) = used {
        return Some((link.at, link.to));
    }
    if let Some(link) = analysis.links.iter().find(|it| touches(it.to)) {
        return Some((link.to, link.to));
    }
    let place = Place::at(document, offset)?;
    let Spot::Name(ident) = place.spot else { return None };
    let bytes = place.bytes(ident.span);
    let span = Span::new(file, bytes.start, bytes.end);
    Some((span, span))
}

impl Named<'_> {
    /// Where it is used, in order.
    pub fn uses(&self) -> impl Iterator<Item = Span> {
        self.analysis.links.iter().filter(|it| it.to == self.declared && it.at != it.to).map(|it| it.at)
    }

    /// The name as it is declared.
    pub fn text(&self) -> &str {
        self.analysis.sources.slice(self.declared)
    }
}

/// How many names mean what is declared there.
pub fn count(links: &[Link], declared: Span) -> usize {
    links.iter().filter(|it| it.to == declared && it.at != it.to).count()
}
