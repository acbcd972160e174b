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
