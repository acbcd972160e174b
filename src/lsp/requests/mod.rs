//! One file a feature. A feature announces itself to the client and answers its methods.

mod code_action;
mod completion;
mod definition;
mod formatting;
mod highlight;
mod hover;
mod references;
mod rename;

use super::feature::{Feature, Method};
use super::protocol::{
    Save, SaveOptions, ServerCapabilities, TextDocumentSync, TextDocumentSyncKind, TextDocumentSyncOptions,
};
use super::state::Client;

/// In the order of the documentation.
static FEATURES: &[&Feature] = &[
    &completion::FEATURE,
    &hover::FEATURE,
    &definition::FEATURE,
    &references::FEATURE,
    &highlight::FEATURE,
    &rename::FEATURE,
    &code_action::FEATURE,
    &formatting::FEATURE,
];

pub fn find(method: &str) -> Option<&'static Method> {
    FEATURES.iter().flat_map(|it| it.methods).find(|it| it.name == method)
}

pub fn capabilities(client: &Client) -> ServerCapabilities {
    let mut capabilities = ServerCapabilities {
        position_encoding: Some(client.encoding.kind()),
        text_document_sync: Some(TextDocumentSync::Options(TextDocumentSyncOptions {
            open_close: Some(true),
            change: Some(TextDocumentSyncKind::Incremental),
            save: Some(Save::SaveOptions(SaveOptions { include_text: Some(false) })),
            ..TextDocumentSyncOptions::default()
        })),
        ..ServerCapabilities::default()
    };
    for feature in FEATURES {
        (feature.announce)(&mut capabilities, client);
    }
    capabilities
}
