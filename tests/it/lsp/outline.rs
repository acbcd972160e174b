//! The shape of a text: outlines, folding, selections, colours, links to side files.

use super::support::{Client, position};
use serde_json::{Value, json};

const PROJECT: &str = "\
project p { pool = linux }
pool linux { image = \"ubuntu-24.04\" }
connection azure { type = azure_rm, name = \"azure\" }
";

const BUILD: &str = "\
// The first line of two,
// and the second.
template check(what: string, deep: bool = false) {
  run \"make\" { env { WHAT = what } }
}

pipeline build \"Build\" {
  trigger push { branches = [\"main\"] }
  param dry: bool = false
  stage make {
    job unit {
      run \"make test\" as test { output size: int }
      use check as lint { what = \"lint\" }
    }
    job more {
      needs = [unit]
      run { file = \"scripts/more.sh\", env { SIZE = unit.test.size } }
    }
  }
  stage ship {
    when = !params.dry
    run \"\"\"
      echo one
      echo two
      \"\"\"
  }
}
";

const BROKEN: &str = "pipeline open {\n  stage a { run \"x\n";

fn client(build: &str, capabilities: &Value) -> Client {
    let files = [
        ("mlopsc.toml", ""),
        ("project.mlops", PROJECT),
        ("build.mlops", build),
        ("scripts/more.sh", "echo more\n"),
    ];
    let mut client = Client::with(&files, capabilities);
    client.open("build.mlops");
    client
}

fn plain(build: &str) -> Client {
    client(build, &json!({ "general": { "positionEncodings": ["utf-8"] } }))
}

fn ask(client: &mut Client, method: &str, extra: &Value) -> Value {
    let mut params = json!({ "textDocument": { "uri": client.uri("build.mlops") } });
    params.as_object_mut().unwrap().extend(extra.as_object().unwrap().clone());
    client.ask(&format!("textDocument/{method}"), params).unwrap()
}

/// Names below each other, indented by their depth.
fn tree(symbols: &Value, depth: usize, lines: &mut Vec<String>) {
    for it in symbols.as_array().unwrap() {
        let detail = it["detail"].as_str().unwrap_or_default();
        lines.push(format!("{}{} {detail}", "  ".repeat(depth), it["name"].as_str().unwrap()));
        tree(&it["children"], depth + 1, lines);
    }
}

fn nested(build: &str) -> Vec<String> {
    let capabilities =
        json!({ "textDocument": { "documentSymbol": { "hierarchicalDocumentSymbolSupport": true } } });
    let symbols = ask(&mut client(build, &capabilities), "documentSymbol", &json!({}));
    let mut lines = Vec::new();
    tree(&symbols, 0, &mut lines);
    lines.iter().map(|it| it.trim_end().to_owned()).collect()
}

#[test]
fn the_outline_holds_what_has_a_name() {
    let expected = "\
check template
  make run
    env
build pipeline
  push trigger
  dry param
  make stage
    unit job
      test run
        size output
      lint use
    more job
      run
        env
  ship stage
    echo one run";
    assert_eq!(nested(BUILD).join("\n"), expected);
}

#[test]
fn the_outline_of_a_broken_text_holds_what_is_there() {
    let lines = nested(&format!("{BUILD}{BROKEN}"));
    assert_eq!(lines[0], "check template");
    assert!(lines.contains(&"open pipeline".to_owned()), "{lines:?}");
    assert!(lines.contains(&"  a stage".to_owned()), "{lines:?}");
}

#[test]
fn clients_without_trees_get_a_list() {
    let symbols = ask(&mut plain(BUILD), "documentSymbol", &json!({}));
    let lint = symbols.as_array().unwrap().iter().find(|it| it["name"] == "lint").unwrap();
    assert_eq!(lint["containerName"], "unit");
    assert_eq!(lint["location"]["range"]["start"], position(BUILD, "use check", 0));
}

#[test]
fn names_of_the_whole_project_are_found_by_some_of_their_letters() {
    let mut client = plain(BUILD);
    let mut found = |query: &str| {
        let symbols = client.ask("workspace/symbol", json!({ "query": query })).unwrap();
        let name = |it: &Value| {
            let file = it["location"]["uri"].as_str().unwrap().rsplit('/').next().unwrap().to_owned();
            format!("{} in {} ({file})", it["name"].as_str().unwrap(), it["containerName"].as_str().unwrap())
        };
        symbols.as_array().unwrap().iter().map(name).collect::<Vec<_>>()
    };
    assert_eq!(found("LNX"), ["linux in pool (project.mlops)"]);
    assert_eq!(found("ship"), ["ship in build (build.mlops)"]);
    assert_eq!(found("nit"), ["unit in build.make (build.mlops)"]);
    assert_eq!(found("azure rm"), [""; 0]);
    assert!(found("").len() > 5);
}

#[test]
fn bodies_texts_and_comments_can_be_folded() {
    let folds = |client: &mut Client| {
        let found = ask(client, "foldingRange", &json!({}));
        let of = |it: &Value| {
            let number = |key: &str| it[key].as_u64().unwrap() + 1;
            (number("startLine"), number("endLine"), it["kind"].as_str().unwrap_or_default().to_owned())
        };
        found.as_array().unwrap().iter().map(of).collect::<Vec<_>>()
    };
    let line = |needle: &str| position(BUILD, needle, 0)["line"].as_u64().unwrap() + 1;
    let found = folds(&mut plain(BUILD));
    let body = |first: &str, last: u64| (line(first), last, String::new());
    let expected = [
        (1, 2, "comment".to_owned()),
        body("template", line("template") + 1),
        body("pipeline", 26),
        body("stage make", line("stage ship") - 2),
        body("job unit", line("job more") - 2),
        body("job more", line("stage ship") - 3),
        body("stage ship", 25),
        body("run \"\"\"", line("run \"\"\"") + 2),
    ];
    assert_eq!(found, expected);
    assert!(folds(&mut plain(&format!("{BUILD}{BROKEN}"))).starts_with(&expected));
}

/// The texts of selections, from the inner one.
fn selections(build: &str, needle: &str, behind: usize) -> Vec<String> {
    let positions = json!({ "positions": [position(build, needle, behind)] });
    let found = ask(&mut plain(build), "selectionRange", &positions);
    let mut texts = Vec::new();
    let mut at = &found[0];
    while !at.is_null() {
        let offset = |position: &Value| {
            let number = |key: &str| usize::try_from(position[key].as_u64().unwrap()).unwrap();
            build.split_inclusive('\n').take(number("line")).map(str::len).sum::<usize>()
                + number("character")
        };
        texts.push(build[offset(&at["range"]["start"])..offset(&at["range"]["end"])].to_owned());
        at = &at["parent"];
    }
    texts
}

#[test]
fn selections_grow_from_the_word_to_the_file() {
    let found = selections(BUILD, "unit.test.size", 6);
    assert_eq!(
        found[..6],
        [
            "test",
            "unit.test.size",
            "SIZE = unit.test.size",
            "{ SIZE = unit.test.size }",
            "env { SIZE = unit.test.size }",
            "file = \"scripts/more.sh\", env { SIZE = unit.test.size }",
        ]
    );
    assert_eq!(found.last().map(String::as_str), Some(BUILD));
    let found = selections(BUILD, "make test", 1);
    assert_eq!(found[..4], ["make", "make test", "\"make test\"", "run \"make test\" as test"]);
}

#[test]
fn selections_work_in_broken_texts() {
    let text = format!("{BUILD}{BROKEN}");
    let found = selections(&text, "stage a", 6);
    assert_eq!(found[0], "a");
    assert!(found[1..].iter().any(|it| it.starts_with("stage a")), "{found:?}");
}

/// `text type` for each token; a declaration has a star.
fn colours(client: &mut Client, build: &str, method: &str, extra: &Value) -> Vec<String> {
    let legend = client.capabilities["semanticTokensProvider"]["legend"]["tokenTypes"].clone();
    let found = ask(client, method, extra);
    let data: Vec<usize> = serde_json::from_value(found["data"].clone()).unwrap();
    let lines: Vec<&str> = build.lines().collect();
    let (mut line, mut character) = (0, 0);
    let tokens = data.chunks(5).map(|it| {
        character = if it[0] == 0 { character + it[1] } else { it[1] };
        line += it[0];
        let star = if it[4] == 1 { "*" } else { "" };
        format!("{} {}{star}", &lines[line][character..character + it[2]], legend[it[3]].as_str().unwrap())
    });
    tokens.collect()
}

#[test]
fn words_have_the_colours_of_what_they_are() {
    let mut client = plain(BUILD);
    let found = colours(&mut client, BUILD, "semanticTokens/full", &json!({}));
    for expected in [
        "check function*",
        "what parameter*",
        "string type",
        "what parameter",
        "pipeline keyword",
        "build class*",
        "branches property",
        "dry variable*",
        "check function",
        "lint class*",
        "output keyword",
        "size variable*",
        "params variable",
        "dry property",
    ] {
        assert!(found.contains(&expected.to_owned()), "{expected} is not in {found:?}");
    }
}

#[test]
fn a_part_of_the_text_has_its_colours_alone() {
    let mut client = plain(BUILD);
    let range =
        json!({ "start": position(BUILD, "stage ship", 0), "end": position(BUILD, "    run \"\"\"", 0) });
    let found = ask(&mut client, "semanticTokens/range", &json!({ "range": range }));
    let data: Vec<u64> = found["data"].as_array().unwrap().iter().map(|it| it.as_u64().unwrap()).collect();
    assert_eq!(data.len() / 5, 5, "stage ship when params dry");
    assert_eq!(data[0], position(BUILD, "stage ship", 0)["line"].as_u64().unwrap());
}

#[test]
fn broken_texts_have_colours() {
    let text = format!("{BUILD}{BROKEN}");
    let found = colours(&mut plain(&text), &text, "semanticTokens/full", &json!({}));
    assert!(found.contains(&"open class*".to_owned()), "{found:?}");
}

#[test]
fn enumerated_values_and_references_have_their_own_colours() {
    let text = "connection other { type = azure_rm, name = \"o\" }\nproject q { pool = linux }\n";
    let found = colours(&mut plain(text), text, "semanticTokens/full", &json!({}));
    assert!(found.contains(&"azure_rm enumMember".to_owned()), "{found:?}");
    assert!(found.contains(&"linux class".to_owned()), "{found:?}");
}

#[test]
fn side_files_that_are_there_can_be_opened() {
    let build = BUILD.replace("run \"make\" {", "run { file = \"scripts/none.sh\"\n ");
    for text in [&build, &format!("{build}{BROKEN}")] {
        let mut client = plain(text);
        let found = ask(&mut client, "documentLink", &json!({}));
        let links = found.as_array().unwrap();
        assert_eq!(links.len(), 1, "{found}");
        assert_eq!(links[0]["target"], client.uri("scripts/more.sh"));
        assert_eq!(links[0]["range"]["start"], position(text, "scripts/more.sh", 0));
        assert_eq!(links[0]["range"]["end"], position(text, "scripts/more.sh", "scripts/more.sh".len()));
    }
}
