//! A client in a test: a server of its own over a folder of its own.

use mlopsc::cli::disk::Local;
use mlopsc::cli::workspace::Workspace;
use mlopsc::lsp::protocol::envelope::{Notification, Request};
use mlopsc::lsp::protocol::{Connection, Envelope, RequestId, Response};
use mlopsc::lsp::{Ended, serve};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;
use std::thread::{self, JoinHandle};
use std::time::Duration;
use tempfile::TempDir;

/// Longer than any answer takes on the slowest machine; a server that hangs fails its test.
const PATIENCE: Duration = Duration::from_mins(1);

pub struct Client {
    folder: TempDir,
    connection: Connection,
    server: Option<JoinHandle<Ended>>,
    next_id: i32,
    versions: BTreeMap<String, i32>,
    /// The last published of each file.
    shown: BTreeMap<String, Value>,
    /// All that were published, with their addresses.
    published: Vec<(String, Value)>,
    /// What the server said besides.
    pub said: Vec<(String, Value)>,
    answers: Vec<Response>,
    pub capabilities: Value,
}

impl Client {
    /// A client that counts bytes and is told nothing of the disk by its editor.
    pub fn new(files: &[(&str, &str)]) -> Client {
        Self::with(files, &json!({ "general": { "positionEncodings": ["utf-8", "utf-16"] } }))
    }

    pub fn with(files: &[(&str, &str)], capabilities: &Value) -> Client {
        let mut client = Self::silent(files);
        let result = client.ask("initialize", json!({ "capabilities": capabilities })).unwrap();
        client.capabilities = result["capabilities"].clone();
        client.tell("initialized", json!({}));
        client
    }

    /// Before `initialize`.
    pub fn silent(files: &[(&str, &str)]) -> Client {
        let (ours, theirs) = Connection::memory();
        let server = thread::spawn(move || serve(&theirs, &Workspace::new(&Local)));
        let client = Client {
            folder: TempDir::new().unwrap(),
            connection: ours,
            server: Some(server),
            next_id: 0,
            versions: BTreeMap::new(),
            shown: BTreeMap::new(),
            published: Vec::new(),
            said: Vec::new(),
            answers: Vec::new(),
            capabilities: Value::Null,
        };
        for (path, text) in files {
            client.write(path, text);
        }
        client
    }

    pub fn at(&self, path: &str) -> PathBuf {
        fs::canonicalize(self.folder.path()).unwrap().join(path)
    }

    pub fn uri(&self, path: &str) -> String {
        format!("file://{}", self.at(path).display())
    }

