//! What the simulator says happens, by the rules of Azure DevOps.

use crate::texts::analysis;
use mlopsc::driver;
use mlopsc::simulate::event::{Event, Reference, Result as Ends};
use mlopsc::simulate::given::Verdict;
use mlopsc::simulate::names::Misfit;
use mlopsc::simulate::timeline::Timeline;
use mlopsc::simulate::{self, Scenario, System, show};
use std::collections::BTreeMap;

const GROUND: &str = r#"
repository self { type = azure_repos, name = "ops", branch = "main" }
repository engine { type = azure_repos, name = "engine", branch = "develop" }
connection azure { type = azure_rm }
pool linux { image = "ubuntu-24.04" }
project p { pool = linux, connection = azure }
approval leads { approvers = ["leads@contoso.example"], timeout = 2d }
environment prod { approval = leads, branches = ["main"], lock = sequential, protected = true }
"#;

/// The timeline of a scenario, as people read it.
fn told(text: &str, scenario: impl Fn(&System<'_>) -> Result<Scenario, Misfit>) -> (Timeline, String) {
    let analysis = analysis(&format!("{GROUND}{text}"), &[]);
    assert!(!driver::has_holes(&analysis), "{:?}", analysis.findings);
    let timeline =
        driver::simulated(&analysis, |system| Ok::<_, Misfit>(simulate::run(system, &scenario(system)?)));
    let timeline = timeline.expect("it is said well");
    let text = show::text(&timeline, &analysis.sources);
    (timeline, text)
}

fn push(system: &System<'_>, branch: &str, paths: &[&str]) -> Result<Event, Misfit> {
    let paths = paths.iter().map(|it| (*it).to_owned()).collect();
    system.push(None, Some(Reference::Branch(branch.to_owned())), paths)
}

fn by_hand(system: &System<'_>, pipeline: &str) -> Result<Scenario, Misfit> {
    Ok(Scenario::of(system.by_name(pipeline, None, BTreeMap::new())?))
}

fn started(timeline: &Timeline) -> Vec<&str> {
    timeline.runs.iter().map(|it| it.pipeline.as_str()).collect()
}

#[track_caller]
fn says(text: &str, parts: &[&str]) {
    let mut rest = text;
    for part in parts {
        let Some(at) = rest.find(part) else { panic!("`{part}` is not said, or not in this order:\n{text}") };
        rest = &rest[at + part.len()..];
    }
}

const TRIGGERS: &str = r#"
pipeline build {
  trigger push { branches { include = ["main", "releases/*"], exclude = ["releases/old"] }, paths { include = ["src"], exclude = ["src/docs"] } }
  stage make { run "make" }
}
pipeline tags { trigger push { tags = ["v*"] }, stage make { run "make" } }
pipeline other { trigger push { repository = engine, branches = ["develop"] }, stage make { run "make" } }
pipeline night { trigger schedule "0 3 * * 1-5" { branches = ["main", "develop"] }, stage make { run "make" } }
pipeline off { trigger push { enabled = false }, stage make { run "make" } }
"#;

#[test]
fn filters_decide_what_a_push_starts_and_say_why_not() {
    let (timeline, text) = told(TRIGGERS, |it| Ok(Scenario::of(push(it, "main", &["src/a.py"])?)));
    assert_eq!(started(&timeline), ["build"], "{text}");
    says(
        &text,
        &[
            "tags",
            "it waits for tags `v*`",
            "other",
            "push to `engine`",
            "night",
            "the clock, `0 3 * * 1-5`",
            "off",
            "switched off",
        ],
    );
    for (branch, path, why) in [
        ("releases/old", "src/a", "branch `releases/old` is excluded by `releases/old`"),
        ("feature/x", "src/a", "branch `feature/x` is not among `main` and `releases/*`"),
        ("releases/1", "src/docs/a", "nothing changed that is in `src`"),
        ("main", "doc/a", "the push holds `doc/a`"),
    ] {
        let (timeline, text) = told(TRIGGERS, |it| Ok(Scenario::of(push(it, branch, &[path])?)));
        assert!(started(&timeline).is_empty(), "{text}");
        says(&text, &["build", why]);
    }
}

#[test]
fn tags_other_repositories_and_the_clock_start_their_own() {
    let tag =
        |it: &System<'_>| Ok(Scenario::of(it.push(None, Some(Reference::Tag("v1".into())), Vec::new())?));
    assert_eq!(started(&told(TRIGGERS, tag).0), ["tags"]);
    let engine = |it: &System<'_>| Ok(Scenario::of(it.push(Some("engine"), None, Vec::new())?));
    assert_eq!(started(&told(TRIGGERS, engine).0), ["other"]);
    let clock = |it: &System<'_>| Ok(Scenario::of(it.strike("2026-01-05 03:00", true)?));
    let (timeline, text) = told(TRIGGERS, clock);
    assert_eq!(started(&timeline), ["night", "night"], "one for each branch: {text}");
    let sunday = |it: &System<'_>| Ok(Scenario::of(it.strike("2026-01-04 03:00", true)?));
    assert!(started(&told(TRIGGERS, sunday).0).is_empty());
    let unchanged = |it: &System<'_>| Ok(Scenario::of(it.strike("2026-01-05 03:00", false)?));
    says(&told(TRIGGERS, unchanged).1, &["night", "nothing has changed since its last run"]);
}

const CHAIN: &str = r#"
pipeline build {
  trigger push { branches = ["main"] }
  stage make { run "make" as make }
  stage tell { tag_run "good" }
}
pipeline staged { trigger after build { stages = [make] }, stage all { run "x" } }
pipeline tagged { trigger after build { tags = ["good"] }, stage all { run "x" } }
pipeline other_tag { trigger after build { tags = ["bad"] }, stage all { run "x" } }
pipeline of_release { trigger after build { branches = ["releases/*"] }, stage all { run "x" } }
"#;

#[test]
fn completion_triggers_ask_for_success_tags_branches_and_stages() {
    let (timeline, text) = told(CHAIN, |it| Ok(Scenario::of(push(it, "main", &[])?)));
    assert_eq!(started(&timeline), ["build", "staged", "tagged"], "{text}");
    says(
        &text,
        &[
            "staged",
            "tagged",
            "Did not start",
            "other_tag",
            "has no tag `bad`",
            "of_release",
            "not among `releases/*`",
        ],
    );
    let staged = &timeline.runs[1];
    assert!(staged.started < timeline.runs[0].ended.expect("it ends"), "it does not wait for the run");

    let failing = |it: &System<'_>| {
        let mut scenario = Scenario::of(push(it, "main", &[])?);
        scenario.given.result_of(it, "build.tell", Ends::Failed)?;
        Ok(scenario)
    };
    let (timeline, text) = told(CHAIN, failing);
    assert_eq!(started(&timeline), ["build", "staged"], "{text}");
    says(&text, &["tagged", "`build` failed"]);

    let issues = |it: &System<'_>| {
        let mut scenario = Scenario::of(push(it, "main", &[])?);
        scenario.given.result_of(it, "build.tell", Ends::SucceededWithIssues)?;
        Ok(scenario)
    };
    says(
        &told(CHAIN, issues).1,
        &["tagged", "succeeded with issues; Azure DevOps goes on after full success only"],
    );
}

