//! One clear message each, and nothing harmed.

use super::server::{Faults, Response, State, refusal};
use super::world::{
    LOCK, World, approval, check, group, lines, organization, permission, pipeline, policy, shop,
};
use serde_json::json;

/// What it says about the shop with these approvers.
fn said_of_approvers(names: &[&str]) -> (i32, String) {
    let mut described = shop();
    *described.body("environment prod approval") = approval(names, "prod");
    let mut state = organization();
    state.add_identity("[Shop]\\Release Team", "", true);
    state.add_identity("[Shop]\\Testers", "", true);
    state.add_identity("[Contoso]\\Testers", "", true);
    let world = World::at("contoso", &described, state);
    let run = world.run(&["--dry-run"]);
    (run.code, run.err)
}

#[test]
fn an_approver_is_found_in_any_of_its_spellings() {
    let names = [
        "ana@contoso.example",
        "BO@contoso.example",
        "Ana Leal",
        "[shop]\\leads",
        "Leads",
        "release team",
        "[Contoso]\\Testers",
    ];
    assert_eq!(said_of_approvers(&names), (0, String::new()));
}

#[test]
fn an_approver_that_is_nobody_or_several_is_told_with_who_is_near() {
    let names = ["nobody@contoso.example", "ana@contoso.com", "[Other]\\Leads", "Testers"];
    let (code, said) = said_of_approvers(&names);
    assert_eq!(code, 1);
    insta::assert_snapshot!(said);
}

#[test]
fn who_has_left_is_no_approver() {
    let world = World::new(&shop());
    world.server.with_state(|it| it.identities[0]["isActive"] = json!(false));
    let said = world.run(&[]).bad();
    assert!(
        said.contains("[Shop]\\Leads has no access to this organization any more (shop.mlops:3)"),
        "{said}"
    );
}

#[test]
fn everything_that_is_unknown_is_told_at_once() {
    let mut described = shop();
    *described.body("environment prod approval") = approval(&["nobody@contoso.example"], "prod");
    let lock = |kind, lookup, name| check((LOCK, "ExclusiveLock"), &json!({}), (kind, lookup, name), 60);
    described.add("check", "a", lock("endpoint", "connection", "azure-qa"));
    described.add("permission", "b", permission("queue", "queue", "GPU", &["Build"]));
    described.add("permission", "c", permission("repository", "repository", "lost", &["Lost"]));
    described.add("check", "d", lock("environment", "environment", "lost"));
    described.add("permission", "e", permission("queue", "queue", "GPU", &["Build"]));
    let world = World::new(&described);
    insta::assert_snapshot!(world.run(&[]).bad());
    assert_eq!(world.server.writes().len(), 0);
}

#[test]
fn a_name_that_something_else_has_is_told() {
    let mut described = shop();
    described.add("pipeline", "shop/Release", pipeline("Release", "release"));
    let world = World::new(&described);
    world.server.with_state(|state| {
        let mut linked = group("shop", &json!({ "a": { "value": "1" } }));
        linked["variableGroupProjectReferences"][0]["projectReference"]["id"] = json!(state.project_id);
        state.add_group(&linked).expect("it is free");
        state.groups[0]["type"] = json!("AzureKeyVault");
        let other = state.add_repository("other-code");
        let mut theirs = pipeline("Build", "build");
        theirs["repository"]["id"] = json!(other);
        theirs["repository"]["name"] = json!("other-code");
        state.add_definition(&theirs).expect("it is free");
        theirs["name"] = json!("Release");
        state.add_definition(&theirs).expect("it is free");
        state.definitions[1]["process"] = json!({ "type": 1, "phases": [] });
    });
    let before = world.server.all();
    insta::assert_snapshot!(world.run(&["--prune"]).bad());
    assert_eq!(world.server.all(), before);
}

#[test]
fn each_kind_of_thing_says_which_permission_it_needs() {
    let world = World::new(&shop());
    let denied = refusal(403, "AccessDeniedException", "Access denied: the owner needs more permissions.");
    let mut said = Vec::new();
    for (method, target) in [
        ("POST", "variablegroups"),
        ("POST", "environments"),
        ("POST", "checks"),
        ("POST", "definitions"),
        ("PATCH", "pipelinePermissions"),
        ("POST", "policy"),
    ] {
        world.server.fail(Faults { answers: vec![(method, target, 1, denied.clone())], ..Faults::default() });
        said.push(world.run(&[]).bad());
    }
    insta::assert_snapshot!(said.join("\n"));
    // All that was before is there, and nothing twice.
    world.server.fail(Faults::default());
    assert_eq!(lines(&world.run(&[]).good(), "+"), ["+ policy shop/Build for refs/heads/main"]);
}

