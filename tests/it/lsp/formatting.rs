//! The one style, whole and in part.

use super::support::{Client, apply};
use serde_json::{Value, json};

const WILD: &str = "pool   linux {image=\"ubuntu-24.04\"}\n\npool gpu {\nname=\"g\"\n}\n";

fn ask(client: &mut Client, method: &str, extra: &Value) -> Value {
    let mut params = json!({
        "textDocument": { "uri": client.uri("a.mlops") },
        "options": { "tabSize": 8, "insertSpaces": false },
    });
    params.as_object_mut().unwrap().extend(extra.as_object().unwrap().clone());
    client.ask(method, params).unwrap()
}

#[test]
fn the_whole_text_is_formatted_as_the_command_does() {
    let mut client = Client::new(&[("a.mlops", WILD)]);
    client.open("a.mlops");
    let edits = ask(&mut client, "textDocument/formatting", &json!({}));
    assert_eq!(apply(WILD, &edits), mlopsc::format::format(WILD));
    client.replace("a.mlops", &mlopsc::format::format(WILD));
    assert_eq!(ask(&mut client, "textDocument/formatting", &json!({})), json!([]));
}

#[test]
fn a_part_leaves_the_rest_alone() {
    let mut client = Client::new(&[("a.mlops", WILD)]);
    client.open("a.mlops");
    let place = |line: u32| json!({ "line": line, "character": 0 });
    let range = json!({ "range": { "start": place(3), "end": place(4) } });
    let edits = ask(&mut client, "textDocument/rangeFormatting", &range);
    assert_eq!(apply(WILD, &edits), WILD.replace("\nname=", "\n  name = "));
    let outside = json!({ "range": { "start": place(99), "end": place(100) } });
    let edits = ask(&mut client, "textDocument/rangeFormatting", &outside);
    assert_eq!(edits, json!([]));
}
