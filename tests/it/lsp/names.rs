//! Names: where they are declared and used, what they mean, other names for them.

use super::support::{Client, apply, position};
use serde_json::{Value, json};

const PROJECT: &str = "\
project p { pool = linux }
/// The agents.
pool linux { image = \"ubuntu-24.04\" }
variables shared { group = \"g\", var region: string }
let folder = \"src\"
";

const BUILD: &str = "\
pipeline build {
  trigger manual
  param dry: bool = false
  variables = shared
  stage make {
    run \"make\" as compile {
      when = !params.dry
      env { REGION = vars.region, FOLDER = folder }
      output size: int
    }
    run \"ls\" as look { env { SIZE = compile.size } }
  }
  stage deliver {
    needs = [make]
    run \"deliver\" { env { SIZE = make.compile.size } }
  }
}
";

fn client() -> Client {
    let mut client = Client::new(&[("mlopsc.toml", ""), ("project.mlops", PROJECT), ("build.mlops", BUILD)]);
    client.open("project.mlops");
    client.open("build.mlops");
    assert_eq!(client.codes("project.mlops"), [""; 0], "the example is healthy");
    client
}

fn at(client: &Client, path: &str, needle: &str, behind: usize) -> Value {
    let text = if path == "build.mlops" { BUILD } else { PROJECT };
    json!({ "textDocument": { "uri": client.uri(path) }, "position": position(text, needle, behind) })
}

type Spot<'a> = (&'a str, &'a str, usize);

fn ask(client: &mut Client, method: &str, spot: Spot<'_>, extra: &Value) -> Result<Value, (i32, String)> {
    let mut params = at(client, spot.0, spot.1, spot.2);
    params.as_object_mut().unwrap().extend(extra.as_object().unwrap().clone());
    client.ask(&format!("textDocument/{method}"), params)
}

/// `file:line:column` of a location, from 1.
fn place(location: &Value) -> String {
    let start = &location["range"]["start"];
    let number = |key: &str| start[key].as_u64().unwrap() + 1;
    let file = location["uri"].as_str().unwrap().rsplit('/').next().unwrap();
    format!("{file}:{}:{}", number("line"), number("character"))
}

#[test]
fn names_lead_to_their_declarations() {
    let mut client = client();
    for (file, needle, behind, expected) in [
        ("project.mlops", "= linux", 3, "project.mlops:3:6"),
        ("build.mlops", "= shared", 3, "project.mlops:4:11"),
        ("build.mlops", "params.dry", 8, "build.mlops:3:9"),
        ("build.mlops", "vars.region", 6, "project.mlops:4:37"),
        ("build.mlops", "= folder", 3, "project.mlops:5:5"),
        ("build.mlops", "= compile.size", 3, "build.mlops:6:19"),
        ("build.mlops", "= compile.size", 11, "build.mlops:9:14"),
        ("build.mlops", "[make]", 2, "build.mlops:5:9"),
        ("build.mlops", "= make.compile", 3, "build.mlops:5:9"),
        ("build.mlops", "make.compile", 6, "build.mlops:6:19"),
        ("build.mlops", "stage make", 7, "build.mlops:5:9"),
    ] {
        let found = ask(&mut client, "definition", (file, needle, behind), &json!({})).unwrap();
        assert_eq!(place(&found), expected, "{needle}");
    }
    let nothing = ask(&mut client, "definition", ("build.mlops", "trigger", 1), &json!({})).unwrap();
    assert_eq!(nothing, Value::Null);
}

#[test]
fn uses_are_found_in_all_files() {
    let mut client = client();
    let all = json!({ "context": { "includeDeclaration": true } });
    let found = ask(&mut client, "references", ("project.mlops", "region", 1), &all).unwrap();
    let mut places: Vec<String> = found.as_array().unwrap().iter().map(place).collect();
    places.sort();
    assert_eq!(places, ["build.mlops:8:27", "project.mlops:4:37"]);
    let uses = json!({ "context": { "includeDeclaration": false } });
    let found = ask(&mut client, "references", ("build.mlops", "compile", 1), &uses).unwrap();
    assert_eq!(found.as_array().unwrap().len(), 2);
}

