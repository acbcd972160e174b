//! Which files a command line means.

use super::support::{Failing, Run, Sandbox};
use std::io::ErrorKind;

/// The files that are checked, as one warning each.
fn checked(sandbox: &Sandbox, folder: &str, args: &[&str]) -> Vec<String> {
    let args: Vec<&str> = ["check", "--format", "concise"].iter().chain(args).copied().collect();
    let run = sandbox.run_in(folder, &Failing::never(), &args);
    assert_eq!(run.code, 0, "{run:?}");
    run.out.lines().map(|line| line.split(':').next().unwrap().to_owned()).collect()
}

fn refused(sandbox: &Sandbox, args: &[&str]) -> Run {
    let run = sandbox.run(args);
    assert_eq!((run.code, run.out.as_str()), (2, ""), "{run:?}");
    run
}

const HERE: &str = "warning here";

#[test]
fn a_folder_is_its_own_project() {
    let sandbox =
        Sandbox::new(&[("b.mlops", HERE), ("a/c.mlops", HERE), ("a.mlops", HERE), ("note.txt", "error")]);
    assert_eq!(checked(&sandbox, ".", &[]), ["a.mlops", "a/c.mlops", "b.mlops"]);
    assert_eq!(checked(&sandbox, ".", &["a"]), ["a/c.mlops"]);
    assert_eq!(checked(&sandbox, "a", &[]), ["c.mlops"]);
    assert_eq!(checked(&sandbox, "a", &[".."]), ["../a.mlops", "../a/c.mlops", "../b.mlops"]);
}

#[test]
fn paths_lead_there_from_the_current_folder() {
    let sandbox = Sandbox::new(&[("p/a.mlops", HERE), ("q/r/x", "")]);
    assert_eq!(checked(&sandbox, "q/r", &["../../p"]), ["../../p/a.mlops"]);
    let up = "../".repeat(40);
    let deep = "a/".repeat(40);
    sandbox.write(&format!("{deep}x"), "");
    let absolute = sandbox.at("p/a.mlops");
    assert_eq!(checked(&sandbox, &deep, &[&format!("{up}p")]), [absolute.to_str().unwrap()], "or shorter");
}

#[test]
fn the_nearest_config_is_the_root() {
    let sandbox = Sandbox::new(&[("p/mlopsc.toml", ""), ("p/a.mlops", HERE), ("p/q/r/b.mlops", HERE)]);
    let all = ["p/a.mlops", "p/q/r/b.mlops"];
    assert_eq!(checked(&sandbox, ".", &["p/q/r"]), all);
    assert_eq!(checked(&sandbox, ".", &["p/q/r/b.mlops"]), all);
    assert_eq!(checked(&sandbox, ".", &["p/mlopsc.toml"]), all);
    assert_eq!(checked(&sandbox, "p/q", &[]), ["../a.mlops", "../q/r/b.mlops"]);
}

#[test]
fn a_file_without_config_stands_alone() {
    let sandbox = Sandbox::new(&[("p/a.mlops", HERE), ("p/b.mlops", HERE)]);
    assert_eq!(checked(&sandbox, ".", &["p/b.mlops"]), ["p/b.mlops"]);
    assert_eq!(checked(&sandbox, ".", &["p/b.mlops", "p/a.mlops"]), ["p/b.mlops", "p/a.mlops"]);
}

#[test]
fn a_folder_without_sources_stands_for_the_projects_below() {
    let skipped = ("node_modules/x/mlopsc.toml", "");
    let sandbox = Sandbox::new(&[
        ("b/mlopsc.toml", ""),
        ("b/b.mlops", HERE),
        ("b/in/mlopsc.toml", ""),
        ("b/in/c.mlops", HERE),
        ("deep/a/mlopsc.toml", ""),
        ("deep/a/a.mlops", HERE),
        skipped,
    ]);
    assert_eq!(checked(&sandbox, ".", &[]), ["b/b.mlops", "b/in/c.mlops", "deep/a/a.mlops"]);
    assert_eq!(checked(&sandbox, ".", &["deep", "b/b.mlops"]), ["deep/a/a.mlops", "b/b.mlops"]);
    assert_eq!(checked(&sandbox, "deep", &[]), ["a/a.mlops"]);
    sandbox.write("m.mlops", HERE);
    assert_eq!(checked(&sandbox, ".", &[]), ["m.mlops"], "what has sources is a project by itself");
}