const STAGES: &str = r#"
pipeline p {
  trigger manual
  param deep: bool = false
  stage first { run "a" as a { output good: bool } }
  stage second { when = first.a.good, run "b" }
  stage third { needs = [second], run "c" }
  stage always_on { needs = [second], when = always(), run "d" }
  stage after_skip { needs = [second], when = not_failed(), run "e" }
  stage on_failure { needs = [first], when = failed(), run "f" }
  stage behind { needs = [always_on], run "g" }
  stage deeper { needs = [first], when = params.deep, run "h" }
}
"#;

fn results(timeline: &Timeline) -> Vec<(&str, &'static str)> {
    let word = |it: Option<Ends>| match it {
        Some(Ends::Succeeded) => "ok",
        Some(Ends::SucceededWithIssues) => "issues",
        Some(Ends::Failed) => "failed",
        Some(Ends::Canceled) => "canceled",
        Some(Ends::Skipped) => "skipped",
        None => "open",
    };
    timeline.runs[0].stages.iter().map(|it| (it.name.as_str(), word(it.result))).collect()
}

#[test]
fn conditions_see_results_of_everything_before() {
    let rejected = |it: &System<'_>| {
        let mut scenario = by_hand(it, "p")?;
        scenario.given.output(it, "p.first.a.good=false")?;
        Ok(scenario)
    };
    let (timeline, text) = told(STAGES, rejected);
    let wanted = [
        ("first", "ok"),
        ("second", "skipped"),
        ("third", "skipped"),
        ("always_on", "ok"),
        ("after_skip", "ok"),
        ("on_failure", "skipped"),
        ("behind", "skipped"),
        ("deeper", "skipped"),
    ];
    assert_eq!(results(&timeline), wanted, "{text}");
    says(&text, &["p.second", "first.a.good is `false`"]);
    says(&text, &["p.third", "`second` was skipped"]);
    says(&text, &["p.deeper", "params.deep is `False`"]);

    let failing = |it: &System<'_>| {
        let mut scenario = by_hand(it, "p")?;
        scenario.given.result_of(it, "first", Ends::Failed)?;
        Ok(scenario)
    };
    let (timeline, text) = told(STAGES, failing);
    let wanted = [
        ("first", "failed"),
        ("second", "skipped"),
        ("third", "skipped"),
        ("always_on", "ok"),
        ("after_skip", "skipped"),
        ("on_failure", "ok"),
        ("behind", "skipped"),
        ("deeper", "skipped"),
    ];
    assert_eq!(results(&timeline), wanted, "{text}");
}

