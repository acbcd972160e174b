//! The scripts of steps that start other pipelines and deploy templates.

use crate::scripts::{action_of, actions, case, output, render, snapshot};
use crate::standins::Scenario;
use crate::support;
use mlopsc::driver::Analysis;
use mlopsc::model::steps::action::Action;
use std::fs;

pub(super) const SIDE_FILES: &[(&str, &str)] = &[
    (
        "infra/main.bicep",
        "param name string = ''\nparam replicas int = 1\nparam deep bool = false\nparam size int = 1\n@secure()\nparam apiKey string = ''\n\
         output vaultName string = ''\noutput Count int = 1\n",
    ),
    ("infra/sub.bicep", "targetScope = 'subscription'\n"),
    ("infra/main.bicepparam", "using 'main.bicep'\n"),
    ("infra/main.json", r#"{"resources": [], "parameters": {"size": {"type": "int"}}}"#),
    ("infra/params.json", r#"{"parameters": {"size": {"value": 1}}}"#),
];

fn analysis() -> Analysis {
    case("ground.mlops", SIDE_FILES)
}

pub(super) fn action(path: &str) -> Action {
    action_of(&analysis(), path, 0)
}

#[test]
fn every_kind_as_scripts() {
    let analysis = analysis();
    assert!(!analysis.has_errors(), "{}", support::render(&analysis.sources, &analysis.findings));
    snapshot("ground", &render(&actions(&analysis)));
}

#[test]
fn headers_of_a_call_are_json() {
    for name in ["plain", "told", "back"] {
        let action = action(&format!("demo.calls.{name}"));
        let text = render(&[(name.to_owned(), action)]);
        let headers =
            text.lines().find_map(|it| it.strip_prefix("headers: ")).expect("they are always written");
        let headers: serde_json::Value = serde_json::from_str(headers).expect("they are JSON");
        assert_eq!(headers["Content-Type"], "application/json");
        assert_eq!(headers.get("AuthToken").is_some(), name == "back");
    }
}

/// Azure DevOps, as far as `queue` asks it: runs get the numbers 71, 72, …, and end as `$RESULT`.
const DEVOPS: &str = r#"
    [ "${0##*/}" = curl ] || exit 0
    cat >"$FAKE/headers"
    case "$*" in
      *build/definitions*) echo '{"value": [{"id": 6, "name": "[ML] Silo 2"}, {"id": 7, "name": "[ML] Silo"}]}' ;;
      *pipelines/7/runs*)
        number=$(($(cat "$FAKE/count" 2>/dev/null || echo 70) + 1)); echo "$number" >"$FAKE/count"
        for it in "$@"; do case "$it" in @*) cp "${it#@}" "$FAKE/body$number.json" ;; esac; done
        echo "{\"id\": $number}" ;;
      *build/builds*) echo "{\"status\": \"completed\", \"result\": \"$RESULT\"}" ;;
    esac"#;

fn env<'a>(more: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    let known = [
        ("ACCESS_TOKEN", "t0ken"),
        ("COLLECTION", "https://x/"),
        ("PROJECT_ID", "p"),
        ("RESULT", "succeeded"),
    ];
    let branch = ("BRANCH", "refs/heads/develop");
    known.into_iter().chain([branch]).chain(more.iter().copied()).collect()
}

#[test]
fn a_run_of_another_pipeline_is_started() {
    let answers = DEVOPS;
    let world = Scenario::behaving(answers);
    world.run(&action("demo.starts.plain"), &env(&[])).check(
        "plain",
        true,
        &["name=%5BML%5D%20Silo&path=%5Cml%5Cdemo", &output("run_id", "71")],
        &["t0ken", "builds/"],
    );
    assert_eq!(
        world.json("body71.json")["resources"]["repositories"]["self"]["refName"],
        "refs/heads/develop"
    );
    let headers = fs::read_to_string(world.path("headers")).expect("curl was called");
    assert_eq!(headers, "Authorization: Bearer t0ken\n");

    let nasty = "b\" $(touch pwned)";
    let world = Scenario::behaving(answers);
    let given = env(&[("BRANCH", "main"), ("PARAM_SILO", nasty), ("PARAM_DEEP", "true")]);
    let ran = world.run(&action("demo.starts.waited"), &given);
    ran.check("waited", true, &["builds/71", "run 71: succeeded"], &["touch pwned"]);
    let body = world.json("body71.json");
    assert_eq!(body["resources"]["repositories"]["self"]["refName"], "refs/heads/main");
    assert_eq!(body["templateParameters"], serde_json::json!({"silo": nasty, "rate": "1", "deep": "true"}));

    for (result, ok, says) in
        [("failed", false, "ended as failed"), ("partiallySucceeded", true, "succeeded with issues")]
    {
        let given = env(&[("RESULT", result)]);
        Scenario::behaving(answers).run(&action("demo.starts.waited"), &given).check(
            result,
            ok,
            &[says],
            &[],
        );
    }
    let missing = answers.replace("\"name\": \"[ML] Silo\"", "\"name\": \"x\"");
    Scenario::behaving(&missing).run(&action("demo.starts.plain"), &env(&[])).check(
        "missing",
        false,
        &["shows no pipeline"],
        &["runs?"],
    );
    let refused = answers.replace("echo \"{\\\"id\\\": $number}\"", "exit 22");
    Scenario::behaving(&refused).run(&action("demo.starts.plain"), &env(&[])).check(
        "refused",
        false,
        &["did not start"],
        &["isOutput"],
    );
}

