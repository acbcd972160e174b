//! First run, second run, changed sources, dry runs.

use super::world::{World, approval, branches, lines, pipeline, shop};
use serde_json::{Value, json};

#[test]
fn the_first_run_makes_everything_in_order() {
    let world = World::new(&shop());
    let out = world.run(&[]).good();
    insta::assert_snapshot!(out);
    let written: Vec<String> = world
        .server
        .writes()
        .iter()
        .map(|it| format!("{} {}", it.method, it.target.split('?').next().unwrap_or_default()))
        .collect();
    insta::assert_snapshot!(written.join("\n"));
    insta::assert_snapshot!(format!("{:#}", world.server.all()));
}

#[test]
fn the_second_run_writes_nothing() {
    let world = World::new(&shop());
    world.run(&[]).good();
    let before = world.server.all();
    world.server.fail(Default::default());
    let out = world.run(&["--exit-code"]).good();
    assert_eq!(lines(&out, "+~-?"), Vec::<String>::new(), "{out}");
    assert_eq!(lines(&out, "=").len(), shop().things.len());
    assert!(out.ends_with("0 created, 0 changed, 0 removed, 9 as described\n"), "{out}");
    assert_eq!(world.server.writes().len(), 0);
    assert_eq!(world.server.all(), before);
}

/// The plan of a second run after the description was changed so, and the body that was written.
#[track_caller]
fn changed(change: impl FnOnce(&mut super::world::Described)) -> (Vec<String>, Vec<Value>) {
    let mut described = shop();
    let world = World::new(&described);
    world.run(&[]).good();
    change(&mut described);
    world.describe(&described);
    world.server.fail(Default::default());
    let plan = lines(&world.run(&[]).good(), "+~-?");
    let bodies = world.server.writes().into_iter().filter_map(|it| it.body).collect();
    world.server.fail(Default::default());
    world.run(&[]).good();
    assert_eq!(world.server.writes().len(), 0, "the change is whole");
    (plan, bodies)
}

#[test]
fn another_description_changes_the_environment() {
    let (plan, bodies) = changed(|it| it.body("prod")["description"] = json!("New. (mlopsc: shop)"));
    assert_eq!(plan, ["~ environment prod (description)"]);
    assert_eq!(bodies, [json!({ "name": "prod", "description": "New. (mlopsc: shop)" })]);
}

#[test]
fn another_approver_changes_the_check() {
    let (plan, bodies) = changed(|it| {
        *it.body("environment prod approval") = approval(&["ana@contoso.example", "[Shop]\\Leads"], "prod")
    });
    assert_eq!(plan, ["~ check environment prod approval (settings.approvers)"]);
    assert_eq!(bodies[0]["settings"]["approvers"].as_array().map(Vec::len), Some(2));
}

#[test]
fn the_order_of_approvers_counts_only_in_a_sequence() {
    let mut described = shop();
    let both = ["ana@contoso.example", "bo@contoso.example"];
    *described.body("environment prod approval") = approval(&both, "prod");
    let world = World::new(&described);
    world.run(&[]).good();
    let turned = |order: &str| {
        let mut check = approval(&[both[1], both[0]], "prod");
        check["settings"]["executionOrder"] = json!(order);
        check
    };
    *described.body("environment prod approval") = turned("anyOrder");
    world.describe(&described);
    assert_eq!(lines(&world.run(&["--dry-run"]).good(), "~"), Vec::<String>::new());
    *described.body("environment prod approval") = turned("inSequence");
    world.describe(&described);
    let plan = lines(&world.run(&[]).good(), "~");
    assert_eq!(plan, ["~ check environment prod approval (settings.approvers, settings.executionOrder)"]);
    assert_eq!(lines(&world.run(&[]).good(), "~"), Vec::<String>::new());
}

#[test]
fn another_branch_changes_the_check_on_the_connection() {
    let (plan, _) = changed(|it| {
        *it.body("connection azure-prod branches") =
            branches("refs/heads/release", ("endpoint", "connection", "azure-prod"))
    });
    assert_eq!(plan, ["~ check connection azure-prod branches (settings.inputs.allowedBranches)"]);
}