const DELIVERY: &str = r#"
pipeline deliver {
  trigger push { branches = ["main", "feature/*"] }
  stage out { environment = prod, run "make deliver" }
  stage after_it { when = not_failed(), run "make report" }
}
"#;

#[test]
fn an_approval_is_granted_rejected_or_left_alone() {
    let answered = |verdict: Verdict, after: Option<u64>| {
        told(DELIVERY, move |it| {
            let mut scenario = Scenario::of(push(it, "main", &[])?);
            scenario.given.say_answer(it, "leads", verdict, after)?;
            Ok(scenario)
        })
    };
    let (timeline, text) = answered(Verdict::Grant, Some(7200));
    assert_eq!(results(&timeline), [("out", "ok"), ("after_it", "ok")], "{text}");
    assert_eq!(timeline.deliveries[0].environment, "prod");
    assert!(timeline.deliveries[0].at > 7200, "{text}");
    let (timeline, text) = answered(Verdict::Reject, None);
    assert_eq!(results(&timeline), [("out", "failed"), ("after_it", "skipped")], "{text}");
    let (timeline, text) = answered(Verdict::Silent, None);
    assert_eq!(results(&timeline), [("out", "skipped"), ("after_it", "ok")], "{text}");
    assert!(timeline.deliveries.is_empty(), "{text}");
    let (timeline, text) = answered(Verdict::Grant, Some(3 * 86_400));
    assert_eq!(results(&timeline)[0], ("out", "skipped"), "too late: {text}");
}

#[test]
fn a_branch_that_may_not_deploy_is_refused_before_anybody_is_asked() {
    let (timeline, text) = told(DELIVERY, |it| Ok(Scenario::of(push(it, "feature/x", &[])?)));
    assert_eq!(results(&timeline)[0], ("out", "failed"), "{text}");
    assert!(!text.contains("must agree"), "{text}");
    says(&text, &["`prod` refuses it: `self` is of branch `feature/x`"]);
}

#[test]
fn a_lock_lets_one_run_in_at_a_time() {
    let twice = |it: &System<'_>| {
        let event = push(it, "main", &[])?;
        let mut scenario = Scenario::of(event.clone());
        scenario.events.push((60, event));
        scenario.given.say_duration(it, &it.find(&["deliver", "out"])?, 86_400)?;
        Ok(scenario)
    };
    let (timeline, text) = told(DELIVERY, twice);
    says(
        &text,
        &[
            "waits for the lock of `prod`, which `deliver` #1 holds",
            "deliver #1.out",
            "succeeded",
            "deliver #2.out",
            "starts",
        ],
    );
    assert_eq!(timeline.deliveries.len(), 2);
}

const STEPS: &str = r#"
pipeline p {
  trigger manual
  stage all {
    job work {
      timeout = 30m
      run "a" as first { on failure { run "b" as clean } }
      run "c" as second { continue_on_error = true }
      run "d" as last { when = always() }
    }
    job after_work { needs = [work], run "e" }
    on failure { run "f" }
  }
}
"#;

