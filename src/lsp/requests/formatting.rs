//! The text in the one style, whole or in part. The style has no settings, so those of the editor are not asked.

use crate::format;
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
    Ok(edits(cx, document, 0..usize::MAX))
}

fn part(cx: &Cx<'_>, params: &DocumentRangeFormattingParams) -> Result<Vec<TextEdit>, Failure> {
    let document = cx.document(&params.text_document.uri)?;
    let mut ends = [params.range.start, params.range.end];
    ends.sort_by_key(|it| (it.line, it.character));
    let [start, end] = ends;
    // A selection of whole lines ends where the line behind them begins.
    let is_in_last = end.character > 0 || start == end;
    Ok(edits(cx, document, start.line as usize..end.line as usize + usize::from(is_in_last)))
}

/// The changes of formatting that touch these lines.
fn edits(cx: &Cx<'_>, document: &Document, lines: Range<usize>) -> Vec<TextEdit> {
    let edits = format::range(&document.text, lines).into_iter();
    edits.map(|it| TextEdit { range: cx.range(document, it.range), new_text: it.text }).collect()
}
