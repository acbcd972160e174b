//! The scripts of steps that look at code.

use crate::scripts::{Case, action_of, actions, case, render, snapshot};
use crate::standins::Scenario;
use crate::support;
use mlopsc::driver::Analysis;
use mlopsc::model::steps::action::Action;
use std::fs;

fn analysis() -> Analysis {
    case("quality.mlops", &[])
}

fn action(path: &str) -> Action {
    action_of(&analysis(), path, 0)
}

#[test]
fn every_kind_as_scripts() {
    let analysis = analysis();
    assert!(!analysis.has_errors(), "{}", support::render(&analysis.sources, &analysis.findings));
    snapshot("quality", &render(&actions(&analysis)));
}

#[test]
fn tests_are_run_with_what_they_are_told() {
    let missing = r#"case "$*" in *"pytest --version"*) exit 1 ;; esac"#;
    let failing = r#"case "$*" in *"--junitxml"*) exit 5 ;; esac"#;
    let cases: [Case; 3] = [
        ("well", "", true, &["python -m pytest --junitxml="], &["pip install"]),
        ("not installed", missing, false, &["task.logissue type=error", "not installed"], &["--junitxml"]),
        ("failing", failing, false, &["--junitxml"], &["logissue"]),
    ];
    let plain = action("quality.tests.plain");
    for (case, answers, ok, has, lacks) in cases {
        Scenario::behaving(answers).run(&plain, &[("RESULTS", "out/r.xml")]).check(case, ok, has, lacks);
    }
    let nasty = "it's $(touch pwned) \"x\"\n;y";
    let world = Scenario::behaving(r#"printf '<%s>' "$@" >>"$FAKE/words""#);
    fs::create_dir(world.path("api")).expect("the folder is new");
    let env = [("RESULTS", "r.xml"), ("COVERAGE", "c.xml"), ("ARG_3", nasty), ("PACKAGE_2", nasty)];
    world.run(&action("quality.tests.full"), &env).check("all", true, &[], &[]);
    let words = fs::read_to_string(world.path("words")).expect("python was called");
    let packages = format!(
        "<-m><pip><install><--disable-pip-version-check><--requirement><requirements.txt><--requirement><requirements-dev.txt>\
         <pytest-xdist==3.6.1><{nasty}>"
    );
    let tests = format!(
        "<-m><pytest><--junitxml=r.xml><--numprocesses=auto><--cov=src><--cov=lib><--cov-report=term><--cov-report=xml:c.xml>\
         <--cov-fail-under=70><-m><not slow><{nasty}><tests/unit><tests/api.py::test_health>"
    );
    assert!(words.contains(&packages) && words.contains(&tests), "{words}");
    assert!(!world.path("api/pwned").exists());
}

#[test]
fn code_is_read_with_the_tool_that_is_named() {
    let world = Scenario::behaving("");
    world.run(&action("quality.reads.ruff"), &[]).check(
        "ruff",
        true,
        &[
            "pip install --disable-pip-version-check ruff==0.8.4",
            "-m ruff check --output-format=azure src tests",
        ],
        &[],
    );
    let has = ["python -m ruff format --check ."];
    Scenario::behaving("").run(&action("quality.reads.format"), &[]).check("format", true, &has, &[]);
    let missing = r#"case "$*" in *"--version"*) exit 1 ;; esac"#;
    let has = ["yamllint is not installed"];
    Scenario::behaving(missing).run(&action("quality.reads.yaml"), &[]).check("yaml", false, &has, &[]);
}

#[test]
fn notebooks_hold_no_results() {
    let clean = r#"{"cells": [{"cell_type": "code", "outputs": [], "execution_count": null}, {"cell_type": "markdown"}]}"#;
    let ran = r#"{"cells": [{"cell_type": "code", "outputs": [], "execution_count": 3}, {"outputs": [{}], "execution_count": null}]}"#;
    let lint = action("quality.reads.notebooks");
    let cases = [
        ("clean", clean, true, "1 notebooks, 0 with results"),
        ("with results", ran, false, "a b.ipynb: 2 cells hold results"),
        ("no notebook", "{", false, "is no notebook"),
    ];
    for (case, text, ok, says) in cases {
        let world = Scenario::behaving("");
        let folder = world.path("research/notebooks");
        fs::create_dir_all(folder.join(".ipynb_checkpoints")).expect("the folder is new");
        fs::write(folder.join("a b.ipynb"), text).expect("the folder can be written");
        fs::write(folder.join(".ipynb_checkpoints/x.ipynb"), ran).expect("the folder can be written");
        world.run(&lint, &[]).check(case, ok, &[says], &[]);
    }
    Scenario::behaving("").run(&lint, &[]).check("no folder", false, &["research"], &["0 with results"]);
}
