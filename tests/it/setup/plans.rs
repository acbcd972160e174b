//! First run, second run, changed sources, dry runs.

use super::server::Faults;
use super::world::{Described, World, approval, branches, lines, permission, pipeline, shop};
use serde_json::{Value, json};

#[test]
fn the_first_run_makes_everything_in_order() {
    let world = World::new(&shop());
    let run = world.run(&["--exit-code"]);
    assert_eq!((run.code, run.err.as_str()), (3, ""));
    insta::assert_snapshot!(run.out);
    assert!(world.server.log().iter().all(|it| it.status == 200));
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
    let world = World::made();
    let before = world.server.all();
    world.server.fail(Faults::default());
    let out = world.run(&["--exit-code"]).good();
    assert_eq!(lines(&out, "+~-?"), Vec::<String>::new(), "{out}");
    assert_eq!(lines(&out, "=").len(), shop().things.len());
    assert!(out.ends_with("0 created, 0 changed, 0 removed, 9 as described\n"), "{out}");
    assert_eq!(world.server.writes().len(), 0);
    assert_eq!(world.server.all(), before);
}

/// A project that is there, its description, and what running it again after a change does.
struct Changing {
    described: Described,
    world: World,
}

impl Changing {
    fn new() -> Changing {
        Changing { described: shop(), world: World::made() }
    }

    /// The plan after the change, and the bodies that were written.
    #[track_caller]
    fn after(&mut self, change: impl FnOnce(&mut Described)) -> (Vec<String>, Vec<Value>) {
        change(&mut self.described);
        self.world.describe(&self.described);
        self.world.server.fail(Faults::default());
        let plan = lines(&self.world.run(&[]).good(), "+~-?");
        (plan, self.world.server.writes().into_iter().filter_map(|it| it.body).collect())
    }
}

#[test]
fn only_what_the_source_changes_is_changed() {
    let mut shop = Changing::new();
    let (plan, bodies) = shop.after(|it| it.body("prod")["description"] = json!("New. (mlopsc: shop)"));
    assert_eq!(plan, ["~ environment prod (description)"]);
    assert_eq!(bodies, [json!({ "name": "prod", "description": "New. (mlopsc: shop)" })]);

    let both = ["ana@contoso.example", "[Shop]\\Leads"];
    let (plan, bodies) = shop.after(|it| *it.body("environment prod approval") = approval(&both, "prod"));
    assert_eq!(plan, ["~ check environment prod approval (settings.approvers)"]);
    assert_eq!(bodies[0]["settings"]["approvers"].as_array().map(Vec::len), Some(2));

    let on = ("endpoint", "connection", "azure-prod");
    let (plan, _) =
        shop.after(|it| *it.body("connection azure-prod branches") = branches("refs/heads/release", on));
    assert_eq!(plan, ["~ check connection azure-prod branches (settings.inputs.allowedBranches)"]);

    let (plan, bodies) = shop.after(|it| *it.body("shop/Build") = pipeline("Build", "build_all"));
    assert_eq!(plan, ["~ pipeline shop/Build (process.yamlFilename)"]);
    assert_eq!((&bodies[0]["revision"], &bodies[0]["jobTimeoutInMinutes"]), (&json!(1), &json!(60)));

    let policy = "shop/Build for refs/heads/main";
    let (plan, _) = shop.after(|it| it.body(policy)["settings"]["filenamePatterns"] = json!(["/ml/*"]));
    assert_eq!(plan, ["~ policy shop/Build for refs/heads/main (settings.filenamePatterns)"]);

    // The second change of the same pipeline goes by its new revision.
    let (plan, bodies) = shop.after(|it| {
        it.body("shop/Build")["queueStatus"] = json!("paused");
        it.insert_before("environment prod", "pipeline", "shop/Release", pipeline("Release", "release"));
        *it.body("environment prod") =
            permission("environment", "environment", "prod", &["Build", "Release"]);
    });
    let expected = [
        "~ pipeline shop/Build (queueStatus)",
        "+ pipeline shop/Release",
        "~ permission environment prod (shop/Release)",
    ];
    assert_eq!(plan, expected);
    assert_eq!(bodies[0]["revision"], 2);

    let (plan, bodies) = shop.after(|_| ());
    assert_eq!((plan, bodies), (Vec::new(), Vec::new()));
}

#[test]
fn the_order_of_approvers_counts_only_in_a_sequence() {
    let both = ["ana@contoso.example", "bo@contoso.example"];
    let name = "environment prod approval";
    let mut shop = Changing::new();
    shop.after(|it| *it.body(name) = approval(&both, "prod"));
    let (plan, _) = shop.after(|it| *it.body(name) = approval(&[both[1], both[0]], "prod"));
    assert_eq!(plan, Vec::<String>::new());
    let (plan, _) = shop.after(|it| it.body(name)["settings"]["executionOrder"] = json!("inSequence"));
    assert_eq!(plan, ["~ check environment prod approval (settings.approvers, settings.executionOrder)"]);
    let (plan, _) = shop.after(|_| ());
    assert_eq!(plan, Vec::<String>::new());
}

#[test]
fn another_variable_is_added_and_the_secret_stays() {
    let mut shop = Changing::new();
    // Somebody's own variable, and a value of which the source says nothing.
    shop.world.server.with_state(|it| {
        it.groups[0]["variables"]["own"] = json!({ "value": "theirs" });
        it.groups[0]["variables"]["user"] = json!({ "value": "somebody else" });
    });
    shop.world.set("MLOPSC_SHOP_API_KEY", "");
    let (plan, _) = shop.after(|it| it.body("shop")["variables"]["zone"] = json!({ "value": "1" }));
    assert_eq!(plan, ["~ variable-group shop (variables.zone)"]);
    let variables = shop.world.server.all()["groups"][0]["variables"].clone();
    assert_eq!(variables["zone"]["value"], "1");
    assert_eq!(variables["own"]["value"], "theirs");
    assert_eq!(variables["user"]["value"], "somebody else");
    assert_eq!(variables["api_key"], json!({ "isSecret": true, "value": "k3y-Sup3r" }));
}

#[test]
fn what_somebody_changed_by_hand_is_brought_back() {
    let world = World::made();
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
fn other_spellings_of_the_same_are_the_same() {
    let world = World::made();
    world.server.with_state(|it| {
        it.definitions[0]["repository"]["defaultBranch"] = json!("main");
        it.definitions[0]["process"]["yamlFilename"] = json!("/generated/azure-pipelines/build.yml");
        it.policies[0]["settings"]["scope"][0]["matchKind"] = json!("Exact");
        it.policies[0]["settings"]["filenamePatterns"] = json!(["/ml/*", "/src/*"]);
        it.checks[0]["settings"]["approvers"][0]["id"] =
            json!(it.identities[0]["id"].as_str().map(str::to_uppercase));
        it.environments[0]["name"] = json!("Prod");
    });
    assert_eq!(lines(&world.run(&[]).good(), "+~-?"), Vec::<String>::new());
}
