//! Messages over streams, healthy and not.

use mlopsc::lsp::protocol::{Envelope, Response};
use mlopsc::lsp::transport;
use serde_json::{Value, json};
use std::io::{self, Cursor, Write};
use std::sync::{Arc, Mutex};

#[derive(Clone, Default)]
struct Shared(Arc<Mutex<Vec<u8>>>);

impl Write for Shared {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn framed(body: &str) -> String {
    format!("Content-Length: {}\r\n\r\n{body}", body.len())
}

/// What is written when each request that arrives is answered by its method.
fn answers(input: &str) -> Vec<Value> {
    let output = Shared::default();
    transport::over(Cursor::new(input.to_owned().into_bytes()), output.clone(), |connection| {
        for message in &connection.receiver {
            if let Envelope::Request(it) = message {
                connection.sender.send(Response::new_ok(it.id, it.method).into()).unwrap();
            }
        }
    });
    let written = String::from_utf8(output.0.lock().unwrap().clone()).unwrap();
    let bodies = written.split("Content-Length: ").skip(1);
    bodies.map(|it| serde_json::from_str(it.split_once("\r\n\r\n").unwrap().1).unwrap()).collect()
}

#[test]
fn requests_are_answered_behind_a_header() {
    let request = framed("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ä\"}");
    assert_eq!(answers(&request), [json!({ "jsonrpc": "2.0", "id": 1, "result": "ä" })]);
    let spelt = request.replace("Content-Length", "Content-Type: x\r\ncontent-length");
    assert_eq!(answers(&spelt).len(), 1);
}

#[test]
fn what_is_no_message_is_refused_and_the_next_one_is_read() {
    let good = framed("{\"id\":7,\"method\":\"m\"}");
    for (bad, id, code) in [
        (framed("{nonsense"), Value::Null, -32700),
        (framed("{\"id\":3}"), json!(3), -32600),
        (framed("[]"), Value::Null, -32600),
        (framed("{\"id\":[],\"method\":\"m\"}"), Value::Null, -32600),
        (framed("{\"id\":3,\"method\":5}"), json!(3), -32600),
    ] {
        let found = answers(&format!("{bad}{good}"));
        let refused = found.iter().find(|it| it.get("error").is_some()).unwrap_or_else(|| panic!("{bad}"));
        assert_eq!((&refused["id"], &refused["error"]["code"]), (&id, &json!(code)), "{bad}");
        assert!(found.iter().any(|it| it["id"] == 7), "{bad}: {found:?}");
    }
}

#[test]
fn headers_without_sense_are_skipped() {
    let good = framed("{\"id\":7,\"method\":\"m\"}");
    for bad in ["\r\n", "Content-Length: many\r\n\r\n", "Nonsense\r\n\r\n", "X: y\r\n\r\n"] {
        assert_eq!(answers(&format!("{bad}{good}")).len(), 1, "{bad:?}");
    }
    assert_eq!(answers("Content-Length: 99\r\n\r\n{}"), [Value::Null; 0], "the input ends too early");
    assert_eq!(answers(""), [Value::Null; 0]);
}