fn jobs(timeline: &Timeline) -> Vec<(&str, String)> {
    timeline.runs[0].stages[0]
        .jobs
        .iter()
        .map(|(name, it)| (name.as_str(), format!("{:?}", it.expect("it ends"))))
        .collect()
}

#[test]
fn steps_fail_are_forgiven_and_take_too_long() {
    let (timeline, _) = told(STEPS, |it| by_hand(it, "p"));
    let wanted = [("work", "Succeeded"), ("after_work", "Succeeded"), ("on_failure", "Skipped")];
    assert_eq!(jobs(&timeline), wanted.map(|(name, it)| (name, it.to_owned())));
    let failing = |name: &'static str| {
        told(STEPS, move |it| {
            let mut scenario = by_hand(it, "p")?;
            scenario.given.result_of(it, name, Ends::Failed)?;
            Ok(scenario)
        })
    };
    let wanted = [("work", "Failed"), ("after_work", "Skipped"), ("on_failure", "Succeeded")];
    assert_eq!(jobs(&failing("p.all.work.first").0), wanted.map(|(name, it)| (name, it.to_owned())));
    let wanted = [("work", "SucceededWithIssues"), ("after_work", "Succeeded"), ("on_failure", "Skipped")];
    assert_eq!(jobs(&failing("p.all.work.second").0), wanted.map(|(name, it)| (name, it.to_owned())));
    let slow = |it: &System<'_>| {
        let mut scenario = by_hand(it, "p")?;
        scenario.given.takes(it, "p.all.work.last=2h")?;
        Ok(scenario)
    };
    let (timeline, text) = told(STEPS, slow);
    let wanted = [("work", "Canceled"), ("after_work", "Skipped"), ("on_failure", "Succeeded")];
    assert_eq!(jobs(&timeline), wanted.map(|(name, it)| (name, it.to_owned())), "{text}");
    says(&text, &["job `work` is cancelled: it takes longer than 30m"]);
}

#[test]
fn a_cancelled_run_runs_only_what_asks_for_it() {
    let text = r#"
pipeline p {
  trigger manual
  stage slow { run "a" as a, on cancel { run "tidy" } }
  stage next { run "b" }
  stage last { when = always(), run "c" }
}
"#;
    let canceled = |it: &System<'_>| {
        let mut scenario = by_hand(it, "p")?;
        scenario.given.takes(it, "p.slow.a=10m")?;
        scenario.given.canceled(it, "p=5m")?;
        Ok(scenario)
    };
    let (timeline, text) = told(text, canceled);
    assert_eq!(results(&timeline), [("slow", "canceled"), ("next", "skipped"), ("last", "ok")], "{text}");
    assert_eq!(jobs(&timeline)[1].1, "Succeeded", "what tidies up runs: {text}");
}

#[test]
fn an_agent_is_stopped_some_minutes_after_a_cancellation() {
    let job = |settings: &str| {
        format!(
            "pipeline p {{\n  trigger manual\n  stage s {{\n    timeout = 20m\n{settings}    run \"work\" as work {{ title = \"work\", when = always() }}\n    run \"tidy\" as tidy {{ title = \"tidy\", when = always() }}\n  }}\n}}\n"
        )
    };
    let run = |settings: &str, work: u64| {
        told(&job(settings), |system| {
            let mut scenario = by_hand(system, "p")?;
            for (step, minutes) in [("work", work), ("tidy", 10)] {
                scenario.given.say_duration(system, &system.find(&["p", "s", step])?, minutes * 60)?;
            }
            Ok(scenario)
        })
    };
    let ended = |it: &(Timeline, String)| (it.0.runs[0].ended.map(|it| it / 60), it.0.runs[0].result);
    let within = run("", 23);
    says(&within.1, &["takes longer than 20m", "`tidy` is cut off: 5m after a cancellation"]);
    assert_eq!(ended(&within), (Some(25), Some(Ends::Canceled)), "{}", within.1);
    let work = run("", 40);
    says(&work.1, &["takes longer than 20m", "`work` is cut off"]);
    assert_eq!(
        ended(&work),
        (Some(25), Some(Ends::Canceled)),
        "what runs goes on where its condition still holds"
    );
    let longer = run("    cancel_timeout = 15m\n", 23);
    assert!(!longer.1.contains("cut off"), "{}", longer.1);
    assert_eq!(ended(&longer), (Some(33), Some(Ends::Canceled)), "{}", longer.1);
}

