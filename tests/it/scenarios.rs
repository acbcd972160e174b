//! `test`, `mlopsc test` and `mlopsc prove`: what they accept, what they find.

use crate::examples;
use crate::support::render;
use crate::texts::analysis;
use mlopsc::driver;

const GROUND: &str = r#"
repository self { type = azure_repos, name = "ops", branch = "main" }
connection azure { type = azure_rm }
pool linux { image = "ubuntu-24.04" }
project p { pool = linux, connection = azure }
approval leads { approvers = ["leads@contoso.example"], timeout = 2d }
"#;

fn findings(text: &str) -> String {
    let analysis = analysis(&format!("{GROUND}{text}"), &[]);
    render(&analysis.sources, &analysis.findings)
}

#[track_caller]
fn finds(text: &str, parts: &[&str]) {
    let found = findings(text);
    for part in parts {
        assert!(found.contains(part), "`{part}` is not said:\n{found}");
    }
}

const TRAIN: &str = r#"
environment prod { approval = leads, branches = ["main"], lock = sequential, protected = true }
pipeline train {
  trigger push { branches = ["main"] }
  param size: int = 1
  stage fit { run "make" as make { output good: bool, env { SIZE = params.size } } }
  stage out { when = fit.make.good, environment = prod, run "make deliver" as deliver }
}
"#;

#[test]
fn names_that_are_nowhere_are_told_where_they_stand() {
    let test = |body: &str| format!("{TRAIN}test \"t\" {{\n  on push\n  {body}\n  expect runs [train]\n}}");
    finds(
        &test("given train.fti { result = failed }"),
        &["unknown-in-test", "there is no stage `fti`", "did you mean `fit`?"],
    );
    finds(
        &test("given train.fit.make { god = false }"),
        &["unknown-in-test", "there is no output `god`", "did you mean `good`?"],
    );
    finds(&test("given train.fit { good = false }"), &["only steps have outputs"]);
    finds(&test("given train.fit { cancel = 1h }"), &["only a pipeline can be cancelled"]);
    finds(&test("given train.fit.make { good = [1] }"), &["`good` is a constant in a test"]);
    finds(&test("expect deploys [production]"), &["unknown-in-test", "there is no environment `production`"]);
    finds(&test("expect runs [\"train\"]"), &["this is no name of something"]);
    finds(&test("given approval lead { answer = reject }"), &["undefined-reference", "leads"]);
}

#[test]
fn what_cannot_happen_or_contradicts_itself_is_told() {
    let test = |event: &str, rest: &str| format!("{TRAIN}test \"t\" {{\n  {event}\n  {rest}\n}}");
    let runs = "expect runs [train]";
    finds(
        &test("on manual train { params { size = \"big\" } }", runs),
        &["impossible-event", "write a whole number"],
    );
    finds(
        &test("on manual train { params { sise = 1 } }", runs),
        &["impossible-event", "did you mean `size`?"],
    );
    finds(&test("on push { branch = \"a b\" }", runs), &["impossible-event", "`a b` is no branch or tag"]);
    finds(&test("on push { branch = \"a\", tag = \"b\" }", runs), &["a push is of a branch or of a tag"]);
    finds(&test("on schedule { at = \"tomorrow\" }", runs), &["impossible-event", "`tomorrow` is no moment"]);
    finds(&test("on webhook \"x\"", runs), &["impossible-event", "there is no webhook `x`"]);
    finds(
        &test("on push", "expect runs [train]\n  expect skips [train]"),
        &["contradictory-test", "`train` cannot both be: runs and skips"],
    );
    finds(&test("on push", "expect deploys [prod]\n  expect never_deploys [prod]"), &["contradictory-test"]);
    let twice = "given train.fit { result = failed }\n  given train.fit { result = succeeded }\n  expect runs [train]";
    finds(&test("on push", twice), &["contradictory-test", "this is given twice"]);
    finds(&test("on push", ""), &["missing-attribute", "add what must follow"]);
    finds(&test("expect runs [train]", ""), &["missing-attribute", "add what happens"]);
    let same = "test \"t\" { on push, expect runs [train] }";
    finds(&format!("{TRAIN}{same}\n{same}"), &["contradictory-test", "two tests have the same title"]);
}

