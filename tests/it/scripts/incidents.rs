//! What goes wrong in the cloud: each script before programs that answer as the real ones do then.

use super::example;
use crate::standins::{Answer, Ran, Scenario};

/// What azure-cli says of something that is not there, with exit code 3.
const MISSING: &str = "ERROR: (ResourceNotFound) The Resource 'Microsoft.ContainerInstance/containerGroups/api-dev' under resource \
                       group 'rg-dev' was not found.\n";
const FORBIDDEN: &str =
    "ERROR: (AuthorizationFailed) The client does not have authorization to perform action.\n";
/// The token of a federated connection, after an hour.
const EXPIRED: &str = "ERROR: AADSTS700024: Client assertion is not within its valid time range.\n";

fn missing() -> Answer {
    Answer::fails(3, MISSING)
}

/// Azure Container Instances, without a group; it runs once it is made.
fn aci() -> Scenario {
    Scenario::new()
        .on("az container show*", &[missing()])
        .on("az container create*", &[Answer::nothing()])
        .on("az container delete*", &[Answer::nothing()])
        .on("az container logs*", &[Answer::says("ImportError\n")])
        .on("az container show*currentState*", &[Answer::says("Waiting\n"), Answer::says("Running\n")])
        .on("az container show*ipAddress.ip*", &[Answer::says("10.0.0.9\n")])
}

fn deploy(scenario: &Scenario) -> Ran {
    scenario.run(
        &example("demo.rollout.deploy", 0),
        &[("TAG", "2.0"), ("RUN_ID", "42"), ("TIMEOUT_SECONDS", "60")],
    )
}

const SHOW: &str = "az container show";
const CREATE: &str = "az container create";
const DELETE: &str = "az container delete";

#[test]
fn a_container_group_that_is_missing_is_made() {
    let ran = deploy(&aci());
    assert_eq!((ran.code, ran.outputs()["url"]), (Some(0), "http://10.0.0.9:8080"), "{}", ran.all());
    assert_eq!(ran.names(), [SHOW, SHOW, CREATE, SHOW, SHOW, SHOW]);
    let group = ran.call(CREATE).json("--file");
    assert_eq!(group["tags"]["mlopsc-tag"], "2.0");
    assert_eq!(group["properties"]["ipAddress"]["ports"][0]["port"], 8080);
}

/// A group's ports cannot be changed, so it is deleted; what it was is noted.
#[test]
fn a_container_group_with_other_ports_makes_way() {
    let old =
        r#"{"tags": {"mlopsc-tag": "1.0", "mlopsc-run": "41"}, "ipAddress": {"ports": [{"port": 80}]}}"#;
    let there = aci().on("az container show*--output json", &[Answer::says(old)]).on(
        "az container show*--output none",
        &[Answer::nothing(), Answer::nothing(), Answer::nothing(), missing()],
    );
    let ran = deploy(&there);
    assert_eq!(ran.code, Some(0), "{}", ran.all());
    assert_eq!(ran.names(), [SHOW, SHOW, DELETE, SHOW, SHOW, SHOW, SHOW, CREATE, SHOW, SHOW, SHOW]);
    assert!(ran.call(DELETE).has("--yes"));
    let group = ran.call(CREATE).json("--file");
    assert_eq!(
        (&group["tags"]["mlopsc-previous"], &group["tags"]["mlopsc-previous-run"]),
        (&"1.0".into(), &"41".into())
    );
    assert_eq!(group["properties"]["ipAddress"]["ports"][0]["port"], 8080);

    let stays = aci().on("az container show*--output json", &[Answer::says(old)]);
    let ran = deploy(&stays.on("az container show*--output none", &[Answer::nothing()]));
    assert_eq!((ran.code, ran.calls_of(CREATE).len()), (Some(1), 0));
    assert_eq!(ran.errors(), ["api-dev is still there, five minutes after it was deleted."]);
}