#[test]
fn a_batch_runs_once_for_all_pushes_while_one_runs() {
    let text = r#"
pipeline p { trigger push { branches = ["main"], batch = true }, stage all { run "a" as a } }
"#;
    let pushes = |it: &System<'_>| {
        let event = push(it, "main", &[])?;
        let mut scenario = Scenario::of(event.clone());
        scenario.events.extend([(60, event.clone()), (120, event)]);
        scenario.given.takes(it, "p.all.a=10m")?;
        Ok(scenario)
    };
    let (timeline, text) = told(text, pushes);
    assert_eq!(timeline.runs.len(), 2, "{text}");
    assert_eq!(timeline.runs[1].started, 600, "{text}");
}

#[test]
fn a_queue_waits_for_its_runs_and_hands_over_parameters() {
    let text = r#"
pipeline outer {
  trigger manual
  stage all { queue inner { params { name = "north" }, wait = true } }
  stage then_this { run "b" }
}
pipeline inner {
  trigger manual
  param name: string = "none"
  stage of_north { when = params.name == "north", run "a" as a }
}
"#;
    let (timeline, shown) = told(text, |it| by_hand(it, "outer"));
    assert_eq!(started(&timeline), ["outer", "inner"]);
    says(
        &shown,
        &["inner.of_north", "starts", "outer.all", "the runs it waited for succeeded", "outer.then_this"],
    );
    let failing = |it: &System<'_>| {
        let mut scenario = by_hand(it, "outer")?;
        scenario.given.result_of(it, "inner.of_north.a", Ends::Failed)?;
        Ok(scenario)
    };
    assert_eq!(results(&told(text, failing).0), [("all", "failed"), ("then_this", "skipped")]);
}

#[test]
fn what_nobody_knows_is_told_with_what_is_near() {
    let analysis = analysis(&format!("{GROUND}{STAGES}"), &[]);
    driver::simulated(&analysis, |it| {
        let find = |path: &[&str]| it.find(path).unwrap_err();
        assert_eq!(find(&["q"]).message, "there is no pipeline or stage `q`");
        assert_eq!(find(&["p", "frist"]).help, "did you mean `first`?");
        assert_eq!(find(&["p", "first", "b"]).message, "there is no job or step `b`");
        assert!(it.push(Some("motor"), None, Vec::new()).is_err() && it.strike("soon", true).is_err());
        assert!(it.push(None, Some(Reference::Branch("a b".into())), Vec::new()).is_err());
        let wrong =
            |name: &str, value: &str| it.by_name("p", None, BTreeMap::from([(name.into(), value.into())]));
        assert!(
            wrong("deep", "true").is_ok() && wrong("deep", "yes").is_err() && wrong("depe", "true").is_err()
        );
        let mut given = simulate::Given::default();
        assert!(
            given.output(it, "p.first.a.god=true").is_err() && given.output(it, "p.first.a.good").is_err()
        );
        assert!(
            given.takes(it, "p.first=2x").is_err() && given.result_of(it, "p.nothing", Ends::Failed).is_err()
        );
    });
}

#[test]
fn every_example_can_be_simulated_and_always_gives_the_same() {
    for folder in crate::examples::complete() {
        let analysis = crate::examples::analyze(&format!("examples/{folder}"));
        driver::simulated(&analysis, |system| {
            for pipeline in analysis.project.pipelines.values() {
                let name = &pipeline.header.ident.value;
                let params = pipeline.params.values().filter(|it| it.default.is_none());
                let given = params.map(|it| (it.ident.value.clone(), "1".to_owned())).collect();
                let scenario = Scenario::of(system.by_name(name, None, given).expect("it can be started"));
                let shown = |it: &Timeline| show::text(it, &analysis.sources);
                let timeline = simulate::run(system, &scenario);
                let run = timeline.runs.first().expect("it starts");
                assert_eq!(run.result, Some(Ends::Succeeded), "{folder} {}", shown(&timeline));
                assert_eq!(shown(&timeline), shown(&simulate::run(system, &scenario)));
            }
        });
    }
}