#[test]
fn the_name_at_the_cursor_is_highlighted() {
    let mut client = client();
    let found = ask(&mut client, "documentHighlight", ("build.mlops", "[make]", 1), &json!({})).unwrap();
    let kinds: Vec<&Value> = found.as_array().unwrap().iter().map(|it| &it["kind"]).collect();
    assert_eq!(kinds, [&json!(3), &json!(2), &json!(2)]);
}

#[test]
fn renaming_changes_all_files_and_nothing_else() {
    let mut client = client();
    let name = json!({ "newName": "agents" });
    let prepared = ask(&mut client, "prepareRename", ("project.mlops", "= linux", 4), &json!({})).unwrap();
    assert_eq!(prepared["placeholder"], "linux");
    let found = ask(&mut client, "rename", ("project.mlops", "= linux", 4), &name).unwrap();
    let edits = &found["changes"][client.uri("project.mlops")];
    let expected = PROJECT.replace("= linux", "= agents").replace("pool linux", "pool agents");
    assert_eq!(apply(PROJECT, edits), expected);

    let found = ask(&mut client, "rename", ("build.mlops", "vars.region", 6), &json!({ "newName": "place" }))
        .unwrap();
    assert_eq!(found["changes"].as_object().unwrap().len(), 2, "{found}");
    let found =
        ask(&mut client, "rename", ("build.mlops", "stage make", 6), &json!({ "newName": "compile_all" }))
            .unwrap();
    let expected = BUILD
        .replace("stage make", "stage compile_all")
        .replace("[make]", "[compile_all]")
        .replace("make.compile", "compile_all.compile");
    assert_eq!(apply(BUILD, &found["changes"][client.uri("build.mlops")]), expected);
}

#[test]
fn versions_are_named_where_the_client_wants_them() {
    let capabilities = json!({
        "general": { "positionEncodings": ["utf-8"] },
        "workspace": { "workspaceEdit": { "documentChanges": true } },
    });
    let mut client = Client::with(&[("mlopsc.toml", ""), ("project.mlops", PROJECT)], &capabilities);
    client.open("project.mlops");
    let name = json!({ "newName": "agents" });
    let found = ask(&mut client, "rename", ("project.mlops", "= linux", 4), &name).unwrap();
    assert_eq!(found["documentChanges"][0]["textDocument"]["version"], 1);
}

#[test]
fn renaming_to_what_is_taken_or_no_name_is_refused() {
    let mut client = client();
    for (file, needle, behind, name, why) in [
        ("build.mlops", "stage make", 7, "deliver", "would lead to an error"),
        ("project.mlops", "pool linux", 6, "Linux", "is no name"),
        ("project.mlops", "pool linux", 6, "", "is no name"),
        ("build.mlops", "as compile", 4, "look", "would lead to an error"),
        ("build.mlops", "trigger", 2, "x", "there is no name here"),
    ] {
        let result = ask(&mut client, "rename", (file, needle, behind), &json!({ "newName": name }));
        let (code, message) = result.expect_err(needle);
        assert_eq!(code, -32803, "{needle} to {name}");
        assert!(message.contains(why), "{needle} to {name}: {message}");
    }
}

#[test]
fn what_goes_by_its_kind_cannot_be_renamed() {
    let text = BUILD
        .replace("run \"make\" as compile", "run \"make\"")
        .replace(" as look", "")
        .replace("compile.size", "run.size");
    let text = text.replace("    run \"ls\" { env { SIZE = run.size } }\n", "");
    let mut client = Client::new(&[("mlopsc.toml", ""), ("project.mlops", PROJECT), ("build.mlops", &text)]);
    client.open("build.mlops");
    let place = json!({ "textDocument": { "uri": client.uri("build.mlops") }, "position": position(&text, "make.run", 6) });
    let result = client.ask("textDocument/prepareRename", place);
    assert!(result.unwrap_err().1.contains("as NAME"));
}

