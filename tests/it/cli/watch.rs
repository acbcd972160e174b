//! `--watch`: what makes it run again, and what does not.

use super::support::{Run, Sandbox};
use std::cell::Cell;

/// Runs while the acts last, one act a look.
fn watching(sandbox: &Sandbox, args: &[&str], acts: &[&dyn Fn()]) -> Run {
    let next = Cell::new(0);
    sandbox.run_watching(args, &mut || {
        let at = next.replace(next.get() + 1);
        acts.get(at).map(|act| act()).is_some()
    })
}

fn nothing() {}

#[test]
fn a_check_runs_again_when_a_source_changes() {
    let sandbox = Sandbox::new(&[("main.mlops", "warning one")]);
    let edit = || sandbox.write("main.mlops", "error another");
    let run = watching(&sandbox, &["check", "--watch", "--format", "concise"], &[&nothing, &edit, &nothing]);
    let said = "main.mlops:1:1: warning[made-up-too] one\nmain.mlops:1:1: error[made-up] another\n";
    assert_eq!((run.code, run.out.as_str()), (1, said));
    assert_eq!(run.err.matches("main.mlops changed\n").count(), 1, "{}", run.err);
    assert!(run.err.contains("watching 1 file; Ctrl+C ends it\n"), "{}", run.err);
}

#[test]
fn new_sources_side_files_and_the_configuration_count() {
    let sandbox = Sandbox::new(&[("main.mlops", "file data/x"), ("sub/b.mlops", "")]);
    let acts: [&dyn Fn(); 8] = [
        &|| sandbox.write("data/x", "1"),
        &nothing,
        &|| sandbox.write("data/x", "12"),
        &nothing,
        &|| sandbox.write("sub/c.mlops", ""),
        &nothing,
        &|| sandbox.write("mlopsc.toml", ""),
        &nothing,
    ];
    let run = watching(&sandbox, &["check", "--watch"], &acts);
    let told: Vec<&str> = run.err.lines().filter(|it| it.ends_with(" changed")).collect();
    assert_eq!(
        told,
        ["data/x changed", "data/x changed", "sub/c.mlops changed", "mlopsc.toml changed"],
        "{}",
        run.err
    );
}

#[test]
fn what_nobody_read_does_not_count() {
    let sandbox = Sandbox::new(&[("main.mlops", ""), ("notes/x", "")]);
    let acts: [&dyn Fn(); 3] =
        [&|| sandbox.write("notes/x", "more"), &|| sandbox.write(".main.mlops.swp", "1"), &|| {
            sandbox.write("main.mlops~", "1");
        }];
    let run = watching(&sandbox, &["check", "--watch"], &acts);
    assert_eq!(run.err.matches("watching").count(), 1, "{}", run.err);
}

#[test]
fn compile_writes_again_and_does_not_wake_itself() {
    let sandbox = Sandbox::new(&[("main.mlops", "out helm/a one")]);
    let edit = || sandbox.write("main.mlops", "out helm/b two");
    let run = watching(&sandbox, &["compile", "--watch"], &[&nothing, &edit, &nothing, &nothing, &nothing]);
    assert_eq!(sandbox.read("generated/helm/b"), "two\n");
    assert!(!sandbox.at("generated/helm/a").exists());
    assert_eq!(run.err.matches("wrote 1 file").count(), 2, "{}", run.err);
    assert_eq!(run.err.matches("watching").count(), 2, "{}", run.err);
    let again = || sandbox.write("generated/helm/b", "by hand\n");
    let run = watching(&sandbox, &["compile", "--watch"], &[&again, &nothing]);
    assert!(run.err.contains("was edited since"), "{}", run.err);
}

#[test]
fn trouble_ends_the_first_run_only() {
    let sandbox = Sandbox::new(&[("main.mlops", "warning here")]);
    let run = watching(&sandbox, &["check", "--watch", "nope"], &[&nothing]);
    assert_eq!(run.code, 2);
    assert!(!run.err.contains("watching"));
    let (gone, back) = (|| sandbox.remove("main.mlops"), || sandbox.write("main.mlops", "warning back"));
    let run = watching(&sandbox, &["check", "--watch"], &[&gone, &nothing, &back, &nothing]);
    assert_eq!(run.code, 0);
    assert!(run.err.contains("error: no `.mlops` file in `.`"), "{}", run.err);
    assert!(run.out.contains("here") && run.out.contains("back"), "{}", run.out);
}

#[test]
fn what_comes_and_goes_in_the_current_folder_has_a_name() {
    let sandbox = Sandbox::new(&[("main.mlops", "")]);
    let acts: [&dyn Fn(); 4] =
        [&|| sandbox.write("new.mlops", ""), &nothing, &|| sandbox.remove("new.mlops"), &nothing];
    let run = watching(&sandbox, &["check", "--watch"], &acts);
    let told: Vec<&str> = run.err.lines().filter(|it| it.ends_with("changed")).collect();
    assert_eq!(told, ["new.mlops changed"; 2], "{}", run.err);
}