#[test]
fn a_project_named_twice_is_checked_once() {
    let sandbox = Sandbox::new(&[("p/mlopsc.toml", ""), ("p/a.mlops", HERE), ("q/b.mlops", HERE)]);
    assert_eq!(
        checked(&sandbox, ".", &["p", "q", "./p/", "p/a.mlops", "p/../q"]),
        ["p/a.mlops", "q/b.mlops"]
    );
}

#[test]
fn some_folders_are_not_searched() {
    let skipped = [".git/a.mlops", "target/a.mlops", "node_modules/x/a.mlops", "other/deep/a.mlops"];
    let files: Vec<(&str, &str)> = skipped
        .iter()
        .map(|path| (*path, HERE))
        .chain([("m.mlops", HERE), ("other/mlopsc.toml", "")])
        .collect();
    let sandbox = Sandbox::new(&files);
    assert_eq!(checked(&sandbox, ".", &[]), ["m.mlops"]);
    assert_eq!(checked(&sandbox, ".", &["target"]), ["target/a.mlops"], "unless it is named");
    sandbox.write("mlopsc.toml", "");
    assert_eq!(checked(&sandbox, ".", &["target/a.mlops"]), ["m.mlops", "target/a.mlops"], "or a file is");
}

#[cfg(unix)]
#[test]
fn links_do_not_lead_in_circles() {
    use std::os::unix::fs::symlink;
    let sandbox =
        Sandbox::new(&[("p/a.mlops", HERE), ("elsewhere/b.mlops", HERE), ("elsewhere/f/c.mlops", HERE)]);
    symlink("..", sandbox.at("p/loop")).unwrap();
    symlink(".", sandbox.at("p/self")).unwrap();
    symlink("../elsewhere/b.mlops", sandbox.at("p/b.mlops")).unwrap();
    symlink("../elsewhere/f", sandbox.at("p/f.mlops")).unwrap();
    assert_eq!(checked(&sandbox, ".", &["p"]), ["p/a.mlops", "p/b.mlops"]);
    symlink("nowhere", sandbox.at("p/dangling.mlops")).unwrap();
    assert_eq!(
        refused(&sandbox, &["check", "p"]).err,
        "error: cannot read `p/dangling.mlops`: no such file or directory\n"
    );
}

#[cfg(unix)]
#[test]
fn what_editors_keep_beside_a_file_is_no_source() {
    let sandbox = Sandbox::new(&[("p/a.mlops", HERE), ("p/._a.mlops", "\u{0}"), ("p/.b.mlops", "{")]);
    std::os::unix::fs::symlink("somebody@host.4711:1", sandbox.at("p/.#a.mlops")).unwrap();
    assert_eq!(checked(&sandbox, ".", &["p"]), ["p/a.mlops"]);
}

#[cfg(unix)]
#[test]
fn a_pipe_is_not_waited_for() {
    let sandbox = Sandbox::new(&[("a.mlops", HERE)]);
    let made = std::process::Command::new("mkfifo").arg(sandbox.at("pipe.mlops")).status().unwrap();
    assert!(made.success());
    assert_eq!(checked(&sandbox, ".", &[]), ["a.mlops"]);
    let run = refused(&sandbox, &["check", "pipe.mlops"]);
    assert!(run.err.contains("`pipe.mlops` is neither a folder nor an `.mlops` file"), "{}", run.err);
}

