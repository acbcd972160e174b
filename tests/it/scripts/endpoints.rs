//! The scripts of steps for endpoints, before a stand-in that keeps endpoints as Azure ML does.

use crate::scripts::{actions, case, output, render, snapshot};
use crate::standins::{Ran, Scenario};
use crate::support;
use mlopsc::driver::Analysis;
use mlopsc::emit::azure_ml;
use mlopsc::model::steps::action::Action;
use std::fs;

fn analysis() -> Analysis {
    case("endpoints.mlops", &[("request.json", "{}")])
}

#[test]
fn every_kind_as_scripts() {
    let analysis = analysis();
    assert!(!analysis.has_errors(), "{}", support::render(&analysis.sources, &analysis.findings));
    snapshot("endpoints", &render(&actions(&analysis)));
}

/// A workspace, with the documents where scripts find them.
struct Azure {
    world: Scenario,
    actions: Vec<(String, Action)>,
}

impl Azure {
    fn new() -> Azure {
        let world = Scenario::behaving(
            &fs::read_to_string(support::repository("tests/cases/scripts/azure_ml_endpoints.sh"))
                .expect("it is there"),
        );
        let analysis = analysis();
        for file in azure_ml::emit(&analysis.project, "generated", &[]) {
            let path = world.path("generated").join(&file.path);
            fs::create_dir_all(path.parent().expect("it has a folder")).expect("the folder can be made");
            fs::write(path, file.text).expect("the folder can be written");
        }
        fs::write(world.path("request.json"), "{}").expect("the folder can be written");
        Azure { world, actions: actions(&analysis) }
    }

    /// Runs a step in a run of that number.
    fn run(&self, step: &str, run: &str, env: &[(&str, &str)]) -> Ran {
        let path = format!("demo.{step}");
        let action = &self.actions.iter().find(|it| it.0 == path).unwrap_or_else(|| panic!("no {path}")).1;
        let given = [("RUN_ID", run), ("VERSION", "7"), ("WITHIN", "0")];
        self.world.run(action, &[&given, env].concat())
    }

    fn good(&self, step: &str, run: &str, has: &[&str]) {
        self.run(step, run, &[]).check(step, true, has, &["refused"]);
    }

    fn traffic(&self) -> String {
        self.world.json("online.endpoint.json")["traffic"].to_string()
    }

    fn deployments(&self) -> Vec<String> {
        let all = self.world.json("online.deployments.json");
        let names =
            all.as_array().expect("a list").iter().map(|it| it["name"].as_str().expect("a name").to_owned());
        names.collect()
    }
}

