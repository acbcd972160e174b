//! Every single operation on the disk fails once.

use super::support::{Failing, Sandbox};
use std::collections::BTreeMap;
use std::io;

const BEFORE: &str = "
out azure-pipelines/train.yml one
out azure-pipelines/gone.yml two
out azure-ml/old/job.json three
out helm/api/values.yaml same";

const AFTER: &str = "
out azure-pipelines/train.yml one, but longer
out azure-pipelines/new.yml four
out azure-ml/new/deep/job.json five
out helm/api/values.yaml same";

/// A project that was compiled, and whose sources changed since.
fn changed_project() -> Sandbox {
    let sandbox = Sandbox::new(&[("main.mlops", BEFORE)]);
    assert_eq!(sandbox.run(&["compile"]).code, 0);
    sandbox.write("main.mlops", AFTER);
    sandbox
}

fn new_project() -> Sandbox {
    Sandbox::new(&[("main.mlops", AFTER)])
}

/// The trees before and after the run, and how many operations it takes.
fn expected(start: fn() -> Sandbox) -> (BTreeMap<String, String>, BTreeMap<String, String>, usize) {
    let sandbox = start();
    let old = sandbox.tree("generated");
    let disk = Failing::never();
    assert_eq!(sandbox.run_in(".", &disk, &["compile"]).code, 0);
    let new = sandbox.tree("generated");
    assert_ne!(old, new);
    (old, new, disk.seen())
}

fn assert_recovers(sandbox: &Sandbox, new: &BTreeMap<String, String>, at: usize) {
    let again = sandbox.run(&["compile"]);
    assert_eq!(again.code, 0, "operation {at}: {again:?}");
    // An emptied folder that could not be removed stays.
    assert_eq!(files_of(&sandbox.tree("generated")), files_of(new), "operation {at}");
    let check = sandbox.run(&["compile", "--check"]);
    assert_eq!(
        (check.code, check.err.as_str()),
        (0, "generated is up to date (4 files)\n"),
        "operation {at}"
    );
}

#[test]
fn one_failure_leaves_all_old_or_all_new() {
    for start in [changed_project, new_project] {
        let (old, new, operations) = expected(start);
        assert!(operations > 15, "the test follows the operations: {operations}");
        for at in 0..operations {
            let sandbox = start();
            let run = sandbox.run_in(".", &Failing::new(at, false), &["compile"]);
            let mut tree = sandbox.tree("generated");
            if run.code == 2 {
                assert!(run.err.contains("no storage space"), "operation {at}: {}", run.err);
                assert!(run.err.contains("error: cannot "), "operation {at}: {}", run.err);
            }
            // Behind the last rename the run has succeeded; only rubbish may stay.
            tree.retain(|path, _| !path.starts_with(".mlopsc-staging") && !path.ends_with('/'));
            let is_old = tree == files_of(&old);
            let is_new = tree == files_of(&new);
            assert!(is_old || is_new, "operation {at}: {run:?} {tree:#?}");
            assert!(
                is_old || run.code != 2 || run.err.contains(".mlopsc-staging"),
                "operation {at}: {run:?}"
            );
            if is_old {
                assert_eq!(sandbox.tree("generated"), old, "operation {at}: nothing else stays");
                assert!(run.err.contains("nothing was changed"), "operation {at}: {run:?}");
            }
            assert_recovers(&sandbox, &new, at);
        }
    }
}

#[test]
fn a_killed_run_leaves_whole_files_and_the_next_one_finishes() {
    for start in [changed_project, new_project] {
        let (old, new, operations) = expected(start);
        for at in 0..operations {
            let sandbox = start();
            sandbox.run_in(".", &Failing::new(at, true), &["compile"]);
            for (path, text) in sandbox.tree("generated") {
                let is_internal = path.starts_with(".mlopsc-staging") || path == "mlopsc.manifest.json";
                let whole = old.get(&path) == Some(&text) || new.get(&path) == Some(&text);
                assert!(whole || is_internal || path.ends_with('/'), "operation {at}: {path} holds {text:?}");
            }
            assert_recovers(&sandbox, &new, at);
        }
    }
}

#[test]
fn after_a_killed_run_edited_files_are_still_recognized() {
    let (_, _, operations) = expected(changed_project);
    for at in 0..operations {
        let sandbox = changed_project();
        sandbox.run_in(".", &Failing::new(at, true), &["compile"]);
        sandbox.write("generated/azure-pipelines/train.yml", "by hand\n");
        let again = sandbox.run(&["compile"]);
        assert_eq!(again.code, 1, "operation {at}: {again:?}");
        assert!(again.err.contains("azure-pipelines/train.yml  was edited"), "{}", again.err);
        assert_eq!(sandbox.read("generated/azure-pipelines/train.yml"), "by hand\n");
    }
}