#[test]
fn another_file_changes_the_pipeline_and_keeps_the_rest() {
    let (plan, bodies) = changed(|it| *it.body("shop/Build") = pipeline("Build", "build_all"));
    assert_eq!(plan, ["~ pipeline shop/Build (process.yamlFilename)"]);
    assert_eq!(bodies[0]["revision"], 1);
    assert_eq!(bodies[0]["jobTimeoutInMinutes"], 60);
}

#[test]
fn another_variable_is_added_and_the_secret_stays() {
    let mut described = shop();
    let mut world = World::new(&described);
    world.run(&[]).good();
    // Somebody's own variable, and a value of which the source says nothing.
    world.server.with_state(|it| {
        it.groups[0]["variables"]["own"] = json!({ "value": "theirs" });
        it.groups[0]["variables"]["user"] = json!({ "value": "somebody else" });
    });
    world.set("MLOPSC_SHOP_API_KEY", "");
    described.body("shop")["variables"]["zone"] = json!({ "value": "1" });
    world.describe(&described);
    let plan = lines(&world.run(&[]).good(), "+~-?");
    assert_eq!(plan, ["~ variable-group shop (variables.zone)"]);
    let variables = world.server.all()["groups"][0]["variables"].clone();
    assert_eq!(variables["zone"]["value"], "1");
    assert_eq!(variables["own"]["value"], "theirs");
    assert_eq!(variables["user"]["value"], "somebody else");
    assert_eq!(variables["api_key"], json!({ "isSecret": true, "value": "k3y-Sup3r" }));
}

#[test]
fn another_pattern_changes_the_policy() {
    let (plan, _) = changed(|it| {
        it.body("shop/Build for refs/heads/main")["settings"]["filenamePatterns"] = json!(["/ml/*"])
    });
    assert_eq!(plan, ["~ policy shop/Build for refs/heads/main (settings.filenamePatterns)"]);
}

#[test]
fn another_pipeline_is_permitted_beside_the_first() {
    let (plan, bodies) = changed(|it| {
        it.things.insert(
            6,
            (
                "pipeline".to_owned(),
                "shop/Release".to_owned(),
                "things/release.json".to_owned(),
                "x:1".to_owned(),
                pipeline("Release", "release"),
            ),
        );
        *it.body("environment prod") =
            super::world::permission("environment", "environment", "prod", &["Build", "Release"]);
    });
    assert_eq!(plan, ["+ pipeline shop/Release", "~ permission environment prod (shop/Release)"]);
    assert_eq!(bodies[1]["pipelines"].as_array().map(Vec::len), Some(1));
}

#[test]
fn what_somebody_changed_by_hand_is_brought_back() {
    let world = World::new(&shop());
    world.run(&[]).good();
    world.server.with_state(|it| {
        it.checks[0]["settings"]["requesterCannotBeApprover"] = json!(false);
        it.policies[0]["isBlocking"] = json!(false);
        it.definitions[0]["queueStatus"] = json!("paused");
    });
    let plan = lines(&world.run(&[]).good(), "+~-?");
    let expected = [
        "~ check environment prod approval (settings.requesterCannotBeApprover)",
        "~ pipeline shop/Build (queueStatus)",
        "~ policy shop/Build for refs/heads/main (isBlocking)",
    ];
    assert_eq!(plan, expected);
}

#[test]
fn a_dry_run_writes_nothing_and_needs_no_values() {
    let mut world = World::new(&shop());
    world.set("MLOPSC_SHOP_API_KEY", "");
    let nothing = world.server.all();
    let run = world.run(&["--dry-run", "--exit-code"]);
    assert_eq!(run.code, 3, "{}", run.err);
    insta::assert_snapshot!(run.out);
    assert_eq!(world.server.writes().len(), 0);
    assert_eq!(world.server.all(), nothing);
}

#[test]
fn the_exit_code_tells_of_changes_if_asked() {
    let world = World::new(&shop());
    assert_eq!(world.run(&["--exit-code"]).code, 3);
    assert_eq!(world.run(&["--exit-code"]).code, 0);
    assert_eq!(world.run(&["--dry-run", "--exit-code"]).code, 0);
}
