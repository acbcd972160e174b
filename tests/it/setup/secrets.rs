//! Values reach the server and nothing else.

use super::server::{Faults, TOKEN, refusal};
use super::world::{World, lines, shop};
use serde_json::json;
use std::fs;

const KEY: &str = "k\"3y'$(touch x)\\n;Sup3r";

/// Everything that the programs were called with.
fn recording(world: &World) {
    for tool in ["curl", "jq"] {
        let script = format!(
            "printf '%s\\n' \"$@\" >>'{}'\nexec /usr/bin/env -S PATH=\"${{PATH#*:}}\" {tool} \"$@\"",
            world.folder.path().join("called").display()
        );
        world.stand_in(tool, &script);
    }
}

#[test]
fn no_secret_is_shown_or_put_on_a_command_line() {
    let mut world = World::new(&shop());
    world.set("MLOPSC_SHOP_API_KEY", KEY);
    recording(&world);
    let out = world.run(&[]).good();
    let called = fs::read_to_string(world.folder.path().join("called")).expect("something was called");
    assert!(called.contains("--config"), "{called}");
    for text in [&out, &called] {
        assert!(!text.contains("Sup3r") && !text.contains(TOKEN), "{text}");
    }
    assert_eq!(world.server.all()["groups"][0]["variables"]["api_key"]["value"], KEY);
}

#[test]
fn no_secret_is_in_a_refusal() {
    let mut world = World::new(&shop());
    world.set("MLOPSC_SHOP_API_KEY", KEY);
    let echo = format!("Bad value {KEY} for {TOKEN}.");
    world.server.fail(Faults {
        answers: vec![("POST", "variablegroups", 1, refusal(400, "X", &echo))],
        ..Faults::default()
    });
    let said = world.run(&[]).bad();
    assert!(said.contains("\"api_key\":{\"isSecret\":true,\"value\":\"***\"}"), "{said}");
    assert!(said.contains("answer: 400 Bad value *** for ***."), "{said}");
}

#[test]
fn all_missing_values_are_named_at_once() {
    let mut world = World::new(&shop());
    world.set("MLOPSC_SHOP_API_KEY", "");
    world.set("MLOPSC_SHOP_USER", "");
    let said = world.run(&[]).bad();
    insta::assert_snapshot!(said);
    assert_eq!(world.server.writes().len(), 0);
}

#[test]
fn two_secrets_of_one_variable_are_a_problem() {
    let mut described = shop();
    described.body("shop")["variables"]["api-key"] =
        json!({ "isSecret": true, "value": "${secret:shop/api-key}" });
    let said = World::new(&described).run(&[]).bad();
    assert!(
        said.contains("MLOPSC_SHOP_API_KEY would be the value of each of shop/api-key, shop/api_key"),
        "{said}"
    );
}

#[test]
fn secrets_are_written_again_only_when_asked() {
    // That a run without the option leaves them is seen in `plans.rs`.
    let mut world = World::made();
    world.set("MLOPSC_SHOP_API_KEY", "another");
    assert_eq!(
        lines(&world.run(&["--renew-secrets"]).good(), "+~"),
        ["~ variable-group shop (variables.api_key)"]
    );
    assert_eq!(world.server.all()["groups"][0]["variables"]["api_key"]["value"], "another");
}

#[test]
fn what_the_environment_lacks_comes_from_the_key_vault() {
    let mut world = World::new(&shop());
    world.set("MLOPSC_SHOP_API_KEY", "");
    let script = "[[ $* == 'keyvault secret show --vault-name kv-shop --name shop-api-key --output json' ]] || exit 3\n\
        printf '{\"value\":\"from the\\\\nvault\"}'";
    world.stand_in("az", script);
    let out = world.run(&["--key-vault", "kv-shop"]).good();
    assert!(!out.contains("vault"), "{out}");
    assert_eq!(world.server.all()["groups"][0]["variables"]["api_key"]["value"], "from the\nvault");

    let mut world = World::new(&shop());
    world.set("MLOPSC_SHOP_USER", "");
    world.stand_in("az", "echo 'ERROR: (SecretNotFound) it is not there' >&2; exit 3");
    let said = world.run(&["--key-vault", "kv-shop"]).bad();
    assert!(
        said.contains("not in the Key Vault kv-shop: shop-user: ERROR: (SecretNotFound) it is not there"),
        "{said}"
    );
    assert_eq!(world.server.writes().len(), 0);
}

#[test]
fn a_token_of_a_run_or_of_az_is_a_bearer_token() {
    for (variable, program) in [("SYSTEM_ACCESSTOKEN", None), ("", Some("az"))] {
        let mut world = World::made();
        world.set("AZURE_DEVOPS_EXT_PAT", "");
        if !variable.is_empty() {
            world.set(variable, "of-the-run");
        }
        if let Some(program) = program {
            world.stand_in(program, "[[ $1 == account ]] && echo of-the-run");
        }
        world.server.with_state(|it| it.bearer = Some("of-the-run".to_owned()));
        world.run(&["--dry-run"]).good();
    }
    let mut world = World::new(&shop());
    world.set("AZURE_DEVOPS_EXT_PAT", "");
    world.stand_in("az", "exit 1");
    assert!(world.run(&[]).bad().starts_with("setup.sh: there is no token\n"));
}
