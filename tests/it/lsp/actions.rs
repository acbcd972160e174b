//! Repairs and allowances.

use super::support::{Client, apply};
use serde_json::{Value, json};

const PROJECT: &str = "project p { pool = linux }\npool linux { image = \"ubuntu-24.04\" }\n\
                       pipeline build {\n  trigger manual\n  stage make { run \"make\" }\n}\n";

fn actions(client: &mut Client, text: &str, needle: &str, only: &Value) -> Vec<Value> {
    let at = super::support::position(text, needle, 0);
    let params = json!({
        "textDocument": { "uri": client.uri("main.mlops") },
        "range": { "start": at, "end": at },
        "context": { "diagnostics": [], "only": only },
    });
    client.ask("textDocument/codeAction", params).unwrap().as_array().unwrap().clone()
}

fn client(text: &str) -> Client {
    let mut client = Client::new(&[("mlopsc.toml", ""), ("main.mlops", text)]);
    client.open("main.mlops");
    client
}

fn after(client: &Client, text: &str, action: &Value) -> String {
    apply(text, &action["edit"]["changes"][client.uri("main.mlops")])
}

#[test]
fn a_repair_is_offered_where_it_is_found() {
    let text = PROJECT.replace("pool = linux", "pool = linx");
    let mut client = client(&text);
    let found = actions(&mut client, &text, "linx", &Value::Null);
    let repair = found.iter().find(|it| it["kind"] == "quickfix").expect("there is one");
    assert_eq!(after(&client, &text, repair), PROJECT);
    assert_eq!(actions(&mut client, &text, "trigger", &json!(["quickfix"])), [Value::Null; 0]);
}

#[test]
fn a_warning_can_be_allowed_and_is_gone_then() {
    let text = format!("{PROJECT}pool other {{ image = \"ubuntu-24.04\" }}\n");
    let mut client = client(&text);
    let found = actions(&mut client, &text, "pool other", &json!(["quickfix"]));
    let allow = found.iter().find(|it| it["title"].as_str().unwrap().starts_with("Allow")).unwrap();
    let allowed = after(&client, &text, allow);
    assert!(allowed.contains("// mlopsc: allow(unused-declaration) "), "{allowed}");
    client.replace("main.mlops", &allowed);
    assert_eq!(client.codes("main.mlops"), [""; 0]);
}

#[test]
fn all_safe_repairs_are_made_at_once() {
    let text = PROJECT
        .replace("pool = linux", "pool = \"linux\"")
        .replace("run \"make\"", "pool = \"linux\", run \"make\"");
    let mut client = client(&text);
    let found = actions(&mut client, &text, "project", &json!(["source.fixAll"]));
    assert_eq!(found.len(), 1, "{found:?}");
    assert_eq!(after(&client, &text, &found[0]), text.replace("\"linux\"", "linux"));
    assert_eq!(actions(&mut client, &text, "project", &json!(["source"])).len(), 1);
}
