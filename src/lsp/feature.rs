//! What a feature of the server is: the methods it answers, and what it needs for that.

use super::convert::{Encoding, Text};
use super::document::Document;
use super::protocol::{ErrorCode, Location, Position, Range, ServerCapabilities, Uri};
use super::state::{Client, State};
use super::worker::Checked;
use crate::base::sources::Source;
use crate::base::span::{FileId, Span};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use std::sync::Arc;

pub struct Feature {
    /// Says to the client that it is there.
    pub announce: fn(&mut ServerCapabilities, &Client),
    pub methods: &'static [Method],
}

pub struct Method {
    pub name: &'static str,
    pub needs: Needs,
    pub run: Run,
}

pub type Run = fn(&Cx<'_>, Value) -> Result<Value, Failure>;

/// What must be known before the method can answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Needs {
    /// The text and its tree.
    Tree,
    /// What was found in the project at some time: names that were there a moment ago will do.
    Project,
    /// What was found in all texts of the project as they are now.
    Analysis,
    /// The same, and what is generated from it.
    Written,
}

/// Why there is no answer.
#[derive(Debug, PartialEq, Eq)]
pub enum Failure {
    /// What the client sent makes no sense.
    Params(String),
    /// What is asked for cannot be done; a sentence for people.
    Refused(String),
    /// The text has changed since.
    Modified,
    Canceled,
    /// A panic; it has been told.
    Bug,
}

impl Failure {
    pub fn code(&self) -> ErrorCode {
        match self {
            Failure::Params(_) => ErrorCode::InvalidParams,
            Failure::Refused(_) => ErrorCode::RequestFailed,
            Failure::Modified => ErrorCode::ContentModified,
            Failure::Canceled => ErrorCode::RequestCanceled,
            Failure::Bug => ErrorCode::InternalError,
        }
    }

    pub fn message(&self) -> &str {
        match self {
            Failure::Params(it) | Failure::Refused(it) => it,
            Failure::Modified => "the text has changed",
            Failure::Canceled => "canceled",
            Failure::Bug => "this is a bug in mlopsc; its output says where",
        }
    }
}

/// What a method sees.
pub struct Cx<'s> {
    pub state: &'s State<'s>,
}

/// Reads the parameters and writes the answer of a method.
pub fn answer<P: DeserializeOwned, R: Serialize>(
    cx: &Cx<'_>,
    params: Value,
    run: fn(&Cx<'_>, &P) -> Result<R, Failure>,
) -> Result<Value, Failure> {
    let params: P = serde_json::from_value(params).map_err(|it| Failure::Params(it.to_string()))?;
    let result = run(cx, &params)?;
    serde_json::to_value(result).map_err(|it| Failure::Refused(it.to_string()))
}

impl<'s> Cx<'s> {
    pub fn encoding(&self) -> Encoding {
        self.state.client.encoding
    }

    pub fn document(&self, uri: &Uri) -> Result<&'s Document, Failure> {
        let found = self.state.document(uri);
        found.ok_or_else(|| Failure::Params(format!("`{}` is not open", uri.as_ref())))
    }

    /// The byte of the document.
    pub fn offset(&self, document: &Document, position: Position) -> Result<usize, Failure> {
        let found = document.text(self.encoding()).offset(position);
        found.ok_or_else(|| Failure::Params("the position is outside of the text".to_owned()))
    }

    pub fn range(&self, document: &Document, bytes: std::ops::Range<usize>) -> Range {
        document.text(self.encoding()).range(bytes)
    }

    /// The document's project as it was checked last: exactly its present texts where the method needs an analysis.
    pub fn checked(&self, document: &Document) -> Option<&'s Arc<Checked>> {
        self.state.project_of(&document.path)?.1.latest.as_ref()
    }

    /// The same of texts that hold together, where the present ones do not: what is not read of them is declared there.
    pub fn whole(&self, document: &Document) -> Option<&'s Arc<Checked>> {
        let project = self.state.project_of(&document.path)?.1;
        project.whole.as_ref().or(project.latest.as_ref())
    }

    /// The id of an open document in its project's sources.
    pub fn file(checked: &Checked, document: &Document) -> Option<FileId> {
        let sources = &checked.analysis.as_ref()?.sources;
        sources.iter().find(|(_, it)| checked.key.path(&it.path) == document.path).map(|it| it.0)
    }

    /// Where a span of the project's sources stands, for the client. Spans in copies are those of the file.
    pub fn location(&self, checked: &Checked, span: Span) -> Option<Location> {
        let source = checked.analysis.as_ref()?.sources.get(span.file);
        let uri = self.state.uri(&checked.key.path(&source.path));
        Some(Location { uri, range: source_text(source, self.encoding()).range(span.range()) })
    }
}

/// A source with its lines.
pub fn source_text(source: &Source, encoding: Encoding) -> Text<'_> {
    Text { text: &source.text, lines: source.lines(), encoding }
}
