//! `mlopsc prove` and `mlopsc test`, as people and pipelines see them.

use super::support::{Failing, Run, Sandbox};

const CHAIN: &str = r#"
repository self { type = azure_repos, name = "ops", branch = "main" }
pool linux { image = "ubuntu-24.04" }
project p { pool = linux }
approval leads { approvers = ["leads@contoso.example"] }
environment qa { approval = leads }
environment prod { protected = true }
pipeline release {
  trigger manual
  stage qa { environment = qa, run "a" }
  stage out { environment = prod, run "b" }
}
test "it runs" { on manual release, expect runs [release] }
"#;

fn run(args: &[&str]) -> Run {
    Sandbox::new(&[("main.mlops", CHAIN)]).run_real(".", &Failing::never(), args)
}

#[test]
fn nothing_is_proven_of_a_project_with_errors() {
    let text = run(&["prove"]);
    assert_eq!(text.code, 1);
    assert!(text.out.starts_with("not proven `prod`: the one way to it is agreed to, but"), "{}", text.out);
    assert!(text.out.contains("agreed to by `leads` at `release.qa`"), "{}", text.out);
    assert!(text.err.contains("prod-without-approval"), "{}", text.err);
    let json = run(&["prove", "--format", "json"]);
    let proof: serde_json::Value = serde_json::from_str(&json.out).expect("it is JSON");
    assert_eq!((json.code, &proof["errors"], &proof["proofs"][0]["holds"]), (1, &true.into(), &false.into()));
    assert_eq!(proof["proofs"][0]["agreed"][0]["by"][0]["stage"], "release.qa");
}

#[test]
fn tests_of_a_project_with_errors_are_told_and_fail() {
    let all = run(&["test"]);
    assert_eq!(all.code, 1);
    assert!(all.out.contains("1 of 1 tests passed"), "{}", all.out);
    assert!(all.err.contains("prod-without-approval"), "{}", all.err);
}

#[test]
fn a_filter_that_fits_no_title_is_told() {
    let none = run(&["test", "--filter", "nosuch"]);
    assert_eq!((none.code, none.out.as_str()), (1, ""));
    assert_eq!(none.err, "error: no test has `nosuch` in its title\n");
}

#[test]
fn options_that_contradict_each_other_are_refused() {
    let both = run(&["simulate", "manual", "release", "--reject", "leads", "--grant", "leads=1h"]);
    assert_eq!(both.code, 2);
    assert!(both.err.contains("`leads` is given twice, and not the same"), "{}", both.err);
}

const VACUOUS: &str = r#"
pool linux { image = "ubuntu-24.04" }
project p { pool = linux }
approval leads { approvers = ["leads@contoso.example"] }
pipeline build { trigger push, stage make { run "make <it>" as make } }
test "nobody is asked" {
  on push
  given approval leads { answer = reject }
  expect runs [build]
}
"#;

#[test]
fn what_says_nothing_is_a_note_and_fails_only_if_that_is_asked_for() {
    let sandbox = Sandbox::new(&[("main.mlops", VACUOUS)]);
    let run = |args: &[&str]| sandbox.run_real(".", &Failing::never(), args);
    let note = "`leads` is never asked, so its answer is not used";
    let text = run(&["test"]);
    assert_eq!(text.code, 0, "{}", text.err);
    assert!(
        text.out.starts_with(&format!("✓ nobody is asked\n    note: {note}  (main.mlops:8)\n1 of 1")),
        "{}",
        text.out
    );
    let strict = run(&["test", "--deny", "notes"]);
    assert_eq!(strict.code, 1);
    assert!(
        strict.out.starts_with("✗ nobody is asked\n    note: ") && strict.out.contains("0 of 1"),
        "{}",
        strict.out
    );

    let of_json =
        |args: &[&str]| -> serde_json::Value { serde_json::from_str(&run(args).out).expect("it is JSON") };
    let json = of_json(&["test", "--format", "json"]);
    assert_eq!(json[0]["notes"][0], serde_json::json!({ "note": note, "place": "main.mlops:8" }));
    assert_eq!(json[0]["passed"], true);
    assert_eq!(of_json(&["test", "--format", "json", "--deny", "notes"])[0]["passed"], false);

    let junit = run(&["test", "--format", "junit"]);
    assert!(junit.out.contains("failures=\"0\"") && !junit.out.contains("<failure"), "{}", junit.out);
    assert!(
        junit.out.contains(&format!("<system-out>note: {note} (main.mlops:8)</system-out>")),
        "{}",
        junit.out
    );
    let junit = run(&["test", "--format", "junit", "--deny", "notes"]);
    assert!(
        junit.out.contains("failures=\"1\"") && junit.out.contains("<failure type=\"note\""),
        "{}",
        junit.out
    );
}