#[test]
fn references_may_be_written_whole() {
    let text = r#"
pipeline main { trigger push { branches = ["main"] }, stage make { run "make" } }
pipeline tags { trigger push { branches = ["refs/tags/v*"] }, stage make { run "make" } }
"#;
    let starts = |branch: &str| {
        let (timeline, _) = told(text, |it| Ok(Scenario::of(push(it, branch, &[])?)));
        timeline.runs.into_iter().map(|it| it.pipeline).collect::<Vec<_>>()
    };
    assert_eq!(starts("refs/heads/main"), ["main"]);
    assert_eq!(starts("refs/tags/v1"), ["tags"]);
    assert!(starts("v1").is_empty(), "a branch of that name is no tag");
}

#[test]
fn a_tag_of_the_same_name_does_not_pass_for_the_branch() {
    let text = r#"
environment live { branches = ["main"] }
pipeline p { trigger manual, stage out { environment = live, run "b" } }
"#;
    let (timeline, text) = told(text, |it| {
        let event = it.by_name("p", Some("refs/tags/main".to_owned()), BTreeMap::new())?;
        Ok(Scenario::of(event))
    });
    assert_eq!(timeline.runs[0].result, Some(Ends::Failed), "{text}");
    says(&text, &["somebody starts `p` of tag `main`", "`self` is of tag `main`"]);
}

#[test]
fn a_clock_strikes_again_at_its_own_time() {
    let (timeline, text) = told(TRIGGERS, |it| {
        let event = it.strike("2026-01-09 03:00", true)?;
        let mut scenario = Scenario::of(event.clone());
        scenario.events.push((86_400, event.later(86_400)));
        Ok(scenario)
    });
    assert_eq!(started(&timeline), ["night", "night"], "on Friday only, for two branches: {text}");
    says(&text, &["the clock: fri 2026-01-09 03:00", "the clock: sat 2026-01-10 03:00"]);
}

#[test]
fn a_run_that_goes_on_has_not_ended() {
    let text = r#"
pipeline a { trigger manual, stage make { run "make" }, stage more { run "make" } }
pipeline b { trigger after a { branches = ["main"] }, stage make { run "make" } }
"#;
    let (_, said) = told(text, |it| Ok(Scenario { until: 90, ..by_hand(it, "a")? }));
    says(&said, &["Did not start:", "`a` had not ended by 1m 30s"]);
    let (_, said) =
        told(text, |it| Ok(Scenario::of(it.by_name("a", Some("feature".to_owned()), BTreeMap::new())?)));
    says(&said, &["`a` ran for branch `feature`, which is not among `main`"]);
}

#[test]
fn an_image_that_no_trigger_waits_for_is_told() {
    let text = "container_registry acr { }\npipeline p { trigger image acr \"team/api\", stage make { run \"make\" } }";
    let (_, said) = told(text, |it| Ok(Scenario::of(it.image("acr/team/apo:1")?)));
    says(&said, &["new image `team/apo:1` in `acr`, which no trigger waits for"]);
    let (_, said) = told(text, |it| Ok(Scenario::of(it.image("acr/team/api:1")?)));
    assert!(!said.contains("no trigger waits for"), "{said}");
}

#[test]
fn what_is_given_twice_contradicts_itself() {
    let text = r#"
pipeline p { trigger manual, stage one { run "a" as a { output good: bool } } }
"#;
    told(text, |system| {
        let mut given = simulate::Given::default();
        given.say_answer(system, "leads", Verdict::Grant, Some(60))?;
        let twice = |it: Result<(), Misfit>| it.expect_err("it contradicts").message;
        let said = twice(given.say_answer(system, "leads", Verdict::Reject, None));
        assert_eq!(said, "`leads` is given twice, and not the same");
        given.result_of(system, "p.one", Ends::Failed)?;
        given.result_of(system, "p.one", Ends::Failed)?;
        let said = twice(given.result_of(system, "one.a", Ends::SucceededWithIssues));
        assert_eq!(said, "`one.a` is given twice, and not the same");
        given.output(system, "one.a.good=true")?;
        assert!(twice(given.output(system, "one.a.good=false")).contains("twice"));
        assert_eq!(twice(given.output(system, "one.a.good=maybe")), "`good` takes no `maybe`");
        given.takes(system, "p.one=1h")?;
        assert!(twice(given.takes(system, "p.one=2h")).contains("twice"));
        assert!(twice(given.variable(system, "REGIO=FR")).contains("no variable of a group `REGIO`"));
        by_hand(system, "p")
    });
}

