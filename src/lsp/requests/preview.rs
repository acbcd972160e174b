//! What is generated from the statement at the cursor, beside the source: a request of this server's own.

use crate::base::span::{FileId, Span};
use crate::lsp::convert;
use crate::lsp::document::Document;
use crate::lsp::feature::{Cx, Failure, Feature, Method, Needs, answer};
use crate::lsp::output::Stretch;
use crate::lsp::protocol::{Range, TextDocumentPositionParams};
use crate::lsp::worker::Checked;
use serde::Serialize;
use std::collections::BTreeMap;

pub static FEATURE: Feature = Feature {
    announce: |_, _| {},
    methods: &[Method {
        name: "mlopsc/preview",
        needs: Needs::Written,
        run: |cx, params| answer(cx, params, preview),
    }],
};

#[derive(Serialize)]
struct Preview {
    /// What comes from the cursor's statement most directly stands first.
    files: Vec<File>,
}

#[derive(Serialize)]
struct File {
    /// From the project's folder, with `/`.
    path: String,
    text: String,
    /// The lines that come from the statement; absent where that is the whole file.
    #[serde(skip_serializing_if = "Option::is_none")]
    range: Option<Range>,
}

/// None where nothing is generated, and where the project has errors.
fn preview(cx: &Cx<'_>, params: &TextDocumentPositionParams) -> Result<Option<Preview>, Failure> {
    let document = cx.document(&params.text_document.uri)?;
    let offset = cx.offset(document, params.position)?;
    let Some(checked) = cx.checked(document) else { return Ok(None) };
    let Some(file) = Cx::file(checked, document) else { return Ok(None) };
    let stretches = stretches(checked, document, file, meant(document, offset));
    let files = files(cx, checked, &stretches);
    Ok((!files.is_empty()).then_some(Preview { files }))
}

/// What comes from the innermost statement around the place from which something comes.
fn stretches<'c>(checked: &'c Checked, document: &Document, file: FileId, place: usize) -> Vec<Stretch<'c>> {
    let around = document.tree.piece_at(place).map(|it| it.statement_starts(place)).unwrap_or_default();
    let places = std::iter::once(place).chain(around.into_iter().rev());
    let found = places.map(|it| checked.stretches(Span::new(file, it, it)));
    found.into_iter().find(|it| !it.is_empty()).unwrap_or_default()
}

/// On blank before or behind what a line says, that is meant.
fn meant(document: &Document, offset: usize) -> usize {
    let line = document.lines.partition_point(|it| *it as usize <= offset).saturating_sub(1);
    let start = document.lines[line] as usize;
    let text = document.text[start..].lines().next().unwrap_or_default();
    let first = start + text.len() - text.trim_start().len();
    let last = text.trim_end().char_indices().last().map_or(first, |it| start + it.0);
    offset.max(first).min(last.max(first))
}

fn files(cx: &Cx<'_>, checked: &Checked, stretches: &[Stretch<'_>]) -> Vec<File> {
    let smallest = |it: &Stretch<'_>| it.part.span.end - it.part.span.start;
    let mut by_path: BTreeMap<&str, Vec<&Stretch<'_>>> = BTreeMap::new();
    for it in stretches {
        by_path.entry(&it.written.file.path).or_default().push(it);
    }
    let mut found: Vec<Vec<&Stretch<'_>>> = by_path.into_values().collect();
    found.sort_by_key(|it| it.first().map(|it| smallest(it)));
    found.iter().filter_map(|it| file(cx, checked, it)).collect()
}

/// A file with the first of its stretches, and those that follow it without a gap.
fn file(cx: &Cx<'_>, checked: &Checked, stretches: &[&Stretch<'_>]) -> Option<File> {
    let first = stretches.first()?;
    let text = &first.written.file.text;
    let lines = convert::lines(text);
    let mut last = first.part.last;
    for it in stretches.iter().filter(|it| it.part.first >= first.part.first) {
        last = if it.part.first <= last + 1 { last.max(it.part.last) } else { last };
    }
    let is_whole = first.part.first == 1 && last >= text.lines().count();
    let start = *lines.get(first.part.first.saturating_sub(1))? as usize;
    let end = lines.get(last).map_or(text.len(), |it| *it as usize);
    let end = start + text[start..end].trim_end_matches('\n').len();
    let written = convert::Text { text, lines: &lines, encoding: cx.encoding() };
    let range = (!is_whole).then(|| written.range(start..end));
    let path = format!("{}/{}", checked.loaded.texts.config.output, first.written.file.path);
    Some(File { path, text: text.clone(), range })
}
