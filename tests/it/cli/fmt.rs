//! `mlopsc fmt`: which files it touches, and what it says.

use super::support::Sandbox;
use mlopsc::cli::disk::Local;

const CROOKED: &str = "pool a   {image=\"x\"}\n";
const STRAIGHT: &str = "pool a { image = \"x\" }\n";

#[test]
fn files_come_into_style() {
    let sandbox = Sandbox::new(&[
        ("a.mlops", CROOKED),
        ("in/b.mlops", STRAIGHT),
        ("in/mlopsc.toml", ""),
        ("in/c.mlops", CROOKED),
    ]);
    let run = sandbox.run(&["fmt"]);
    assert_eq!((run.code, run.err.as_str()), (0, "2 changed, 1 in style\n"));
    assert_eq!(sandbox.read("a.mlops"), STRAIGHT);
    assert_eq!(sandbox.read("in/c.mlops"), STRAIGHT, "projects inside are no others here");
    let again = sandbox.run(&["fmt"]);
    assert_eq!((again.code, again.err.as_str()), (0, "3 files in style\n"));
    assert_eq!(sandbox.tree(".").len(), 5, "nothing is left beside them");
}

#[test]
fn check_and_diff_write_nothing() {
    let sandbox = Sandbox::new(&[("a.mlops", CROOKED), ("b.mlops", STRAIGHT)]);
    let run = sandbox.run(&["fmt", "--check"]);
    assert_eq!((run.code, run.err.as_str()), (1, "would change a.mlops\n1 would change, 1 in style\n"));
    let run = sandbox.run(&["fmt", "--diff", "a.mlops"]);
    assert_eq!(run.code, 1);
    let diff =
        "--- a/a.mlops\n+++ b/a.mlops\n@@ -1 +1 @@\n-pool a   {image=\"x\"}\n+pool a { image = \"x\" }\n";
    assert_eq!(run.out, diff);
    assert_eq!(sandbox.read("a.mlops"), CROOKED);
    assert_eq!(sandbox.run(&["fmt", "--check", "b.mlops"]).code, 0);
}

const BROKEN: &str = "pool   b {}\n\npipeline   p {\n  run \"open\n}\n";

#[test]
fn what_does_not_hold_together_is_told_and_is_not_in_style() {
    let sandbox = Sandbox::new(&[("a.mlops", CROOKED), ("b.mlops", BROKEN), ("c.mlops", STRAIGHT)]);
    let left = "b.mlops:3: left as it is, for it does not hold together: `mlopsc check` says why\n";
    let run = sandbox.run(&["fmt", "--check"]);
    let said = format!(
        "would change a.mlops\n{left}would change b.mlops\n2 would change, 1 in style, 1 with parts left as they are\n"
    );
    assert_eq!((run.code, run.err), (1, said));
    let run = sandbox.run(&["fmt"]);
    assert_eq!(
        (run.code, run.err),
        (1, format!("{left}2 changed, 1 in style, 1 with parts left as they are\n"))
    );
    assert_eq!(sandbox.read("b.mlops"), BROKEN.replace("pool   b", "pool b"));
    for args in [&["fmt"][..], &["fmt", "--check"], &["fmt", "--diff"], &["fmt", "-q"]] {
        let run = sandbox.run(args);
        assert!(run.code == 1 && run.out.is_empty() && run.err.starts_with(left), "{args:?}: {run:?}");
    }
    let run = sandbox.run_with(".", &Local, BROKEN, &["fmt", "-", "--stdin-filename", "x.mlops"]);
    assert_eq!((run.code, run.out), (1, BROKEN.replace("pool   b", "pool b")));
    assert_eq!(run.err, left.replace("b.mlops", "x.mlops"));
}

#[test]
fn every_file_is_named_on_demand() {
    let sandbox = Sandbox::new(&[("a.mlops", CROOKED), ("c.mlops", STRAIGHT)]);
    let run = sandbox.run(&["fmt", "-v"]);
    assert_eq!(run.err, "  changed a.mlops\n  in style c.mlops\n1 changed, 1 in style\n");
    let run = sandbox.run(&["fmt", "-q"]);
    assert_eq!((run.code, run.out.as_str(), run.err.as_str()), (0, "", ""));
}

#[test]
fn the_standard_input_goes_to_the_standard_output() {
    let sandbox = Sandbox::new(&[]);
    let run = sandbox.run_with(".", &Local, CROOKED, &["fmt", "-"]);
    assert_eq!((run.code, run.out.as_str(), run.err.as_str()), (0, STRAIGHT, ""));
    assert_eq!(sandbox.run_with(".", &Local, CROOKED, &["fmt", "--check", "-"]).code, 1);
    assert_eq!(sandbox.run_with(".", &Local, STRAIGHT, &["fmt", "--check", "-"]).code, 0);
    assert_eq!(sandbox.run(&["fmt", "-", "a.mlops"]).code, 2);
}

#[test]
fn what_is_no_source_is_told() {
    let sandbox = Sandbox::new(&[("a.txt", "x"), ("b.mlops", "")]);
    sandbox.write("bytes.mlops", [0xFF, 0xFE]);
    for path in ["a.txt", "none.mlops", "bytes.mlops"] {
        let run = sandbox.run(&["fmt", path]);
        assert_eq!(run.code, 2, "{path}");
        assert!(run.err.starts_with("error: "), "{}", run.err);
    }
}