#[test]
fn hovering_tells_what_it_is_and_what_becomes_of_it() {
    let mut client = client();
    let mut told = |file: &str, needle: &str, behind: usize| {
        let found = ask(&mut client, "hover", (file, needle, behind), &json!({})).unwrap();
        found["contents"]["value"].as_str().unwrap_or_default().to_owned()
    };
    let pool = told("project.mlops", "= linux", 3);
    assert!(
        pool.contains("pool linux") && pool.contains("The agents.") && pool.contains("project.mlops:3"),
        "{pool}"
    );
    let word = told("build.mlops", "pipeline build", 2);
    assert!(word.contains("A pipeline of Azure DevOps"), "{word}");
    assert!(word.contains("azure-pipelines/build.yml"), "{word}");
    let key = told("build.mlops", "needs", 2);
    assert!(key.contains("What must have ended before"), "{key}");
    let step = told("build.mlops", "as compile", 4);
    assert!(step.contains("azure-pipelines/build.yml"), "{step}");
    let value = told("build.mlops", "= false", 4);
    assert!(value.contains("a string, a number or a boolean"), "{value}");
    assert_eq!(told("build.mlops", "{\n  trigger", 1), "");
}

#[test]
fn names_work_in_texts_that_are_broken_elsewhere() {
    let mut client = client();
    client.replace(
        "build.mlops",
        &format!("{BUILD}\npipeline other {{\n  trigger manual\n  stage x {{ run \"a\n"),
    );
    let found = ask(&mut client, "definition", ("build.mlops", "= compile.size", 3), &json!({})).unwrap();
    assert_eq!(place(&found), "build.mlops:6:19");
}

#[test]
fn a_name_that_is_always_there_is_not_taken_over() {
    let text = "pool other { image = \"ubuntu-24.04\" }\npipeline a {\n  trigger manual\n  stage x { pool = server, wait 5m }\n}\n";
    let mut client = Client::new(&[("mlopsc.toml", ""), ("project.mlops", PROJECT), ("other.mlops", text)]);
    client.open("other.mlops");
    let place = json!({ "uri": client.uri("other.mlops") });
    let params =
        json!({ "textDocument": place, "position": { "line": 0, "character": 6 }, "newName": "server" });
    let result = client.ask("textDocument/rename", params);
    assert!(result.is_err(), "{result:?}");
}

