//! What commands print, and their exit codes.

use super::support::{Run, Sandbox};
use std::io::Write as _;
use std::process::{Command, Stdio};

const TWO: &str = "out azure-pipelines/a.yml one\\ntwo\\nthree\nout helm/b.yaml x: 1";

fn printed(code: u8, out: &str, err: &str) -> Run {
    Run { code, out: out.to_owned(), err: err.to_owned() }
}

#[test]
fn errors_stop_everything() {
    let sandbox = Sandbox::new(&[("a.mlops", TWO), ("b.mlops", "warning w\nerror e")]);
    let run = sandbox.run(&["compile", "--format", "concise"]);
    let findings = "b.mlops:1:1: warning[made-up-too] w\nb.mlops:2:1: error[made-up] e\n";
    let footer = "1 error, 1 warning in 2 files\n`mlopsc explain CODE` tells more\n";
    assert_eq!(run, printed(1, "", &format!("{findings}{footer}")));
    assert!(!sandbox.at("generated").exists());
    let run = sandbox.run(&["check", "--format", "concise"]);
    assert_eq!(run, printed(1, findings, footer), "a check prints to the standard output");
}

#[test]
fn warnings_stop_nothing() {
    let sandbox = Sandbox::new(&[("a.mlops", TWO), ("b.mlops", "warning w")]);
    let run = sandbox.run(&["compile", "--format", "concise"]);
    let expected = "b.mlops:1:1: warning[made-up-too] w
1 warning in 2 files
`mlopsc explain made-up-too` tells more
wrote 2 files to generated (2 created)
";
    assert_eq!(run, printed(0, "", expected));
    assert_eq!(sandbox.run(&["check"]).code, 0);
}

#[test]
fn an_error_in_one_project_writes_none() {
    let sandbox = Sandbox::new(&[("p/a.mlops", TWO), ("q/b.mlops", "error e")]);
    let run = sandbox.run(&["compile", "p", "q"]);
    assert_eq!(run.code, 1);
    assert!(run.err.contains("1 error in 2 files"), "{}", run.err);
    assert!(!sandbox.at("p/generated").exists());
    sandbox.write("q/b.mlops", TWO);
    sandbox.write("q/generated/helm/b.yaml", "mine");
    let run = sandbox.run(&["compile", "p", "q"]);
    assert!(run.err.starts_with("error: nothing was written to q/generated\n  helm/b.yaml"), "{}", run.err);
    assert!(!sandbox.at("p/generated").exists(), "nor does a conflict");
}

#[test]
fn several_projects_are_summed() {
    let sandbox = Sandbox::new(&[("p/a.mlops", TWO), ("q/b.mlops", TWO)]);
    let run = sandbox.run(&["compile", "p", "q"]);
    let expected = "wrote 2 files to p/generated (2 created)\nwrote 2 files to q/generated (2 created)\n";
    assert_eq!(run, printed(0, "", expected));
    assert_eq!(sandbox.run(&["check", "p", "q"]).err, "no findings in 2 files\n");
    let run = sandbox.run(&["compile", "p", "q", "-o", "x"]);
    assert_eq!(run.code, 2);
    assert!(run.err.starts_with("error: `--output` names one folder for 2 projects\n"), "{}", run.err);
}

#[test]
fn check_names_every_difference_and_writes_nothing() {
    let sandbox = Sandbox::new(&[("a.mlops", TWO)]);
    let run = sandbox.run(&["compile", "--check"]);
    let expected = "would create generated/azure-pipelines/a.yml\nwould create generated/helm/b.yaml\n";
    assert_eq!(run, printed(1, "", expected));
    assert!(!sandbox.at("generated").exists());
    sandbox.run(&["compile"]);
    let run = sandbox.run(&["compile", "--check"]);
    assert_eq!(run, printed(0, "", "generated is up to date (2 files)\n"));
    sandbox.write("a.mlops", "out azure-pipelines/a.yml one\\nTWO\\nthree");
    let before = sandbox.tree(".");
    let run = sandbox.run(&["compile", "--check"]);
    let expected = "would change generated/azure-pipelines/a.yml\nwould remove generated/helm/b.yaml\n";
    assert_eq!(run, printed(1, "", expected));
    assert_eq!(sandbox.tree("."), before);
    sandbox.write("generated/helm/b.yaml", "x: 2");
    let run = sandbox.run(&["compile", "--check"]);
    assert!(run.code == 1 && run.err.contains("helm/b.yaml  was edited"), "{run:?}");
}

