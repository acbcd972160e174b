//! Where a line comes from, and what comes from it, as the program tells.

use super::support::Sandbox;
use std::process::Command;

const MAIN: &str = "\
project demo { pool = linux }
repository self { type = azure_repos }
pool linux { image = \"ubuntu-24.04\" }
pipeline build {
  trigger manual
  for e in [\"dev\", \"qa\"] {
    stage build[e] {
      run \"make\" { env { TARGET = e } }
    }
  }
}
";

struct Run {
    code: i32,
    out: String,
    err: String,
}

fn mlopsc(sandbox: &Sandbox, folder: &str, args: &[&str]) -> Run {
    let mut command = Command::new(env!("CARGO_BIN_EXE_mlopsc"));
    let output = command.args(args).current_dir(sandbox.at(folder)).output().unwrap();
    Run {
        code: output.status.code().unwrap(),
        out: String::from_utf8(output.stdout).unwrap(),
        err: String::from_utf8(output.stderr).unwrap(),
    }
}

fn compiled() -> Sandbox {
    let sandbox = Sandbox::new(&[("demo/main.mlops", MAIN), ("demo/mlopsc.toml", "")]);
    let run = mlopsc(&sandbox, "demo", &["compile"]);
    assert_eq!(run.code, 0, "{}", run.err);
    sandbox
}

fn line_of(sandbox: &Sandbox, path: &str, words: &str) -> usize {
    sandbox.read(path).lines().position(|it| it.contains(words)).unwrap() + 1
}

const YAML: &str = "demo/generated/azure-pipelines/build.yml";

#[test]
fn a_line_of_the_output_leads_to_its_statement() {
    let sandbox = compiled();
    let line = line_of(&sandbox, YAML, "TARGET: dev");
    let run = mlopsc(&sandbox, ".", &["explain", &format!("{YAML}:{line}")]);
    let expected = "\
demo/main.mlops:4  pipeline build
demo/main.mlops:7  stage `build_dev`
demo/main.mlops:7  job `build_dev`
demo/main.mlops:8  step `make`
in the iteration `e = \"dev\"`, demo/main.mlops:6

8 │       run \"make\" { env { TARGET = e } }
";
    assert_eq!((run.code, run.out.as_str(), run.err.as_str()), (0, expected, ""));
}

#[test]
fn messages_of_the_cloud_can_be_pasted() {
    let sandbox = compiled();
    let line = line_of(&sandbox, YAML, "TARGET: dev");
    let plain =
        mlopsc(&sandbox, "demo", &["explain", &format!("generated/azure-pipelines/build.yml:{line}")]);
    let forms = [
        format!("generated/azure-pipelines/build.yml:{line}:17"),
        format!("generated/azure-pipelines/build.yml:{line}:"),
        format!("/generated/azure-pipelines/build.yml (Line: {line}, Col: 17): Unexpected value 'x'"),
        format!("generated/azure-pipelines/build.yml (Line: {line}, Col: 17)"),
    ];
    for form in forms {
        let run = mlopsc(&sandbox, "demo", &["explain", &form]);
        assert_eq!((run.code, &run.out), (0, &plain.out), "{form}: {}", run.err);
    }
}

#[test]
fn a_line_of_a_source_leads_to_what_comes_from_it() {
    let sandbox = compiled();
    let run = mlopsc(&sandbox, ".", &["explain", "demo/main.mlops:8"]);
    let lines: Vec<&str> = run.out.lines().collect();
    assert_eq!(lines.len(), 2, "{}", run.out);
    assert!(lines.iter().all(|it| it.starts_with(YAML) && it.contains("  step `make`")), "{}", run.out);
    let run = mlopsc(&sandbox, ".", &["explain", "demo/main.mlops:7"]);
    assert!(run.out.lines().all(|it| it.contains("  stage `build_")), "{}", run.out);
    let run = mlopsc(&sandbox, ".", &["explain", "demo/main.mlops:2"]);
    assert_eq!(run.out, "no line of the output comes from this one alone\n");
}

#[test]
fn findings_of_the_line_come_first() {
    let sandbox = Sandbox::new(&[("main.mlops", &MAIN.replace("trigger manual", "tigger manual"))]);
    let run = mlopsc(&sandbox, ".", &["explain", "main.mlops:5"]);
    assert!(run.out.starts_with("error[unknown-word]: "), "{}", run.out);
    assert!(run.out.ends_with("nothing comes from it as long as the project has errors\n"), "{}", run.out);
    let run = mlopsc(&sandbox, ".", &["explain", "main.mlops:1"]);
    assert!(!run.out.contains("error["), "{}", run.out);
}

#[test]
fn what_cannot_be_answered_says_why() {
    let sandbox = compiled();
    let refused = |args: &str, says: &str| {
        let run = mlopsc(&sandbox, ".", &["explain", args]);
        assert_eq!((run.code, run.out.as_str()), (2, ""), "{args}");
        assert!(run.err.contains(says), "{args}: {}", run.err);
    };
    refused("demo/none.yml:3", "cannot open `demo/none.yml`");
    refused(&format!("{YAML}:0"), "has no line 0");
    refused(&format!("{YAML}:9999"), "has no line 9999");
    refused("demo/main.mlops:9999", "has no line 9999");
    refused("demo/mlopsc.toml:1", "is not a file that this project becomes");
    sandbox.write("alone.yml", "x: 1\n");
    refused("alone.yml:1", "belongs to no project");
    sandbox.write("demo/main.mlops", "pipeline {\n");
    refused(&format!("{YAML}:3"), "the project has errors");
}

#[test]
fn an_edited_file_is_answered_with_a_note() {
    let sandbox = compiled();
    let line = line_of(&sandbox, YAML, "TARGET: dev");
    let before = mlopsc(&sandbox, ".", &["explain", &format!("{YAML}:{line}")]);
    sandbox.write(YAML, sandbox.read(YAML).replace('\n', "\r\n"));
    let checked_out = mlopsc(&sandbox, ".", &["explain", &format!("{YAML}:{line}")]);
    assert_eq!(
        (checked_out.out, checked_out.err.as_str()),
        (before.out.clone(), ""),
        "a checkout on Windows"
    );
    sandbox.write(YAML, "# edited\n");
    let run = mlopsc(&sandbox, ".", &["explain", &format!("{YAML}:{line}")]);
    assert_eq!((run.code, run.out), (0, before.out));
    assert!(run.err.starts_with("note: the file is not what the sources say now"), "{}", run.err);
}

#[test]
fn a_project_without_a_settings_file_is_found_by_its_output_folder() {
    let sandbox = compiled();
    sandbox.remove("demo/mlopsc.toml");
    let run = mlopsc(&sandbox, "demo/generated", &["explain", "azure-pipelines/build.yml:1"]);
    assert!(
        run.code == 0 && run.out.starts_with("../main.mlops:4  pipeline build\n"),
        "{} {}",
        run.out,
        run.err
    );
}
