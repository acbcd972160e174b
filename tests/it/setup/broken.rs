//! Answers that are none: empty, cut, of another shape. Nothing is written on them.

use super::server::{Faults, Response};
use super::world::{World, after_a_run, permission, shop};
use crate::support::repository;
use serde_json::json;
use std::process::Command;

fn text(body: &str) -> Response {
    Response { body: body.to_owned(), ..Response::json(200, &json!({})) }
}

/// Everything that a run reads in its first and second round.
const QUESTIONS: [&str; 12] = [
    "/_apis/projects/",
    "/pipelines/environments?",
    "/build/definitions?api",
    "/variablegroups?",
    "/endpoints?",
    "/distributedtask/queues?",
    "/policy/configurations?",
    "/git/repositories?",
    "/_apis/identities?",
    "/checks/configurations?",
    "/pipelinePermissions/",
    "/build/definitions?repositoryId",
];

#[track_caller]
fn assert_stops(faults: Faults, expected: &str) -> String {
    let mut described = shop();
    described.add("permission", "queue", permission("queue", "queue", "Own agents", &["Build"]));
    let world = World::at("contoso", &described, after_a_run());
    let before = world.server.all();
    world.server.fail(faults);
    let said = world.run(&["--prune"]).bad();
    assert!(said.starts_with("setup.sh: unexpected answer from ORG/") && said.contains(expected), "{said}");
    assert!(said.ends_with("  nothing was written\n") && !said.contains("jq:"), "{said}");
    assert_eq!(world.server.writes().len(), 0);
    assert_eq!(world.server.all(), before);
    assert_eq!(world.slept(), [1, 2, 4]);
    said
}

#[test]
fn an_answer_that_stays_empty_or_breaks_off_is_none() {
    for (number, question) in QUESTIONS.into_iter().enumerate() {
        let (faults, expected) = if number % 2 == 0 {
            let answers = vec![("GET", question, usize::MAX, text(""))];
            (Faults { answers, ..Faults::default() }, ": it is empty\n")
        } else {
            let chunked = vec![("GET", question, usize::MAX, number - 1)];
            (Faults { chunked, ..Faults::default() }, ": it breaks off\n")
        };
        let said = assert_stops(faults, expected);
        assert!(said.contains(question), "{said}");
    }
}

#[test]
fn who_breaks_every_connection_is_not_asked_everything() {
    let world = World::new(&shop());
    world.server.fail(Faults { chunked: vec![("GET", "", usize::MAX, 0)], ..Faults::default() });
    let said = world.run(&[]).bad();
    assert!(said.starts_with("setup.sh: unexpected answer from ORG/_apis/projects/Shop?"), "{said}");
    let asked: Vec<_> = world.server.log().into_iter().map(|it| it.target).collect();
    assert_eq!(asked, ["/contoso/_apis/projects/Shop?api-version=7.1"; 4]);
}

#[test]
fn a_broken_answer_is_asked_for_again() {
    let world = World::new(&shop());
    let chunked = vec![
        ("GET", "/environments?", 1, 0),
        ("GET", "/endpoints?", 2, 9),
        ("GET", "/build/definitions?repositoryId", 1, 0),
    ];
    let answers = vec![("GET", "/variablegroups?", 1, text(""))];
    world.server.fail(Faults { answers, chunked, ..Faults::default() });
    world.run(&[]).good();
    assert_eq!(world.slept(), [1, 1, 2, 1]);
    assert_eq!(world.server.all(), after_a_run().all());
}

