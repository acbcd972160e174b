//! Repairs and allowances.

use super::support::{Client, apply};
use serde_json::{Value, json};

const PROJECT: &str = "project p { pool = linux }\npool linux { image = \"ubuntu-24.04\" }\n\
                       pipeline build {\n  trigger manual\n  stage make { run \"make\" }\n}\n";

fn actions(client: &mut Client, text: &str, needle: &str, only: &Value) -> Vec<Value> {
    selected(client, text, needle, 0, only)
}

/// With so many bytes selected.
fn selected(client: &mut Client, text: &str, needle: &str, bytes: usize, only: &Value) -> Vec<Value> {
    let at = |behind: usize| super::support::position(text, needle, behind);
    let params = json!({
        "textDocument": { "uri": client.uri("main.mlops") },
        "range": { "start": at(0), "end": at(bytes) },
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

#[test]
fn repairs_that_follow_from_others_are_made_in_rounds() {
    let text = PROJECT.replace("pool = linux", "pool = \"linux\", pool = \"linux\"");
    let mut client = client(&text);
    let found = actions(&mut client, &text, "project", &json!(["source.fixAll"]));
    let after = found.first().map_or_else(|| text.clone(), |it| after(&client, &text, it));
    client.replace("main.mlops", &after);
    let left = actions(&mut client, &after, "project", &json!(["source.fixAll"]));
    assert_eq!(left, [Value::Null; 0], "nothing is left to repair in\n{after}");
    assert_eq!(
        actions(&mut client, &after, "project", &Value::Null)
            .iter()
            .filter(|it| it["kind"] == "source.fixAll")
            .count(),
        0
    );
}

#[test]
fn a_selected_value_becomes_a_let() {
    let text = PROJECT.replace("pipeline build", "/// Builds.\npipeline build");
    let mut client = client(&text);
    let only = json!(["refactor.extract"]);
    let found = selected(&mut client, &text, "\"ubuntu-24.04\"", 14, &only);
    assert_eq!(found[0]["title"], "Extract to `let image`");
    let expected = text
        .replace("\"ubuntu-24.04\"", "image")
        .replace("pool linux", "let image = \"ubuntu-24.04\"\n\npool linux");
    assert_eq!(after(&client, &text, &found[0]), expected);
    client.replace("main.mlops", &expected);
    assert_eq!(client.codes("main.mlops"), [""; 0]);
    let part = selected(&mut client, &expected, "ubuntu", 6, &only);
    assert_eq!(part, [Value::Null; 0], "a part of a text is no value");
}
