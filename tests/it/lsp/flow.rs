//! What becomes of a text: who starts whom, what is meant without being written, what is generated.

use super::support::{Client, position};
use serde_json::{Value, json};

const PROJECT: &str = "\
project p { pool = linux, connection = azure, workspace = ml_space }
pool linux { image = \"ubuntu-24.04\" }
connection azure { type = azure_rm, name = \"azure\" }
workspace ml_space { resource_group = \"rg\", region = \"westeurope\", existing = true }
compute train_cpu { size = \"Standard_DS3_v2\", nodes = 0..4 }
runtime python { image = \"python:3.11\" }
ml_pipeline fit {
  compute = train_cpu
  step prepare {
    runtime = python
    code = \"src\"
    command = \"python prepare.py ${{outputs.clean}}\"
    output clean: uri_folder
  }
  step learn {
    runtime = python
    code = \"src\"
    command = \"python learn.py ${{inputs.clean}}\"
    inputs { clean = prepare.clean }
  }
}
/// Looks at code.
template check(what: string, deep: bool = false) { run \"make\" { env { WHAT = what } } }
";

const BUILD: &str = "\
pipeline build {
  trigger push { branches = [\"main\"] }
  stage make {
    job unit { run \"make\" as test { output size: int } }
    job more { run \"ls\" { env { SIZE = unit.test.size } } }
  }
  stage train {
    timeout = 9h
    submit fit { wait = server, timeout = 8h }
  }
  stage ship { use check { what = \"all\" } }
}
";

const RELEASE: &str = "\
pipeline release {
  trigger after build { branches = [\"main\"] }
  stage ship { run \"ship\" { timeout = 2h } }
}
pipeline by_hand {
  trigger manual
  stage again { queue release }
}
";

const BROKEN: &str = "pipeline open {\n  trigger manual\n  stage a { run \"x\n";

fn client_with(build: &str, commands: &Value) -> Client {
    let files = [
        ("mlopsc.toml", ""),
        ("project.mlops", PROJECT),
        ("build.mlops", build),
        ("release.mlops", RELEASE),
        ("src/learn.py", ""),
        ("src/prepare.py", ""),
    ];
    let mut client = Client::silent(&files);
    let params = json!({
        "capabilities": { "general": { "positionEncodings": ["utf-8"] } },
        "initializationOptions": { "commands": commands },
    });
    client.capabilities = client.ask("initialize", params).unwrap()["capabilities"].clone();
    client.tell("initialized", json!({}));
    client.open("build.mlops");
    client
}

fn client(build: &str) -> Client {
    client_with(build, &json!([]))
}

fn text(path: &str) -> &'static str {
    match path {
        "project.mlops" => PROJECT,
        "release.mlops" => RELEASE,
        _ => BUILD,
    }
}

fn at(client: &Client, path: &str, needle: &str, behind: usize) -> Value {
    json!({ "textDocument": { "uri": client.uri(path) }, "position": position(text(path), needle, behind) })
}

fn healthy(client: &mut Client) {
    client.settle("build.mlops");
    for path in ["project.mlops", "build.mlops", "release.mlops"] {
        let errors = client.shown_of(path).into_iter().filter(|it| it["severity"] == 1);
        assert_eq!(errors.count(), 0, "the example has no errors");
    }
}

/// `line: title`, from 1.
fn lenses(client: &mut Client, path: &str) -> Vec<String> {
    client.open(path);
    let params = json!({ "textDocument": { "uri": client.uri(path) } });
    let found = client.ask("textDocument/codeLens", params).unwrap();
    let title = |it: &Value| {
        let line = it["range"]["start"]["line"].as_u64().unwrap() + 1;
        format!("{line}: {}", it["command"]["title"].as_str().unwrap())
    };
    found.as_array().unwrap().iter().map(title).collect()
}

#[test]
fn pipelines_say_what_starts_them_and_what_they_start() {
    let mut client = client(BUILD);
    healthy(&mut client);
    assert_eq!(lenses(&mut client, "build.mlops"), ["1: started by push to main", "1: starts release, fit"]);
    assert_eq!(
        lenses(&mut client, "release.mlops"),
        ["1: started by build · by_hand", "5: started by people", "5: starts release"]
    );
    assert_eq!(lenses(&mut client, "project.mlops"), ["7: started by build"]);
}

#[test]
fn pipelines_of_broken_texts_say_what_starts_them() {
    let mut client = client(&format!("{BUILD}{BROKEN}"));
    let found = lenses(&mut client, "build.mlops");
    assert!(found.contains(&"1: started by push to main".to_owned()), "{found:?}");
}

#[test]
fn lenses_have_commands_for_clients_that_have_them() {
    let mut client = client_with(BUILD, &json!(["mlopsc.preview", "mlopsc.showPlaces"]));
    client.settle("build.mlops");
    let params = json!({ "textDocument": { "uri": client.uri("build.mlops") } });
    let found = client.ask("textDocument/codeLens", params).unwrap();
    let commands: Vec<&str> =
        found.as_array().unwrap().iter().map(|it| it["command"]["command"].as_str().unwrap()).collect();
    assert_eq!(commands, ["", "mlopsc.showPlaces", "mlopsc.preview"]);
    let places = &found[1]["command"]["arguments"][2];
    assert_eq!(places[0]["uri"], client.uri("release.mlops"));
    assert_eq!(places[0]["range"]["start"], position(RELEASE, "trigger after", 0));
    assert_eq!(places[1]["range"]["start"], position(BUILD, "submit", 0));
    assert_eq!(found[2]["command"]["arguments"][0], client.uri("build.mlops"));
}

fn names(calls: &Value, key: &str) -> Vec<String> {
    calls.as_array().unwrap().iter().map(|it| it[key]["name"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn the_hierarchy_goes_through_triggers_and_steps() {
    let mut client = client(BUILD);
    client.open("release.mlops");
    let place = at(&client, "release.mlops", "after build", 7);
    let items = client.ask("textDocument/prepareCallHierarchy", place).unwrap();
    let build = items[0].clone();
    assert_eq!((&build["name"], &build["uri"]), (&json!("build"), &json!(client.uri("build.mlops"))));
    let outgoing = client.ask("callHierarchy/outgoingCalls", json!({ "item": build })).unwrap();
    assert_eq!(names(&outgoing, "to"), ["release", "fit"]);
    assert_eq!(
        outgoing[0]["fromRanges"][0]["start"],
        position(BUILD, "build", 0),
        "the trigger is elsewhere"
    );
    assert_eq!(outgoing[1]["fromRanges"][0]["start"], position(BUILD, "submit", 0));
    let release = json!({ "item": outgoing[0]["to"] });
    let incoming = client.ask("callHierarchy/incomingCalls", release).unwrap();
    assert_eq!(names(&incoming, "from"), ["build", "by_hand"]);
    assert_eq!(incoming[1]["fromRanges"][0]["start"], position(RELEASE, "queue", 0));
    // In a file that is not open.
    let incoming = client.ask("callHierarchy/incomingCalls", json!({ "item": outgoing[1]["to"] })).unwrap();
    assert_eq!(names(&incoming, "from"), ["build"]);
}

#[test]
fn the_hierarchy_holds_pipelines_only_and_also_in_broken_texts() {
    let mut client = client(&format!("{BUILD}{BROKEN}"));
    let nothing = at(&client, "build.mlops", "stage make", 7);
    assert_eq!(client.ask("textDocument/prepareCallHierarchy", nothing).unwrap(), Value::Null);
    let place = at(&client, "build.mlops", "pipeline build", 10);
    let items = client.ask("textDocument/prepareCallHierarchy", place).unwrap();
    let outgoing = client.ask("callHierarchy/outgoingCalls", json!({ "item": items[0] })).unwrap();
    assert_eq!(names(&outgoing, "to"), ["release", "fit"]);
    let mut gone = items[0].clone();
    gone["name"] = json!("gone");
    assert_eq!(client.ask("callHierarchy/outgoingCalls", json!({ "item": gone })).unwrap(), json!([]));
}

/// The lines with what is shown in them.
fn hinted(client: &mut Client, path: &str, text: &str) -> Vec<String> {
    let end = text.lines().count();
    let range = json!({ "start": { "line": 0, "character": 0 }, "end": { "line": end, "character": 0 } });
    let params = json!({ "textDocument": { "uri": client.uri(path) }, "range": range });
    let found = client.ask("textDocument/inlayHint", params).unwrap();
    let said = |it: &Value| {
        let number = |key: &str| usize::try_from(it["position"][key].as_u64().unwrap()).unwrap();
        let before = &text.lines().nth(number("line")).unwrap()[..number("character")];
        format!("{} ‹{}›", before.trim(), it["label"].as_str().unwrap())
    };
    found.as_array().unwrap().iter().map(said).collect()
}

#[test]
fn what_is_meant_without_being_written_is_shown() {
    let mut client = client(BUILD);
    let expected = [
        "job unit ‹timeout 1h›",
        "job more ‹after unit›",
        "job more ‹timeout 1h›",
        "stage train ‹jobs train_1, train_2, train_3›",
        "stage train ‹after make›",
        "stage ship ‹after train›",
        "stage ship ‹timeout 1h›",
    ];
    assert_eq!(hinted(&mut client, "build.mlops", BUILD), expected);
    client.open("project.mlops");
    assert_eq!(
        hinted(&mut client, "project.mlops", PROJECT),
        [
            "workspace ml_space ‹\"ml-space\"›",
            "compute train_cpu ‹\"train-cpu\"›",
            "step learn ‹after prepare›"
        ]
    );
    let text = BUILD.replace("    timeout = 9h\n", "");
    client.replace("build.mlops", &text);
    let found = hinted(&mut client, "build.mlops", &text);
    let train = found.iter().find(|it| it.starts_with("stage train ‹timeout"));
    assert!(train.is_some_and(|it| it.contains("1h + 8h") && it.contains("without agent")), "{found:?}");
}

#[test]
fn hints_are_shown_in_broken_texts_and_where_asked() {
    let broken = format!("{BUILD}{BROKEN}");
    let mut client = client(&broken);
    let found = hinted(&mut client, "build.mlops", &broken);
    assert!(found.contains(&"stage train ‹after make›".to_owned()), "{found:?}");
    let start = position(&broken, "stage ship", 0);
    let range = json!({ "start": start, "end": position(&broken, "stage ship", 12) });
    let params = json!({ "textDocument": { "uri": client.uri("build.mlops") }, "range": range });
    let found = client.ask("textDocument/inlayHint", params).unwrap();
    let labels: Vec<&Value> = found.as_array().unwrap().iter().map(|it| &it["label"]).collect();
    assert_eq!(labels.first(), Some(&&json!("after train")), "{found}");
}

#[test]
fn templates_say_what_they_take() {
    let mut client = client(BUILD);
    for (line, expected) in [
        ("use check { what = \"all\" }", "what: string"),
        ("use check { what = \"all\", ", "deep: bool = false"),
        ("use check { deep = ", "deep: bool = false"),
        ("use check {", "what: string"),
    ] {
        let behind = if line.ends_with('}') { line.len() - 3 } else { line.len() };
        let text = BUILD.replace("use check { what = \"all\" }", line);
        client.replace("build.mlops", &text);
        let place = json!({
            "textDocument": { "uri": client.uri("build.mlops") },
            "position": position(&text, "use check", behind),
        });
        // The template stands in a file that is not open.
        client.settle("build.mlops");
        let found = client.ask("textDocument/signatureHelp", place).unwrap();
        let signature = &found["signatures"][0];
        assert_eq!(signature["label"], "check(what: string, deep: bool = false)", "{line}");
        assert_eq!(signature["documentation"], "Looks at code.");
        let active = usize::try_from(found["activeParameter"].as_u64().unwrap()).unwrap();
        assert_eq!(signature["parameters"][active]["label"], expected, "{line}");
    }
}

#[test]
fn words_say_what_they_take_behind_them() {
    let mut client = client(BUILD);
    let text = BUILD.replace("submit fit {", "submit  {");
    client.replace("build.mlops", &text);
    let mut found = |needle: &str, behind: usize| {
        let place = json!({
            "textDocument": { "uri": client.uri("build.mlops") },
            "position": position(&text, needle, behind),
        });
        client.ask("textDocument/signatureHelp", place).unwrap()
    };
    let submit = found("submit  {", 7);
    assert_eq!(
        (&submit["signatures"][0]["label"], &submit["activeParameter"]),
        (&json!("submit ml_pipeline"), &json!(0))
    );
    assert_eq!(found("wait = server", 3), Value::Null);
    assert_eq!(found("stage make", 8), Value::Null);
}

fn preview(client: &mut Client, text: &str, needle: &str, behind: usize) -> Value {
    let params = json!({
        "textDocument": { "uri": client.uri("build.mlops") },
        "position": position(text, needle, behind),
    });
    client.ask("mlopsc/preview", params).unwrap()
}

/// The lines of the first file that come from the place.
fn generated(preview: &Value) -> (String, Vec<String>) {
    let file = &preview["files"][0];
    let line = |key: &str| usize::try_from(file["range"][key]["line"].as_u64().unwrap()).unwrap();
    let lines = file["text"].as_str().unwrap().lines();
    let lines = lines.skip(line("start")).take(line("end") + 1 - line("start"));
    (file["path"].as_str().unwrap().to_owned(), lines.map(str::to_owned).collect())
}

#[test]
fn what_is_generated_is_shown_with_the_lines_of_the_statement() {
    let mut client = client(BUILD);
    let (path, lines) = generated(&preview(&mut client, BUILD, "run \"ls\"", 2));
    assert_eq!(path, "generated/azure-pipelines/build.yml");
    assert!(lines.iter().any(|it| it.contains("ls")), "{lines:#?}");
    assert!(!lines.iter().any(|it| it.contains("make")), "{lines:#?}");
    // Left of what the line says.
    let (_, same) = generated(&preview(&mut client, BUILD, "    job more", 1));
    assert!(same.iter().any(|it| it.contains("job: more")), "{same:#?}");
    // Behind its name and in its body, where nothing of its own stands.
    for (needle, behind) in [("pipeline build", 3), ("pipeline build", 14), ("pipeline build {", 16)] {
        let whole = preview(&mut client, BUILD, needle, behind);
        assert_eq!(whole["files"][0]["path"], "generated/azure-pipelines/build.yml", "{needle} {behind}");
        assert_eq!(whole["files"][0].get("range"), None, "the whole file");
    }
}

#[test]
fn nothing_is_generated_from_errors_until_they_are_gone() {
    let mut client = client(BUILD);
    let broken = BUILD.replace("trigger push {", "trigger push");
    client.replace("build.mlops", &broken);
    assert_eq!(preview(&mut client, &broken, "run \"ls\"", 2), Value::Null);
    let other = BUILD.replace("run \"ls\"", "run \"ls -l\"");
    client.replace("build.mlops", &other);
    let (_, lines) = generated(&preview(&mut client, &other, "run \"ls", 2));
    assert!(lines.iter().any(|it| it.contains("ls -l")), "unsaved texts count: {lines:#?}");
}
