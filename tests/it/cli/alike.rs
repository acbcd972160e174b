//! What all commands have in common: `--quiet`, `--verbose`, `--color` and exit codes.

use super::support::{Run, Sandbox};
use mlopsc::cli::disk::Local;

const PROJECT: &str = "project p {}
pool linux { image = \"ubuntu-24.04\" }
pipeline build {
  pool = linux
  trigger push { branches = [\"main\"] }
  stage make { run \"make\" }
}
test \"a push builds\" {
  on push { branch = \"main\" }
  expect runs [build]
}
";

/// What a command prints where nothing is wrong.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Prints {
    /// Only that all is well, or what was done.
    AllIsWell,
    /// What was asked for.
    Answer,
}

use Prints::{AllIsWell, Answer};

/// Every command that ends, with words that make it end well in a compiled project.
const COMMANDS: &[(&[&str], Prints)] = &[
    (&["init", "fresh"], AllIsWell),
    (&["compile"], AllIsWell),
    (&["check"], AllIsWell),
    (&["drift"], AllIsWell),
    (&["explain", "config"], Answer),
    (&["rules"], Answer),
    (&["fmt"], AllIsWell),
    (&["setup"], Answer),
    (&["simulate", "push"], Answer),
    (&["test"], AllIsWell),
    (&["prove"], AllIsWell),
    (&["graph"], Answer),
    (&["diff", ".", "."], Answer),
    (&["config"], Answer),
    (&["completions", "bash"], Answer),
    (&["man"], Answer),
];

/// It ends when its editor goes away.
const SERVERS: &[&str] = &["lsp"];

fn project() -> Sandbox {
    let sandbox = Sandbox::new(&[("p/main.mlops", PROJECT), ("p/mlopsc.toml", "")]);
    let run = sandbox.run_real("p", &Local, &["compile"]);
    assert_eq!(run.code, 0, "{run:?}");
    sandbox
}

fn names() -> Vec<String> {
    let help = Sandbox::new(&[]).run(&["--help"]).out;
    let lines = help.split("Commands:\n").nth(1).unwrap().lines().take_while(|it| !it.is_empty());
    lines.map(|it| it.split_whitespace().next().unwrap().to_owned()).collect()
}

/// The rows of commands that there are.
fn rows() -> impl Iterator<Item = &'static (&'static [&'static str], Prints)> {
    let names = names();
    COMMANDS.iter().filter(move |row| names.iter().any(|it| it == row.0[0]))
}

fn run(args: &[&str]) -> Run {
    project().run_real("p", &Local, args)
}

#[test]
fn every_command_has_a_row() {
    for name in names() {
        let known = rows().any(|it| it.0[0] == name) || SERVERS.contains(&name.as_str());
        assert!(known, "{name} has no row in COMMANDS of tests/it/cli/alike.rs");
    }
}

#[test]
fn quiet_leaves_out_that_all_is_well_and_nothing_that_was_asked_for() {
    for (args, prints) in rows() {
        let normal = run(args);
        let quiet = run(&[args, &["--quiet"][..]].concat());
        assert_eq!((normal.code, quiet.code), (0, 0), "{args:?}: {normal:?} {quiet:?}");
        assert_eq!(quiet.err, "", "{args:?}");
        match prints {
            AllIsWell => {
                assert_eq!(quiet.out, "", "{args:?}");
                assert!(!normal.out.is_empty() || !normal.err.is_empty(), "{args:?} says nothing at all");
            }
            Answer => assert_eq!(quiet.out, normal.out, "{args:?}"),
        }
        assert_eq!(run(&[&["-q"][..], args].concat()).out, quiet.out, "{args:?}: before the command too");
    }
}

#[test]
fn verbose_says_no_less_and_goes_to_the_standard_error() {
    for (args, _) in rows() {
        let (normal, verbose) = (run(args), run(&[args, &["-v"][..]].concat()));
        assert_eq!((verbose.code, &verbose.out), (0, &normal.out), "{args:?}");
        for line in normal.err.lines() {
            assert!(verbose.err.contains(line), "{args:?}: {line}");
        }
        assert_eq!(run(&[args, &["-v", "-q"][..]].concat()).code, 2, "{args:?}: one or the other");
    }
}

/// As the program, since the choice of colours is the edge's.
#[test]
fn colours_are_chosen_alike() {
    let sandbox = project();
    let printed = |args: &[&str], variables: &[(&str, &str)]| {
        let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_mlopsc"));
        for name in ["NO_COLOR", "CLICOLOR", "CLICOLOR_FORCE", "FORCE_COLOR", "TERM"] {
            command.env_remove(name);
        }
        let done =
            command.current_dir(sandbox.at("p")).args(args).envs(variables.iter().copied()).output().unwrap();
        assert!(matches!(done.status.code(), Some(0..=2)), "{args:?}");
        (done.status.code(), [done.stdout, done.stderr].concat())
    };
    for (args, _) in rows().filter(|it| it.0[0] != "init") {
        let plain = printed(args, &[]);
        assert!(!plain.1.contains(&0x1B), "{args:?}: a pipe");
        assert_eq!(
            printed(&[args, &["--color", "never"][..]].concat(), &[("CLICOLOR_FORCE", "1")]),
            plain,
            "{args:?}"
        );
        let always = printed(&[&["--color", "always"][..], args].concat(), &[("NO_COLOR", "1")]);
        assert_eq!(always.0, plain.0, "{args:?}");
        let mut text = String::from_utf8(always.1).unwrap();
        while let Some(at) = text.find('\u{1B}') {
            let end = text[at..].find('m').unwrap();
            text.replace_range(at..=at + end, "");
        }
        assert_eq!(text.into_bytes(), plain.1, "{args:?}: nothing but colours differs");
        assert_eq!(printed(&[args, &["--color", "blue"][..]].concat(), &[]).0, Some(2), "{args:?}");
    }
}

#[test]
fn a_wrong_call_is_2_and_help_is_0() {
    for name in names() {
        let wrong = run(&[&name, "--no-such-option"]);
        assert!(wrong.code == 2 && wrong.out.is_empty() && wrong.err.contains("error:"), "{name}: {wrong:?}");
        let help = run(&[&name, "--help"]);
        assert!(help.code == 0 && help.err.is_empty() && help.out.contains("Usage:"), "{name}");
    }
}

#[test]
fn errors_in_the_sources_are_1_and_a_folder_that_is_not_there_is_2() {
    let sandbox = Sandbox::new(&[("p/main.mlops", "pool x { imgae = 1 }\n"), ("p/mlopsc.toml", "")]);
    for command in ["compile", "check", "drift", "setup", "test", "prove"] {
        let run = sandbox.run_real("p", &Local, &[command]);
        let told = [run.out, run.err].concat();
        assert!(run.code == 1 && told.contains("error["), "{command}: {told}");
        let args: &[&str] =
            if command == "prove" { &[command, "--project", "gone"] } else { &[command, "gone"] };
        let run = sandbox.run_real("p", &Local, args);
        assert!(run.code == 2 && run.out.is_empty(), "{command}: {run:?}");
        assert_eq!(run.err, "error: cannot open `gone`: no such file or directory\n", "{command}");
    }
}