/// What a test with this body complains about.
fn unmet(body: &str) -> Vec<String> {
    let text = format!("{GROUND}{TRAIN}test \"t\" {{\n  on push\n  {body}\n}}");
    let analysis = analysis(&text, &[]);
    assert!(!driver::has_holes(&analysis), "{}", render(&analysis.sources, &analysis.findings));
    let (verdicts, _) = driver::tested(&analysis, "");
    verdicts.into_iter().flat_map(|it| it.failures).map(|it| it.0).collect()
}

#[test]
fn expectations_are_met_or_say_what_happened_instead() {
    let good = "expect starts [train, train.fit]\n  expect runs [train.fit, train.out]\n  expect waits [train.out]\n  expect deploys [prod] { within = 2h, times = 1 }";
    assert!(unmet(good).is_empty(), "{:?}", unmet(good));
    assert_eq!(
        unmet(
            "given train.fit.make { good = false }\n  expect skips [train.out]\n  expect never_deploys [prod]"
        ),
        Vec::<String>::new()
    );
    assert_eq!(unmet("expect skips [train.out]"), ["`train.out` is not skipped: it succeeded at 1h 2m"]);
    assert_eq!(unmet("expect fails [train.fit]"), ["`train.fit` does not fail: it succeeded at 1m"]);
    assert_eq!(
        unmet("given train.fit { result = failed }\n  expect runs [train.fit]"),
        ["`train.fit` does not run to a good end: it failed at 1m"]
    );
    assert_eq!(unmet("expect never_deploys [prod]"), ["`prod` is deployed to: it succeeded at 1h 2m"]);
    assert_eq!(
        unmet("given approval leads { answer = reject }\n  expect deploys [prod]"),
        ["`prod` is not deployed to"]
    );
    assert_eq!(unmet("expect deploys [prod] { within = 1h }"), ["`prod`: deploys only after 1h"]);
    assert_eq!(
        unmet("expect starts [train] { times = 2 }"),
        ["`train`: starts is expected 2 times, and is so once"]
    );
    assert_eq!(
        unmet("expect deploys [prod] { times = 2, within = 10m }"),
        ["`prod`: deploys is expected 2 times within 10m, and is so 0 times by then, 1 in all"]
    );
    assert_eq!(unmet("expect waits [train.fit]"), ["`train.fit` does not wait: it succeeded at 1m"]);
    assert_eq!(unmet("given approval leads { after = 5h }\n  expect runs [train]"), Vec::<String>::new());
}

#[test]
fn the_tests_of_all_examples_pass_and_reach_everything() {
    for folder in examples::complete() {
        let analysis = examples::analyze(&format!("examples/{folder}"));
        let (verdicts, coverage) = driver::tested(&analysis, "");
        assert!(verdicts.len() >= 5, "{folder} has {} tests", verdicts.len());
        for verdict in verdicts {
            assert!(verdict.failures.is_empty(), "{folder}: {}: {:?}", verdict.title, verdict.failures);
        }
        let missed =
            [coverage.triggers, coverage.stages, coverage.conditions, coverage.approvals].map(|it| it.missed);
        assert!(missed.iter().all(Vec::is_empty), "{folder}: {missed:?}");
    }
}

/// Of each protected environment, whether the proof holds and what the ways are that nobody agreed to.
fn proofs(text: &str) -> Vec<(String, Vec<(String, bool)>)> {
    let analysis = analysis(&format!("{GROUND}{text}"), &[]);
    assert!(!driver::has_holes(&analysis), "{}", render(&analysis.sources, &analysis.findings));
    let (proofs, _) = driver::proven(&analysis, None).expect("all are meant");
    let ways = |it: mlopsc::simulate::prove::Proof| {
        (it.environment, it.ways.into_iter().map(|it| (it.text, it.example.is_some())).collect())
    };
    proofs.into_iter().map(ways).collect()
}

fn holds(text: &str) -> bool {
    proofs(text).iter().all(|it| it.1.is_empty())
}