#[test]
fn what_may_not_be_read_is_told_at_once() {
    let world = World::new(&shop());
    let denied = refusal(403, "AccessDeniedException", "The token lacks a scope.");
    let answers = ["identities", "endpoints", "environments?"].map(|it| ("GET", it, 1, denied.clone()));
    world.server.fail(Faults { answers: answers.to_vec(), ..Faults::default() });
    insta::assert_snapshot!(world.run(&[]).bad());
}

#[test]
fn a_token_that_is_not_taken_is_told() {
    let page = "<html><head><title>Azure DevOps Services | Sign In</title></head></html>";
    let cases = [
        (Response::empty(401), "answered 401"),
        (Response::html(203, page), "answered 203 with a page to sign in"),
        (
            Response::html(302, "").with("Location", &"https://login.example/"),
            "answered 302 with a page to sign in",
        ),
        (Response::html(200, page), "answered 200 with a page to sign in"),
    ];
    // At the first question, and when the token expires during the run.
    for (number, (response, expected)) in cases.into_iter().enumerate() {
        let world = World::new(&shop());
        let (method, target) = if number == 1 { ("POST", "environments") } else { ("GET", "projects") };
        world.server.fail(Faults { answers: vec![(method, target, 1, response)], ..Faults::default() });
        let said = world.run(&[]).bad();
        let told = said.starts_with("setup.sh: the token was not accepted: ORG/") && said.contains(expected);
        assert!(told && said.contains("ORG/_usersSettings/tokens"), "{said}");
    }
    let mut world = World::new(&shop());
    world.set("AZURE_DEVOPS_EXT_PAT", "wrong");
    assert!(world.run(&[]).bad().contains("was not accepted"));
}

#[test]
fn a_place_that_is_not_there_is_told() {
    let world = World::new(&shop());
    let said = world.run(&["--project", "Shoop"]).bad();
    assert_eq!(
        said,
        "setup.sh: there is no project Shoop in ORG, or the token may not see it\n  nothing was written\n"
    );
    let other = world.server.url().replace("contoso", "contosso");
    let said = world.run_bare(&["--organization", &other]).bad();
    assert!(said.starts_with("setup.sh: there is no organization at http://HOST/contosso\n"), "{said}");
    let said = world.run_bare(&["--organization", "contoso"]).bad();
    assert_eq!(
        said,
        "setup.sh: the organization must be a URL, not contoso\n  say --organization https://dev.azure.com/NAME\n"
    );
    let said = world.run_bare(&[]).bad();
    assert!(said.starts_with("setup.sh: the organization is not known\n"), "{said}");
}

#[test]
fn writes_with_answers_that_nobody_expects_are_told() {
    let text =
        |status: u16, body: &str| Response { body: body.to_owned(), ..Response::json(status, &json!({})) };
    let told = |method, target, response| {
        let world = World::new(&shop());
        world.server.fail(Faults { answers: vec![(method, target, 1, response)], ..Faults::default() });
        world.run(&[]).bad()
    };
    let said = told("POST", "environments", text(200, "{}"));
    assert!(
        said.contains("unexpected answer: environment prod (shop.mlops:2)") && said.contains("it has no id"),
        "{said}"
    );
    let said = told("POST", "variablegroups", text(400, "<b>proxy</b>"));
    assert!(said.contains("answer: 400 not JSON: <b>proxy</b>"), "{said}");
}

#[test]
fn a_thing_that_somebody_else_changes_meanwhile_is_told() {
    let mut described = shop();
    let world = World::made();
    described.body("shop/Build")["queueStatus"] = json!("paused");
    world.describe(&described);
    let stale = refusal(409, "X", "The definition was changed.");
    world.server.fail(Faults { answers: vec![("PUT", "definitions", 1, stale)], ..Faults::default() });
    let said = world.run(&[]).bad();
    assert!(said.contains("refused: pipeline shop/Build (shop.mlops:6)"), "{said}");
    assert!(
        said.contains(
            "answer: 409 The definition was changed.\n  somebody else made or changed it meanwhile"
        ),
        "{said}"
    );
}

#[test]
fn the_server_refuses_what_the_service_refuses() {
    let mut described = shop();
    described.body("shop/Build")["repository"]["typo"] = json!(1);
    let said = World::new(&described).run(&[]).bad();
    assert!(said.contains("refused: pipeline shop/Build (shop.mlops:6)"), "{said}");
    assert!(said.contains("answer: 400 Could not find member 'typo'."), "{said}");
    let mut state = State::default();
    let id = state.add_repository("shop-code");
    let mut body = policy("Build", "main");
    body["settings"]["buildDefinitionId"] = json!(1);
    body["settings"]["scope"][0]["repositoryId"] = json!(id);
    assert_eq!(state.add_policy(&body).expect_err("no such pipeline").status, 400);
}

