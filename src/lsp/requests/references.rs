//! Where a name is used, in all files.

use crate::lsp::feature::{Cx, Failure, Feature, Method, Needs, answer};
use crate::lsp::protocol::{Location, ReferenceParams};

pub static FEATURE: Feature = Feature {
    announce: |capabilities, _| capabilities.references_provider = Some(true.into()),
    methods: &[Method {
        name: "textDocument/references",
        needs: Needs::Analysis,
        run: |cx, params| answer(cx, params, references),
    }],
};

fn references(cx: &Cx<'_>, params: &ReferenceParams) -> Result<Vec<Location>, Failure> {
    let Some(named) = cx.named(&params.text_document_position_params)? else { return Ok(Vec::new()) };
    let declared = params.context.include_declaration.then_some(named.declared);
    let spans = declared.into_iter().chain(named.uses());
    Ok(spans.filter_map(|it| cx.location(named.checked, it)).collect())
}
