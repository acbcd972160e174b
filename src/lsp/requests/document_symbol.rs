//! The outline of a file.

use crate::lsp::document::Document;
use crate::lsp::feature::{Cx, Failure, Feature, Method, Needs, answer};
use crate::lsp::outline::{self, Entry};
use crate::lsp::protocol::{
    BaseSymbolInformation, DocumentSymbol, DocumentSymbolParams, DocumentSymbolResponse, Location,
    SymbolInformation,
};

pub static FEATURE: Feature = Feature {
    announce: |capabilities, _| capabilities.document_symbol_provider = Some(true.into()),
    methods: &[Method {
        name: "textDocument/documentSymbol",
        needs: Needs::Tree,
        run: |cx, params| answer(cx, params, document_symbol),
    }],
};

fn document_symbol(cx: &Cx<'_>, params: &DocumentSymbolParams) -> Result<DocumentSymbolResponse, Failure> {
    let document = cx.document(&params.text_document.uri)?;
    let entries = outline::of(document);
    if cx.state.client.nested_symbols {
        let symbols = entries.into_iter().map(|it| nested(cx, document, it));
        return Ok(DocumentSymbolResponse::DocumentSymbolList(symbols.collect()));
    }
    let mut symbols = Vec::new();
    flat(cx, document, entries, None, &mut symbols);
    Ok(DocumentSymbolResponse::SymbolInformationList(symbols))
}

fn nested(cx: &Cx<'_>, document: &Document, entry: Entry) -> DocumentSymbol {
    let inner = entry.inner.into_iter().map(|it| nested(cx, document, it)).collect();
    let detail = Some(entry.word).filter(|it| *it != entry.name);
    let (whole, place) = (cx.range(document, entry.whole), cx.range(document, entry.place));
    DocumentSymbol::new(entry.name, detail, entry.kind, None, None, whole, place, Some(inner))
}

fn flat(
    cx: &Cx<'_>,
    document: &Document,
    entries: Vec<Entry>,
    around: Option<&str>,
    found: &mut Vec<SymbolInformation>,
) {
    for entry in entries {
        let base = BaseSymbolInformation {
            name: entry.name.clone(),
            kind: entry.kind,
            tags: None,
            container_name: around.map(str::to_owned),
        };
        let location = Location { uri: document.uri.clone(), range: cx.range(document, entry.whole) };
        found.push(SymbolInformation::new(None, location, base));
        flat(cx, document, entry.inner, Some(&entry.name), found);
    }
}
