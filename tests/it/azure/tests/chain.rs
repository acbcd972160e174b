//! The scripts of `DigitRE` run, from a commit on `develop` to the deployment in QA, before a cloud of stand-ins.

use super::{Expected, files};
use crate::azure::{Agent, Decision, Event, Files, System, Timeline};

const ENGINE: &str = "Digitre-estimation-engine";

fn agent(files: &Files) -> Agent {
    Agent::new("Devops-MLops", "digitre", files).repository(ENGINE, "examples/digitre/engine")
}

fn commit(system: &System, agent: &mut Agent) -> Result<Timeline, String> {
    system.event(&Event::push(ENGINE, "refs/heads/develop", &["app.py"]), agent)
}

/// What changes in the cloud when the model is better and everybody agrees, in order.
const CHANGES: &[&str] = &[
    "extract_prepare/prepare: az ml compute create",
    "extract_prepare/prepare: az ml batch-endpoint create",
    "extract_prepare/prepare: az ml batch-deployment create",
    "extract_prepare/prepare: az ml batch-endpoint update",
    "extract_prepare/prepare: az ml batch-endpoint invoke",
    "extract_prepare/prepare: az ml job update",
    "train/train: az ml compute create",
    "train/train: az ml batch-endpoint create",
    "train/train: az ml batch-deployment create",
    "train/train: az ml batch-endpoint update",
    "train/train: az ml job create",
    "train/train: az ml model create",
    "train/release_compute: az ml compute delete",
    "build_and_deploy/build: docker push acrdigitre.azurecr.io/digitre/engine:1002",
    "build_and_deploy/dev: az container create",
    "build_and_deploy/dev: az network private-dns record-set a add-record",
    "qa/qa: az container create",
    "delete_after_24_hours/expire: az container delete",
    "delete_after_24_hours/expire: az network private-dns record-set a remove-record",
];

/// All expectations, on these files.
pub fn holds(files: &Files) -> Result<(), String> {
    let system = System::of(files)?;
    let mut expected = Expected::default();
    better(&system, files, &mut expected)?;
    not_better(&system, files, &mut expected)?;
    rejected(&system, files, &mut expected)?;
    troubles(&system, files, &mut expected)?;
    production(&system, files, &mut expected)?;
    expected.all()
}

fn better(system: &System, files: &Files, expected: &mut Expected) -> Result<(), String> {
    let mut agent = agent(files);
    let timeline = commit(system, &mut agent)?;
    let mut changes: Vec<&str> = agent.changes();
    // Two pipelines start at once: in which order their first steps come does not matter.
    changes.sort_by_key(|it| CHANGES.iter().position(|wanted| wanted == it));
    expected.same("a better model", &changes.join("\n"), &CHANGES.join("\n"));
    let notes: Vec<&String> = timeline.runs.iter().flat_map(|it| &it.notes).collect();
    expected.that(&format!("notes: {notes:?}"), notes.is_empty());
    expected.same("errors", &agent.errors.join("\n"), "");
    for run in &timeline.runs {
        expected.same(&run.pipeline, &run.result.to_string(), "Succeeded");
    }
    let group = |name: &str| agent.scenario.path(&format!("cloud/group/{name}"));
    expected.that("the development instance is gone after a day", !group("digitre-engine-dev").exists());
    expected.that("QA stands", group("digitre-engine-qa").exists());
    if group("digitre-engine-qa").exists() {
        let group = agent.scenario.json("cloud/group/digitre-engine-qa");
        let container = &group["properties"]["containers"][0]["properties"];
        expected.that(
            "QA has the image of the build",
            container["image"] == "acrdigitre.azurecr.io/digitre/engine:1002",
        );
        let password = &group["properties"]["imageRegistryCredentials"][0]["password"];
        expected.that("the secret arrives", password == "value-of-acr_pull_password");
    }
    again(system, &mut agent, expected)
}

