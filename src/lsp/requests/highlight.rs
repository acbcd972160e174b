//! Where else in the text the name at the cursor stands.

use crate::lsp::feature::{Cx, Failure, Feature, Method, Needs, answer};
use crate::lsp::protocol::{DocumentHighlight, DocumentHighlightKind, DocumentHighlightParams};

pub static FEATURE: Feature = Feature {
    announce: |capabilities, _| capabilities.document_highlight_provider = Some(true.into()),
    methods: &[Method {
        name: "textDocument/documentHighlight",
        needs: Needs::Analysis,
        run: |cx, params| answer(cx, params, highlights),
    }],
};

fn highlights(cx: &Cx<'_>, params: &DocumentHighlightParams) -> Result<Vec<DocumentHighlight>, Failure> {
    let Some(named) = cx.named(&params.text_document_position_params)? else { return Ok(Vec::new()) };
    let declared = std::iter::once((named.declared, DocumentHighlightKind::Write));
    let used = named.uses().map(|it| (it, DocumentHighlightKind::Read));
    let here = declared.chain(used).filter(|it| it.0.file == named.at.file);
    let highlights = here.map(|(span, kind)| DocumentHighlight {
        range: cx.range(named.document, span.range()),
        kind: Some(kind),
    });
    Ok(highlights.collect())
}
