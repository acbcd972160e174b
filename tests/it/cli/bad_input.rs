//! Files nobody meant to give, before the program itself: a message with its place and code or with its path, the exit
//! code that belongs to it, and nothing written.

use super::support::Sandbox;
use std::fmt::Write as _;
use std::process::Command;

const HEALTHY: &str = "pool linux { image = \"ubuntu-24.04\" }\nproject x { pool = linux }\n\
    pipeline p {\n  trigger manual\n  stage s { run \"make\" }\n}\n";

struct Said {
    code: Option<i32>,
    out: String,
    err: String,
}

fn mlopsc(sandbox: &Sandbox, args: &[&str]) -> Said {
    let run =
        Command::new(env!("CARGO_BIN_EXE_mlopsc")).args(args).current_dir(sandbox.root()).output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    Said { code: run.status.code(), out: text(run.stdout), err: text(run.stderr) }
}

/// What `check` finds in one file, a line each. `compile` must find as much and write nothing.
fn findings(text: impl AsRef<[u8]>) -> Vec<String> {
    let sandbox = Sandbox::new(&[]);
    sandbox.write("main.mlops", text);
    let said = mlopsc(&sandbox, &["check", "--format", "concise"]);
    assert_eq!(said.code, Some(1), "{}{}", said.out, said.err);
    let compiled = mlopsc(&sandbox, &["compile"]);
    assert_eq!(compiled.code, Some(1), "{}", compiled.err);
    assert!(!sandbox.at("generated").exists());
    said.out.lines().map(str::to_owned).collect()
}

fn only(text: impl AsRef<[u8]>) -> String {
    let found = findings(text);
    assert_eq!(found.len(), 1, "{found:#?}");
    found.into_iter().next().unwrap()
}

fn circle(many: usize, line: impl Fn(usize, usize) -> String) -> String {
    (0..many).map(|at| line(at, (at + 1) % many)).collect()
}

#[test]
fn a_mark_of_byte_order_is_no_part_of_the_text() {
    let sandbox = Sandbox::new(&[("main.mlops", &format!("\u{FEFF}{HEALTHY}"))]);
    let said = mlopsc(&sandbox, &["check"]);
    assert_eq!((said.code, said.err.as_str()), (Some(0), "no findings in 1 file\n"));
    let found = only("\u{FEFF}pole x {}\n");
    assert!(found.starts_with("main.mlops:1:"), "{found}");
}

#[test]
fn lines_that_end_as_on_windows_are_counted_as_lines() {
    let found = only(HEALTHY.replace("trigger manual", "trigger manual\n  foo = 1").replace('\n', "\r\n"));
    assert!(found.starts_with("main.mlops:5:3: error[unknown-attribute] "), "{found}");
}

#[test]
fn bytes_are_not_text() {
    let found = only([b'\x7F', b'E', b'L', b'F', 0xFF, 0x00].repeat(1000));
    assert!(found.starts_with("main.mlops:1:5: error[not-utf8] "), "{found}");
    let found = findings(vec![0; 10_000]);
    assert!(found[0].starts_with("main.mlops:1:1: error[syntax] "), "{found:#?}");
}

#[test]
fn garbage_is_located_line_by_line() {
    let mut state = 1_u32;
    let mut next = || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        char::from(b' ' + u8::try_from((state >> 16) % 96).unwrap())
    };
    let garbage: String = (0..200_000).map(|at| if at % 61 == 0 { '\n' } else { next() }).collect();
    let found = findings(garbage);
    assert!(found.len() > 50);
    let (last, found) = found.split_last().unwrap();
    assert!(last.ends_with(" more; `--max-diagnostics 0` prints all"), "{last}");
    for line in found {
        assert!(line.starts_with("main.mlops:") && line.contains('['), "{line}");
    }
}

#[test]
fn a_hundred_thousand_braces_are_one_finding() {
    for text in ["{".repeat(100_000), " a {\n".repeat(100_000) + &" }\n".repeat(100_000)] {
        assert!(only(text).contains(" error[nested-too-deep] "));
    }
}

#[test]
fn a_circle_of_ten_thousand_pipelines_is_one_short_finding() {
    let found = only(circle(10_000, |at, next| {
        format!("pipeline p{at} {{\n  trigger after p{next}\n  stage s {{ run \"x\" }}\n}}\n")
    }));
    assert!(found.contains(" error[trigger-cycle] ") && found.len() < 400, "{found}");
}