#[test]
fn the_same_refusal_is_told_once() {
    for (status, expected) in [
        (403, "setup.sh: may not read agent pools, branch policies, environments, "),
        (407, "setup.sh: could not read agent pools, branch policies, environments, "),
        (500, "setup.sh: could not read agent pools, branch policies, environments, "),
    ] {
        let mut described = shop();
        described.add("permission", "queue", permission("queue", "queue", "Own agents", &["Build"]));
        let world = World::new(&described);
        let refusal = refusal(status, "X", "Not today.");
        world.server.fail(Faults { answers: vec![("GET", "", usize::MAX, refusal)], ..Faults::default() });
        let said = world.run(&[]).bad();
        assert!(said.starts_with(expected), "{said}");
        let rest =
            "people and groups, pipelines, repositories, service connections, the project, variable groups";
        assert!(said.contains(rest), "{said}");
        assert_eq!(said.matches("Not today.").count(), 1, "{said}");
        assert!(said.contains(&format!(" and 8 more answered {status}: Not today.")), "{said}");
    }
}

#[test]
fn who_is_named_in_two_spellings_is_asked_once() {
    let mut described = shop();
    *described.body("environment prod approval") =
        approval(&["Ana Leal", "[Shop]\\Leads", "ANA@contoso.example"], "prod");
    let world = World::new(&described);
    world.run(&[]).good();
    let approvers = &world.server.all()["checks"][0]["settings"]["approvers"];
    let names: Vec<_> = approvers.as_array().expect("a list").iter().map(|it| &it["displayName"]).collect();
    assert_eq!(names, ["Ana Leal", "[Shop]\\Leads"]);
    world.server.fail(Faults::default());
    world.run(&[]).good();
    assert_eq!(world.server.writes().len(), 0);
    described.body("environment prod approval")["settings"]["minRequiredApprovers"] = json!(3);
    world.describe(&described);
    let said = world.run(&[]).bad();
    let expected = "environment prod approval asks for 3 approvals, but its names stand for only 2 approvers (shop.mlops:3)";
    assert!(said.contains(expected), "{said}");
}

#[test]
fn a_repository_of_another_project_is_permitted_under_that_project() {
    let mut described = shop();
    let of = permission("repository", "repository", "Common/tools", &["Build"]);
    described.add("permission", "repository Common/tools", of);
    let mut state = organization();
    state.add_repository("tools");
    let id = state.add_repository_of("Common", "tools");
    let project = state.others[0].1.clone();
    let world = World::at("contoso", &described, state);
    world.run(&[]).good();
    let writes = world.server.writes();
    let written = writes.iter().find(|it| it.target.contains("/repository/")).expect("it is written");
    let full = format!("{project}.{id}");
    assert!(
        written.target.contains(&format!("/Shop/_apis/pipelines/pipelinePermissions/repository/{full}?")),
        "{}",
        written.target
    );
    assert_eq!(written.body.as_ref().expect("a body")["resource"]["id"], full);
    world.server.fail(Faults::default());
    world.run(&[]).good();
    assert_eq!(world.server.writes().len(), 0);
}

#[test]
fn a_damaged_folder_is_told() {
    let world = World::new(&shop());
    let file = world.folder.path().join("setup/things/1.json");
    std::fs::write(&file, "{").expect("it is ours");
    let said = world.run(&[]).bad();
    assert!(said.starts_with("setup.sh: a file beside this script cannot be read\n"), "{said}");
    assert!(said.contains("\n  things/1.json is not a JSON object\n"), "{said}");
    assert!(!said.contains("things/2.json") && !said.contains("jq:"), "{said}");
    std::fs::remove_file(&file).expect("it is there");
    let said = world.run(&[]).bad();
    assert_eq!(
        said,
        "setup.sh: files are missing beside this script: things/1.json\n  run mlopsc compile again\n"
    );
    let mut described = shop();
    described.add("gateway", "x", json!({}));
    let world = World::new(&described);
    let said = world.run(&[]).bad();
    assert!(said.contains("this script does not know things of the kind gateway"), "{said}");
    let mut described = shop();
    described.body("prod")["description"] = json!("${moon:full}");
    let said = World::new(&described).run(&[]).bad();
    assert!(said.contains("this script does not know the look-up of a moon (shop.mlops:2)"), "{said}");
}
