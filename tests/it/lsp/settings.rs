//! `mlopsc.toml` in the editor: it is in another language.

use super::support::{Client, code};
use serde_json::{Value, json};

const CONFIG: &str = "# Where it goes.\noutput   =   \"out\"\n\n[check]\nignore = [\"unused-declaration\"]\n";
const POOL: &str = "project p { pool = linux }\npool linux { image = \"ubuntu-24.04\" }\n";

#[test]
fn healthy_settings_have_no_findings_and_broken_ones_those_of_the_check() {
    let mut client = Client::new(&[("mlopsc.toml", CONFIG), ("main.mlops", POOL)]);
    client.open("mlopsc.toml");
    assert_eq!(client.codes("mlopsc.toml"), [""; 0]);
    client.replace("mlopsc.toml", &CONFIG.replace("unused-declaration", "nonsense"));
    assert_eq!(client.codes("mlopsc.toml"), ["config:5"]);
    client.replace("mlopsc.toml", CONFIG);
    assert_eq!(client.codes("mlopsc.toml"), [""; 0]);
}

#[test]
fn what_is_typed_into_settings_is_never_taken_for_the_language() {
    let mut client = Client::new(&[("mlopsc.toml", CONFIG), ("main.mlops", POOL)]);
    client.open("mlopsc.toml");
    client.settle("mlopsc.toml");
    client.replace("mlopsc.toml", &format!("{CONFIG}\n[options]\nx = {{ a = 1 }}\n"));
    client.replace("mlopsc.toml", CONFIG);
    client.settle("mlopsc.toml");
    let told: Vec<String> = client.history("mlopsc.toml").iter().flatten().map(code).collect();
    assert!(told.iter().all(|it| it.starts_with("config:")), "{told:?}");
}

#[test]
fn settings_are_not_formatted_and_nothing_is_known_of_their_words() {
    let mut client = Client::new(&[("mlopsc.toml", CONFIG), ("main.mlops", POOL)]);
    client.open("mlopsc.toml");
    let uri = client.uri("mlopsc.toml");
    for method in
        ["formatting", "hover", "completion", "semanticTokens/full", "documentSymbol", "foldingRange"]
    {
        let params = json!({
            "textDocument": { "uri": uri },
            "position": { "line": 1, "character": 2 },
            "options": { "tabSize": 2, "insertSpaces": true },
        });
        let answer = client.ask(&format!("textDocument/{method}"), params);
        assert_eq!(answer, Ok(Value::Null), "{method}");
    }
}