#[test]
fn a_proof_holds_where_every_way_is_agreed_to() {
    assert!(holds(TRAIN));
    assert!(holds(
        r#"
environment prod { protected = true }
pipeline p { trigger manual, stage a { run "a" }, stage out { environment = prod, approval = leads, run "b" } }
pipeline q { trigger manual, stage out { environment = prod, approve leads, run "b" } }
pipeline r { trigger manual, stage ask { approve leads }, stage out { environment = prod, run "b" } }
pipeline s { trigger manual, stage ask { approve leads }, stage out { when = ask.result == succeeded, environment = prod, run "b" } }
"#
    ));
}

#[test]
fn a_way_around_an_approval_is_shown_by_a_scenario() {
    let around = |stage: &str| {
        let text = format!(
            "environment prod {{ protected = true }}\npipeline p {{\n  trigger manual\n  param quick: bool = false\n  stage first {{ run \"a\" as a {{ output good: bool }} }}\n  stage ask {{ approve leads }}\n  {stage}\n}}"
        );
        let proofs = proofs(&text);
        let ways = &proofs[0].1;
        assert_eq!(ways.len(), 1, "{stage}: {proofs:?}");
        assert!(ways[0].1, "no scenario was found: {stage}");
    };
    around("stage out { when = always(), environment = prod, run \"b\" }");
    around("stage out { when = ask.result in [succeeded, failed], environment = prod, run \"b\" }");
    around("stage out { needs = [first], environment = prod, run \"b\" }");
    around("stage out { needs = [first], when = params.quick, environment = prod, run \"b\" }");
    around("stage out { needs = [first], when = !first.a.good, environment = prod, run \"b\" }");
    around("stage out { needs = [first], when = failed(), environment = prod, run \"b\" }");
    around("stage out { when = canceled(), environment = prod, run \"b\" }");
}

#[test]
fn a_way_that_only_a_tag_or_another_start_goes_is_shown() {
    let around = |environment: &str, pipeline: &str| {
        let text =
            format!("environment prod {{ protected = true, {environment} }}\npipeline p {{ {pipeline} }}");
        let proofs = proofs(&text);
        assert_eq!(proofs[0].1.len(), 1, "{pipeline}: {proofs:?}");
        assert!(proofs[0].1[0].1, "no scenario was found: {environment} {pipeline}");
    };
    let tagged = "stage build { tag_run run.tag }, stage out { environment = prod, run \"b\" }";
    for trigger in [
        "trigger push { tags = [\"hotfix-*\"] }",
        "trigger push { tags = [\"hotfix-1\"] }",
        "trigger push { branches = [\"main\"], tags = [\"hotfix-1\"] }",
        "trigger push { tags { include = [\"v*\"], exclude = [\"vx\"] } }",
        "trigger push { tags { exclude = [\"x*\"] } }",
        "trigger manual",
        "trigger schedule \"0 3 * * *\"",
    ] {
        around("", &format!("{trigger}, {tagged}"));
    }
    let out = "environment = prod, run \"b\"";
    around(
        "",
        &format!("trigger schedule \"0 3 * * *\", stage out {{ when = run.reason == schedule, {out} }}"),
    );
    around("", &format!("trigger push {{ tags = [\"v*\"] }}, stage out {{ when = run.tag != \"\", {out} }}"));
    around("branches = [\"releases/*\"]", &format!("trigger manual, stage out {{ {out} }}"));
    around("branches = [\"refs/tags/rel-*\"]", &format!("trigger manual, stage out {{ {out} }}"));
}

#[test]
fn an_example_ends_where_it_gets_there() {
    let text = r#"
environment prod { protected = true }
pipeline p { trigger manual, stage out { environment = prod, run "b" }, stage tidy { run "c" } }
pipeline q { trigger after p, stage more { run "d" } }
"#;
    let analysis = analysis(&format!("{GROUND}{text}"), &[]);
    let (proofs, _) = driver::proven(&analysis, None).expect("all are meant");
    let example = proofs[0].ways[0].example.as_ref().expect("somebody may start it");
    let runs: Vec<_> = example.runs.iter().map(|it| (it.pipeline.as_str(), it.ended)).collect();
    assert_eq!(runs, [("p", None)], "neither the rest of the run nor what it starts");
    assert_eq!(example.deliveries.len(), 1);
}

