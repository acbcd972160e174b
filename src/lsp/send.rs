//! What the server sends.

use super::feature::Failure;
use super::protocol::envelope::{Notification, Request};
use super::protocol::{self, Envelope, ErrorCode, RequestId, Response, Uri};
use super::server::Server;
use serde_json::{Value, json};

impl Server<'_> {
    pub(super) fn publish(&self, uri: Uri, version: Option<i32>, diagnostics: Vec<protocol::Diagnostic>) {
        let params = protocol::PublishDiagnosticsParams { uri, version, diagnostics };
        self.notify("textDocument/publishDiagnostics", &params);
    }

    /// Asks the client for something; its answer does not matter.
    pub(super) fn ask(&mut self, method: &str, params: Value) {
        self.next_id += 1;
        self.send(Request { id: RequestId::from(self.next_id), method: method.to_owned(), params });
    }

    /// Tells people something, once.
    pub(super) fn tell(&mut self, message: &str) {
        if !self.told.iter().any(|it| it == message) {
            self.told.push(message.to_owned());
            self.notify("window/showMessage", &json!({ "type": 1, "message": message }));
        }
    }

    pub(super) fn log(&self, message: &str) {
        self.notify("window/logMessage", &json!({ "type": 2, "message": message }));
    }

    pub(super) fn notify(&self, method: &str, params: &impl serde::Serialize) {
        let params = serde_json::to_value(params).unwrap_or_default();
        self.send(Notification { method: method.to_owned(), params });
    }

    pub(super) fn reply(&self, id: RequestId, result: Result<Value, Failure>) {
        match result {
            Ok(value) => self.send(Response::new_ok(id, value)),
            Err(it) => self.fail(id, it.code(), it.message()),
        }
    }

    pub(super) fn fail(&self, id: RequestId, code: ErrorCode, message: &str) {
        self.send(Response::new_err(id, code as i32, message.to_owned()));
    }

    /// A client that has gone away is noticed where its messages are read.
    pub(super) fn send(&self, message: impl Into<Envelope>) {
        let _ = self.connection.sender.send(message.into());
    }
}