#[test]
fn many_misspelt_names_among_many_names_are_found() {
    let mut text = String::new();
    for at in 0..600 {
        writeln!(text, "pool linux_with_a_long_name_{at} {{ image = \"ubuntu-24.04\" }}").unwrap();
        writeln!(text, "pipeline p{at} {{\n  trigger manual\n  pool = linux_with_a_lang_name_{at}").unwrap();
        writeln!(text, "  stage s {{ run \"x\" }}\n}}").unwrap();
    }
    let sandbox = Sandbox::new(&[("main.mlops", &text)]);
    let said = mlopsc(&sandbox, &["check"]);
    assert!(said.out.contains("did you mean `linux_with_a_long_name_0`?"), "{}", said.out);
    assert!(said.err.starts_with("600 errors"), "{}", said.err);
}

#[test]
fn a_name_too_long_for_a_file_is_a_finding() {
    let named = |length: usize| HEALTHY.replace("pipeline p", &format!("pipeline {}", "x".repeat(length)));
    let found = only(named(10_000));
    assert!(found.starts_with("main.mlops:3:10: error[resource-name-invalid] a name of 10000 "), "{found}");
    only(named(201));
    let sandbox = Sandbox::new(&[("main.mlops", &named(200))]);
    assert_eq!(mlopsc(&sandbox, &["compile"]).code, Some(0));
}

#[cfg(unix)]
mod devices {
    use super::{HEALTHY, mlopsc};
    use crate::cli::support::Sandbox;
    use std::os::unix::fs::symlink;
    use std::process::Command;

    fn healthy() -> Sandbox {
        Sandbox::new(&[("main.mlops", HEALTHY)])
    }

    fn refused(sandbox: &Sandbox, args: &[&str], message: &str) {
        let said = mlopsc(sandbox, args);
        assert_eq!((said.code, said.out.as_str()), (Some(2), ""), "{}", said.err);
        assert!(said.err.starts_with(&format!("error: {message}\n")), "{}", said.err);
    }

    #[test]
    fn a_device_in_place_of_the_settings_is_not_read_for_ever() {
        let sandbox = healthy();
        symlink("/dev/zero", sandbox.at("mlopsc.toml")).unwrap();
        refused(&sandbox, &["check"], "cannot read `mlopsc.toml`: not a regular file");
    }

    #[test]
    fn a_pipe_in_place_of_the_manifest_is_not_waited_for() {
        let sandbox = healthy();
        sandbox.write("generated/keep", "");
        let made = Command::new("mkfifo").arg(sandbox.at("generated/mlopsc.manifest.json")).status().unwrap();
        assert!(made.success());
        refused(&sandbox, &["compile"], "cannot read `generated/mlopsc.manifest.json`: not a regular file");
    }

    #[test]
    fn a_link_to_a_pipe_is_no_source() {
        let sandbox = healthy();
        let made = Command::new("mkfifo").arg(sandbox.at("pipe")).status().unwrap();
        assert!(made.success());
        symlink("pipe", sandbox.at("linked.mlops")).unwrap();
        let said = mlopsc(&sandbox, &["check"]);
        assert_eq!((said.code, said.err.as_str()), (Some(0), "no findings in 1 file\n"));
    }

    #[test]
    fn the_output_must_be_a_folder_or_become_one() {
        let sandbox = healthy();
        refused(&sandbox, &["compile", "-o", "main.mlops"], "`main.mlops` is not a folder");
        refused(
            &sandbox,
            &["compile", "-o", "main.mlops/x"],
            "cannot create `main.mlops/x`: not a directory",
        );
        symlink("nowhere", sandbox.at("dangling")).unwrap();
        refused(
            &sandbox,
            &["compile", "-o", "dangling"],
            "cannot open `dangling`: no such file or directory",
        );
        symlink("round", sandbox.at("round")).unwrap();
        refused(
            &sandbox,
            &["compile", "-o", "round"],
            "cannot open `round`: too many levels of symbolic links",
        );
        assert_eq!(sandbox.read("main.mlops"), HEALTHY);
    }
}