/// Somebody saves a file at every moment of a run: into the file itself, or by putting another one in its place.
#[test]
fn what_somebody_saves_meanwhile_is_not_lost() {
    let (_, _, operations) = expected(changed_project);
    for victim in ["generated/azure-pipelines/train.yml", "generated/azure-pipelines/gone.yml"] {
        for replaces in [false, true] {
            let mut lost = Vec::new();
            for at in 0..operations {
                let sandbox = changed_project();
                let path = sandbox.at(victim);
                let save = move || {
                    if replaces {
                        std::fs::write(path.with_extension("tmp"), "by hand\n").unwrap();
                        std::fs::rename(path.with_extension("tmp"), &path).unwrap();
                    } else {
                        std::fs::write(&path, "by hand\n").unwrap();
                    }
                };
                let disk = Failing { meanwhile: Some(Box::new(save)), ..Failing::new(at, false) };
                let run = sandbox.run_in(".", &disk, &["compile"]);
                if std::fs::read_to_string(sandbox.at(victim)).ok().as_deref() != Some("by hand\n") {
                    lost.push(at);
                    continue;
                }
                let is_told = run.err.contains("was changed by somebody else while outputs were written");
                assert!(run.code == 0 || run.code == 2 && is_told, "operation {at}: {run:?}");
                // It is an edit from then on, or nobody's.
                sandbox.run(&["compile"]);
                assert_eq!(sandbox.read(victim), "by hand\n", "operation {at}");
            }
            // Between the last look at a file and its rename nothing can be seen that puts another file there.
            assert!(lost.len() <= usize::from(replaces), "{victim} {replaces}: {lost:?}");
        }
    }
}

#[test]
fn a_killed_run_does_not_confuse_sources_that_changed_again() {
    let (_, _, operations) = expected(changed_project);
    for at in 0..operations {
        let sandbox = changed_project();
        sandbox.run_in(".", &Failing::new(at, true), &["compile"]);
        sandbox.write("main.mlops", BEFORE);
        let again = sandbox.run(&["compile"]);
        assert_eq!(again.code, 0, "operation {at}: {again:?}");
        let mut tree = sandbox.tree("generated");
        tree.retain(|path, _| !path.ends_with('/') && path != "mlopsc.manifest.json");
        let names: Vec<&str> = tree.keys().map(String::as_str).collect();
        let wanted = [
            "azure-ml/old/job.json",
            "azure-pipelines/gone.yml",
            "azure-pipelines/train.yml",
            "helm/api/values.yaml",
        ];
        assert_eq!(names, wanted, "operation {at}");
    }
}

#[test]
fn a_failing_read_is_told_with_its_path_and_changes_nothing() {
    let sandbox = changed_project();
    let probe = Failing { reads: true, ..Failing::never() };
    assert_eq!(sandbox.run_in(".", &probe, &["compile", "--check"]).code, 1);
    for at in 0..probe.seen() {
        let sandbox = changed_project();
        let old = sandbox.tree("generated");
        let disk = Failing { reads: true, error: io::ErrorKind::PermissionDenied, ..Failing::new(at, false) };
        let run = sandbox.run_in(".", &disk, &["compile", "--check"]);
        assert_eq!(run.code, 2, "operation {at}: {run:?}");
        assert!(run.err.starts_with("error: cannot "), "{}", run.err);
        assert!(run.err.contains("permission denied"), "{}", run.err);
        assert_eq!(sandbox.tree("generated"), old);
    }
}

#[test]
fn a_disk_without_second_names_gets_copies() {
    let sandbox = changed_project();
    let probe = Failing { links: false, ..Failing::never() };
    assert_eq!(sandbox.run_in(".", &probe, &["compile"]).code, 0);
    assert_eq!(sandbox.read("generated/azure-pipelines/train.yml"), "one, but longer\n");
    for at in 0..probe.seen() {
        let sandbox = changed_project();
        let old = sandbox.tree("generated");
        let disk = Failing { links: false, ..Failing::new(at, false) };
        let run = sandbox.run_in(".", &disk, &["compile"]);
        let only_rubbish = run.err.contains("cannot remove `generated/.mlopsc-staging");
        if run.code == 2 && !only_rubbish {
            assert_eq!(sandbox.tree("generated"), old, "operation {at}: {run:?}");
        }
    }
}

fn files_of(tree: &BTreeMap<String, String>) -> BTreeMap<String, String> {
    let mut tree = tree.clone();
    tree.retain(|path, _| !path.ends_with('/'));
    tree
}
