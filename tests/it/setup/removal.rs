//! What is there and not described: left alone, and with `--prune` removed if it is the project's own.

use super::server::{Faults, State};
use super::world::{Described, World, approval, branches, environment, group, lines, pipeline, policy, shop};
use serde_json::{Value, json};

/// The shop with more than is described later.
fn rich() -> Described {
    let mut described = shop();
    described.add("environment", "qa", environment("qa", ""));
    described.add("check", "environment qa approval", approval(&["[Shop]\\Leads"], "qa"));
    described.add(
        "check",
        "environment prod branches",
        branches("refs/heads/main", ("environment", "environment", "prod")),
    );
    described.add("pipeline", "shop/Old", pipeline("Old", "old"));
    described.add("policy", "shop/Old for refs/heads/main", policy("Old", "main"));
    described.add("policy", "shop/Build for refs/heads/next", policy("Build", "next"));
    described.add("variable-group", "old", group("old", &json!({ "a": { "value": "1" } })));
    described
}

/// Things of others that look much like ours.
fn others(state: &mut State) {
    let good = |it: Result<super::server::Response, super::server::Response>| it.expect("it is allowed");
    good(state.add_environment(&json!({ "name": "theirs", "description": "(mlopsc: other)" })));
    good(state.add_environment(&json!({ "name": "by hand", "description": "(mlopsc: shop) was once its" })));
    let repository = state.add_repository("other-code");
    let mut theirs = pipeline("Theirs", "build");
    theirs["repository"]["id"] = json!(repository);
    good(state.add_definition(&theirs));
    let ours = state.repositories[0]["id"].clone();
    let mut elsewhere = pipeline("Elsewhere", "x");
    elsewhere["repository"]["id"] = ours.clone();
    elsewhere["process"]["yamlFilename"] = json!("/generated-by-hand/build.yml");
    good(state.add_definition(&elsewhere));
    let mut review = policy("x", "main");
    review["settings"]["buildDefinitionId"] = state.definitions[state.definitions.len() - 1]["id"].clone();
    review["settings"]["scope"][0]["repositoryId"] = ours;
    good(state.add_policy(&review));
    let monitor = json!({
        "type": { "id": super::world::TASK, "name": "Task Check" }, "timeout": 60, "resource": { "type": "environment", "id": "13" },
        "settings": { "definitionRef": { "id": "11111111-0000-0000-0000-000000000000" }, "displayName": "Query alerts" },
    });
    let mut monitor = monitor;
    monitor["id"] = json!(state.take_id());
    state.checks.push(monitor);
}

/// Groups, environments, checks, pipelines, policies.
fn there(world: &World) -> [usize; 5] {
    let all = world.server.all();
    let count = |key: &str| all[key].as_array().map_or(0, Vec::len);
    ["groups", "environments", "checks", "definitions", "policies"].map(count)
}

const EXTRA: [&str; 5] = [
    "policy shop/Old for refs/heads/main",
    "policy shop/Build for refs/heads/next",
    "pipeline shop/Old",
    "check branch control on prod",
    "environment qa",
];

#[test]
fn only_pruning_removes_and_only_what_the_project_made() {
    let world = World::new(&rich());
    world.run(&[]).good();
    world.server.with_state(others);
    world.describe(&shop());
    world.server.fail(Faults::default());
    let before = world.server.all();
    assert_eq!(there(&world), [2, 4, 6, 4, 4]);

    let out = world.run(&["--exit-code"]).good();
    assert_eq!(lines(&out, "+~-?"), EXTRA.map(|it| format!("? {it}: not described")));
    let dry = world.run(&["--prune", "--dry-run"]).good();
    assert_eq!(lines(&dry, "+~-?"), EXTRA.map(|it| format!("- {it}")));
    assert_eq!(world.server.all(), before);

    let out = world.run(&["--prune"]).good();
    let removed: Vec<&str> = out.lines().filter_map(|it| it.strip_prefix("removed ")).collect();
    assert_eq!(removed, EXTRA);
    // The group stays; the check on the environment went with it.
    assert_eq!(there(&world), [2, 3, 4, 3, 2]);
    let all = world.server.all();
    let names = all["environments"].as_array().into_iter().flatten().map(|it| it["name"].clone());
    assert_eq!(names.collect::<Vec<Value>>(), ["prod", "theirs", "by hand"]);
    assert_eq!(lines(&world.run(&["--prune"]).good(), "+~-?"), Vec::<String>::new());
}

#[test]
fn a_second_check_of_a_kind_is_not_described() {
    let world = World::made();
    world.server.with_state(|it| {
        let mut again = it.checks[0].clone();
        again["id"] = json!(it.take_id());
        again["settings"]["minRequiredApprovers"] = json!(0);
        it.checks.push(again);
    });
    assert_eq!(lines(&world.run(&[]).good(), "+~-?"), ["? check approval on prod: not described"]);
    world.run(&["--prune"]).good();
    assert_eq!(world.server.all()["checks"].as_array().map(Vec::len), Some(3));
}

#[test]
fn what_is_open_to_all_pipelines_is_told() {
    let world = World::made();
    world.server.with_state(|it| it.permissions[0]["allPipelines"] = json!({ "authorized": true }));
    let out = world.run(&[]).good();
    assert_eq!(lines(&out, "+~-?"), ["? environment prod is open to all pipelines"]);
}