#[test]
fn a_diff_is_one_that_patch_takes() {
    let sandbox = Sandbox::new(&[("a.mlops", TWO)]);
    sandbox.run(&["compile"]);
    sandbox.write("a.mlops", "out azure-pipelines/a.yml one\\nTWO\\nthree\nout azure-ml/new.json {}");
    let run = sandbox.run(&["compile", "--diff"]);
    let expected = "\
--- /dev/null
+++ b/generated/azure-ml/new.json
@@ -0,0 +1 @@
+{}
--- a/generated/azure-pipelines/a.yml
+++ b/generated/azure-pipelines/a.yml
@@ -1,3 +1,3 @@
 one
-two
+TWO
 three
--- a/generated/helm/b.yaml
+++ /dev/null
@@ -1 +0,0 @@
-x: 1
";
    assert_eq!(run, printed(1, expected, ""));
    let mut patch = Command::new("patch")
        .args(["-p1", "--quiet"])
        .current_dir(sandbox.root())
        .stdin(Stdio::piped())
        .spawn()
        .unwrap();
    patch.stdin.take().unwrap().write_all(run.out.as_bytes()).unwrap();
    assert!(patch.wait().unwrap().success());
    let patched = sandbox.tree("generated");
    assert_eq!(sandbox.run(&["compile"]).err, "wrote the manifest of generated (2 unchanged)\n");
    let mut compiled = sandbox.tree("generated");
    compiled.insert("mlopsc.manifest.json".to_owned(), patched["mlopsc.manifest.json"].clone());
    assert_eq!(patched, compiled);
}

#[test]
fn hooks_fail_when_something_was_written() {
    let sandbox = Sandbox::new(&[("a.mlops", TWO)]);
    let hook = || sandbox.run(&["compile", "--fail-on-change"]);
    let created = "  created generated/azure-pipelines/a.yml
  created generated/helm/b.yaml
wrote 2 files to generated (2 created)
  help: add these files to the commit
";
    assert_eq!(hook(), printed(1, "", created));
    assert_eq!(hook(), printed(0, "", "generated is up to date (2 files)\n"));
    sandbox.write("a.mlops", "out helm/b.yaml x: 2");
    let changed = "  removed generated/azure-pipelines/a.yml
  changed generated/helm/b.yaml
wrote 1 file to generated (1 changed, 1 removed)
  help: add these files to the commit
";
    assert_eq!(hook(), printed(1, "", changed));
    assert_eq!(hook().code, 0);
    sandbox.write("generated/helm/b.yaml", "by hand");
    let run = hook();
    assert!(run.code == 1 && run.err.contains("nothing was written"), "{run:?}");
    assert_eq!(sandbox.read("generated/helm/b.yaml"), "by hand");
    assert_eq!(sandbox.run(&["compile", "--fail-on-change", "--check"]).code, 2);
}

#[test]
fn a_diff_shows_a_missing_line_end() {
    let sandbox = Sandbox::new(&[("a.mlops", "out helm/b.yaml x: 1"), ("generated/helm/b.yaml", "x: 1")]);
    let run = sandbox.run(&["compile", "--diff", "--force"]);
    assert!(run.out.contains("-x: 1\n\\ No newline at end of file\n+x: 1\n"), "{}", run.out);
    assert_eq!(sandbox.read("generated/helm/b.yaml"), "x: 1");
}

#[test]
fn stdout_prints_all_files() {
    let sandbox = Sandbox::new(&[("a.mlops", TWO)]);
    let run = sandbox.run(&["compile", "--stdout"]);
    let expected = "# generated/azure-pipelines/a.yml\none\ntwo\nthree\n\n# generated/helm/b.yaml\nx: 1\n";
    assert_eq!(run, printed(0, expected, ""));
    let run = sandbox.run(&["compile", "--stdout", "--target", "helm"]);
    assert_eq!(run.out, "# generated/helm/b.yaml\nx: 1\n");
    assert!(!sandbox.at("generated").exists());
    assert_eq!(sandbox.run(&["compile", "--stdout", "--check"]).code, 2);
}

#[test]
fn the_number_of_findings_is_limited() {
    let many = "error e\n".repeat(103);
    let sandbox = Sandbox::new(&[("a.mlops", &many)]);
    let lines = |args: &[&str]| {
        let run = sandbox.run(&[&["check", "--format", "concise"], args].concat());
        assert_eq!(run.err.lines().next(), Some("103 errors in 1 file"));
        (run.out.lines().count(), run.out.lines().last().unwrap_or_default().to_owned())
    };
    assert_eq!(lines(&[]), (101, "and 3 more; `--max-diagnostics 0` prints all".to_owned()));
    assert_eq!(lines(&["--max-diagnostics", "1"]).0, 2);
    assert_eq!(lines(&["--max-diagnostics", "0"]).0, 103);
    assert_eq!(lines(&["--max-diagnostics", "103"]).0, 103);
}

#[test]
fn a_panic_is_trouble() {
    let sandbox = Sandbox::new(&[("a.mlops", "panic")]);
    assert_eq!(sandbox.run(&["check"]).code, 2);
}

#[test]
fn wrong_usage_is_trouble() {
    let sandbox = Sandbox::new(&[]);
    for args in [
        &[][..],
        &["chekc"],
        &["check", "--nope"],
        &["compile", "--target", "hlm"],
        &["check", "--color", "x"],
    ] {
        let run = sandbox.run(args);
        assert_eq!((run.code, run.out.as_str()), (2, ""), "{args:?}");
        assert!(!run.err.is_empty(), "{args:?}");
    }
    let run = sandbox.run(&["compile", "--target", "hlm"]);
    assert!(run.err.contains("helm"), "{}", run.err);
    for args in [&["--help"][..], &["compile", "--help"], &["--version"]] {
        let run = sandbox.run(args);
        assert_eq!((run.code, run.err.as_str()), (0, ""), "{args:?}");
    }
}
