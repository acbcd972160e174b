//! The other examples, each of their triggers, with given outcomes.

use super::system;
use crate::azure::{Decision, Event, Scripted};
use crate::examples;

const MAIN: &str = "refs/heads/main";
const MASTER: &str = "refs/heads/master";

fn good_model() -> Scripted {
    Scripted::new().sets("registered", "true")
}

/// What an event leads to.
fn runs(example: &str, event: &Event, mut world: Scripted) -> String {
    let timeline = system(example).event(event, &mut world).unwrap_or_else(|it| panic!("{example}: {it}"));
    let notes: Vec<&String> = timeline.runs.iter().flat_map(|it| &it.notes).collect();
    assert!(notes.is_empty(), "{example}: {notes:?}");
    timeline.summary()
}

#[test]
fn azure_all_examples_are_understood() {
    for example in examples::complete() {
        assert!(!system(&example).pipelines().is_empty(), "{example}");
    }
}

#[test]
fn azure_devops_for_ai() {
    let push = |branch: &str| Event::push("churn", branch, &["engine/app.py"]);
    let all = "\
build: Succeeded: check=Succeeded ground=Succeeded
retraining: Succeeded: train=Succeeded package=Succeeded
release: Succeeded: staging=Succeeded announce=Succeeded prod=Succeeded";
    assert_eq!(runs("devops_for_ai", &push(MAIN), good_model()), all);
    let branch = "build: Succeeded: check=Succeeded ground=Skipped";
    assert_eq!(runs("devops_for_ai", &push("refs/heads/feature/a"), good_model()), branch);
    let not_better = "\
build: Succeeded: check=Succeeded ground=Succeeded
retraining: Succeeded: train=Succeeded package=Skipped";
    assert_eq!(runs("devops_for_ai", &push(MAIN), good_model().sets("registered", "false")), not_better);
    let rejected = good_model().answer("release/prod", Decision::Reject(60));
    assert_eq!(
        runs("devops_for_ai", &push(MAIN), rejected),
        all.replace("release: Succeeded", "release: Failed").replace("prod=Succeeded", "prod=Failed")
    );
    let failed = "build: Failed: check=Failed ground=Skipped";
    assert_eq!(
        runs(
            "devops_for_ai",
            &push(MAIN),
            good_model()
                .rule(|it| (it.job == "unit")
                    .then(|| crate::azure::Outcome::ended(crate::azure::Ended::Failed)))
        ),
        failed
    );
}

#[test]
fn azure_retraining() {
    let push = |branch: &str| Event::push("diabetes", branch, &["ml/train/train.py"]);
    let whole = "build: Succeeded: test=Succeeded publish=Succeeded\nretraining: Succeeded: submit=Succeeded";
    assert_eq!(runs("retraining", &push(MASTER), Scripted::new()), whole);
    let develop = "build: Succeeded: test=Succeeded publish=Succeeded";
    assert_eq!(runs("retraining", &push("refs/heads/develop"), Scripted::new()), develop);
    assert_eq!(runs("retraining", &push("refs/heads/releases/2"), Scripted::new()), develop);
    assert_eq!(runs("retraining", &push("refs/heads/other"), Scripted::new()), "");
    let at_night = |branch: &str, changed| Event::Schedule {
        pipeline: "retraining".into(),
        branch: branch.into(),
        changed,
    };
    let submitted = "retraining: Succeeded: submit=Succeeded";
    assert_eq!(runs("retraining", &at_night(MASTER, false), Scripted::new()), submitted);
    assert_eq!(runs("retraining", &at_night("refs/heads/develop", true), Scripted::new()), "");
    let image = |repository: &str| Event::Image {
        registry: "acrdiabetes".into(),
        repository: repository.into(),
        tag: "12".into(),
    };
    assert_eq!(
        runs("retraining", &image("diabetes-model-score"), Scripted::new()),
        "release: Succeeded: qa=Succeeded"
    );
    assert_eq!(runs("retraining", &image("another"), Scripted::new()), "");
    let release = Event::manual("release_production", MASTER, &[]);
    assert_eq!(
        runs("retraining", &release, Scripted::new()),
        "release_production: Succeeded: production=Succeeded"
    );
}

#[test]
fn azure_template() {
    let push = |branch: &str, path: &str| Event::push("wine", branch, &[path]);
    let model = "src/model_building/train.py";
    let all = "\
model: Succeeded: tests=Succeeded build=Succeeded package=Succeeded
release: Succeeded: qa_approval=Succeeded qa=Succeeded prod=Succeeded";
    assert_eq!(runs("template", &push(MAIN, model), good_model()), all);
    assert_eq!(runs("template", &push(MAIN, "README.md"), good_model()), "tests: Succeeded: tests=Succeeded");
    assert_eq!(runs("template", &push("refs/heads/x", model), good_model()), "");
    let rejected = "\
model: Succeeded: tests=Succeeded build=Succeeded package=Succeeded
release: Failed: qa_approval=Failed qa=Skipped prod=Skipped";
    assert_eq!(
        runs("template", &push(MAIN, model), good_model().answer("release/qa_approval", Decision::Reject(1))),
        rejected
    );
    let not_better = "model: Succeeded: tests=Succeeded build=Succeeded package=Skipped";
    assert_eq!(runs("template", &push(MAIN, model), good_model().sets("registered", "false")), not_better);
}

#[test]
fn azure_workspaces() {
    let push = |path: &str| Event::push("mlops-workspaces", MASTER, &[path]);
    let all = "\
deliver: Succeeded: dev_infrastructure=Succeeded models=Succeeded qa_announce=Succeeded qa_infrastructure=Succeeded \
qa_score=Succeeded prod_announce=Succeeded prod_infrastructure=Succeeded prod_score=Succeeded";
    assert_eq!(runs("workspaces", &push("ml/train/train.py"), good_model()), all);
    assert_eq!(runs("workspaces", &push("docs/environments.md"), good_model()), "");
    assert_eq!(runs("workspaces", &push("README.md"), good_model()), "");
    assert_eq!(
        runs("workspaces", &push("experiments/smoke.py"), good_model()),
        "experiments: Succeeded: check=Succeeded"
    );
    let not_better = all.replace("qa_announce=Succeeded", "qa_announce=Skipped");
    let not_better = ["qa_infrastructure", "qa_score", "prod_announce", "prod_infrastructure", "prod_score"]
        .iter()
        .fold(not_better, |text, stage| {
            text.replace(&format!("{stage}=Succeeded"), &format!("{stage}=Skipped"))
        });
    let found = runs("workspaces", &push("ml/train/train.py"), good_model().sets("registered", "false"));
    assert_eq!(found.split(' ').count(), not_better.split(' ').count());
    for stage in not_better.split(' ') {
        assert!(found.contains(stage), "{stage} in {found}");
    }
    let request = |target: &str| Event::PullRequest {
        repository: "mlops-workspaces".into(),
        source: "refs/heads/feature".into(),
        target: target.into(),
        paths: vec!["ml/train/train.py".into()],
    };
    assert_eq!(
        runs("workspaces", &request(MASTER), Scripted::new()),
        "pull_request: Succeeded: check=Succeeded"
    );
    assert_eq!(runs("workspaces", &request("refs/heads/other"), Scripted::new()), "");
}