#[test]
fn a_chart_shows_what_waits_and_what_did_not_start() {
    let text = r#"
pipeline a { trigger push { branches = ["main"] }, stage out { environment = prod, run "a" }, stage later { run "b" } }
pipeline b { trigger push { branches = ["other"] }, stage all { run "b" } }
"#;
    let (timeline, _) = told(text, |system| {
        let mut scenario = Scenario::of(push(system, "main", &[])?);
        scenario.until = 600;
        Ok(scenario)
    });
    let chart = simulate::json::mermaid(&timeline);
    says(&chart, &["◷ out ◷", ":active, ", "section Did not start\n  ○ b :milestone"]);
    assert!(!chart.contains("later"), "it neither began nor waits for anybody: {chart}");
}

/// Found by the crosscheck: the branch that was pushed has the name of the one whose YAML runs.
#[test]
fn branch_control_looks_at_the_pushed_branch_of_the_repository_that_was_pushed() {
    let text = r#"
repository tools { type = azure_repos, name = "tools", branch = "develop" }
pipeline a { trigger push { repository = tools, branches = ["*"] }, stage out { environment = prod, run "a" } }
pipeline b {
  trigger push { repository = tools, branches = ["*"] }
  trigger push { repository = engine, branches = ["*"] }
  stage out { environment = prod, run "b" }
}
"#;
    let (timeline, _) = told(text, |system| {
        Ok(Scenario::of(system.push(
            Some("tools"),
            Some(Reference::Branch("main".to_owned())),
            Vec::new(),
        )?))
    });
    let ended: Vec<_> = timeline.runs.iter().map(|it| (it.pipeline.as_str(), it.result)).collect();
    assert_eq!(ended, [("a", Some(Ends::Succeeded)), ("b", Some(Ends::Failed))], "`engine` is of `develop`");
}

#[test]
fn a_run_in_azure_ml_that_takes_too_long_says_so() {
    let text = r#"
workspace mlw { resource_group = "rg-ml", existing = true }
runtime sklearn { image = "mcr.microsoft.com/azureml/sklearn:1" }
ml_pipeline work { compute = serverless, step fit { runtime = sklearn, command = "echo" } }
pipeline p { trigger manual, workspace = mlw, stage all { submit work as fit { wait = server, timeout = 8h } } }
"#;
    let slow = |it: &System<'_>| {
        let mut scenario = by_hand(it, "p")?;
        scenario.given.takes(it, "p.all.fit=9h")?;
        Ok(scenario)
    };
    says(
        &told(text, slow).1,
        &["`fit` runs in Azure ML, 9h: longer than 8h", "failed: it takes longer than 8h"],
    );
}

#[test]
fn fewer_approvers_than_all_may_be_enough() {
    let text = |minimum: &str| {
        format!(
            r#"
approval board {{ approvers = ["a@contoso.example", "b@contoso.example"] {minimum} }}
environment qa {{ approval = board }}
pipeline p {{ trigger manual, stage out {{ environment = qa, run "a" }} }}
"#
        )
    };
    let all = "`a@contoso.example` and `b@contoso.example` must agree";
    says(&told(&text(", minimum = 1"), |it| by_hand(it, "p")).1, &[&format!("1 of {all}")]);
    assert!(!told(&text(", minimum = 2"), |it| by_hand(it, "p")).1.contains("2 of"));
}

#[test]
fn what_a_run_is_about_is_called_as_conditions_call_it() {
    let stage = |when: &str| {
        told(&format!("pipeline p {{ trigger manual, stage a {{ when = {when}, run \"a\" }} }}"), |it| {
            by_hand(it, "p")
        })
        .1
    };
    says(&stage("run.reason == pull_request"), &["its condition does not hold: run.reason is `manual`"]);
    says(&stage("run.branch == \"x\""), &["its condition does not hold: run.branch is `main`"]);
    says(&stage("run.tag == \"x\""), &["run.branch is `main`"]);
}

#[test]
fn a_date_alone_is_its_midnight() {
    let text = "pipeline p { trigger schedule \"0 0 * * *\", stage a { run \"a\" } }";
    let (timeline, _) = told(text, |it| Ok(Scenario::of(it.strike("2026-01-05", true)?)));
    assert_eq!(started(&timeline), ["p"]);
}