#[test]
fn a_container_group_may_be_deleted_under_our_feet() {
    let state = "az container show*currentState*";
    let ran = deploy(&aci().on(state, &[Answer::says("Waiting\n"), missing()]));
    assert_eq!((ran.code, ran.outputs().len()), (Some(1), 0), "{}", ran.all());
    assert_eq!(ran.errors(), ["api-dev was created, but is gone: somebody else has deleted it."]);

    let flaky = [
        Answer::fails(1, "ERROR: timed out\n"),
        Answer::says("\n"),
        Answer::fails(1, ""),
        Answer::says("Running\n"),
    ];
    assert_eq!(deploy(&aci().on(state, &flaky)).code, Some(0));
    let ran = deploy(&aci().on(state, &[Answer::fails(1, FORBIDDEN)]));
    assert_eq!((ran.code, ran.stderr.as_str()), (Some(1), FORBIDDEN), "{}", ran.all());

    let ran = deploy(&aci().on(state, &[Answer::says("Terminated\n")]));
    assert_eq!(ran.code, Some(1));
    assert!(
        ran.errors()[0].contains("its state is Terminated") && ran.stdout.contains("ImportError"),
        "{}",
        ran.all()
    );
    let ran = deploy(&aci().on("az container show*ipAddress.ip*", &[Answer::nothing()]));
    assert_eq!((ran.code, ran.errors()), (Some(1), vec!["api-dev runs, but has no address."]));
}

/// 3 says that a thing is missing; everything else is a failure, and nothing is made after it.
#[test]
fn exit_codes_of_az_are_told_apart() {
    for (code, said) in
        [(1, FORBIDDEN), (2, "az container show: error: the following arguments are required\n")]
    {
        let ran = deploy(&aci().on("az container show*--output json", &[Answer::fails(code, said)]));
        assert_eq!((ran.code, ran.stderr.as_str()), (Some(i32::from(code)), said));
        assert_eq!(ran.names(), [SHOW]);
    }
    let ran = deploy(&aci().on("az container create*", &[Answer::fails(1, "ERROR: (InaccessibleImage)\n")]));
    assert_eq!((ran.code, ran.errors()), (Some(1), vec!["api-dev could not be created."]));
}

const LOOK: &str = "az ml compute show*";

fn ensure_compute(scenario: Scenario) -> Ran {
    let scenario = scenario
        .on("az ml compute create*", &[Answer::nothing()])
        .on("az ml compute update*", &[Answer::nothing()]);
    scenario.run(&example("demo.things.all", 2), &[])
}

#[test]
fn a_compute_is_left_alone_until_it_is_settled() {
    let found = |state: &str| Answer::says(&format!("{state}\tSTANDARD_DS3_V2\n"));
    let ran =
        ensure_compute(Scenario::new().on(LOOK, &[found("Creating"), found("Creating"), found("Succeeded")]));
    assert_eq!((ran.code, ran.calls_of("az ml compute update").len()), (Some(0), 1), "{}", ran.all());
    assert_eq!(ran.calls_of("sleep 15").len(), 2);
    let ran = ensure_compute(Scenario::new().on(LOOK, &[found("Deleting"), Answer::fails(3, MISSING)]));
    assert_eq!((ran.code, ran.calls_of("az ml compute create").len()), (Some(0), 1), "{}", ran.all());
    let ran = ensure_compute(Scenario::new().on(LOOK, &[found("Updating")]));
    assert_eq!((ran.code, ran.calls_of("sleep 15").len()), (Some(1), 40));
    assert_eq!(ran.errors(), ["cpu is still being changed after ten minutes: Updating."]);
    let ran = ensure_compute(Scenario::new().on(LOOK, &[found("Failed")]));
    assert_eq!((ran.code, ran.calls_of("az ml compute update").len()), (Some(0), 1));
    assert_eq!(ensure_compute(Scenario::new().on(LOOK, &[Answer::nothing()])).code, Some(1));
}

#[test]
fn a_compute_in_use_refuses_with_its_own_words() {
    let busy = "ERROR: (Conflict) The specified cluster is in use.\n";
    let scenario = Scenario::new().on("az ml compute show*", &[Answer::nothing()]);
    let scenario = scenario.on("az ml compute delete*", &[Answer::fails(1, busy)]);
    let text = include_str!("../../cases/scripts/all.mlops").replace("delete blobs", "delete cpu");
    let ran = scenario.run(&super::action(&text, "demo.things.delete", 0), &[]);
    assert_eq!((ran.code, ran.stderr.as_str()), (Some(1), busy), "{}", ran.all());
}

