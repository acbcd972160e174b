//! The standard input, how much is told, completions and the manual.

use super::support::{Run, Sandbox};
use mlopsc::cli::disk::Local;

fn input(sandbox: &Sandbox, text: &str, args: &[&str]) -> Run {
    sandbox.run_with(".", &Local, text, args)
}

#[test]
fn the_standard_input_takes_the_place_of_a_file_of_the_project() {
    let files = [("p/mlopsc.toml", ""), ("p/a.mlops", "warning old"), ("p/b.mlops", "warning beside")];
    let sandbox = Sandbox::new(&files);
    let check = |name: &str| {
        let args = ["check", "-", "--stdin-filename", name, "--format", "concise"];
        input(&sandbox, "error new", &args).out
    };
    let beside = "p/b.mlops:1:1: warning[made-up-too] beside\n";
    assert_eq!(check("p/a.mlops"), format!("p/a.mlops:1:1: error[made-up] new\n{beside}"));
    assert_eq!(check("p/../p/a.mlops"), format!("p/a.mlops:1:1: error[made-up] new\n{beside}"));
    let with_old = format!("p/a.mlops:1:1: warning[made-up-too] old\n{beside}");
    assert_eq!(
        check("p/c.mlops"),
        format!("{with_old}p/c.mlops:1:1: error[made-up] new\n"),
        "not yet written"
    );
    assert_eq!(sandbox.read("p/a.mlops"), "warning old");
}

#[test]
fn the_standard_input_alone_is_a_file_without_project() {
    let sandbox = Sandbox::new(&[("mlopsc.toml", ""), ("a.mlops", "warning old")]);
    let run = input(&sandbox, "error new", &["check", "-", "--format", "concise"]);
    assert_eq!((run.code, run.out.as_str()), (1, "-:1:1: error[made-up] new\n"));
}

#[test]
fn what_has_no_place_beside_the_standard_input_is_told() {
    let sandbox = Sandbox::new(&[("a.mlops", "")]);
    for args in [
        &["check", "-", "--watch"][..],
        &["check", "-", "a.mlops"],
        &["check", "--stdin-filename", "a.mlops"],
        &["fmt", "--stdin-filename", "a.mlops"],
    ] {
        let run = input(&sandbox, "", args);
        assert_eq!(run.code, 2, "{args:?}");
        assert!(run.err.contains("  help: "), "{args:?}: {}", run.err);
    }
}

#[test]
fn fmt_names_the_standard_input_as_it_is_told() {
    let sandbox = Sandbox::new(&[]);
    let args = ["fmt", "--diff", "-", "--stdin-filename", "p/a.mlops"];
    let run = input(&sandbox, "pool   a {}\n", &args);
    assert!(run.out.starts_with("--- a/p/a.mlops\n+++ b/p/a.mlops\n"), "{}", run.out);
    assert_eq!(run.code, 1);
    let written = input(&sandbox, "pool   a {}\n", &["fmt", "-", "--stdin-filename", "p/a.mlops"]);
    assert_eq!(written.out, "pool a {}\n");
}

#[test]
fn quiet_tells_findings_and_troubles_only() {
    let sandbox = Sandbox::new(&[("main.mlops", "warning one\nout helm/a text")]);
    let run = sandbox.run(&["check", "--quiet", "--format", "concise"]);
    assert_eq!((run.out.as_str(), run.err.as_str()), ("main.mlops:1:1: warning[made-up-too] one\n", ""));
    sandbox.write("main.mlops", "out helm/a text");
    assert_eq!(sandbox.run(&["-q", "compile"]).err, "");
    assert_eq!(sandbox.run(&["-q", "compile", "--check"]).err, "");
    sandbox.write("generated/helm/a", "by hand");
    assert!(sandbox.run(&["-q", "compile"]).err.contains("was edited"));
    assert_eq!(Sandbox::new(&[("a.mlops", "pool a {}\n")]).run(&["-q", "fmt", "--check"]).err, "");
    assert!(sandbox.run(&["-q", "check", "nope"]).err.starts_with("error: cannot open"));
    assert_eq!(sandbox.run(&["-q", "-v", "check"]).code, 2);
}

#[test]
fn verbose_tells_what_is_read_and_written() {
    let sandbox = Sandbox::new(&[("p/mlopsc.toml", ""), ("p/a.mlops", "out helm/a text")]);
    let run = sandbox.run(&["compile", "-v", "p"]);
    let root = sandbox.at("p");
    let said = format!(
        "project {}\n  read p/mlopsc.toml\n  read p/a.mlops\n  created p/generated/helm/a\n\
         wrote 1 file to p/generated (1 created)\n",
        root.display()
    );
    assert_eq!(run.err, said);
}

#[test]
fn every_shell_gets_completions() {
    let sandbox = Sandbox::new(&[]);
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let run = sandbox.run(&["completions", shell]);
        assert_eq!((run.code, run.err.as_str()), (0, ""), "{shell}");
        for word in ["mlopsc", "compile", "stdin-filename"] {
            assert!(run.out.contains(word), "{shell} does not know {word}");
        }
    }
    assert_eq!(sandbox.run(&["completions", "cobol"]).code, 2);
    for shell in ["bash", "zsh", "fish"] {
        let script = sandbox.run(&["completions", shell]).out;
        assert!(script.contains("digitre") && !script.contains("digitre_literal"), "{shell}: examples");
    }
}

#[test]
fn the_manual_has_a_page_for_every_command() {
    let sandbox = Sandbox::new(&[]);
    assert_eq!(sandbox.run(&["man", "--output", "pages"]).code, 0);
    let pages = sandbox.tree("pages");
    let help = sandbox.run(&["--help"]).out;
    let commands = help.split("Commands:\n").nth(1).unwrap().lines().take_while(|it| !it.is_empty());
    for command in commands.map(|it| it.split_whitespace().next().unwrap()) {
        let page = &pages[&format!("mlopsc-{command}.1")];
        assert!(page.contains(".SH NAME") && page.contains(".SH OPTIONS"), "{page}");
        assert_eq!(&sandbox.run(&["man", command]).out, page);
    }
    assert_eq!(sandbox.run(&["man"]).out, pages["mlopsc.1"]);
    for event in ["push", "pr", "tag", "schedule", "manual", "image", "completion", "webhook"] {
        let run = sandbox.run(&["man", "simulate", event]);
        assert_eq!(run.out, pages[&format!("mlopsc-simulate-{event}.1")], "{event}");
        assert!(run.out.contains("mlopsc\\-simulate\\-") && run.out.contains(".SH OPTIONS"), "{}", run.out);
    }
    let run = sandbox.run(&["man", "simulate", "pus"]);
    assert_eq!(
        (run.code, run.err.as_str()),
        (2, "error: there is no command `simulate pus`\n  help: did you mean `simulate push`?\n")
    );
    let run = sandbox.run(&["man", "compil"]);
    assert_eq!(
        (run.code, run.err.as_str()),
        (2, "error: there is no command `compil`\n  help: did you mean `compile`?\n")
    );
}
