//! `mlopsc init`: what it writes compiles, and nothing of anybody is touched.

use super::support::{Failing, Sandbox};
use mlopsc::cli;
use mlopsc::cli::disk::Local;
use mlopsc::cli::edge::{Compiler, Edge, Level, Paint, Stream};
use std::ffi::OsString;
use std::fs;
use std::path::Path;

/// A command line with the compiler itself behind it.
fn real(sandbox: &Sandbox, folder: &str, args: &[&str]) -> (u8, String) {
    let mut said = Vec::new();
    let mut also = Vec::new();
    let mut edge = Edge {
        disk: &Local,
        compiler: Compiler::default(),
        here: sandbox.at(folder),
        width: 100,
        level: Level::default(),
        pause: Box::new(|| false),
        input: Box::new(std::io::empty()),
        out: Stream { to: Box::new(&mut said), paint: Paint::default() },
        err: Stream { to: Box::new(&mut also), paint: Paint::default() },
    };
    let args = std::iter::once("mlopsc").chain(args.iter().copied()).map(OsString::from);
    let code = cli::run(args, &mut edge);
    drop(edge);
    said.extend(also);
    (code, String::from_utf8(said).unwrap())
}

#[test]
fn a_new_project_compiles_without_findings() {
    let sandbox = Sandbox::new(&[]);
    let run = sandbox.run(&["init", "house-prices"]);
    assert_eq!((run.code, run.err.as_str()), (0, ""));
    insta::assert_snapshot!(run.out);
    let files: Vec<String> = sandbox.tree("house-prices").into_keys().collect();
    insta::assert_snapshot!(files.join("\n"));
    let (code, said) = real(&sandbox, "house-prices", &["check"]);
    assert_eq!((code, said.contains("warning")), (0, false), "{said}");
    let (code, said) = real(&sandbox, "house-prices", &["compile"]);
    assert_eq!(code, 0, "{said}");
    for text in sandbox.tree("house-prices").values() {
        assert!(!text.contains("@NAME@") && !text.contains("@IDENT@") && !text.contains("@COMPACT@"));
    }
}

#[test]
fn an_empty_folder_becomes_a_project_and_may_have_a_history() {
    let sandbox = Sandbox::new(&[("My Prices 2/.git/config", "")]);
    let run = sandbox.run_in("My Prices 2", &Local, &["init"]);
    assert_eq!((run.code, run.err.as_str()), (0, ""));
    assert!(sandbox.read("My Prices 2/main.mlops").contains("project my_prices_2 {"));
    let (code, said) = real(&sandbox, "My Prices 2", &["check"]);
    assert_eq!((code, said.contains("warning")), (0, false), "{said}");
}

#[test]
fn a_folder_that_holds_something_is_left_alone() {
    let sandbox = Sandbox::new(&[("taken/b.txt", "mine"), ("taken/a/c.txt", "mine"), ("file", "mine")]);
    let before = sandbox.tree(".");
    let run = sandbox.run(&["init", "taken"]);
    assert_eq!(run.code, 2);
    assert_eq!(
        run.err,
        "error: `taken` is not empty: it holds `a`, `b.txt`\n  help: name a folder that does not exist yet: `mlopsc init NAME`\n"
    );
    assert_eq!(sandbox.run_in("taken", &Local, &["init"]).code, 2);
    assert_eq!(sandbox.run(&["init", "file"]).code, 2);
    assert_eq!(sandbox.tree("."), before);
}

#[test]
fn a_name_that_azure_would_refuse_is_refused() {
    let sandbox = Sandbox::new(&[]);
    for (name, better) in [
        ("House Prices", "house-prices"),
        ("1st", "st"),
        ("a", "a-project"),
        ("1", "project"),
        ("prices_2", "prices-2"),
        ("a-name-that-is-very-long", "a-name-that-is-very"),
    ] {
        let run = sandbox.run(&["init", name]);
        assert_eq!(run.code, 2, "{name}");
        let told =
            format!("take 2 to 20 lower-case letters, digits and `-`, starting with a letter: `{better}`");
        assert!(run.err.contains(&told), "{}", run.err);
        assert_eq!(Sandbox::new(&[]).run(&["init", better]).code, 0, "what is advised works");
    }
    assert!(sandbox.tree(".").is_empty());
    assert_eq!(sandbox.run(&["init", "deep/down/prices"]).code, 0);
    assert!(sandbox.at("deep/down/prices/mlopsc.toml").is_file());
}

#[test]
fn a_name_that_windows_keeps_for_itself_is_refused() {
    let run = Sandbox::new(&[]).run(&["init", "con"]);
    let told = "error: `con` is a name that Windows keeps for itself\n  help: take another one, such as `con-project`\n";
    assert_eq!((run.code, run.err.as_str()), (2, told));
}

#[test]
fn every_example_can_be_started_from() {
    let examples = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples");
    let listed = Sandbox::new(&[]).run(&["init", "--list"]).out;
    for entry in fs::read_dir(&examples).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        let known = listed.lines().any(|it| it.split(' ').next() == Some(&name));
        assert_eq!(known, !name.ends_with("_literal"), "{name}");
        if !known {
            continue;
        }
        let sandbox = Sandbox::new(&[]);
        assert_eq!(sandbox.run(&["init", "copy", "--from", &name]).code, 0, "{name}");
        for (path, text) in sandbox.tree("copy").into_iter().filter(|it| !it.0.ends_with('/')) {
            assert_eq!(fs::read_to_string(examples.join(&name).join(&path)).unwrap(), text, "{name}/{path}");
        }
        let (code, said) = real(&sandbox, "copy", &["check"]);
        assert_eq!((code, said.contains("error")), (0, false), "{name}: {said}");
    }
}

#[test]
fn an_unknown_example_is_answered_with_the_nearest() {
    let run = Sandbox::new(&[]).run(&["init", "--from", "digiter"]);
    assert_eq!(
        (run.code, run.err.as_str()),
        (2, "error: there is no example `digiter`\n  help: did you mean `digitre`?\n")
    );
    let run = Sandbox::new(&[]).run(&["init", "--from", "zzz"]);
    assert!(run.err.contains("`mlopsc init --list` lists them"));
}

#[test]
fn one_failure_leaves_nothing_behind() {
    let whole = Sandbox::new(&[]);
    let disk = Failing::never();
    assert_eq!(whole.run_in(".", &disk, &["init", "deep/prices"]).code, 0);
    for at in 0..disk.seen() {
        let sandbox = Sandbox::new(&[]);
        let run = sandbox.run_in(".", &Failing::new(at, false), &["init", "deep/prices"]);
        assert_eq!(run.code, 2, "operation {at}: {run:?}");
        assert!(sandbox.tree(".").is_empty(), "operation {at}: {:#?}", sandbox.tree("."));
    }
}
