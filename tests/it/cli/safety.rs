//! The output folder under pressure: names that some disks cannot hold, runs at the same time, runs that are killed.

use super::support::Sandbox;
use std::collections::BTreeMap;
use std::process::{Child, Command, Stdio};

#[test]
fn names_that_windows_keeps_for_itself_are_refused() {
    for name in ["helm/con", "helm/aux.yml", "NUL/x", "helm/Com1.tar.gz", "helm/a:b", "helm/a.", "helm/what?"]
    {
        let sandbox = Sandbox::new(&[("main.mlops", &format!("out {name} text"))]);
        let run = sandbox.run(&["compile", "--force"]);
        assert_eq!(run.code, 1, "{name}");
        assert!(run.err.contains("is a name that Windows keeps for itself"), "{name}: {}", run.err);
        assert!(sandbox.tree("generated").is_empty(), "{name}");
    }
    for name in ["helm/console", "helm/com10", "helm/lpt", "helm/a.con", "helm/.aux"] {
        let sandbox = Sandbox::new(&[("main.mlops", &format!("out {name} text"))]);
        assert_eq!(sandbox.run(&["compile"]).code, 0, "{name}");
    }
}

/// A project with so many pipelines, of which all say the word.
fn source(pipelines: std::ops::Range<usize>, word: &str) -> String {
    let pipeline = |nth| {
        format!(
            "pipeline p{nth} {{\n  trigger manual\n  pool = linux\n  stage s {{ run \"make {word}\" }}\n}}\n"
        )
    };
    let head = "pool linux { image = \"ubuntu-24.04\" }\n".to_owned();
    head + &pipelines.map(pipeline).collect::<String>()
}

fn compile(sandbox: &Sandbox) -> Child {
    let mut command = Command::new(env!("CARGO_BIN_EXE_mlopsc"));
    command.arg("compile").current_dir(sandbox.root()).stdout(Stdio::null()).stderr(Stdio::piped());
    command.spawn().unwrap()
}

fn finished(child: Child) -> String {
    let done = child.wait_with_output().unwrap();
    let told = String::from_utf8(done.stderr).unwrap();
    assert_eq!(done.status.code(), Some(0), "{told}");
    told
}

fn files(sandbox: &Sandbox) -> BTreeMap<String, String> {
    let mut tree = sandbox.tree("generated");
    tree.retain(|path, _| path.starts_with("azure-pipelines/p"));
    tree
}

/// The files of both sources.
fn both(sandbox: &Sandbox, texts: &[String; 2]) -> [BTreeMap<String, String>; 2] {
    let trees = texts.each_ref().map(|text| {
        sandbox.write("main.mlops", text);
        finished(compile(sandbox));
        files(sandbox)
    });
    assert!(trees[0] != trees[1] && trees[0].len() > 20);
    trees
}

#[cfg(unix)]
#[test]
fn runs_at_the_same_time_wait_for_each_other() {
    let sandbox = Sandbox::new(&[]);
    let texts = [source(0..30, "one"), source(5..35, "two")];
    let trees = both(&sandbox, &texts);
    for round in 0..4 {
        let now = round % 2;
        sandbox.write("main.mlops", &texts[now]);
        let runs: Vec<Child> = (0..5).map(|_| compile(&sandbox)).collect();
        let told: Vec<String> = runs.into_iter().map(finished).collect();
        let wrote = told.iter().filter(|it| it.contains("wrote ")).count();
        assert_eq!(wrote, 1, "one of them writes, the others find it written: {told:?}");
        assert_eq!(files(&sandbox), trees[now]);
    }
}

#[cfg(unix)]
#[test]
fn a_run_that_is_killed_leaves_whole_files_and_the_next_one_finishes() {
    let sandbox = Sandbox::new(&[]);
    let texts = [source(0..30, "one"), source(5..35, "two")];
    let trees = both(&sandbox, &texts);
    let mut torn = 0;
    for round in 0..200 {
        // When exactly a kill arrives is up to the machine; most rounds meet a run between two files.
        if round >= 24 && torn > 0 {
            break;
        }
        let now = round % 2;
        sandbox.write("main.mlops", &texts[now]);
        kill_at(&sandbox, compile(&sandbox), round % 24 * 3);
        let left = files(&sandbox);
        for (path, text) in &left {
            let whole = trees.iter().any(|it| it.get(path) == Some(text));
            assert!(whole, "round {round}: {path} holds {text:?}");
        }
        torn += usize::from(left != trees[0] && left != trees[1]);
        if round % 3 != 0 {
            finished(compile(&sandbox));
            assert_eq!(files(&sandbox), trees[now], "round {round}");
            assert!(!sandbox.at("generated/.mlopsc-staging").exists(), "round {round}");
        }
    }
    finished(compile(&sandbox));
    assert!(torn > 0, "no run was killed between two files");
}

/// Kills the run once so many names are in the staging folder, or so many have left it again.
#[cfg(unix)]
fn kill_at(sandbox: &Sandbox, mut child: Child, names: usize) {
    let staging = sandbox.at("generated/.mlopsc-staging");
    let count = || std::fs::read_dir(&staging).map_or(0, Iterator::count);
    let mut most = 0;
    while child.try_wait().unwrap().is_none() {
        let now = count();
        most = most.max(now);
        if now >= names.max(1) || now + names / 4 < most {
            break;
        }
    }
    // It may have ended by itself.
    let _ = child.kill();
    child.wait().unwrap();
}
