//! Answers that are none: empty, cut, of another shape. Nothing is written on them.

use super::server::{Faults, Response};
use super::world::{World, after_a_run, permission, shop};
use serde_json::json;

fn text(body: &str) -> Response {
    Response { body: body.to_owned(), ..Response::json(200, &json!({})) }
}

/// Everything that a run reads in its first and second round.
const QUESTIONS: [&str; 11] = [
    "/_apis/projects/",
    "/pipelines/environments?",
    "/build/definitions?api",
    "/variablegroups?",
    "/endpoints?",
    "/policy/configurations?",
    "/git/repositories?",
    "/_apis/identities?",
    "/checks/configurations?",
    "/pipelinePermissions/",
    "/build/definitions?repositoryId",
];

#[track_caller]
fn assert_stops(faults: Faults, expected: &str) -> String {
    let world = World::made();
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
fn an_answer_that_stays_empty_is_none() {
    for question in QUESTIONS {
        let answers = vec![("GET", question, usize::MAX, text(""))];
        let said = assert_stops(Faults { answers, ..Faults::default() }, ": it is empty\n");
        assert!(said.contains(question), "{said}");
    }
    for body in ["{}", "  \n"] {
        let answers = vec![("GET", "/environments?", usize::MAX, text(body))];
        assert_stops(Faults { answers, ..Faults::default() }, ": it is empty\n");
    }
}

#[test]
fn an_answer_in_chunks_that_breaks_off_is_none() {
    for bytes in [0, 1, 12] {
        let chunked = vec![("GET", "/environments?", usize::MAX, bytes)];
        assert_stops(
            Faults { chunked, ..Faults::default() },
            "/environments?api-version=7.1: it breaks off\n",
        );
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

#[test]
fn an_answer_of_another_shape_is_told_with_its_address() {
    for (question, body, expected) in [
        ("/environments?", "{\"value\":\"abc\"}", "it has no list \"value\""),
        ("/environments?", "{\"value\":null}", "it has no list \"value\""),
        ("/environments?", "{\"message\":\"hello\"}", "it has no list \"value\""),
        ("/environments?", "{\"value\":[", "it is not a JSON object"),
        ("/environments?", "[]", "it is not a JSON object"),
        ("/endpoints?", "{\"value\":[null]}", "its list \"value\" holds something without an id"),
        ("/endpoints?", "{\"value\":[{\"id\":null}]}", "its list \"value\" holds something without an id"),
        ("/endpoints?", "{\"value\":[{\"id\":1,\"name\":{}}]}", "its list \"value\" holds something"),
        ("/repositories?", "{\"value\":[{\"id\":\"a\"}]}", "holds a repository without a project"),
        ("/_apis/projects/", "hello", "it is not a JSON object\n  it begins with: hello\n"),
        ("/_apis/projects/", "{\"name\":\"Shop\"}", "it has no id"),
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

#[test]
fn no_look_up_is_written_as_it_stands() {
    let mut described = shop();
    described.add("permission", "queue", permission("queue", "queue", "Own agents", &["Build"]));
    for question in QUESTIONS {
        let world = World::at("contoso", &described, super::world::organization());
        world.server.fail(Faults { chunked: vec![("GET", question, usize::MAX, 0)], ..Faults::default() });
        world.run(&[]);
        let left = world.server.writes().into_iter().find(|it| {
            it.target.contains("%7B") || it.body.as_ref().is_some_and(|it| it.to_string().contains("${"))
        });
        assert!(left.is_none(), "{left:?}");
    }
}
