//! `mlopsc check --fix`, `--add-allows`, and what `[check]` of `mlopsc.toml` does: with the real compiler.

use super::support::{Run, Sandbox};
use mlopsc::cli::disk::Local;

const MAIN: &str = "pool linux { image = 'ubuntu-24.04' }\nproject x { pool = linux }\npipeline build {\n  trigger manual\n  stage make { run \"make\" { titel = \"Make\" } }\n}\n";

fn run(sandbox: &Sandbox, args: &[&str]) -> Run {
    sandbox.run_real(".", &Local, args)
}

#[test]
fn safe_fixes_are_written_and_the_rest_on_request() {
    let sandbox = Sandbox::new(&[("mlopsc.toml", ""), ("main.mlops", MAIN)]);
    let done = run(&sandbox, &["check", "--fix"]);
    assert_eq!(done.code, 1, "{}", done.err);
    assert!(done.err.contains("fixed 1 finding in 1 file\n"), "{}", done.err);
    assert!(done.out.contains("titel") && !done.out.contains("ubuntu"), "{}", done.out);
    let done = run(&sandbox, &["check", "--fix", "--unsafe-fixes"]);
    assert_eq!(done.code, 0, "{}{}", done.out, done.err);
    assert_eq!(sandbox.read("main.mlops"), MAIN.replace('\'', "\"").replace("titel", "title"));
    assert_eq!(sandbox.tree(".").len(), 2, "nothing is left beside it");
    assert_eq!(run(&sandbox, &["check", "--unsafe-fixes"]).code, 2);
}

#[test]
fn a_diff_writes_nothing() {
    let sandbox = Sandbox::new(&[("mlopsc.toml", ""), ("main.mlops", MAIN)]);
    let done = run(&sandbox, &["check", "--diff"]);
    assert_eq!(done.code, 1);
    assert!(done.out.starts_with("--- a/main.mlops\n+++ b/main.mlops\n@@"), "{}", done.out);
    assert!(done.out.contains("+pool linux { image = \"ubuntu-24.04\" }\n"), "{}", done.out);
    assert!(done.err.contains("would fix 1 finding in 1 file"), "{}", done.err);
    assert_eq!(sandbox.read("main.mlops"), MAIN);
    run(&sandbox, &["check", "--fix"]);
    assert_eq!(run(&sandbox, &["check", "--diff"]).code, 0, "nothing safe is left");
}

#[test]
fn the_standard_input_is_fixed_and_printed() {
    let other = "pool other { image = 'ubuntu-24.04' }\n";
    let sandbox =
        Sandbox::new(&[("in/mlopsc.toml", ""), ("in/main.mlops", "saved"), ("in/other.mlops", other)]);
    let fix = |input: &str, more: &[&str]| {
        sandbox.run_real_with(
            input,
            &[&["check", "-", "--stdin-filename", "in/main.mlops", "--fix"], more].concat(),
        )
    };
    let done = fix(MAIN, &[]);
    assert_eq!(done.code, 1, "a guess is left");
    assert_eq!(done.out, MAIN.replace('\'', "\""));
    assert!(done.err.contains("titel") && done.err.contains("fixed 1 finding in 1 file\n"), "{}", done.err);
    let whole = MAIN.replace('\'', "\"").replace("titel", "title");
    let done = fix(MAIN, &["--unsafe-fixes"]);
    assert_eq!(done.out, whole);
    assert_eq!(done.code, 1, "another file of the project is still wrong");
    sandbox.write("in/other.mlops", "");
    let done = fix(&whole, &["--format", "json"]);
    assert_eq!((done.code, done.out.as_str()), (0, whole.as_str()), "{}", done.err);
    assert_eq!(fix("", &[]).out, "");
    let broken = "pipeline p {\r\n  stage 'a {\r\n";
    assert!(fix(broken, &[]).out.ends_with("a {\r\n"));
    let done = fix(MAIN, &["--diff"]);
    assert!(done.out.starts_with("--- a/in/main.mlops\n") && !done.out.contains("other"), "{}", done.out);
    assert_eq!(fix(MAIN, &["--statistics"]).code, 2);
    assert_eq!(sandbox.read("in/main.mlops"), "saved");
    let loose = sandbox.run_real_with(MAIN, &["check", "-", "--fix"]);
    assert_eq!(loose.out, MAIN.replace('\'', "\""));
}