/// The same once more in the cloud as it is now: what stands is replaced, and what is there is updated.
fn again(system: &System, agent: &mut Agent, expected: &mut Expected) -> Result<(), String> {
    agent.log.clear();
    let timeline = commit(system, agent)?;
    expected.same("errors of a second commit", &agent.errors.join("\n"), "");
    expected.that(
        "all succeed again",
        timeline.runs.iter().all(|it| it.result.good()) && timeline.runs.len() == 5,
    );
    let changes = agent.changes();
    for wanted in [
        "extract_prepare/prepare: az ml compute update",
        "qa/qa: az container delete",
        "qa/qa: az container create",
    ] {
        expected.that(&format!("{wanted} in {changes:?}"), changes.contains(&wanted));
    }
    Ok(())
}

fn not_better(system: &System, files: &Files, expected: &mut Expected) -> Result<(), String> {
    let mut agent = agent(files);
    agent.scenario.write("verdict", "reject");
    let timeline = commit(system, &mut agent)?;
    let train = timeline.of("train");
    let results: Vec<String> =
        train.iter().flat_map(|it| &it.stages).map(|it| format!("{}={}", it.name, it.result)).collect();
    expected.same(
        "a model that is not better",
        &results.join(" "),
        "train=Succeeded artifacts=Skipped release_compute_approval=Succeeded release_compute=Succeeded",
    );
    let changes = agent.changes();
    expected.that("no model is registered", !changes.iter().any(|it| it.contains("model create")));
    expected.that("nothing is built", timeline.of("build_and_deploy").is_empty());
    Ok(())
}

fn rejected(system: &System, files: &Files, expected: &mut Expected) -> Result<(), String> {
    let mut agent = agent(files).answer("train/release_compute_approval", Decision::Reject(60));
    let timeline = commit(system, &mut agent)?;
    let pipelines: Vec<&str> = timeline.runs.iter().map(|it| it.pipeline.as_str()).collect();
    expected.same("rejected", &pipelines.join(" "), "extract_prepare train");
    let changes = agent.changes();
    expected.that("the compute stays", !changes.iter().any(|it| it.contains("compute delete")));
    Ok(())
}

/// Things that go wrong in the cloud end the chain where they happen.
fn troubles(system: &System, files: &Files, expected: &mut Expected) -> Result<(), String> {
    for status in ["Canceled", "Failed", "NotResponding"] {
        let mut agent = agent(files);
        status.clone_into(&mut agent.run_ends);
        let timeline = commit(system, &mut agent)?;
        let results: Vec<String> =
            timeline.runs.iter().map(|it| format!("{}={}", it.pipeline, it.result)).collect();
        expected.same(status, &results.join(" "), "extract_prepare=Succeeded train=Failed");
        let registered = agent.changes().iter().any(|it| it.contains("model create"));
        expected.that(&format!("{status}: no model is registered"), !registered);
    }
    let mut agent = agent(files);
    agent.scenario = agent.scenario.on("docker push *", &[crate::standins::Answer::fails(1, "denied")]);
    let timeline = commit(system, &mut agent)?;
    let build = timeline.of("build_and_deploy");
    expected.that("a refused push fails the build", build.iter().all(|it| !it.result.good()));
    expected
        .that("and nothing is deployed", !agent.changes().iter().any(|it| it.contains("container create")));
    Ok(())
}

fn production(system: &System, files: &Files, expected: &mut Expected) -> Result<(), String> {
    let mut agent = agent(files);
    let event = Event::manual("prod", "refs/heads/master", &[("version", "1002")]);
    let timeline = system.event(&event, &mut agent)?;
    expected.same("production", &timeline.summary(), "prod: Succeeded: prod=Succeeded");
    expected.same("errors in production", &agent.errors.join("\n"), "");
    expected.that("a release is made", agent.scenario.path("cloud/release/digitre-engine").exists());
    Ok(())
}

#[test]
fn azure_digitre_runs_from_a_commit_to_qa() {
    holds(&files("digitre")).unwrap_or_else(|it| panic!("{it}"));
}