/// What the script's own `judge` says of answers, all at once: question, answer, what is wrong.
const ODD: [(&str, &str, &str); 16] = [
    ("environments", "{\"value\":\"abc\"}", "it has no list \"value\""),
    ("environments", "{\"value\":null}", "it has no list \"value\""),
    ("environments", "{\"message\":\"hello\"}", "it has no list \"value\""),
    ("environments", "{\"value\":[", "it is not a JSON object"),
    ("environments", "[]", "it is not a JSON object"),
    ("environments", "{}", "it is empty"),
    ("environments", "  \n", "it is empty"),
    ("environments", "{\"value\":[{\"id\":1,\"name\":\"prod\"}]}", ""),
    ("connections", "{\"value\":[null]}", "its list \"value\" holds something without an id"),
    ("connections", "{\"value\":[{\"id\":null}]}", "its list \"value\" holds something without an id"),
    (
        "connections",
        "{\"value\":[{\"id\":1,\"name\":{}}]}",
        "its list \"value\" holds something without an id",
    ),
    (
        "repositories",
        "{\"value\":[{\"id\":\"a\"}]}",
        "its list \"value\" holds a repository without a project",
    ),
    ("project", "hello", "it is not a JSON object"),
    ("project", "{\"name\":\"Shop\"}", "it has no id"),
    ("permission", "{\"pipelines\":[null]}", "its \"pipelines\" are no list"),
    ("permission", "{\"pipelines\":null}", ""),
];

#[test]
fn what_an_answer_must_be_built_like() {
    let world = World::new(&shop());
    std::fs::create_dir(world.folder.path().join("answers")).expect("it is new");
    let keys: Vec<String> = (0..ODD.len()).map(|it| format!("{}.{it}", ODD[it].0)).collect();
    for (key, (_, body, _)) in keys.iter().zip(ODD) {
        std::fs::write(world.folder.path().join(format!("answers/{key}~0.json")), body).expect("it is new");
    }
    let script =
        std::fs::read_to_string(repository("templates/setup/setup.sh")).expect("the script is there");
    let functions = script.strip_suffix("main \"$@\"\n").expect("its last line is the call");
    let ask = "declare -A odd=() pages=(); work=$PWD; judge \"$@\"; for key in \"$@\"; do echo \"${odd[$key]}\"; done";
    let output = Command::new("bash")
        .args(["-c", &format!("{functions}\n{ask}"), "setup.sh"])
        .args(&keys)
        .current_dir(world.folder.path())
        .output()
        .expect("bash starts");
    let said = String::from_utf8_lossy(&output.stdout);
    assert_eq!(
        said.lines().collect::<Vec<_>>(),
        ODD.map(|it| it.2),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
}

#[test]
fn an_answer_of_another_shape_is_told_with_its_address() {
    for (question, body, expected) in [
        ("/environments?", "{\"value\":[", "it is not a JSON object"),
        ("/_apis/projects/", "hello", "it is not a JSON object\n  it begins with: hello\n"),
        ("/pipelinePermissions/", "{\"pipelines\":[null]}", "its \"pipelines\" are no list"),
    ] {
        let answers = vec![("GET", question, usize::MAX, text(body))];
        let said = assert_stops(Faults { answers, ..Faults::default() }, expected);
        assert!(said.contains(question), "{said}");
    }
}

#[test]
fn what_lies_deeper_in_an_answer_is_told_too() {
    let world = World::made();
    let answers = vec![("GET", "/checks/", usize::MAX, text("{\"value\":[{\"id\":1,\"type\":7}]}"))];
    world.server.fail(Faults { answers, ..Faults::default() });
    let said = world.run(&[]).bad();
    assert!(said.starts_with("setup.sh: unexpected answer from ORG: "), "{said}");
    assert_eq!(world.server.writes().len(), 0);
}

#[test]
fn a_list_without_an_end_is_told() {
    let world = World::made();
    let page = text("{\"value\":[]}").with("x-ms-continuationtoken", &"again");
    world.server.fail(Faults { answers: vec![("GET", "/environments?", 50, page)], ..Faults::default() });
    let said = world.run(&[]).bad();
    assert_eq!(
        said,
        "setup.sh: the list at ORG/Shop/_apis/pipelines/environments?api-version=7.1 has no end: \
         the server names the same next page twice\n  nothing was written\n"
    );
}