#[test]
fn the_configuration_is_fixed_too() {
    let config = "outptu = \"made\"\n\n[check]\r\nignore = [\"unused-declaratoin\"]\n";
    let unused = WARNS.replace("pipeline", "pool spare { image = \"ubuntu-24.04\" }\npipeline");
    let sandbox = Sandbox::new(&[("mlopsc.toml", config), ("main.mlops", &unused)]);
    let done = run(&sandbox, &["check", "--fix"]);
    assert!(done.err.contains("2 errors"), "guesses are no safe fixes");
    assert!(
        done.err.contains("not fixed: `mlopsc.toml` is wrong, which says what is to be told\n"),
        "{}",
        done.err
    );
    assert_eq!(
        (sandbox.read("mlopsc.toml"), sandbox.read("main.mlops")),
        (config.to_owned(), unused.clone())
    );
    let fixed = "outptu = \"made\"\n\n[check]\r\nignore = [\"unused-declaratoin\"]\n";
    let fixed = fixed.replace("outptu", "output").replace("declaratoin", "declaration");
    let shown = run(&sandbox, &["check", "--diff", "--unsafe-fixes"]);
    assert!(!shown.out.contains("spare"), "{}", shown.out);
    assert!(shown.out.contains("-outptu = \"made\"\n+output = \"made\"\n"), "{}", shown.out);
    assert_eq!((shown.code, sandbox.read("mlopsc.toml")), (1, config.to_owned()));
    let done = run(&sandbox, &["check", "--fix", "--unsafe-fixes"]);
    assert_eq!(sandbox.read("mlopsc.toml"), fixed);
    assert!(!done.out.contains("unused-declaration"), "what it says holds at once: {}", done.out);
    assert!(done.err.contains("fixed 2 findings in 1 file"), "{}", done.err);
    assert_eq!(sandbox.read("main.mlops"), unused, "what is ignored is not fixed");
}

#[cfg(unix)]
#[test]
fn files_that_may_not_be_written_are_told() {
    use std::os::unix::fs::{PermissionsExt, symlink};
    let sandbox = Sandbox::new(&[("in/mlopsc.toml", ""), ("in/main.mlops", MAIN)]);
    let file = sandbox.at("in/main.mlops");
    std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o444)).unwrap();
    let done = run(&sandbox, &["check", "--fix", "in"]);
    assert_eq!(done.code, 2);
    assert!(done.err.contains("`in/main.mlops` is read-only"), "{}", done.err);
    assert_eq!(sandbox.read("in/main.mlops"), MAIN);
    std::fs::rename(&file, sandbox.at("outside.mlops")).unwrap();
    symlink(sandbox.at("outside.mlops"), &file).unwrap();
    let done = run(&sandbox, &["check", "--fix", "in"]);
    assert!(done.err.contains("`in/main.mlops` leads to a file outside of the project"), "{}", done.err);
    assert_eq!(sandbox.read("outside.mlops"), MAIN);
}

const WARNS: &str = "pool linux { image = \"ubuntu-24.04\" }\npipeline build {\n  trigger manual\n  stage make { run \"make\" }\n}\n";

#[test]
fn a_baseline_of_allowances_is_written() {
    let sandbox = Sandbox::new(&[("mlopsc.toml", ""), ("main.mlops", WARNS)]);
    assert_eq!(run(&sandbox, &["check", "--add-allows"]).code, 2, "a reason is needed");
    let done = run(&sandbox, &["check", "--add-allows", "--reason", "before 2026"]);
    assert_eq!(done.code, 0, "{}", done.err);
    assert!(done.err.contains("allowed 1 finding in 1 file"), "{}", done.err);
    let comment = "// mlopsc: allow(unused-declaration) before 2026\n";
    assert_eq!(sandbox.read("main.mlops"), format!("{comment}{WARNS}"));
    assert_eq!(run(&sandbox, &["check", "--deny", "warnings"]).code, 0);
}

#[test]
fn rules_are_selected_ignored_and_raised() {
    let check = |config: &str, args: &[&str]| {
        let sandbox = Sandbox::new(&[("mlopsc.toml", config), ("main.mlops", WARNS)]);
        let done = run(&sandbox, &[&["check", "--output-format", "concise"], args].concat());
        (done.code, done.out)
    };
    let warning = "main.mlops:1:1: warning[unused-declaration] nothing uses pool `linux`\n";
    assert_eq!(check("", &[]), (0, warning.to_owned()));
    assert_eq!(check("", &["--deny", "warnings"]).0, 1);
    for config in [
        "check.ignore = [\"unused-declaration\"]",
        "[check]\nselect = [\"group:security\"]",
        "[check]\nseverity = { \"group:unused\" = \"off\" }",
        "[check.per-file-ignores]\n\"m*.mlops\" = [\"unused-declaration\"]",
    ] {
        assert_eq!(check(config, &[]), (0, String::new()), "{config}");
    }
    assert_eq!(check("[check.per-file-ignores]\n\"old/**\" = [\"all\"]", &[]).1, warning);
    let (code, out) = check("[check.severity]\nunused-declaration = \"error\"", &[]);
    assert_eq!((code, out), (1, warning.replace("warning[", "error[")));
    assert_eq!(check("", &["--ignore", "group:unused"]).1, "");
    assert_eq!(check("check.ignore = [\"all\"]", &["--select", "unused-declaration"]).1, warning);
    assert_eq!(check("", &["--ignore", "unused-declarations"]).0, 2);
}