fn waited(looks: &[Answer], timeout: &str) -> Ran {
    let scenario = Scenario::new()
        .on("az ml job create*", &[Answer::says("run-1\n")])
        .on("az ml job show*", looks)
        .on(
            "az ml job download*",
            &[Answer::nothing().writing("--download-path", "/named-outputs/x", "reject")],
        )
        .on("az ml model list*", &[Answer::nothing()])
        .on("az ml model create*", &[Answer::says("7\n")]);
    scenario.write("job.json", "{}");
    let env = [("JOB_FILE", "job.json"), ("RUN_ID", "42"), ("TIMEOUT_SECONDS", timeout)];
    scenario.run(&example("demo.things.waited", 0), &env)
}

#[test]
fn a_wait_survives_what_passes() {
    let running = Answer::says("Running\n");
    let ran = waited(
        &[running.clone(), Answer::fails(1, ""), Answer::nothing(), Answer::says("Completed\n")],
        "7200",
    );
    assert_eq!(
        (ran.code, ran.outputs()["status"], ran.outputs()["promote"]),
        (Some(0), "Completed", "false"),
        "{}",
        ran.all()
    );
    assert_eq!(ran.calls_of("sleep 30").len(), 3);
    for state in ["Failed", "Canceled", "NotResponding"] {
        let ran = waited(&[running.clone(), Answer::says(&format!("{state}\n"))], "7200");
        assert_eq!(
            (ran.code, ran.outputs()["status"], ran.errors()[0]),
            (Some(1), state, &*format!("The run run-1 ended as {state}."))
        );
        assert!(ran.calls_of("az ml model create").is_empty());
    }
}

#[test]
fn a_wait_ends_when_the_token_does() {
    let ran = waited(&[Answer::says("Running\n"), Answer::fails(1, EXPIRED)], "7200");
    assert_eq!(
        (ran.code, ran.errors()),
        (Some(1), vec!["Azure ML does not tell the status of the run run-1."])
    );
    assert_eq!(ran.calls_of("az ml job show").len(), 1 + 6);
    assert!(ran.stderr.contains("AADSTS700024") && !ran.outputs().contains_key("status"), "{}", ran.all());
}

#[test]
fn a_wait_has_an_end_even_if_every_look_is_slow() {
    let slow = Answer::says("Running\n").taking(275);
    let ran = waited(&[slow], "3000");
    assert_eq!(ran.errors(), ["The run run-1 has not ended within 3000 seconds. It goes on in Azure ML."]);
    assert_eq!(ran.calls_of("az ml job show").len(), 11, "{}", ran.all());
}

#[test]
fn a_model_without_a_version_is_not_registered() {
    let scenario = Scenario::new()
        .on("az ml job create*", &[Answer::says("run-1\n")])
        .on("az ml job show*", &[Answer::says("Completed\n")])
        .on(
            "az ml job download*",
            &[Answer::nothing().writing("--download-path", "/named-outputs/x", "promote")],
        )
        .on("az ml model list*", &[Answer::nothing()])
        .on("az ml model create*", &[Answer::nothing()]);
    scenario.write("job.json", "{}");
    let ran = scenario.run(&example("demo.things.waited", 0), &[("JOB_FILE", "job.json"), ("RUN_ID", "42")]);
    assert_eq!(
        ran.errors(),
        ["Azure ML did not name the version of price that it registered."],
        "{}",
        ran.all()
    );
    assert!(!ran.outputs().contains_key("price_registered"));
}

fn build(answers: [Answer; 3]) -> Ran {
    let [build, push, inspect] = answers.map(|it| [it]);
    let scenario = Scenario::new()
        .on("az acr login*", &[Answer::nothing()])
        .on("docker build*", &build)
        .on("docker push*", &push)
        .on("docker inspect*", &inspect);
    scenario.run(&example("demo.things.build_image", 0), &[("TAG", "42"), ("RUN_ID", "42")])
}

