//! The text in the one style, whole or in part. The style has no settings, so those of the editor are not asked.

use crate::format::format;
use crate::lsp::document::Document;
use crate::lsp::feature::{Cx, Failure, Feature, Method, Needs, answer};
use crate::lsp::protocol::{DocumentFormattingParams, DocumentRangeFormattingParams, TextEdit};
use std::ops::Range;

pub static FEATURE: Feature = Feature {
    announce: |capabilities, _| {
        capabilities.document_formatting_provider = Some(true.into());
        capabilities.document_range_formatting_provider = Some(true.into());
    },
    methods: &[
        Method {
            name: "textDocument/formatting",
            needs: Needs::Tree,
            run: |cx, params| answer(cx, params, whole),
        },
        Method {
            name: "textDocument/rangeFormatting",
            needs: Needs::Tree,
            run: |cx, params| answer(cx, params, part),
        },
    ],
};

fn whole(cx: &Cx<'_>, params: &DocumentFormattingParams) -> Result<Vec<TextEdit>, Failure> {
    let document = cx.document(&params.text_document.uri)?;
    Ok(edits(cx, document, 0..document.text.len()))
}

fn part(cx: &Cx<'_>, params: &DocumentRangeFormattingParams) -> Result<Vec<TextEdit>, Failure> {
    let document = cx.document(&params.text_document.uri)?;
    let text = document.text(cx.encoding());
    let (start, end) = (text.clamped(params.range.start), text.clamped(params.range.end));
    Ok(edits(cx, document, start.min(end)..end.max(start)))
}

/// The changes of formatting that touch the part: by lines, so that places in lines that stay are kept.
fn edits(cx: &Cx<'_>, document: &Document, part: Range<usize>) -> Vec<TextEdit> {
    let formatted = format(&document.text);
    let (before, after): (Vec<&str>, Vec<&str>) =
        (document.text.split_inclusive('\n').collect(), formatted.split_inclusive('\n').collect());
    let start = |line: usize| document.lines.get(line).map_or(document.text.len(), |it| *it as usize);
    let changes = similar::capture_diff_slices(similar::Algorithm::Patience, &before, &after);
    let changes = changes.into_iter().filter(|it| it.tag() != similar::DiffTag::Equal);
    let edits = changes.map(|it| (start(it.old_range().start)..start(it.old_range().end), it.new_range()));
    let edits = edits.filter(|(old, _)| old.start <= part.end && part.start <= old.end);
    let edits =
        edits.map(|(old, new)| TextEdit { range: cx.range(document, old), new_text: after[new].concat() });
    edits.collect()
}