#[test]
fn each_item_gets_a_run() {
    let answers = DEVOPS;
    let world = Scenario::behaving(answers);
    let each = action("demo.starts.each");
    let items = r#"[{"name": "a b"}, {"name": "c\"; rm"}]"#;
    world.run(&each, &env(&[("ITEMS", items)])).check(
        "two",
        true,
        &[&output("run_ids", "[\"71\",\"72\"]")],
        &[],
    );
    assert_eq!(
        world.json("body71.json")["templateParameters"],
        serde_json::json!({"silo": "a b", "rate": "0.25"})
    );
    assert_eq!(world.json("body72.json")["templateParameters"]["silo"], "c\"; rm");
    Scenario::behaving(answers).run(&each, &env(&[("ITEMS", "[]")])).check(
        "none",
        true,
        &[&output("run_ids", "[]")],
        &["runs?"],
    );
    for bad in ["{}", "text", ""] {
        Scenario::behaving(answers).run(&each, &env(&[("ITEMS", bad)])).check(bad, false, &[], &["runs?"]);
    }
    let world = Scenario::behaving(answers);
    world.run(&action("demo.starts.records"), &env(&[])).check(
        "records",
        true,
        &[&output("run_ids", "[\"71\",\"72\"]")],
        &[],
    );
    assert_eq!(
        world.json("body71.json")["templateParameters"],
        serde_json::json!({"silo": "it's", "deep": "true"})
    );
    let world = Scenario::behaving(answers);
    let listed = world.run(&action("demo.starts.listed"), &env(&[("ITEM_2", "fr")]));
    listed.check("listed", true, &["run 71: succeeded", "run 72: succeeded"], &[]);
    assert_eq!(world.json("body72.json")["templateParameters"]["silo"], "fr");
}

#[test]
fn templates_are_deployed_with_their_parameters() {
    let answers = r#"
        [ "${0##*/}" = az ] || exit 0
        for it in "$@"; do case "$it" in @*overrides.json) cp "${it#@}" "$FAKE/overrides.json" ;; esac; done
        case "$*" in *"deployment group create"*) echo '{"vaultName": {"value": "kv"}, "count": {"value": 3}}' ;; esac"#;
    let nasty = "s3cret \"$(touch pwned)\"";
    let world = Scenario::behaving(answers);
    let given = [("RUN_ID", "42"), ("RESOURCE_GROUP", "rg-fr"), ("PARAM_3", "True"), ("PARAM_4", nasty)];
    world.run(&action("demo.ground.group"), &given).check(
        "group",
        true,
        &[
            "az group create --name rg-fr --location westeurope",
            "--name main-42 --resource-group rg-fr --template-file infra/main.bicep --parameters @infra/params.json --parameters @",
            "--mode Complete",
            &output("vault_name", "kv"),
            &output("count", "3"),
        ],
        &["s3cret"],
    );
    let parameters = &world.json("overrides.json")["parameters"];
    assert_eq!(parameters["apiKey"]["value"], nasty);
    assert_eq!((&parameters["replicas"]["value"], &parameters["deep"]["value"]), (&3.into(), &true.into()));

    let none = answers.replace("vaultName", "other");
    Scenario::behaving(&none).run(&action("demo.ground.group"), &given).check(
        "no output",
        false,
        &["no output vault_name"],
        &[],
    );
    let has = ["az deployment group what-if", "--resource-group rg-ml"];
    Scenario::behaving(answers).run(&action("demo.ground.preview"), &given[..1]).check(
        "preview",
        true,
        &has,
        &["create"],
    );
    let has = ["az deployment sub create --name sub-42 --location westeurope"];
    Scenario::behaving(answers).run(&action("demo.ground.subscription"), &given[..1]).check(
        "sub",
        true,
        &has,
        &["resource-group"],
    );
    let has = ["--parameters infra/main.bicepparam --parameters name=fr"];
    let given = [("RUN_ID", "42"), ("PARAM_1", "fr")];
    Scenario::behaving(answers).run(&action("demo.ground.params"), &given).check(
        "params",
        true,
        &has,
        &["template-file"],
    );
    let has = ["--resource-group rg-dev --template-file infra/main.json --parameters @infra/params.json"];
    Scenario::behaving(answers).run(&action("demo.inside.arm"), &given).check("arm", true, &has, &[]);
}