#[test]
fn silence_that_counts_as_consent_is_no_consent() {
    let text = r#"
approval soft { approvers = ["leads@contoso.example"], on_timeout = resume }
environment prod { protected = true }
pipeline p { trigger manual, stage out { environment = prod, approval = soft, run "b" } }
"#;
    let analysis = analysis(&format!("{GROUND}{text}"), &[]);
    let (proofs, _) = driver::proven(&analysis, None).expect("all are meant");
    let ways: Vec<_> = proofs[0].ways.iter().map(|it| (it.why, it.example.is_some())).collect();
    assert_eq!(ways, [("silence is enough", true)], "the scenario is silence");
}

#[test]
fn silence_that_skips_a_stage_is_tried() {
    let text = r#"
environment qa { approval = leads }
environment prod { protected = true }
pipeline p {
  trigger manual
  stage qa { environment = qa, run "a" }
  stage out { when = not_failed(), environment = prod, run "b" }
}
"#;
    let proofs = proofs(text);
    assert_eq!(proofs[0].1.len(), 1, "{proofs:?}");
    assert!(proofs[0].1[0].1, "nobody answers, and it goes on");
}

#[test]
fn a_proof_says_which_approval_covers_each_way() {
    let text = r#"
environment qa { approval = leads }
environment prod { protected = true }
pipeline p { trigger manual, stage qa { environment = qa, run "a" }, stage out { environment = prod, run "b" } }
pipeline q { trigger manual, stage one { approve leads }, stage two { needs = [], approve leads }, stage out { needs = [one, two], when = one.result == succeeded || two.result == succeeded, environment = prod, run "b" } }
pipeline r { trigger manual, stage off { when = false, environment = prod, run "b" } }
"#;
    let analysis = analysis(&format!("{GROUND}{text}"), &[]);
    let (proofs, _) = driver::proven(&analysis, None).expect("all are meant");
    let said: Vec<String> =
        proofs[0].agreed.iter().map(|it| format!("{}, {}", it.text, it.by.spoken())).collect();
    assert_eq!(
        said,
        [
            "`p.out` deploys to it, agreed to by `leads` at `p.qa`",
            "`q.out` deploys to it, agreed to by one of `leads` at `q.one` and `leads` at `q.two`",
            "`r.off` deploys to it, which no outcome leads to",
        ]
    );
}

#[test]
fn what_ensures_a_namespace_changes_the_environment() {
    let text = r#"
environment prod { target aci { resource_group = "rg-prod" }, protected = true, approval = leads }
pipeline p { trigger manual, stage out { context = prod, ensure prod } }
"#;
    assert_eq!(proofs(text)[0].1[0].0, "`p.out` changes it: `ensure`");
    finds(text, &["prod-without-approval", "this `ensure` changes it although nobody approves"]);
}

#[test]
fn values_in_tests_have_their_types_and_names() {
    let test = |given: &str| format!("{TRAIN}test \"t\" {{\n  on push\n  {given}\n  expect runs [train]\n}}");
    finds(
        &test("given train.fit.make { good = \"yes\" }"),
        &["`good` takes no `yes`", "write `true` or `false`"],
    );
    finds(
        &test("given variables { REGIO = \"FR\" }"),
        &["unknown-in-test", "there is no variable of a group `REGIO`"],
    );
}

#[test]
fn the_literal_example_fails_with_the_path_to_production() {
    let analysis = examples::analyze("examples/digitre_literal");
    let (proofs, _) = driver::proven(&analysis, Some("prod")).expect("it is there");
    let way = &proofs[0].ways[0];
    assert_eq!(way.text, "`prod.prod` deploys to it");
    let timeline = way.example.as_ref().expect("a scenario is shown");
    assert_eq!(timeline.deliveries[0].environment, "prod");
    for folder in examples::complete() {
        let analysis = examples::analyze(&format!("examples/{folder}"));
        let (proofs, notes) = driver::proven(&analysis, None).expect("all are meant");
        assert!(
            proofs.iter().all(|it| it.ways.is_empty()) && notes.is_empty(),
            "{folder}: {proofs:?} {notes:?}"
        );
        assert!(!proofs.is_empty(), "{folder} protects nothing");
    }
}

