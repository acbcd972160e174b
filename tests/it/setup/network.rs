//! Throttling, pages, broken connections.

use super::server::{Faults, Response, refusal};
use super::world::{World, after_a_run, environment, lines, shop};

fn throttled(status: u16, after: u32) -> Response {
    refusal(status, "RequestBlockedException", "TF400733: The request has been canceled.")
        .with("Retry-After", &after)
}

#[test]
fn who_is_throttled_waits_as_long_as_asked() {
    let world = World::new(&shop());
    world.server.fail(Faults { throttled: Some((1, throttled(429, 7))), ..Faults::default() });
    world.run(&[]).good();
    let waits = world.slept();
    // Two rounds of reading, and each write.
    assert_eq!(waits, vec![7; 2 + shop().things.len()]);
    assert_eq!(world.server.all(), after_a_run().all());
}

#[test]
fn nobody_waits_for_ever() {
    let world = World::new(&shop());
    world.server.fail(Faults { throttled: Some((usize::MAX, throttled(429, 100_000))), ..Faults::default() });
    let said = world.run(&[]).bad();
    assert!(said.contains("answered 429: TF400733: The request has been canceled."), "{said}");
    assert_eq!(world.slept(), vec![120; 5]);
}

#[test]
fn a_good_answer_may_ask_for_a_pause_too() {
    let world = World::made();
    world.server.fail(Faults { header: Some(("Retry-After", "3".to_owned())), ..Faults::default() });
    world.run(&[]).good();
    assert_eq!(world.slept(), [3, 3]);
}

#[test]
fn lists_are_read_to_their_last_page() {
    let world = World::made();
    world.server.with_state(|state| {
        state.page = 2;
        for number in 0..5 {
            let others = format!("aaa {number}");
            state.add_environment(&environment(&others, "")).expect("it is new");
        }
        state.environments.reverse();
        state.definitions.reverse();
    });
    world.server.fail(Faults::default());
    let out = world.run(&[]).good();
    assert_eq!(lines(&out, "+~").len(), 0, "{out}");
    let pages = world.server.log().iter().filter(|it| it.target.contains("/environments?")).count();
    assert_eq!(pages, 3);
}

#[test]
fn reading_is_tried_again_and_writing_is_not() {
    let world = World::made();
    let broken = vec![
        ("GET", "/_apis/pipelines/environments", 2, false),
        ("GET", "/_apis/build/definitions", 1, true),
    ];
    world.server.fail(Faults {
        broken,
        answers: vec![("GET", "/_apis/projects", 2, refusal(500, "InternalException", "Something broke."))],
        ..Faults::default()
    });
    world.run(&[]).good();
    assert_eq!(world.slept(), [1, 2]);

    let world = World::new(&shop());
    let fault = refusal(500, "InternalException", "Something broke.");
    world.server.fail(Faults { answers: vec![("POST", "environments", 1, fault)], ..Faults::default() });
    let said = world.run(&[]).bad();
    assert!(said.contains("answer: 500 Something broke."), "{said}");
    assert_eq!(world.server.writes().len(), 2);
}

#[test]
fn a_server_that_is_down_is_told_once() {
    let world = World::new(&shop());
    // Nothing listens on the port of echo here.
    let said = world.run_bare(&["--organization", "http://127.0.0.1:7/contoso"]).bad();
    assert!(
        said.starts_with(
            "setup.sh: no answer from http://127.0.0.1:7/contoso/_apis/projects/Shop?api-version=7.1\n"
        ),
        "{said}"
    );
    assert!(said.contains("Failed to connect") && said.ends_with("  nothing was written\n"), "{said}");
    assert_eq!(world.slept(), [1, 2, 4]);
}

#[test]
fn a_collection_of_an_own_server_is_an_organization_too() {
    let world = World::at("tfs/Default%20Collection", &shop(), super::world::organization());
    world.run(&[]).good();
    assert_eq!(lines(&world.run(&[]).good(), "+~-?").len(), 0);
}
