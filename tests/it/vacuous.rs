//! Tests of a project that say something that says nothing.

use crate::examples;
use crate::support::render;
use crate::texts::analysis;
use mlopsc::driver;

const GROUND: &str = r#"
repository self { type = azure_repos, name = "ops", branch = "main" }
connection azure { type = azure_rm }
pool linux { image = "ubuntu-24.04" }
project p { pool = linux, connection = azure, variables = [common] }
approval leads { approvers = ["leads@contoso.example"], timeout = 2d }
variables common {
  group = "common"
  var region: string
  var unread: string
}
environment prod { approval = leads, branches = ["main"], protected = true }
environment qa { branches = ["main"] }
environment lab { }
pipeline train {
  trigger push { branches = ["main"] }
  stage fit { run "make" as make { output good: bool, env { REGION = vars.region } } }
  stage out { when = fit.make.good, environment = prod, run "make deliver" as deliver }
}
pipeline later { trigger after train, stage all { run "x" as x { output unread: bool } } }
pipeline by_hand { trigger manual, stage qa { environment = qa, run "a" }, stage out { environment = prod, run "b" as b } }
pipeline outer { trigger manual, stage all { queue by_hand as started { wait = true } } }
"#;

/// What is noted of a test with this body; it passes.
fn notes(body: &str) -> Vec<String> {
    let text = format!("{GROUND}test \"t\" {{\n  {body}\n}}");
    let analysis = analysis(&text, &[]);
    assert!(!driver::has_holes(&analysis), "{}", render(&analysis.sources, &analysis.findings));
    let (mut verdicts, _) = driver::tested(&analysis, "");
    let verdict = verdicts.remove(0);
    assert!(verdict.failures.is_empty(), "{:?}", verdict.failures);
    let placed = |(text, span): (String, mlopsc::base::span::Span)| {
        format!("{}: {text}", analysis.sources.slice(span))
    };
    verdict.notes.into_iter().map(placed).collect()
}

#[test]
fn what_is_given_and_used_is_not_told() {
    for body in [
        "on push, given train.fit.make { good = false, duration = 30m }, expect skips [train.out]",
        "on push, given train.fit { result = failed }, expect fails [train], expect skips [later]",
        "on push, given approval leads { answer = silent }, expect skips [train.out]",
        "on push, given variables { region = \"FR\" }, expect runs [train]",
        "on push, given train { cancel = 30s }, expect never_deploys [prod]",
        "on manual outer, given by_hand.out.b { result = failed }, expect fails [outer]",
        "on push, given train.out.deliver { result = succeeded }, expect runs [train]",
    ] {
        assert_eq!(notes(body), Vec::<String>::new(), "{body}");
    }
}

#[test]
fn what_is_given_and_never_used_is_told_where_it_stands() {
    for (body, note) in [
        (
            "on push, given train.fit { result = failed }, given approval leads { answer = reject }, expect fails [train]",
            "leads: `leads` is never asked, so its answer is not used",
        ),
        (
            "on push, given train.fit { result = failed }, given train.out { result = failed }, expect fails [train]",
            "train.out: `train.out` never runs, so what is given of it is not used",
        ),
        (
            "on push, given by_hand.out.b { duration = 1h }, expect runs [train]",
            "by_hand.out.b: `by_hand.out.b` never runs, as `by_hand` never starts, so what is given of it is not used",
        ),
        (
            "on push, given later.all.x { unread = false }, expect runs [later]",
            "unread: nothing that runs reads `unread` of `later.all.x`",
        ),
        (
            "on push, given variables { unread = \"x\" }, expect runs [train]",
            "unread: nothing that runs reads `unread`",
        ),
        (
            "on push, given train { cancel = 9h }, expect runs [train]",
            "9h: `train` has ended when somebody cancels it, 9h after its start",
        ),
        (
            "on push, given by_hand { cancel = 1h }, expect runs [train]",
            "1h: `by_hand` never starts, so nobody cancels it",
        ),
        (
            "on manual outer, given outer.all.started { result = failed }, expect runs [outer]",
            "failed: how `outer.all.started` ends is not used: the runs that it waits for decide",
        ),
    ] {
        assert_eq!(notes(body), [note], "{body}");
    }
}

