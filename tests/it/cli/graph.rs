//! `mlopsc graph`, as people call it.

use super::support::{Failing, Run, Sandbox};

const SYSTEM: &str = r#"
pool linux { image = "ubuntu-24.04" }
project p { pool = linux }
pipeline release {
  trigger manual
  stage out { run "b" }
}
"#;

fn sandbox(text: &str) -> Sandbox {
    Sandbox::new(&[("main.mlops", text)])
}

fn run(sandbox: &Sandbox, args: &[&str]) -> Run {
    sandbox.run_real(".", &Failing::never(), args)
}

#[test]
fn the_name_of_the_file_says_the_format() {
    let sandbox = sandbox(SYSTEM);
    let begins = [
        ("a.svg", "<svg class=\"mlops\""),
        ("a.html", "<!doctype html>"),
        ("a.dot", "digraph mlops {"),
        ("a.mmd", "---\ntitle: 'p: the system'\n---\nflowchart TB"),
        ("a.json", "{\n  \"what\": \"system\""),
        ("a.txt", "p: the system\n\npipeline release"),
    ];
    for (file, begin) in begins {
        let told = run(&sandbox, &["graph", "-o", file]);
        assert_eq!((told.code, told.out.as_str(), told.err.as_str()), (0, "", ""), "{file}");
        assert!(sandbox.read(file).starts_with(begin), "{file}: {}", sandbox.read(file));
    }
    let unknown = run(&sandbox, &["graph", "-o", "a.png"]);
    assert_eq!(unknown.code, 2);
    assert!(unknown.err.contains("the name `a.png` does not say how to draw"), "{}", unknown.err);
    assert!(unknown.err.contains("`system.svg`"), "{}", unknown.err);
    let said = run(&sandbox, &["graph", "-o", "a.png", "--format", "dot"]);
    assert_eq!(said.code, 0);
}

#[test]
fn no_source_is_replaced_by_a_picture() {
    let sandbox = sandbox(SYSTEM);
    let told = run(&sandbox, &["graph", "-o", "main.mlops", "--format", "svg"]);
    assert_eq!(told.code, 2);
    assert!(told.err.contains("belongs to the project"), "{}", told.err);
    assert_eq!(sandbox.read("main.mlops"), SYSTEM);
}

#[test]
fn nothing_is_put_over_or_beside_code_that_the_sources_name() {
    let sandbox = sandbox(
        r#"
project p { connection = azure, workspace = ml, pool = linux }
connection azure { type = azure_rm }
workspace ml { name = "mlw-prices", resource_group = "rg-ml", existing = true }
pool linux { image = "ubuntu-24.04" }
runtime python { image = "mcr.microsoft.com/base:1", conda = "conda.yml" }
ml_pipeline fit {
  compute = serverless
  step train { code = "ml/train", runtime = python, command = "python train.py" }
}
pipeline train {
  trigger manual
  stage fit { submit fit { wait = agent } }
  stage say { run { file = "say.sh" } }
}
"#,
    );
    for (path, text) in [
        ("ml/train/train.py", "print(1)\n"),
        ("conda.yml", "dependencies: [python=3.12]\n"),
        ("say.sh", "echo\n"),
        ("ml/train/notes.txt", "x"),
    ] {
        sandbox.write(path, text);
    }
    let before = sandbox.tree(".");
    for (file, why) in [
        ("ml/train/train.py", "belongs to the project"),
        ("ml/train/notes.txt", "lies in `ml/train`, which the sources name"),
        ("ml/train/new.svg", "lies in `ml/train`, which the sources name"),
        ("conda.yml", "belongs to the project"),
        ("say.sh", "belongs to the project"),
    ] {
        for command in
            [&["graph", "--format", "svg", "-o", file], &["check", "--format", "sarif", "--output", file]]
        {
            let told = run(&sandbox, command);
            assert_eq!(told.code, 2, "{command:?}: {told:?}");
            assert!(told.err.starts_with(&format!("error: `{file}` {why}")), "{}", told.err);
        }
    }
    for folder in ["ml", "ml/train", "ml/train/generated"] {
        let told = run(&sandbox, &["compile", "-o", folder]);
        let refused = format!(
            "error: the output folder `{folder}` and `ml/train`, which the sources name, are not apart"
        );
        assert!(told.code == 2 && told.err.starts_with(&refused), "{}", told.err);
    }
    assert_eq!(sandbox.tree("."), before);
    assert_eq!(run(&sandbox, &["graph", "-o", "ml/picture.svg"]).code, 0);
    assert_eq!(run(&sandbox, &["graph", "-o", "ml/picture.svg"]).code, 0);
    assert_eq!(run(&sandbox, &["compile", "-o", "ml/generated"]).code, 0);
}