#[test]
fn blue_and_green_take_turns() {
    let azure = Azure::new();
    azure.good(
        "online.deploy",
        "1",
        &["created prices", &output("deployment", "blue"), &output("model_version", "7")],
    );
    assert_eq!((azure.traffic().as_str(), azure.deployments()), ("{}", vec!["blue".to_owned()]));
    azure.good("online.direct", "1", &["asking blue", &output("passed", "true")]);
    azure.good("online.some", "1", &["blue=100"]);
    azure.good("online.undeploy", "1", &["there is no deployment old"]);

    azure.good("online.deploy", "2", &["updated prices", &output("deployment", "green")]);
    assert_eq!(azure.traffic(), r#"{"blue":100}"#);
    azure.good("online.direct", "2", &["asking green"]);
    azure.good("online.some", "2", &["blue=90 green=10"]);
    azure.run("online.undeploy", "2", &[]).check(
        "still used",
        false,
        &["90 % of the traffic"],
        &["deployment delete"],
    );
    azure.good("online.declared", "2", &["stays as it is"]);

    azure.good("online.rollback", "2", &["blue=100 green=0", "deleted green"]);
    assert_eq!(azure.deployments(), ["blue"]);
    azure.good("online.rollback", "2", &["nothing to undo"]);
    azure.good("online.deploy", "2", &[&output("deployment", "green")]);
}

#[test]
fn a_failed_test_is_undone() {
    let azure = Azure::new();
    azure.good("online.deploy", "1", &[]);
    let wrong = [("STATUS", "500"), ("ANSWER", "##vso[task.complete result=Succeeded]")];
    let ran = azure.run("online.direct", "1", &wrong);
    ran.check(
        "wrong",
        false,
        &[&output("passed", "false"), "the status is 500, not 200"],
        &["##vso[task.complete", "s3cret"],
    );
    azure.good("online.rollback", "1", &["deleted blue"]);
    assert!(azure.deployments().is_empty());
    azure.good("online.rollback", "1", &["nothing to undo"]);
    for (answer, why) in
        [("{}", "does not hold"), (r#"{"prices": [1], "note": "it's price"}"#, "lacks a part")]
    {
        azure.good("online.deploy", "1", &[]);
        azure.run("online.direct", "1", &[("ANSWER", answer)]).check(answer, false, &[why], &[]);
    }
}

#[test]
fn another_attempt_of_a_run_deploys_the_same() {
    let azure = Azure::new();
    azure.good("online.deploy", "1", &[]);
    azure.good("online.some", "1", &[]);
    azure.run("online.deploy", "2", &[("STATE", "Failed")]).check(
        "fails",
        false,
        &["green of prices failed", "get-logs"],
        &[],
    );
    azure.good(
        "online.deploy",
        "2",
        &["online-deployment delete", "online-deployment create", &output("deployment", "green")],
    );
    azure.good("online.some", "2", &["blue=90 green=10"]);
    azure.good("online.deploy", "2", &["online-deployment update", &output("deployment", "green")]);
    azure.good("online.rollback", "2", &["blue=100", "deleted green"]);
}

#[test]
fn what_is_not_there_is_no_error_to_those_who_remove_it() {
    let azure = Azure::new();
    azure.good("online.undeploy", "1", &["gone already"]);
    azure.good("online.rollback", "1", &["nothing to undo"]);
    azure.good("batch.delete", "1", &["gone already"]);
    azure.run("named.theirs", "1", &[]).check(
        "existing",
        false,
        &["There is no online endpoint shared-prices"],
        &["create"],
    );
}

#[test]
fn the_version_of_a_model_is_settled_when_it_is_deployed() {
    let azure = Azure::new();
    azure.good("named.deploy", "1", &["with price, version 10", &output("model_version", "10")]);
    assert_eq!(azure.world.json("online.deployments.json")[0]["model"], "azureml:price:10");
    azure.run("online.deploy", "2", &[("VERSION", "")]).check(
        "none",
        false,
        &["No version of price is given"],
        &["create"],
    );
    azure.good("batch.deploy", "3", &[&output("model_version", "4")]);
}

#[test]
fn what_was_updated_in_place_cannot_come_back() {
    let azure = Azure::new();
    azure.good("named.deploy", "1", &[]);
    azure.good("online.some", "1", &["green=100"]);
    azure.good("named.deploy", "2", &["online-deployment update"]);
    azure.run("online.rollback", "2", &[]).check(
        "in place",
        false,
        &["updated in place"],
        &["deployment delete"],
    );
}

#[test]
fn who_gets_traffic_loses_its_copies() {
    let azure = Azure::new();
    azure.good("online.deploy", "1", &[]);
    azure.good("online.some", "1", &[]);
    azure.good("online.deploy", "2", &[]);
    azure.good("online.copies", "2", &["copies: blue=0 green=20"]);
    azure.good("online.some", "2", &["--mirror-traffic blue=0 green=0", "--traffic blue=90 green=10"]);
}

#[test]
fn a_batch_endpoint_has_a_default() {
    let azure = Azure::new();
    let default = || azure.world.json("batch.endpoint.json")["defaults"]["deployment_name"].clone();
    azure.good("batch.deploy", "1", &["even-day is the first one", &output("deployment", "even-day")]);
    assert_eq!(default(), "even-day");
    azure.good("batch.deploy", "2", &[&output("deployment", "odd-day")]);
    assert_eq!(default(), "even-day");
    azure.good("batch.tomorrow", "2", &["the default of scores: odd-day"]);
    azure.good("batch.rollback", "2", &["the default of scores: even-day", "deleted odd-day"]);
    azure.good("batch.undeploy", "2", &["there is no deployment odd-day"]);
    azure.good("batch.ensure", "2", &["updated scores"]);
    assert_eq!(default(), "even-day");
    azure.good("batch.delete", "2", &["deleted scores"]);
}

fn asked(azure: &Azure) -> String {
    fs::read_to_string(azure.world.path("curl.in")).expect("curl was called")
}

#[test]
fn an_endpoint_is_asked_with_its_key() {
    let azure = Azure::new();
    azure.good("online.deploy", "1", &[]);
    let ran = azure.run("online.direct", "1", &[]);
    ran.check("direct", true, &["--data-binary @request.json"], &["s3cret"]);
    let wanted = "url = \"https://prices.example.com/score\"\nheader = \"Authorization: Bearer s3cret\"\n\
                  header = \"azureml-model-deployment: blue\"\n";
    assert_eq!(asked(&azure), wanted);
    azure.run("online.through", "1", &[("STATUS", "204"), ("ANSWER", "ok\n")]).check(
        "through",
        true,
        &[],
        &["s3cret"],
    );
    assert!(asked(&azure).starts_with("url = \"https://prices.example.com/health\"\n"));
}

#[test]
fn a_service_is_asked_where_it_is() {
    let azure = Azure::new();
    let secret = ("AUTH", "s3cret\"");
    azure.run("in_aci.smoke_test", "1", &[secret, ("ANSWER", "all ok")]).check(
        "aci",
        true,
        &["--data-binary @request.json"],
        &["s3cret"],
    );
    assert_eq!(
        asked(&azure),
        "url = \"http://10.0.0.9:8080/\"\nheader = \"Authorization: Bearer s3cret\\\"\"\n"
    );
    azure.run("in_aks.smoke_test", "1", &[("SERVICE_FACT", "20.1.2.3")]).check(
        "aks",
        true,
        &["--request PUT"],
        &["port-forward"],
    );
    assert_eq!(asked(&azure), "url = \"http://20.1.2.3:80/\"\n");
    let none = azure.run("in_aks.smoke_test", "1", &[]);
    none.check("no address", false, &["has no address"], &["curl"]);
    azure.run("inside.smoke_test", "1", &[secret, ("SERVICE_FACT", "api")]).check(
        "inside",
        true,
        &["service/api :8080", "text/plain"],
        &["s3cret"],
    );
    assert_eq!(asked(&azure), "url = \"http://127.0.0.1:40123/score\"\nheader = \"x-api-key: s3cret\\\"\"\n");
    azure.run("outside.smoke_test", "1", &[]).check("outside", true, &[], &["kubectl"]);
    assert_eq!(asked(&azure), "url = \"http://api.example.com/v1/ready\"\n");
}

#[test]
fn a_release_goes_back_to_what_another_run_deployed() {
    let history = |last: &str| {
        format!(
            r#"case "$1" in
              list) echo '[{{"name": "api"}}]' ;;
              history) echo '[{{"revision": 1, "status": "superseded", "description": "mlopsc-run=1"}},
                {{"revision": 2, "status": "failed", "description": "mlopsc-run=2"}}, {last}]' ;;
            esac"#
        )
    };
    let revision =
        |run: &str| format!(r#"{{"revision": 3, "status": "deployed", "description": "mlopsc-run={run}"}}"#);
    let actions = actions(&analysis());
    let step =
        |name: &str| &actions.iter().find(|it| it.0 == format!("demo.in_aks.{name}")).expect("it is there").1;
    let ran = |name: &str, answers: &str| Scenario::behaving(answers).run(step(name), &[("RUN_ID", "3")]);
    ran("rollback", &history(&revision("3"))).check("own", true, &["helm rollback api 1"], &["uninstall"]);
    ran("rollback", &history(&revision("4"))).check(
        "other",
        true,
        &["nothing to undo"],
        &["helm rollback", "uninstall"],
    );
    ran("last", &history(&revision("4"))).check("any", true, &["helm rollback api 1"], &[]);
    let first = r#"case "$1" in list) echo '[{"name": "api"}]' ;; history) echo '[{"revision": 1, "status": "deployed", "description": "mlopsc-run=3"}]' ;; esac"#;
    ran("rollback", first).check("first", true, &["helm uninstall api"], &["helm rollback"]);
    ran("rollback", "echo '[]'").check("none", true, &["there is no api"], &["history"]);
}

#[test]
fn a_container_group_goes_back_to_the_image_before() {
    const AZ: &str = r#"
        case "$*" in
          "container create"*) [ -z "${REFUSED:-}" ] || [ -e "$FAKE/refused" ] || { touch "$FAKE/refused"; exit 1; }
            cp "${@: -3:1}" "$FAKE/group.json" ;;
          "container delete"*) rm "$FAKE/group.json" ;;
          *currentState*) echo Running ;;
          *ipAddress.ip*) echo 10.0.0.9 ;;
          "container show"*) [ -e "$FAKE/group.json" ] || exit 3; cat "$FAKE/group.json" ;;
        esac"#;
    let world = Scenario::behaving(AZ);
    let actions = actions(&analysis());
    let run = |name: &str, env: &[(&str, &str)]| {
        let action = &actions.iter().find(|it| it.0 == format!("demo.in_aci.{name}")).expect("it is there").1;
        world.run(action, env)
    };
    let image = || world.json("group.json")["properties"]["containers"][0]["properties"]["image"].clone();
    run("rollback", &[("RUN_ID", "1")]).check("none", true, &["there is no api-dev"], &["create"]);
    run("deploy", &[("RUN_ID", "1"), ("TAG", "1")]).check("first", true, &["runs at"], &[]);
    run("deploy", &[("RUN_ID", "2"), ("TAG", "2")]).check("second", true, &["deleting api-dev"], &[]);
    run("deploy", &[("RUN_ID", "2"), ("TAG", "2")]).check("again", true, &["deleting api-dev"], &[]);
    run("rollback", &[("RUN_ID", "3")]).check("other", true, &["does not stand"], &["delete", "create"]);
    run("rollback", &[("RUN_ID", "2")]).check("back", true, &["container delete", "runs at"], &[]);
    assert_eq!(
        (image(), &world.json("group.json")["tags"]["mlopsc-run"]),
        ("demo/api:1".into(), &"1".into())
    );
    let refused = [("RUN_ID", "4"), ("TAG", "4"), ("REFUSED", "yes")];
    run("deploy", &refused).check(
        "refused",
        false,
        &["trying what stood before, 1", "could not be created"],
        &[],
    );
    assert_eq!(image(), "demo/api:1");
    run("last", &[("RUN_ID", "5")]).check("unknown", false, &["Nothing is known"], &["delete"]);
    run("rollback", &[("RUN_ID", "1")]).check("first", true, &["it is deleted"], &["create"]);
}