    pub fn write(&self, path: &str, text: &str) {
        let path = self.at(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    pub fn remove(&self, path: &str) {
        fs::remove_file(self.at(path)).unwrap();
    }

    pub fn tell(&self, method: &str, params: Value) {
        self.send(Notification { method: method.to_owned(), params });
    }

    pub fn send(&self, message: impl Into<Envelope>) {
        self.connection.sender.send(message.into()).unwrap();
    }

    /// Sends a request and returns its id.
    pub fn request(&mut self, method: &str, params: Value) -> RequestId {
        self.next_id += 1;
        let id = RequestId::from(self.next_id);
        self.send(Request { id: id.clone(), method: method.to_owned(), params });
        id
    }

    /// The answer to a request; the error is the code and the message.
    pub fn answer(&mut self, id: &RequestId) -> Result<Value, (i32, String)> {
        loop {
            if let Some(at) = self.answers.iter().position(|it| it.id == *id) {
                let result = self.answers.remove(at).response_result;
                return result.map_err(|it| (it.code, it.message));
            }
            self.receive();
        }
    }

    /// Which of some requests is answered first.
    pub fn first_answered(&mut self, ids: &[RequestId]) -> RequestId {
        loop {
            if let Some(it) = self.answers.iter().find(|it| ids.contains(&it.id)) {
                return it.id.clone();
            }
            self.receive();
        }
    }

    pub fn ask(&mut self, method: &str, params: Value) -> Result<Value, (i32, String)> {
        let id = self.request(method, params);
        self.answer(&id)
    }

    fn receive(&mut self) {
        match self.connection.receiver.recv_timeout(PATIENCE).expect("the server goes on") {
            Envelope::Response(it) => self.answers.push(it),
            Envelope::Notification(it) if it.method == "textDocument/publishDiagnostics" => {
                let uri = it.params["uri"].as_str().unwrap().to_owned();
                self.published.push((uri.clone(), it.params["diagnostics"].clone()));
                self.shown.insert(uri, it.params);
            }
            Envelope::Notification(it) => self.said.push((it.method, it.params)),
            Envelope::Request(it) => {
                self.said.push((it.method, it.params));
                self.send(Response::new_ok(it.id, Value::Null));
            }
        }
    }

    /// Opens a file with the text that it has on the disk.
    pub fn open(&mut self, path: &str) {
        let text = fs::read_to_string(self.at(path)).unwrap();
        self.open_with(path, &text);
    }

    pub fn open_with(&mut self, path: &str, text: &str) {
        let uri = self.uri(path);
        self.versions.insert(path.to_owned(), 1);
        let item = json!({ "uri": uri, "languageId": "mlops", "version": 1, "text": text });
        self.tell("textDocument/didOpen", json!({ "textDocument": item }));
    }

    pub fn close(&self, path: &str) {
        self.tell("textDocument/didClose", json!({ "textDocument": { "uri": self.uri(path) } }));
    }

    /// Changes as the protocol writes them.
    pub fn change(&mut self, path: &str, changes: &Value) {
        let version = self.versions.entry(path.to_owned()).or_default();
        *version += 1;
        let document = json!({ "uri": self.uri(path), "version": self.versions[path] });
        self.tell("textDocument/didChange", json!({ "textDocument": document, "contentChanges": changes }));
    }

    pub fn replace(&mut self, path: &str, text: &str) {
        self.change(path, &json!([{ "text": text }]));
    }

    /// What is shown of a file when the server has nothing more to do.
    pub fn settled(&mut self, path: &str) -> Vec<Value> {
        self.settle(path);
        self.shown_of(path)
    }

    /// Waits until the project of an open file is checked.
    pub fn settle(&mut self, path: &str) {
        let start = json!({ "line": 0, "character": 0 });
        let params = json!({
            "textDocument": { "uri": self.uri(path) },
            "range": { "start": start, "end": start },
            "context": { "diagnostics": [] },
        });
        self.ask("textDocument/codeAction", params).unwrap();
    }

    /// What was shown of a file last.
    pub fn shown_of(&self, path: &str) -> Vec<Value> {
        let shown = self.shown.get(&self.uri(path));
        shown.and_then(|it| it["diagnostics"].as_array().cloned()).unwrap_or_default()
    }

    /// What was shown of all files last, by address.
    pub fn all_shown(&self) -> BTreeMap<String, Vec<Value>> {
        let findings = |it: &Value| it["diagnostics"].as_array().cloned().unwrap_or_default();
        self.shown.iter().map(|it| (it.0.clone(), findings(it.1))).collect()
    }

    /// All that was ever shown of a file, one after the other.
    pub fn history(&self, path: &str) -> Vec<Vec<Value>> {
        let uri = self.uri(path);
        let own = self.published.iter().filter(|it| it.0 == uri);
        own.map(|it| it.1.as_array().cloned().unwrap_or_default()).collect()
    }

    pub fn shown_version(&self, path: &str) -> Option<i64> {
        self.shown.get(&self.uri(path))?["version"].as_i64()
    }

    /// Codes with lines, from 1.
    pub fn codes(&mut self, path: &str) -> Vec<String> {
        self.settled(path).iter().map(code).collect()
    }

    pub fn shutdown(mut self) -> Ended {
        self.ask("shutdown", Value::Null).unwrap();
        self.tell("exit", Value::Null);
        self.server.take().unwrap().join().unwrap()
    }
}

/// `code:line`
pub fn code(diagnostic: &Value) -> String {
    let line = diagnostic["range"]["start"]["line"].as_u64().unwrap() + 1;
    format!("{}:{line}", diagnostic["code"].as_str().unwrap())
}

/// The text with edits of the protocol made, in bytes.
pub fn apply(text: &str, edits: &Value) -> String {
    let offset = |position: &Value| {
        let number = |key: &str| usize::try_from(position[key].as_u64().unwrap()).unwrap();
        let lines: usize = text.split_inclusive('\n').take(number("line")).map(str::len).sum();
        lines + number("character")
    };
    let mut edits: Vec<(usize, usize, &str)> = edits
        .as_array()
        .unwrap()
        .iter()
        .map(|it| {
            (offset(&it["range"]["start"]), offset(&it["range"]["end"]), it["newText"].as_str().unwrap())
        })
        .collect();
    edits.sort_unstable();
    let mut text = text.to_owned();
    edits.into_iter().rev().for_each(|(start, end, new)| text.replace_range(start..end, new));
    text
}

/// `{ line, character }` of the first byte of `needle`, and `behind` bytes further.
pub fn position(text: &str, needle: &str, behind: usize) -> Value {
    let at = text.find(needle).unwrap_or_else(|| panic!("`{needle}` is not there")) + behind;
    let line = text[..at].matches('\n').count();
    let start = text[..at].rfind('\n').map_or(0, |it| it + 1);
    json!({ "line": line, "character": at - start })
}