#[test]
fn a_page_knows_the_way_to_its_project() {
    let sandbox = sandbox(SYSTEM);
    sandbox.write("pictures/keep", "");
    assert_eq!(run(&sandbox, &["graph", "-o", "pictures/system.html"]).code, 0);
    assert!(sandbox.read("pictures/system.html").contains("{\"root\":\"../\","));
    assert_eq!(run(&sandbox, &["graph", "-o", "system.html"]).code, 0);
    assert!(sandbox.read("system.html").contains("{\"root\":\"\","));
    let printed = run(&sandbox, &["graph", "--format", "html"]);
    assert!(printed.out.contains("{\"root\":null,"), "no place is known");
}

#[test]
fn wrong_names_are_helped() {
    let sandbox = sandbox(SYSTEM);
    let wrong = run(&sandbox, &["graph", "releas"]);
    assert_eq!(wrong.code, 2);
    assert!(wrong.err.contains("did you mean `release`?"), "{}", wrong.err);
    let wrong = run(&sandbox, &["graph", "--what", "systen"]);
    assert_eq!(wrong.code, 2);
    assert!(wrong.err.contains("system"), "{}", wrong.err);
}

#[test]
fn what_is_understood_is_drawn_and_what_is_not_is_told() {
    let errors = SYSTEM.replace("  stage out {", "  stage out { environment = prod\n")
        + "environment prod { protected = true }";
    let drawn = run(&sandbox(&errors), &["graph"]);
    assert_eq!(drawn.code, 0, "{}", drawn.err);
    assert!(drawn.out.contains("environment prod"), "{}", drawn.out);
    assert!(drawn.err.contains("the project has errors, which `mlopsc check` tells"), "{}", drawn.err);
    let holes = run(&sandbox(&SYSTEM.replace("pool = linux", "pool = linuz")), &["graph"]);
    assert_eq!((holes.code, holes.out.as_str()), (1, ""));
    assert!(holes.err.contains("did you mean `linux`"), "{}", holes.err);
}

const ASKED_TWICE: &str = r#"
pool linux { image = "ubuntu-24.04" }
project p { pool = linux }
approval leads { approvers = ["leads@contoso.example"] }
environment qa { approval = leads }
pipeline train "[ML] Train" {
  trigger schedule "0 3 * * *" { title = "every night", always = true }
  stage all { environment = qa, approve leads, run "a" }
}
"#;

#[test]
fn a_text_says_when_a_schedule_strikes_and_who_is_asked_once() {
    let sandbox = Sandbox::new(&[("main.mlops", ASKED_TWICE)]);
    let told = run(&sandbox, &["graph"]).out;
    assert!(told.contains("← trigger every night, 0 3 * * * UTC"), "{told}");
    let stage =
        told.split("stage all").nth(1).and_then(|it| it.split("environment qa").next()).expect("it is drawn");
    assert_eq!(stage.matches("leads must agree").count(), 1, "{told}");
    let nowhere = run(&sandbox, &["graph", "nosuch"]).err;
    assert!(nowhere.contains("help: known: `train` and `qa`\n"), "{nowhere}");
}
