//! Side files that a text names, to be opened with a click.

use crate::lsp::document::Document;
use crate::lsp::feature::{Cx, Failure, Feature, Method, Needs, answer};
use crate::lsp::protocol::{DocumentLink, DocumentLinkOptions, DocumentLinkParams};
use crate::lsp::walk;
use crate::schema::Type;
use crate::syntax::ast::{Expr, ExprKind};
use std::ops::Range;
use std::path::Path;

pub static FEATURE: Feature = Feature {
    announce: |capabilities, _| {
        capabilities.document_link_provider = Some(DocumentLinkOptions::default());
    },
    methods: &[Method {
        name: "textDocument/documentLink",
        needs: Needs::Tree,
        run: |cx, params| answer(cx, params, document_link),
    }],
};

fn document_link(cx: &Cx<'_>, params: &DocumentLinkParams) -> Result<Vec<DocumentLink>, Failure> {
    let document = cx.document(&params.text_document.uri)?;
    let Some(project) = &document.project else { return Ok(Vec::new()) };
    let links = named(document).into_iter().filter_map(|(bytes, path)| {
        let path = project.path(&path);
        cx.state.host.is_file(&path).then(|| link(cx, document, bytes, &path))
    });
    Ok(links.collect())
}

fn link(cx: &Cx<'_>, document: &Document, bytes: Range<usize>, path: &Path) -> DocumentLink {
    DocumentLink {
        range: cx.range(document, bytes),
        target: Some(cx.state.uri(path)),
        tooltip: None,
        data: None,
    }
}

/// What stands in quotes where a path is awaited, with the path from the project's folder.
fn named(document: &Document) -> Vec<(Range<usize>, String)> {
    let mut found = Vec::new();
    walk::statements(document, &mut |piece, statement, row| {
        walk::values(statement, row, &mut |value, ty| {
            let paths = match ty {
                Some(Type::File | Type::Path) => std::slice::from_ref(value),
                _ => read(value),
            };
            for path in paths {
                if let ExprKind::String(text) = &path.kind
                    && let Some(path) = text.constant()
                {
                    found.push((piece.bytes(text.raw), path.into_owned()));
                }
            }
        });
    });
    found
}

/// What a function reads while compiling.
fn read(value: &Expr) -> &[Expr] {
    match &value.kind {
        ExprKind::Call(function, arguments)
            if function.as_ident().is_some_and(|it| READERS.contains(&it.value.as_str())) =>
        {
            arguments.get(..1).unwrap_or_default()
        }
        _ => &[],
    }
}

/// Functions whose first argument is the path of a file.
const READERS: &[&str] = &["read_json", "read_yaml"];
