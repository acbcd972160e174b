//! Where a name is declared.

use crate::lsp::feature::{Cx, Failure, Feature, Method, Needs, answer};
use crate::lsp::protocol::{DefinitionParams, Location};

pub static FEATURE: Feature = Feature {
    announce: |capabilities, _| capabilities.definition_provider = Some(true.into()),
    methods: &[Method {
        name: "textDocument/definition",
        needs: Needs::Analysis,
        run: |cx, params| answer(cx, params, definition),
    }],
};

fn definition(cx: &Cx<'_>, params: &DefinitionParams) -> Result<Option<Location>, Failure> {
    let found = cx.named(&params.text_document_position_params)?;
    Ok(found.and_then(|it| cx.location(it.checked, it.declared)))
}