fn notes(text: &str) -> Vec<String> {
    let analysis = analysis(&format!("{GROUND}{text}"), &[]);
    driver::proven(&analysis, None).expect("all are meant").1.into_iter().map(|it| it.text).collect()
}

#[test]
fn a_proof_tells_what_it_finds_on_its_way() {
    let text = r#"
pipeline a { trigger push { branches = ["main"] }, stage all { run "a" as a { output good: bool } } }
pipeline b { trigger after a { tags = ["never"] }, stage all { run "b" } }
pipeline c {
  trigger manual
  stage off { when = false, run "c" }
  stage behind { needs = [off], run "d" }
}
pipeline d { trigger manual, stage all { run "x" as x { output again: bool } }, stage again { when = all.x.again, queue d } }
"#;
    assert_eq!(
        notes(text),
        [
            "nothing but people starts `b`: no run has the tags that its triggers wait for",
            "no outcome leads to stage `c.off`",
            "no outcome leads to stage `c.behind`",
            "a run of `d` can lead to another run of `d`",
        ]
    );
}

#[test]
fn a_compute_that_stays_when_something_goes_wrong_is_told() {
    let text = |nodes: &str, when: &str| {
        format!(
            r#"
workspace ml {{ resource_group = "rg-ml", existing = true }}
compute cpu {{ size = "Standard_DS3_v2", nodes = {nodes} }}
pipeline p {{
  trigger manual
  workspace = ml
  stage make {{ ensure cpu }}
  stage work {{ run "a" }}
  stage tidy {{ {when} delete cpu }}
}}
"#
        )
    };
    assert_eq!(notes(&text("1..2", "")), ["`cpu` keeps running, with 1 node at least, when `work` fails"]);
    assert!(notes(&text("1..2", "when = always(),")).is_empty());
    assert!(notes(&text("0..2", "")).is_empty(), "it goes away by itself");
}

#[test]
fn a_compute_that_waits_for_another_pipeline_is_told() {
    let text = |trigger: &str, before: &str| {
        format!(
            r#"
workspace ml {{ resource_group = "rg-ml", existing = true }}
compute cpu {{ size = "Standard_DS3_v2", nodes = 1..2 }}
pipeline nightly {{ trigger schedule "0 1 * * *", workspace = ml, stage make {{ ensure cpu, run "a" }} }}
pipeline sweep {{ {trigger}, workspace = ml, {before} stage tidy {{ delete cpu }} }}
"#
        )
    };
    let ask = "stage ask { approve leads },";
    let stays = "`cpu` keeps running, with 1 node at least,";
    let told = |trigger: &str, before: &str, rest: &str| {
        assert_eq!(notes(&text(trigger, before)), [format!("{stays} {rest}")], "{trigger} {before}");
    };
    told("trigger manual", "", "until somebody starts `sweep`, which takes it away");
    told("trigger push", "", "until a push starts `sweep`, which takes it away");
    told(
        "trigger push",
        ask,
        "until a push starts `sweep`, which takes it away, agreed to by `leads` at `sweep.ask`",
    );
    told(
        "trigger schedule \"0 5 * * *\" { always = true }",
        ask,
        "when nobody agrees: `sweep` takes it away, agreed to by `leads` at `sweep.ask`",
    );
    assert!(notes(&text("trigger schedule \"0 5 * * *\" { always = true }", "")).is_empty());
    told(
        "trigger after nightly",
        "",
        "when `nightly.make` fails at `a`: `sweep`, which takes it away, does not start then",
    );
}

#[test]
fn container_instances_that_stay_when_something_goes_wrong_are_told() {
    let text = |when: &str| {
        format!(
            r#"
container_registry acr {{ name = "acrx" }}
service api {{ image = "team/api", registry = acr, port = 80 }}
connection az {{ type = azure_rm, name = "az" }}
environment dev {{ target aci {{ resource_group = "rg-dev" }}, connection = az }}
pipeline p {{
  trigger manual
  stage try {{ environment = dev, deploy api {{ tag = run.id }} }}
  stage look {{ run "a" }}
  stage tidy {{ {when} context = dev, undeploy api }}
}}
"#
        )
    };
    assert_eq!(notes(&text("")), ["`api` keeps running in `dev` when `look` fails"]);
    assert!(notes(&text("when = always(),")).is_empty());
}

