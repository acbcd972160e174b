//! The rules of the conversation, and clients that break them.

use super::support::Client;
use mlopsc::lsp::Ended;
use mlopsc::lsp::protocol::RequestId;
use mlopsc::lsp::protocol::envelope::Request;
use serde_json::{Value, json};

const POOL: &str = "pool linux { image = \"ubuntu-24.04\" }\n";

fn client() -> Client {
    let mut client = Client::new(&[("a.mlops", POOL)]);
    client.open("a.mlops");
    client
}

#[test]
fn nothing_is_answered_before_initialize_and_after_shutdown() {
    let mut client = Client::silent(&[]);
    assert_eq!(client.ask("textDocument/formatting", Value::Null).unwrap_err().0, -32002);
    client.tell("textDocument/didOpen", json!({}));
    client.ask("initialize", json!({ "capabilities": {} })).unwrap();
    assert_eq!(client.ask("initialize", json!({ "capabilities": {} })).unwrap_err().0, -32600);
    client.ask("shutdown", Value::Null).unwrap();
    assert_eq!(client.ask("textDocument/formatting", Value::Null).unwrap_err().0, -32600);
}

#[test]
fn the_end_is_proper_after_shutdown_only() {
    assert_eq!(Client::new(&[]).shutdown(), Ended::Properly);
}

#[test]
fn bytes_are_counted_where_the_client_can() {
    let encodings = |kinds: Value| json!({ "general": { "positionEncodings": kinds } });
    let chosen =
        |capabilities: Value| Client::with(&[], &capabilities).capabilities["positionEncoding"].clone();
    assert_eq!(chosen(encodings(json!(["utf-16", "utf-8"]))), "utf-8");
    assert_eq!(chosen(encodings(json!(["utf-32", "utf-16"]))), "utf-16");
    assert_eq!(chosen(json!({})), "utf-16");
    assert_eq!(chosen(encodings(json!(7))), "utf-16");
}

#[test]
fn columns_are_those_of_the_encoding() {
    for (encoding, column) in [("utf-8", 17), ("utf-16", 15)] {
        let capabilities = json!({ "general": { "positionEncodings": [encoding] } });
        let mut client = Client::with(&[("a.mlops", "pool a { name = \"\u{1F600}\" x }\n")], &capabilities);
        client.open("a.mlops");
        let found = client.settled("a.mlops");
        let columns: Vec<u64> =
            found.iter().map(|it| it["range"]["start"]["character"].as_u64().unwrap()).collect();
        assert!(columns.iter().any(|it| *it >= column && *it <= column + 8), "{encoding}: {columns:?}");
    }
}

#[test]
fn unknown_methods_and_wrong_parameters_are_errors_of_the_protocol() {
    let mut client = client();
    assert_eq!(client.ask("textDocument/nonsense", json!({})).unwrap_err().0, -32601);
    assert_eq!(client.ask("textDocument/formatting", json!([1, 2])).unwrap_err().0, -32602);
    let closed = json!({ "textDocument": { "uri": client.uri("b.mlops") }, "options": { "tabSize": 2, "insertSpaces": true } });
    assert_eq!(client.ask("textDocument/formatting", closed).unwrap_err().0, -32602);
    for uri in ["", "nonsense", "file://", "http://a/b.mlops", "file:///%zz", "untitled:Untitled-1"] {
        let params =
            json!({ "textDocument": { "uri": uri }, "options": { "tabSize": 2, "insertSpaces": true } });
        assert_eq!(client.ask("textDocument/formatting", params).unwrap_err().0, -32602, "{uri}");
    }
    assert_lives(&mut client);
}

#[test]
fn what_makes_no_sense_is_told_in_the_log() {
    let mut client = client();
    client.tell(
        "textDocument/didChange",
        json!({ "textDocument": { "uri": client.uri("b.mlops"), "version": 2 }, "contentChanges": [] }),
    );
    client.tell("textDocument/didClose", json!({ "textDocument": { "uri": client.uri("b.mlops") } }));
    client.tell("textDocument/didChange", json!({ "nonsense": true }));
    client.tell(
        "textDocument/didOpen",
        json!({ "textDocument": { "uri": "untitled:1", "languageId": "mlops", "version": 1, "text": "" } }),
    );
    client.tell("nonsense", Value::Null);
    client.tell("$/nonsense", Value::Null);
    client.tell("$/cancelRequest", json!({ "id": 1.5 }));
    assert_lives(&mut client);
    let logged = client.said.iter().filter(|it| it.0 == "window/logMessage").count();
    assert_eq!(logged, 5, "{:?}", client.said);
}

#[test]
fn a_request_can_be_cancelled_while_it_waits() {
    let mut client = client();
    // One message after the other is read before anything is answered.
    let id = client
        .request("textDocument/codeAction", json!({ "textDocument": { "uri": client.uri("a.mlops") } }));
    client.tell("$/cancelRequest", json!({ "id": id }));
    let code = client.answer(&id).unwrap_err().0;
    assert!(code == -32800 || code == -32602, "cancelled, or answered before: {code}");
    assert_lives(&mut client);
}

#[test]
fn nobody_waits_for_files_that_somebody_else_wants_to_see() {
    let pipeline = "pipeline a {\n  trigger manual\n  stage s { run \"a\" }\n}\n";
    let mut client = Client::new(&[("a.mlops", &format!("project p {{ pool = linux }}\n{POOL}{pipeline}"))]);
    client.open("a.mlops");
    client.settle("a.mlops");
    let params = json!({
        "textDocument": { "uri": client.uri("a.mlops") },
        "position": { "line": 2, "character": 10 },
    });
    let preview = client.request("mlopsc/preview", params.clone());
    let hover = client.request("textDocument/hover", params.clone());
    let completion = client.request("textDocument/completion", params);
    let ids = [preview.clone(), hover.clone(), completion.clone()];
    assert_eq!(client.first_answered(&ids), completion);
    let shown = client.answer(&preview).unwrap();
    assert!(shown["files"][0]["text"].is_string(), "{shown} {:?}", client.shown_of("a.mlops"));
    assert!(client.answer(&hover).unwrap()["contents"]["value"].as_str().unwrap().contains("Generated"));
}

#[test]
fn what_is_asked_of_an_older_text_is_not_answered_with_the_newer_one() {
    let mut client = client();
    let start = json!({ "line": 0, "character": 0 });
    let params = json!({
        "textDocument": { "uri": client.uri("a.mlops") },
        "range": { "start": start, "end": start },
        "context": { "diagnostics": [] },
    });
    for turn in 0..20 {
        let id = client.request("textDocument/codeAction", params.clone());
        client.replace("a.mlops", &format!("{POOL}// {turn}\n"));
        if let Err(error) = client.answer(&id) {
            assert_eq!(error.0, -32801, "{error:?}");
        }
    }
    assert_lives(&mut client);
}

#[test]
fn numbers_and_texts_are_ids() {
    let mut client = client();
    let id = RequestId::from("a text".to_owned());
    client.send(Request { id: id.clone(), method: "shutdown".to_owned(), params: Value::Null });
    client.answer(&id).unwrap();
}

fn assert_lives(client: &mut Client) {
    client.replace("a.mlops", POOL);
    client.settle("a.mlops");
    let options = json!({ "tabSize": 2, "insertSpaces": true });
    let params = json!({ "textDocument": { "uri": client.uri("a.mlops") }, "options": options });
    assert_eq!(client.ask("textDocument/formatting", params).unwrap(), json!([]));
}