#[test]
fn denied_warnings_are_errors_in_every_report() {
    let sandbox = Sandbox::new(&[("mlopsc.toml", ""), ("main.mlops", WARNS)]);
    for (format, plain, denied) in [
        ("human", "warning[", "error["),
        ("concise", "warning[", "error["),
        ("json", "\"severity\": \"warning\"", "\"severity\": \"error\""),
        ("json-lines", "\"severity\":\"warning\"", "\"severity\":\"error\""),
        (
            "sarif",
            "\"level\": \"warning\",\n          \"message\"",
            "\"level\": \"error\",\n          \"message\"",
        ),
        ("azure", "type=warning;", "type=error;"),
        ("github", "::warning ", "::error "),
        ("gitlab", "\"minor\"", "\"critical\""),
        ("junit", "tests=\"1\" failures=\"0\"", "tests=\"1\" failures=\"1\""),
        ("rdjson", "\"WARNING\"", "\"ERROR\""),
        ("checkstyle", "severity=\"warning\"", "severity=\"error\""),
    ] {
        let told = |more: &[&str]| run(&sandbox, &[&["check", "--output-format", format], more].concat());
        let (open, closed) = (told(&[]), told(&["--deny", "warnings"]));
        assert_eq!((open.code, closed.code), (0, 1), "{format}");
        assert!(open.out.contains(plain), "{format}: {}", open.out);
        assert!(closed.out.contains(denied) && !closed.out.contains(plain), "{format}: {}", closed.out);
    }
}

#[test]
fn settings_are_no_suite_of_junit_unless_something_is_wrong_with_them() {
    let suites = |config: &str| {
        let sandbox = Sandbox::new(&[("mlopsc.toml", config), ("main.mlops", WARNS)]);
        run(&sandbox, &["check", "--output-format", "junit"]).out
    };
    assert!(!suites("").contains("mlopsc.toml"));
    assert!(suites("[check]\nselct = []").contains("<testsuite name=\"mlopsc.toml\""));
}

#[test]
fn errors_stay_and_unknown_rules_are_told() {
    let check = |config: &str| {
        let sandbox = Sandbox::new(&[("mlopsc.toml", config), ("main.mlops", WARNS)]);
        run(&sandbox, &["check", "--output-format", "concise"]).out
    };
    let out = check("check.ignore = [\"missing-attribute\"]");
    assert!(
        out.contains("mlopsc.toml:1:17: error[config] `missing-attribute` is an error and stays one"),
        "{out}"
    );
    let out = check("[check.severity]\nunused-declarations = \"off\"");
    assert!(out.contains("error[config] there is no rule `unused-declarations`"), "{out}");
    let out = check("[check]\nselct = []");
    assert!(out.contains("error[config] `selct` is not a key of `[check]`"), "{out}");
    assert!(check("check = 3").contains("`check` is a table, not an integer"));
    assert!(check("[check.severity]\nunused-declaration = \"loud\"").contains("is not known"));
}

#[test]
fn the_keys_have_a_schema() {
    let sandbox = Sandbox::new(&[]);
    let schema: serde_json::Value =
        serde_json::from_str(&run(&sandbox, &["config", "--schema"]).out).unwrap();
    assert_eq!(schema["properties"]["check"]["properties"]["select"]["type"], "array");
    assert_eq!(schema["additionalProperties"], false);
    assert!(run(&sandbox, &["config"]).out.contains("check.per-file-ignores\n"));
    let document = std::fs::read_to_string(crate::support::repository("docs/config.md")).unwrap();
    for key in mlopsc::config::KEYS {
        let dot = if key.table.is_empty() { "" } else { "." };
        let row = format!("| `{}{dot}{}` | ", key.table, key.name);
        assert!(document.contains(&row), "docs/config.md has no row {row}");
    }
}

#[test]
fn what_was_formatted_stays_so() {
    let text = "pipeline build {\n  trigger manual\n  stage make {\n    run \"make\" {\n      titel   = \"Make\"\n      enabled = true\n    }\n  }\n}\n";
    let aligned = text.replace("titel   =", "timeot  =").replace("\"Make\"", "5m");
    let sandbox = Sandbox::new(&[("mlopsc.toml", ""), ("main.mlops", &aligned)]);
    assert_eq!(run(&sandbox, &["fmt", "--check"]).code, 0, "formatted before");
    run(&sandbox, &["check", "--fix", "--unsafe-fixes"]);
    assert!(sandbox.read("main.mlops").contains("timeout = 5m"), "{}", sandbox.read("main.mlops"));
    assert_eq!(run(&sandbox, &["fmt", "--check"]).code, 0, "{}", sandbox.read("main.mlops"));
    let loose = aligned.replace("trigger manual", "trigger   manual").replace("timeot  =", "timeot =");
    let sandbox = Sandbox::new(&[("mlopsc.toml", ""), ("main.mlops", &loose)]);
    run(&sandbox, &["check", "--fix", "--unsafe-fixes"]);
    assert_eq!(sandbox.read("main.mlops"), loose.replace("timeot", "timeout"));
}
