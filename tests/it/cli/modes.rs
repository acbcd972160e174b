//! Who may do what with a file: modes are kept, scripts can be started, and what is read-only is left alone.
#![cfg(unix)]

use super::support::Sandbox;
use std::fs;
use std::os::unix::fs::{PermissionsExt as _, symlink};

const SOURCE: &str = "
out azure-pipelines/setup/run.sh #!/bin/sh\\necho one
out helm/api/values.yaml replicas: 3";
const SCRIPT: &str = "generated/azure-pipelines/setup/run.sh";
const VALUES: &str = "generated/helm/api/values.yaml";
const CROOKED: &str = "pool a   {image=\"x\"}\n";
const STRAIGHT: &str = "pool a { image = \"x\" }\n";

fn compiled() -> Sandbox {
    let sandbox = Sandbox::new(&[("main.mlops", SOURCE)]);
    assert_eq!(sandbox.run(&["compile"]).code, 0);
    sandbox
}

fn mode(sandbox: &Sandbox, path: &str) -> u32 {
    fs::metadata(sandbox.at(path)).unwrap().permissions().mode() & 0o777
}

fn set(sandbox: &Sandbox, path: &str, mode: u32) {
    fs::set_permissions(sandbox.at(path), fs::Permissions::from_mode(mode)).unwrap();
}

fn change_both(sandbox: &Sandbox) {
    sandbox.write("main.mlops", SOURCE.replace("one", "two").replace('3', "4"));
}

#[test]
fn a_file_that_is_replaced_keeps_its_mode_and_a_script_can_be_started() {
    let sandbox = compiled();
    assert_eq!(mode(&sandbox, SCRIPT) & 0o111, (mode(&sandbox, SCRIPT) & 0o444) >> 2);
    assert_eq!(mode(&sandbox, VALUES) & 0o111, 0);
    for (given, script) in [(0o600, 0o700), (0o664, 0o775), (0o640, 0o750)] {
        set(&sandbox, SCRIPT, given);
        set(&sandbox, VALUES, given);
        change_both(&sandbox);
        assert_eq!(sandbox.run(&["compile"]).code, 0);
        assert_eq!((mode(&sandbox, SCRIPT), mode(&sandbox, VALUES)), (script, given), "{given:o}");
        sandbox.write("main.mlops", SOURCE);
        assert_eq!(sandbox.run(&["compile"]).code, 0);
    }
}

/// Git on Windows knows no such mode: it is no difference, but is mended where that can be done.
#[test]
fn a_script_that_cannot_be_started_is_no_drift_and_is_mended() {
    let sandbox = compiled();
    set(&sandbox, SCRIPT, 0o644);
    assert_eq!(sandbox.run(&["drift"]).code, 0);
    assert_eq!(sandbox.run(&["compile", "--check"]).code, 0);
    assert_eq!(mode(&sandbox, SCRIPT), 0o644, "nothing was written");
    let run = sandbox.run(&["compile"]);
    assert_eq!((run.code, run.err.as_str()), (0, "generated is up to date (2 files)\n"));
    assert_eq!(mode(&sandbox, SCRIPT), 0o755);
}

#[test]
fn a_read_only_output_is_left_alone() {
    let sandbox = compiled();
    set(&sandbox, VALUES, 0o444);
    assert_eq!(sandbox.run(&["compile"]).code, 0, "as long as it says the same");
    change_both(&sandbox);
    let before = sandbox.tree("generated");
    for args in [&["compile"][..], &["compile", "--force"], &["drift", "--force"]] {
        let run = sandbox.run(args);
        assert_eq!(run.code, 1, "{run:?}");
        assert!(run.err.contains("helm/api/values.yaml  is read-only: make it writable\n"), "{run:?}");
    }
    assert!(
        sandbox.run(&["drift"]).out.contains("values.yaml  in the way (is read-only: make it writable)\n")
    );
    assert_eq!(sandbox.run(&["drift", "--format", "json"]).out.matches("values.yaml").count(), 1);
    sandbox.write("main.mlops", "");
    assert_eq!(sandbox.run(&["compile"]).code, 1, "nor is it removed");
    assert_eq!(sandbox.tree("generated"), before);
    set(&sandbox, VALUES, 0o644);
    assert_eq!(sandbox.run(&["compile"]).code, 0);
}

#[test]
fn formatting_keeps_the_mode_and_leaves_alone_what_is_read_only() {
    let sandbox = Sandbox::new(&[("a.mlops", CROOKED), ("b.mlops", CROOKED)]);
    set(&sandbox, "a.mlops", 0o600);
    set(&sandbox, "b.mlops", 0o444);
    let run = sandbox.run(&["fmt"]);
    assert_eq!(run.code, 2);
    assert!(run.err.starts_with("error: `b.mlops` is read-only\n  help: nothing was changed"), "{run:?}");
    assert_eq!(sandbox.read("a.mlops"), CROOKED);
    assert_eq!(sandbox.run(&["fmt", "--check"]).code, 1, "looking at it is fine");
    set(&sandbox, "b.mlops", 0o640);
    assert_eq!(sandbox.run(&["fmt"]).code, 0);
    assert_eq!((mode(&sandbox, "a.mlops"), mode(&sandbox, "b.mlops")), (0o600, 0o640));
}

#[test]
fn formatting_writes_through_links_inside_the_project_only() {
    let sandbox = Sandbox::new(&[
        ("p/mlopsc.toml", ""),
        ("p/a.mlops", CROOKED),
        ("p/deep/own.txt", CROOKED),
        ("outside.mlops", CROOKED),
    ]);
    symlink("deep/own.txt", sandbox.at("p/in.mlops")).unwrap();
    assert_eq!(sandbox.run(&["fmt", "p/in.mlops"]).code, 0);
    assert_eq!(sandbox.read("p/deep/own.txt"), STRAIGHT);
    assert!(fs::symlink_metadata(sandbox.at("p/in.mlops")).unwrap().is_symlink());
    symlink("../outside.mlops", sandbox.at("p/out.mlops")).unwrap();
    for args in [&["fmt"][..], &["fmt", "p"], &["fmt", "p/out.mlops"], &["fmt", "p/a.mlops", "p/out.mlops"]] {
        let run = sandbox.run(args);
        let told = "error: `p/out.mlops` leads to a file outside of the project\n  help: nothing was changed";
        assert!(run.code == 2 && run.err.starts_with(told), "{args:?}: {run:?}");
        assert_eq!(
            (sandbox.read("outside.mlops"), sandbox.read("p/a.mlops")),
            (CROOKED.into(), CROOKED.into())
        );
    }
    assert_eq!(sandbox.run(&["fmt", "--check", "p"]).code, 1);
    assert_eq!(sandbox.run(&["fmt", "outside.mlops", "p/a.mlops"]).code, 0, "by its own name it may");
    assert_eq!(sandbox.run(&["fmt"]).err, "4 files in style\n");
}
