//! What the pipelines of `DigitRE` must do, with given outcomes.

use super::{Expected, files};
use crate::azure::{Decision, Ended, Event, Files, Outcome, Scripted, System, Timeline};

const ENGINE: &str = "Digitre-estimation-engine";

fn good_model() -> Scripted {
    Scripted::new().sets("registered", "true").sets("model_version", "7")
}

fn commit() -> Event {
    Event::push(ENGINE, "refs/heads/develop", &["app.py"])
}

/// What holds of a run of the chain, whatever the outcomes.
fn no_notes(expected: &mut Expected, case: &str, timeline: &Timeline) {
    let notes: Vec<&String> = timeline.runs.iter().flat_map(|it| &it.notes).collect();
    expected.that(&format!("{case}: {notes:?}"), notes.is_empty());
}

const WHOLE: &str = "\
extract_prepare: Succeeded: prepare=Succeeded
train: Succeeded: train=Succeeded artifacts=Succeeded release_compute_approval=Succeeded release_compute=Succeeded
build_and_deploy: Succeeded: build=Succeeded dev=Succeeded
delete_after_24_hours: Succeeded: expire=Succeeded
qa: Succeeded: qa=Succeeded";

const NOT_BETTER: &str = "\
extract_prepare: Succeeded: prepare=Succeeded
train: Succeeded: train=Succeeded artifacts=Skipped release_compute_approval=Succeeded release_compute=Succeeded";

const REJECTED: &str = "\
extract_prepare: Succeeded: prepare=Succeeded
train: Failed: train=Succeeded artifacts=Succeeded release_compute_approval=Failed release_compute=Skipped";

const TRAINING_FAILED: &str = "\
extract_prepare: Succeeded: prepare=Succeeded
train: Failed: train=Failed artifacts=Skipped release_compute_approval=Skipped release_compute=Skipped";

/// All expectations, on these files.
pub fn holds(files: &Files) -> Result<(), String> {
    let system = System::of(files)?;
    let mut expected = Expected::default();
    chain(&system, &mut expected)?;
    refused(&system, &mut expected)?;
    deployments(&system, &mut expected)?;
    expected.all()
}

fn chain(system: &System, expected: &mut Expected) -> Result<(), String> {
    let rejected = |it: Scripted| it.answer("train/release_compute_approval", Decision::Reject(60));
    let silent = |it: Scripted| it.answer("train/release_compute_approval", Decision::Silent);
    let broken = || Outcome::ended(Ended::Failed).output("registered", "true").output("model_version", "7");
    let cases: [(&str, Scripted, &str); 6] = [
        ("a better model", good_model(), WHOLE),
        ("a model that is not better", good_model().sets("registered", "false"), NOT_BETTER),
        ("the leads reject", rejected(good_model()), REJECTED),
        ("the leads say nothing for a week", silent(good_model()), REJECTED),
        ("the training fails", good_model().fails("fit_submit"), TRAINING_FAILED),
        ("it registers, then fails", good_model().step("fit", broken), TRAINING_FAILED),
    ];
    for (case, mut world, wanted) in cases {
        let timeline = system.event(&commit(), &mut world)?;
        expected.same(case, &timeline.summary(), wanted);
        no_notes(expected, case, &timeline);
        lives_for_a_day(expected, &timeline);
    }
    Ok(())
}

/// The development instance is removed a day after its deployment, not at once and not much later.
fn lives_for_a_day(expected: &mut Expected, timeline: &Timeline) {
    for run in timeline.of("delete_after_24_hours") {
        let jobs = run.stages.iter().flat_map(|it| &it.jobs);
        let removes =
            jobs.filter(|it| it.steps.iter().any(|it| it.title == "Remove digitre-engine from dev"));
        let hours: Vec<u64> = removes.map(|it| (it.started - run.started) / 3600).collect();
        expected.that(&format!("it is removed after {hours:?} hours"), hours == [24]);
    }
}

/// What starts nothing.
fn refused(system: &System, expected: &mut Expected) -> Result<(), String> {
    let started = |event: &Event| system.event(event, &mut good_model());
    let other_branch = started(&Event::push(ENGINE, "refs/heads/master", &["app.py"]))?;
    expected.same("another branch", &other_branch.summary(), "");
    expected.same("why", other_branch.why_not("extract_prepare"), "repository engine: not branch master");
    let own = started(&Event::push("Devops-MLops", "refs/heads/master", &["project.mlops"]))?;
    expected.same("a push to the pipelines' own repository", &own.summary(), "");
    expected.same("why not", own.why_not("qa"), "trigger: no pushes");
    Ok(())
}

fn deployments(system: &System, expected: &mut Expected) -> Result<(), String> {
    let prod = |branch: &str| Event::manual("prod", branch, &[("version", "20260914")]);
    let cases: [(&str, &str, Option<Decision>, &str); 4] = [
        ("released", "refs/heads/master", None, "prod: Succeeded: prod=Succeeded"),
        ("refused", "refs/heads/master", Some(Decision::Reject(9)), "prod: Failed: prod=Failed"),
        ("forgotten", "refs/heads/master", Some(Decision::Silent), "prod: Succeeded: prod=Skipped"),
        ("another branch", "refs/heads/develop", None, "prod: Failed: prod=Failed"),
    ];
    for (case, branch, answer, wanted) in cases {
        let mut world = Scripted::new();
        if let Some(answer) = answer {
            world = world.answer("prod/prod", answer);
        }
        let timeline = system.event(&prod(branch), &mut world)?;
        expected.same(case, &timeline.summary(), wanted);
        no_notes(expected, case, &timeline);
        let touched = world.log.iter().any(|it| it.contains("Deploy digitre-engine to prod"));
        expected.that(&format!("{case}: production is touched: {touched}"), touched == (case == "released"));
        let asked = world.log.iter().any(|it| it == "prod/prod? environment prod");
        expected.that(&format!("{case}: somebody is asked: {asked}"), asked == (case != "another branch"));
    }
    let custom = Event::manual("custom_qa", "refs/heads/master", &[("version", "20260914")]);
    let timeline = system.event(&custom, &mut Scripted::new())?;
    expected.same("a custom deployment", &timeline.summary(), "custom_qa: Succeeded: custom_qa=Succeeded");
    let nothing = Event::manual("custom_qa", "refs/heads/master", &[]);
    expected.that("a version must be given", system.event(&nothing, &mut Scripted::new()).is_err());
    Ok(())
}

#[test]
fn azure_digitre_does_what_is_wanted() {
    holds(&files("digitre")).unwrap_or_else(|it| panic!("{it}"));
}