#[test]
fn a_filter_that_lets_no_run_in_is_told() {
    let text = |branches: &str, source: &str| {
        format!(
            r#"
pipeline a {{ {source}, stage all {{ run "a" }} }}
pipeline b {{ trigger after a {{ branches = [{branches}] }}, stage all {{ run "b" }} }}
"#
        )
    };
    let develop = "trigger push { branches = [\"develop\"] }";
    assert_eq!(
        notes(&text("\"main\"", develop)),
        [
            "no run of `a` starts `b`, unless people start it on another branch: by itself it runs on `develop`, which this trigger's branches leave out"
        ]
    );
    for (branches, source) in [
        ("\"dev*\"", develop),
        ("\"main\"", "trigger push { branches = [\"*\"] }"),
        ("\"main\"", "trigger push"),
        ("\"main\"", "trigger manual"),
        ("\"main\"", "trigger push { branches = [\"develop\"] }, trigger schedule \"0 3 * * *\""),
    ] {
        assert!(notes(&text(branches, source)).is_empty(), "{branches} {source}");
    }
}

#[test]
fn a_tag_that_branch_control_refuses_is_told() {
    let text = |branches: &str| {
        format!(
            r#"
environment prod {{ protected = true, approval = leads, branches = [{branches}] }}
pipeline hotfix {{ trigger push {{ tags = ["v*"] }}, stage out {{ environment = prod, run "b" }} }}
"#
        )
    };
    assert_eq!(
        notes(&text("\"main\"")),
        [
            "a run that tag `v*` starts is refused at `hotfix.out`: the branches of `prod` take no tag; `refs/tags/v*` among them would"
        ]
    );
    assert!(notes(&text("\"main\", \"refs/tags/v*\"")).is_empty());
    assert!(notes(&text("\"*\"")).is_empty());
}

#[test]
fn a_project_whose_pipelines_go_round_is_proven_all_the_same() {
    let found = proofs(
        r#"
environment prod { protected = true, approval = leads }
environment open { protected = true }
pipeline c { trigger after d, stage out { environment = prod, run "a" } }
pipeline d { trigger after c, stage out { environment = open, run "a" } }
"#,
    );
    assert_eq!(found[0], ("prod".to_owned(), Vec::new()));
    assert_eq!(found[1], ("open".to_owned(), vec![("`d.out` deploys to it".to_owned(), true)]));
}

/// Many pipelines of many stages, each of which may be run in two ways.
#[test]
fn a_proof_does_not_grow_with_the_number_of_outcomes() {
    let stage = |it: usize| {
        let before = it - 1;
        format!(
            "  stage s{it} {{ needs = [s{before}], when = not_failed() && s{before}.a.good, run \"a\" as a {{ output good: bool }} }}\n"
        )
    };
    let pipeline = |it: usize| {
        let first = "  stage s0 { run \"a\" as a { output good: bool } }\n";
        let stages: String = (1..20).map(stage).collect();
        format!(
            "pipeline p{it} {{\n  trigger manual\n{first}{stages}  stage out {{ environment = prod, run \"b\" }}\n}}\n"
        )
    };
    let pipelines: String = (0..50).map(pipeline).collect();
    let text = format!("environment prod {{ approval = leads, protected = true }}\n{pipelines}");
    assert!(holds(&text), "two to the power of twenty outcomes, fifty times");
}

#[test]
fn results_that_cannot_be_are_seen_through_several_stages() {
    // Without consent `ask` fails or is cancelled, so `behind` is skipped, and nothing reads its output.
    assert!(holds(
        r#"
environment prod { protected = true }
pipeline p {
  trigger manual
  stage ask { approve leads }
  stage behind { run "a" as a { output good: bool } }
  stage out { needs = [behind], when = not_failed() && behind.a.good, environment = prod, run "b" }
}
"#
    ));
}
