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

#[test]
fn places_are_told_from_where_the_program_is_called() {
    let sandbox = Sandbox::new(&[("sys/main.mlops", CHAIN)]);
    let run = |args: &[&str]| sandbox.run_real(".", &Failing::never(), args);
    let event = run(&["simulate", "manual", "release", "--project", "sys", "--reject", "leads"]);
    assert!(event.out.contains("(sys/main.mlops:6)") && !event.out.contains("(main.mlops"), "{}", event.out);
    let failing = CHAIN.replace("expect runs", "expect fails");
    let sandbox = Sandbox::new(&[("sys/main.mlops", &failing)]);
    let told = sandbox.run_real(".", &Failing::never(), &["test", "sys"]);
    assert!(told.out.contains("(sys/main.mlops:6)") && !told.out.contains("(main.mlops"), "{}", told.out);
}

#[test]
fn what_is_said_and_never_used_is_told_beside_the_timeline() {
    let event = ["simulate", "manual", "release"];
    let run = |rest: &[&str]| run(&[&event, rest].concat());
    let used = run(&["--reject", "leads"]);
    let errors = "note: the project has errors, which `mlopsc check` tells\n";
    assert_eq!((used.code, used.err.as_str()), (0, errors));
    let unused = run(&["--timeout", "leads", "--cancel", "release=90d"]);
    assert_eq!(unused.code, 0, "{}", unused.err);
    let note = "note: `release` has ended when somebody cancels it, 90d after its start\n";
    assert_eq!(unused.err, format!("{note}{errors}"));
    assert_eq!(run(&["--quiet", "--cancel", "release=90d"]).err, errors);
    let again = run(&["--again", "0s"]);
    assert!(again.err.contains("`0s` is when it happens first"), "{}", again.err);
}

#[test]
fn a_name_in_the_wrong_place_is_told_where_it_belongs() {
    let help = |name: &str| run(&["simulate", "manual", "release", "--fail", name]).err;
    assert!(help("leeds").contains("did you mean the approval `leads`? `--grant`"), "{}", help("leeds"));
    assert!(help("leads").contains("help: it is an approval: `--grant`"), "{}", help("leads"));
    assert!(help("releas").contains("did you mean `release`?"), "{}", help("releas"));
    assert!(help("nothing_like").contains("known: `release`"), "{}", help("nothing_like"));
}

#[test]
fn what_is_set_from_outside_is_compared_with_options_only() {
    let text = "pool linux { image = \"ubuntu-24.04\" }\nlet region = \"eu\"\noption level: int = 1\nproject p { pool = linux, name = \"${region}\" }\npipeline a { trigger manual, stage all { timeout = level * 1m, run \"a\" } }\n";
    let sandbox = Sandbox::new(&[("main.mlops", text)]);
    let told = sandbox.run_real(".", &Failing::never(), &["check", "-D", "regio=1"]).out;
    assert!(told.contains("no option is named `regio`") && told.contains("help: there is `level`"), "{told}");
}
