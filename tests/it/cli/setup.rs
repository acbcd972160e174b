//! `mlopsc setup`, with the real compiler behind it.

use super::support::Sandbox;
use std::process::Command;

const CHECKS: &str = include_str!("../../cases/model/ok/checks.mlops");

fn mlopsc(sandbox: &Sandbox, args: &[&str]) -> (Option<i32>, String, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_mlopsc"))
        .args(args)
        .current_dir(sandbox.root())
        .output()
        .expect("it can be started");
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("it prints text");
    (output.status.code(), text(output.stdout), text(output.stderr))
}

#[test]
fn everything_is_listed_with_its_checks() {
    let sandbox = Sandbox::new(&[("main.mlops", CHECKS)]);
    let (code, out, err) = mlopsc(&sandbox, &["setup"]);
    assert_eq!((code, err.as_str()), (Some(0), ""));
    insta::assert_snapshot!(out);
}

#[test]
fn programs_get_json() {
    let sandbox = Sandbox::new(&[("main.mlops", CHECKS)]);
    let (code, out, _) = mlopsc(&sandbox, &["setup", "--format", "json"]);
    assert_eq!(code, Some(0));
    let listing: serde_json::Value = serde_json::from_str(&out).expect("it is JSON");
    let things = listing["things"].as_array().expect("a list");
    let prod =
        things.iter().find(|it| it["kind"] == "environment" && it["name"] == "prod").expect("it is there");
    assert_eq!(prod["checks"][0]["approvers"][1], "[Shop]\\Leads");
    assert_eq!(prod["pipelines"], serde_json::json!(["shop/release"]));
}

#[test]
fn the_set_up_is_a_target_of_its_own() {
    let sandbox = Sandbox::new(&[("main.mlops", CHECKS)]);
    let files = |sandbox: &Sandbox| -> Vec<String> {
        let all = sandbox.tree("generated").into_keys();
        all.filter(|it| it.starts_with("azure-pipelines/") && !it.ends_with('/')).collect()
    };
    assert_eq!(mlopsc(&sandbox, &["compile", "--target", "setup"]).0, Some(0));
    let only: Vec<String> = files(&sandbox);
    assert!(!only.is_empty() && only.iter().all(|it| it.starts_with("azure-pipelines/setup/")), "{only:?}");
    assert_eq!(mlopsc(&sandbox, &["compile", "--target", "azure-devops"]).0, Some(0));
    let both = files(&sandbox);
    assert!(only.iter().all(|it| both.contains(it)), "the other target removes nothing of it");
    assert!(both.contains(&"azure-pipelines/release.yml".to_owned()));
    assert_eq!(mlopsc(&sandbox, &["compile", "--check"]).0, Some(0), "nothing is left to do");
}

#[test]
fn errors_are_told_instead() {
    let sandbox = Sandbox::new(&[("main.mlops", "environment prod { approval = nobody }\n")]);
    let (code, out, err) = mlopsc(&sandbox, &["setup"]);
    assert_eq!((code, out.as_str()), (Some(1), ""));
    assert!(err.contains("nobody"), "{err}");
}

#[cfg(unix)]
#[test]
fn scripts_can_be_started_by_their_name() {
    use std::os::unix::fs::PermissionsExt as _;
    let sandbox = Sandbox::new(&[("a.mlops", "out helm/x.sh #!/bin/sh\nout helm/b.yaml x: 1")]);
    assert_eq!(sandbox.run(&["compile"]).code, 0);
    let mode = |path: &str| std::fs::metadata(sandbox.at(path)).expect("it is there").permissions().mode();
    assert_eq!(mode("generated/helm/x.sh") & 0o100, 0o100);
    assert_eq!(mode("generated/helm/b.yaml") & 0o111, 0);
}

#[test]
fn drift_and_setup_only_count_what_are_no_errors() {
    use super::support::Failing;
    let warns = r#"
pool linux { image = "ubuntu-24.04" }
pool spare { image = "ubuntu-24.04" }
project p { pool = linux }
pipeline a { trigger manual, stage s { run "x" } }
"#;
    let sandbox = Sandbox::new(&[("main.mlops", warns)]);
    let run = |args: &[&str]| sandbox.run_real(".", &Failing::never(), args);
    assert!(run(&["compile"]).err.contains("warning[unused-declaration]"));
    for command in ["drift", "setup"] {
        assert_eq!(run(&[command]).err, "note: 1 warning, which `mlopsc check` tells\n", "{command}");
        assert_eq!(run(&[command, "-q"]).err, "", "{command}");
    }
    sandbox.write("main.mlops", warns.replace("run \"x\"", "run 1"));
    for command in ["drift", "setup"] {
        let told = run(&[command]);
        assert_eq!(told.code, 1, "{command}");
        assert!(told.err.contains("error[") && !told.err.contains("warning["), "{}", told.err);
        assert!(told.err.contains("1 error"), "{}", told.err);
    }
}