#[test]
fn what_does_not_happen_for_a_reason_is_not_told() {
    for body in [
        "on push { branch = \"x\" }, expect skips [train]",
        "on push { branch = \"x\" }, expect skips [train, later], expect never_deploys [prod]",
        "on push { branch = \"x\" }, expect skips [train, train.out]",
        "on push, expect skips [by_hand], expect never_deploys [qa]",
        "on manual by_hand { branch = \"x\" }, expect fails [by_hand.qa], expect skips [by_hand.out], expect never_deploys [prod]",
        "on manual by_hand { branch = \"x\" }, expect fails [by_hand], expect never_deploys [qa]",
        "on completion train { result = failed }, expect skips [later]",
    ] {
        assert_eq!(notes(body), Vec::<String>::new(), "{body}");
    }
}

#[test]
fn what_is_still_to_come_when_the_test_ends_is_told() {
    let ends = "the test ends after 30m, and";
    let longer = "has not ended by then: a longer `until` would tell";
    for (body, note) in [
        ("expect never_deploys [prod]", format!("prod: {ends} `train.out` {longer}")),
        ("expect skips [later]", format!("later: {ends} `train` {longer}")),
        ("expect skips [later.all]", format!("later.all: {ends} `train` {longer}")),
    ] {
        assert_eq!(notes(&format!("on push, until = 30m, {body}")), [note], "{body}");
    }
    for body in [
        "until = 30m, expect waits [train.out], expect never_deploys [prod]",
        "until = 30m, given train.fit.make { good = false }, expect never_deploys [prod], expect skips [train.out]",
        "until = 30m, expect skips [by_hand]",
    ] {
        let told = notes(&format!("on push, {body}"));
        assert!(!told.iter().any(|it| it.contains("the test ends")), "{body}: {told:?}");
    }
}

#[test]
fn what_could_not_have_happened_is_told() {
    let refused = "`by_hand.qa` goes wrong";
    let why = "which nothing given says: `qa` refuses it: `self` is of branch `x`";
    for (body, note) in [
        (
            "on push { branch = \"x\" }, expect never_deploys [prod]",
            "prod: nothing starts at all; if that is meant, `expect skips [PIPELINE]` says it".to_owned(),
        ),
        (
            "on push { branch = \"x\" }, expect skips [train.out]",
            "train.out: `train.out` cannot run because no `train` starts; if that is meant, `expect skips [train]` says it".to_owned(),
        ),
        (
            "on push { branch = \"x\" }, expect skips [by_hand]",
            "by_hand: nothing starts at all, and no trigger of `by_hand` looks at what happens".to_owned(),
        ),
        ("on push, expect never_deploys [lab]", "lab: no job ever deploys to `lab`, whatever happens".to_owned()),
        (
            "on manual by_hand { branch = \"x\" }, expect skips [by_hand.out]",
            format!("by_hand.out: `by_hand.out` is not reached because {refused} before it, {why}"),
        ),
        (
            "on manual by_hand { branch = \"x\" }, expect never_deploys [prod]",
            format!("prod: nothing comes so far because {refused}, {why}"),
        ),
    ] {
        assert_eq!(notes(body), [note], "{body}");
    }
}

#[test]
fn the_tests_of_all_examples_say_something() {
    for folder in examples::complete() {
        let analysis = examples::analyze(&format!("examples/{folder}"));
        for verdict in driver::tested(&analysis, "").0 {
            assert!(verdict.notes.is_empty(), "{folder}: {}: {:?}", verdict.title, verdict.notes);
        }
    }
}