#[test]
fn an_image_is_built_and_pushed_or_nothing_is_said_of_it() {
    let done = Answer::nothing;
    let image = "acrdemo.azurecr.io/demo/api";
    let ran = build([done(), done(), Answer::says(&format!("other@sha256:1\n{image}@sha256:2\n\n"))]);
    assert_eq!(ran.outputs()["digest"], format!("{image}@sha256:2"), "{}", ran.all());
    assert_eq!((ran.outputs()["image"], ran.code), (&*format!("{image}:42"), Some(0)));
    let refused = "denied: requested access to the resource is denied\n";
    let ran = build([done(), Answer::fails(1, refused), done()]);
    assert_eq!((ran.code, ran.stderr.as_str(), ran.outputs().len()), (Some(1), refused, 0));
    assert_eq!(ran.calls.iter().map(|it| &*it.program).collect::<Vec<_>>(), ["az", "docker", "docker"]);
    assert_eq!(build([Answer::fails(125, ""), done(), done()]).code, Some(125));
    let ran = build([done(), done(), Answer::says("\n")]);
    assert_eq!((ran.code, ran.errors().len(), ran.outputs().len()), (Some(1), 1, 0), "{}", ran.all());
}

/// Helm takes back by itself what does not get ready in time, and tells so.
#[test]
fn a_release_that_is_not_ready_in_time_has_no_address() {
    let scenario = Scenario::new()
        .without("kubelogin")
        .on("az aks get-credentials*", &[Answer::nothing()])
        .on("kubectl *", &[Answer::nothing()])
        .on("helm dependency*", &[Answer::nothing()]);
    let said = "Error: UPGRADE FAILED: release api failed, and has been rolled back due to atomic being set: context deadline exceeded\n";
    let scenario = scenario.on("helm upgrade*", &[Answer::fails(1, said).taking(1200)]);
    scenario.write("chart/Chart.yaml", "name: api\n");
    let env = [("TAG", "42"), ("RUN_ID", "42"), ("CHART", "chart")];
    let deploy = example("demo.release.deploy", 0);
    let ran = scenario.run(&deploy, &env);
    assert_eq!((ran.code, ran.stderr.as_str(), ran.outputs().len()), (Some(1), said, 0), "{}", ran.all());
    let upgrade = ran.call("helm upgrade");
    assert_eq!((upgrade.after("--timeout"), upgrade.after("--description")), ("1200s", "mlopsc-run=42"));
    assert!(upgrade.has("--atomic") && upgrade.has("--install"));

    let waits = scenario.on("helm upgrade*", &[Answer::nothing()]);
    let waits =
        waits.on("kubectl get service*", &[Answer::nothing(), Answer::nothing(), Answer::says("20.1.2.3")]);
    let ran = waits.run(&deploy, &env);
    assert_eq!(
        (ran.outputs()["url"], ran.calls_of("sleep 5").len()),
        ("http://20.1.2.3:80", 2),
        "{}",
        ran.all()
    );
}

#[test]
fn a_page_where_people_sign_in_is_no_answer() {
    let page = Answer::says("<html>Sign In</html>\n");
    let runs = "curl *pipelines/7/runs*";
    let devops = || {
        Scenario::new()
            .on("curl *", &[Answer::says("{\"value\": [{\"id\": 7, \"name\": \"[ML] Silo\"}]}")])
            .on(runs, &[Answer::says("{\"id\": 71}")])
            .on("curl *builds/71*", &[Answer::says("{\"status\": \"completed\", \"result\": \"succeeded\"}")])
    };
    let env = [("ACCESS_TOKEN", "t"), ("COLLECTION", "https://x/"), ("PROJECT_ID", "p"), ("BRANCH", "main")];
    let queue = |scenario: &Scenario| scenario.run(&super::ground::action("demo.starts.waited"), &env);
    assert_eq!(queue(&devops()).code, Some(0));
    let ran = queue(&devops().on("curl *definitions*", std::slice::from_ref(&page)));
    assert!(ran.code == Some(1) && ran.errors()[0].contains("does not take the token"), "{}", ran.all());
    let ran = queue(&devops().on(runs, std::slice::from_ref(&page)));
    assert!(ran.code == Some(1) && ran.errors()[0].contains("did not name the run"), "{}", ran.all());
    let late =
        [page, Answer::fails(22, ""), Answer::says("{\"status\": \"completed\", \"result\": \"canceled\"}")];
    let ran = queue(&devops().on("curl *builds/71*", &late));
    assert!(ran.code == Some(1) && ran.errors()[0].ends_with("ended as canceled."), "{}", ran.all());
}
