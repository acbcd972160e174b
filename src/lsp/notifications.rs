//! What a client tells: texts that open, change and close, files that change on the disk.

use super::document::Document;
use super::protocol::envelope::Notification;
use super::protocol::{
    DidChangeTextDocumentParams, DidChangeWatchedFilesParams, DidCloseTextDocumentParams,
    DidOpenTextDocumentParams, Uri,
};
use super::server::Server;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use std::path::PathBuf;

/// The error is a sentence for the log.
pub fn handle(server: &mut Server<'_>, notification: Notification) -> Result<(), String> {
    let Notification { method, params } = notification;
    match method.as_str() {
        "initialized" => watch(server),
        "textDocument/didOpen" => return open(server, read(params)?),
        "textDocument/didChange" => return change(server, read(params)?),
        "textDocument/didClose" => return close(server, &read(params)?),
        "workspace/didChangeWatchedFiles" => on_disk(server, &read(params)?),
        // Settings live in `mlopsc.toml`, which is watched like everything else; saving may have written anything.
        "textDocument/didSave"
        | "workspace/didChangeConfiguration"
        | "workspace/didChangeWorkspaceFolders" => {
            server.state.host.forget(None);
            server.state.changed_on_disk();
            server.forget_projects();
        }
        // What is not known may be ignored if it begins so.
        _ if method.starts_with("$/") => {}
        _ => return Err("it is not known".to_owned()),
    }
    Ok(())
}

fn read<P: DeserializeOwned>(params: Value) -> Result<P, String> {
    serde_json::from_value(params).map_err(|it| it.to_string())
}

/// Asks to be told of files that come, change and go.
fn watch(server: &mut Server<'_>) {
    let told = server.state.client.registers_watchers;
    server.state.host.is_told(told);
    if told {
        let options = json!({ "watchers": [{ "globPattern": "**/*" }] });
        let method = "workspace/didChangeWatchedFiles";
        let registrations = json!([{ "id": "files", "method": method, "registerOptions": options }]);
        server.ask("client/registerCapability", json!({ "registrations": registrations }));
    }
}

fn path(server: &Server<'_>, uri: &Uri) -> Result<PathBuf, String> {
    server.state.path(uri).ok_or_else(|| format!("`{}` is no file", uri.as_ref()))
}

fn open(server: &mut Server<'_>, params: DidOpenTextDocumentParams) -> Result<(), String> {
    let item = params.text_document;
    let path = path(server, &item.uri)?;
    server.before_change(&path);
    let mut document = Document::new(item.uri, path.clone(), item.version, item.text);
    document.revision = server.state.next_revision();
    server.state.open(document);
    server.forget_projects();
    server.edited.push(path);
    Ok(())
}

fn change(server: &mut Server<'_>, params: DidChangeTextDocumentParams) -> Result<(), String> {
    let uri = &params.text_document.text_document_identifier.uri;
    let path = path(server, uri)?;
    server.before_change(&path);
    let revision = server.state.next_revision();
    let encoding = server.state.client.encoding;
    let document = server.state.documents.get_mut(&path).ok_or("it is not open")?;
    document.version = params.text_document.version;
    document.change(params.content_changes, encoding, revision);
    server.state.changed(&path);
    if !server.edited.contains(&path) {
        server.edited.push(path);
    }
    Ok(())
}

fn close(server: &mut Server<'_>, params: &DidCloseTextDocumentParams) -> Result<(), String> {
    let path = path(server, &params.text_document.uri)?;
    server.before_change(&path);
    server.state.documents.get(&path).ok_or("it is not open")?;
    // What was not saved is gone: the disk counts again.
    server.state.host.forget(Some(&path));
    server.state.close(&path);
    server.forget_projects();
    Ok(())
}

fn on_disk(server: &mut Server<'_>, params: &DidChangeWatchedFilesParams) {
    for event in &params.changes {
        if let Some(path) = super::uri::to_path(&event.uri) {
            server.state.host.forget(Some(&path));
        }
    }
    server.state.changed_on_disk();
    server.forget_projects();
}