const NAMES: &str = "\
project p { pool = linux }
pool linux { image = \"ubuntu-24.04\" }
connection azure { type = azure }
pipeline data {
  trigger manual
  stage make { run \"make\", publish table { path = \"out\" } }
}
pipeline use_data {
  trigger manual
  resource data as latest {}
  stage look {
    job tests {
      matrix { python = [\"3.11\", \"3.12\"], exclude { python = \"3.12\" } }
      download latest.table
      run \"test\" { env { VERSION = matrix.python, RUN = runs.latest.id } }
    }
  }
}
endpoint score {
  type = batch
  default = blue
  deployment blue { description = \"b\" }
}
endpoint live {
  deployment green { description = \"g\" }
  traffic { green = 100% }
}
ml_pipeline train {
  step fit {
    command = \"python fit.py --rate ${{inputs.rate}} --to ${{outputs.model}}\"
    inputs { rate = 0.1 }
    output model: uri_folder
  }
}
";

#[test]
fn names_without_a_declaration_of_their_own_lead_somewhere_too() {
    let mut client = Client::new(&[("mlopsc.toml", ""), ("main.mlops", NAMES)]);
    client.open("main.mlops");
    for (needle, behind, to, within) in [
        ("latest.table", 1, "as latest", 3),
        ("latest.table", 8, "publish table", 8),
        ("runs.latest.id", 6, "as latest", 3),
        ("matrix.python", 8, "python = [", 0),
        ("exclude { python", 11, "python = [", 0),
        ("default = blue", 11, "deployment blue", 11),
        ("green = 100%", 1, "deployment green", 11),
        ("inputs.rate", 8, "rate = 0.1", 0),
        ("outputs.model", 9, "output model", 7),
    ] {
        let params = json!({
            "textDocument": { "uri": client.uri("main.mlops") },
            "position": position(NAMES, needle, behind),
        });
        let found = client.ask("textDocument/definition", params).unwrap();
        assert_eq!(found["range"]["start"], position(NAMES, to, within), "{needle}");
    }
}

#[test]
fn names_without_a_declaration_of_their_own_are_renamed_wherever_they_stand() {
    let mut client = Client::new(&[("mlopsc.toml", ""), ("main.mlops", NAMES)]);
    client.open("main.mlops");
    let before = client.codes("main.mlops");
    for (needle, behind, new, changed) in [
        (
            "latest.table",
            8,
            "rows",
            &[("publish table", "publish rows"), ("latest.table", "latest.rows")][..],
        ),
        (
            "as latest",
            4,
            "last",
            &[("as latest", "as last"), ("latest.table", "last.table"), ("runs.latest", "runs.last")],
        ),
        (
            "matrix.python",
            8,
            "version",
            &[
                ("python = [", "version = ["),
                ("exclude { python", "exclude { version"),
                ("matrix.python", "matrix.version"),
            ],
        ),
        (
            "default = blue",
            11,
            "first",
            &[("default = blue", "default = first"), ("deployment blue", "deployment first")],
        ),
        (
            "green = 100%",
            1,
            "steady",
            &[("deployment green", "deployment steady"), ("green = 100%", "steady = 100%")],
        ),
        ("rate = 0.1", 1, "speed", &[("inputs.rate", "inputs.speed"), ("rate = 0.1", "speed = 0.1")]),
        (
            "outputs.model",
            9,
            "weights",
            &[("outputs.model", "outputs.weights"), ("output model", "output weights")],
        ),
    ] {
        let params = json!({
            "textDocument": { "uri": client.uri("main.mlops") },
            "position": position(NAMES, needle, behind),
            "newName": new,
        });
        let edit = client.ask("textDocument/rename", params).unwrap_or_else(|it| panic!("{needle}: {it:?}"));
        let after = apply(NAMES, &edit["changes"][client.uri("main.mlops")]);
        let expected = changed.iter().fold(NAMES.to_owned(), |text, it| text.replacen(it.0, it.1, 1));
        assert_eq!(after, expected, "{needle}");
        client.replace("main.mlops", &after);
        assert_eq!(client.codes("main.mlops"), before, "{needle}");
        client.replace("main.mlops", NAMES);
    }
}

#[test]
fn names_without_a_declaration_of_their_own_do_not_take_those_of_others() {
    let text = NAMES
        .replace(
            "publish table { path = \"out\" }",
            "publish table { path = \"out\" }, publish rows { path = \"in\" }",
        )
        .replace("resource data as latest {}", "resource data as latest {}\n  resource data as last {}")
        .replace("python = [\"3.11\", \"3.12\"]", "python = [\"3.11\", \"3.12\"], version = [\"a\", \"b\"]")
        .replace("deployment blue", "deployment first { description = \"f\" }\n  deployment blue")
        .replace("deployment green", "deployment steady { description = \"s\" }\n  deployment green")
        .replace("inputs { rate = 0.1 }", "inputs { rate = 0.1, speed = 0.2 }")
        .replace("output model:", "output weights: uri_folder\n    output model:");
    let mut client = Client::new(&[("mlopsc.toml", ""), ("main.mlops", &text)]);
    client.open("main.mlops");
    for (needle, behind, taken) in [
        ("latest.table", 8, "rows"),
        ("as latest", 4, "last"),
        ("matrix.python", 8, "version"),
        ("default = blue", 11, "first"),
        ("green = 100%", 1, "steady"),
        ("rate = 0.1", 1, "speed"),
        ("outputs.model", 9, "weights"),
    ] {
        let params = json!({
            "textDocument": { "uri": client.uri("main.mlops") },
            "position": position(&text, needle, behind),
            "newName": taken,
        });
        let refused = client.ask("textDocument/rename", params).expect_err(needle);
        assert_eq!(refused.0, -32803, "{needle}: {refused:?}");
        assert!(refused.1.starts_with(&format!("`{taken}` ")), "{needle}: {refused:?}");
    }
}

#[test]
fn hovering_tells_what_a_value_is_worked_out_to() {
    let text = "let folder = \"src\"\nlet target = \"${folder}/main\"\n";
    let mut client = Client::new(&[("mlopsc.toml", ""), ("main.mlops", text)]);
    client.open("main.mlops");
    let mut told = |needle: &str, behind: usize| {
        let place = position(text, needle, behind);
        let params = json!({ "textDocument": { "uri": client.uri("main.mlops") }, "position": place });
        let found = client.ask("textDocument/hover", params).unwrap();
        found["contents"]["value"].as_str().unwrap_or_default().to_owned()
    };
    let computed = told("let target", 5);
    assert!(computed.contains("Here `\"src/main\"`"), "{computed}");
    let written = told("let folder", 5);
    assert!(written.contains("let folder") && !written.contains("Here"), "{written}");
}