#[test]
fn wrong_paths_are_told() {
    let sandbox = Sandbox::new(&[("empty/note.txt", ""), ("marked/mlopsc.toml", "")]);
    let told = |args: &[&str]| refused(&sandbox, args).err;
    assert_eq!(told(&["check", "nope"]), "error: cannot open `nope`: no such file or directory\n");
    assert!(told(&["check", "empty/note.txt"]).contains("`empty/note.txt` is neither a folder nor"));
    let nothing = "error: no `.mlops` file in `empty` or below\n  \
                   help: name the folder of a project, or start one with a file `main.mlops`\n";
    assert_eq!(told(&["check", "empty"]), nothing);
    assert_eq!(told(&["compile", "empty"]), nothing);
    assert!(told(&["check", "marked"]).contains("no `.mlops` file in `marked`"));
    assert!(told(&["check"]).contains("no `.mlops` file in `marked`"));
    sandbox.remove("marked/mlopsc.toml");
    assert!(told(&["check"]).contains("no `.mlops` file in `.`"));
}

#[test]
fn an_unreadable_file_is_told() {
    let sandbox = Sandbox::new(&[("a.mlops", HERE)]);
    let disk = Failing { reads: true, error: ErrorKind::PermissionDenied, ..Failing::never() };
    sandbox.run_in(".", &disk, &["check"]);
    let last = disk.seen() - 1;
    let disk = Failing { reads: true, error: ErrorKind::PermissionDenied, ..Failing::new(last, false) };
    let run = sandbox.run_in(".", &disk, &["check"]);
    assert_eq!((run.code, run.err.as_str()), (2, "error: cannot read `a.mlops`: permission denied\n"));
}

#[test]
fn bytes_that_are_no_text_are_located() {
    let sandbox = Sandbox::new(&[("p/mlopsc.toml", ""), ("p/good.mlops", "error unseen")]);
    sandbox.write("p/latin.mlops", b"one\ntw\xE9 o\nthree \xFF\n");
    sandbox.write("p/utf16.mlops", b"\xFF\xFEp\0r\0");
    sandbox.write("p/binary.mlops", b"\x7FELF\0\0\x01\xC0\x01");
    let run = sandbox.run(&["check", "p", "--format", "concise"]);
    let expected = "\
p/binary.mlops:1:8: error[not-utf8] this file is not text
p/latin.mlops:2:3: error[not-utf8] this file is not UTF-8 text
p/utf16.mlops:1:1: error[not-utf8] this file is UTF-16, not UTF-8
";
    assert_eq!((run.code, run.out.as_str()), (1, expected));
    assert_eq!(run.err, "3 errors in 4 files\n`mlopsc explain not-utf8` tells more\n");
    assert_eq!(sandbox.run(&["compile", "p"]).code, 1);
    assert!(!sandbox.at("p/generated").exists());
}

#[test]
fn an_unreadable_config_is_located_too() {
    let sandbox = Sandbox::new(&[("a.mlops", "error seen")]);
    sandbox.write("mlopsc.toml", b"output = \"\xE4\"");
    let run = sandbox.run(&["check", "--format", "concise"]);
    let expected = "\
mlopsc.toml:1:11: error[not-utf8] this file is not UTF-8 text
a.mlops:1:1: error[made-up] seen
";
    assert_eq!((run.code, run.out.as_str()), (1, expected));
}

#[test]
fn side_files_are_read_below_the_root() {
    let sandbox =
        Sandbox::new(&[("p/mlopsc.toml", ""), ("p/q/a.mlops", "file conda.yml"), ("p/conda.yml", "")]);
    assert_eq!(sandbox.run_in("p/q", &Failing::never(), &["check"]).code, 0);
    sandbox.remove("p/conda.yml");
    let run = sandbox.run_in("p/q", &Failing::never(), &["check", "--format", "concise"]);
    assert_eq!(run.out, "../q/a.mlops:1:1: error[no-file] no such file or directory\n");
}

#[test]
fn an_empty_file_is_a_project() {
    let sandbox = Sandbox::new(&[("a.mlops", "")]);
    let run = sandbox.run(&["check"]);
    assert_eq!((run.code, run.err.as_str()), (0, "no findings in 1 file\n"));
    let run = sandbox.run(&["compile"]);
    assert_eq!((run.code, run.err.as_str()), (0, "nothing to write\n"));
    assert!(!sandbox.at("generated").exists());
}
