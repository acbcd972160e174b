//! What README.md and docs/cli.md show is what the program prints and the examples hold.

use crate::support::repository;
use std::process::Command;

fn read(path: &str) -> String {
    std::fs::read_to_string(repository(path)).expect("the file is there")
}

fn mlopsc(arguments: &[&str]) -> String {
    mlopsc_in(".", arguments)
}

fn mlopsc_in(folder: &str, arguments: &[&str]) -> String {
    let mut command = Command::new(env!("CARGO_BIN_EXE_mlopsc"));
    let output =
        command.args(arguments).current_dir(repository(folder)).output().expect("the program starts");
    String::from_utf8(output.stdout).expect("it prints text")
}

/// The fenced block that begins with this line.
fn block<'t>(text: &'t str, fence: &str, first: &str) -> &'t str {
    let start =
        text.find(&format!("{fence}\n{first}")).unwrap_or_else(|| panic!("no block begins with {first}"));
    let inside = &text[start + fence.len() + 1..];
    inside.split("\n```").next().expect("the block is closed")
}

#[test]
fn the_readme_shows_the_examples_as_they_are() {
    let readme = read("README.md");
    let source = block(&readme, "```", "pipeline train");
    assert!(read("examples/digitre/pipelines/train.mlops").contains(source), "{source}");
    let emitted = block(&readme, "```yaml", "  - stage: artifacts");
    let whole = read("tests/it/snapshots/digitre/azure-pipelines__train.yml.snap");
    assert!(whole.contains(emitted), "{emitted}");
}

#[test]
fn the_readme_shows_an_error_as_it_is_printed() {
    let readme = read("README.md");
    let shown = block(&readme, "```", "error[unsupported-trigger-event]");
    let printed = mlopsc(&["check", "examples/digitre_literal"]);
    assert!(printed.contains(shown), "{printed}");
}

/// The document with what its fences `text simulate …` and `text prove` call for, printed in its folder.
fn with_transcripts(path: &str) -> String {
    let document = read(path);
    let folder = path.trim_end_matches("/README.md");
    let mut renewed = String::new();
    let mut rest = document.as_str();
    while let Some(at) = ["```text simulate", "```text prove"].iter().filter_map(|it| rest.find(it)).min() {
        let body = at + rest[at..].find('\n').expect("a fence ends its line") + 1;
        let call = rest[at..body].trim_start_matches("```text ").split_whitespace();
        let printed = mlopsc_in(folder, &call.collect::<Vec<_>>());
        renewed.push_str(&rest[..body]);
        renewed.push_str(printed.trim_end());
        renewed.push('\n');
        rest = &rest[body + rest[body..].find("```\n").expect("a fence is closed")..];
    }
    renewed + rest
}

#[test]
fn each_example_shows_what_happens_if() {
    let examples = std::fs::read_dir(repository("examples")).expect("they are there");
    for example in examples {
        let name = example.expect("it can be listed").file_name().to_string_lossy().into_owned();
        let path = format!("examples/{name}/README.md");
        let renewed = with_transcripts(&path);
        assert!(renewed.contains("```text simulate") || renewed.contains("```text prove"), "{path}");
        if std::env::var_os("MLOPSC_BLESS").is_some() {
            std::fs::write(repository(&path), &renewed).expect("the document can be written");
        }
        assert_eq!(read(&path), renewed, "renew it: MLOPSC_BLESS=1 cargo test --test it readme");
    }
}

#[test]
fn each_example_shows_its_picture() {
    for example in std::fs::read_dir(repository("examples")).expect("they are there") {
        let name = example.expect("it can be listed").file_name().to_string_lossy().into_owned();
        let folder = format!("examples/{name}");
        assert!(read(&format!("{folder}/README.md")).contains("](system.svg)"), "{name}");
        let drawn = mlopsc(&["graph", "--project", &folder, "--format", "svg"]);
        let path = format!("{folder}/system.svg");
        if std::env::var_os("MLOPSC_BLESS").is_some() {
            std::fs::write(repository(&path), &drawn).expect("the picture can be written");
        }
        assert_eq!(read(&path), drawn, "renew it: MLOPSC_BLESS=1 cargo test --test it readme");
    }
}

#[test]
fn the_command_line_is_documented_as_it_explains_itself() {
    let document = read("docs/cli.md");
    let mut renewed = String::new();
    let mut rest = document.as_str();
    while let Some(at) = rest.find("```text help") {
        let body = at + rest[at..].find('\n').expect("a fence ends its line") + 1;
        let call = rest[at..body].trim_start_matches("```text help").split_whitespace();
        let printed = mlopsc(&call.chain(["--help"]).collect::<Vec<_>>());
        renewed.push_str(&rest[..body]);
        renewed.push_str(printed.trim_end());
        renewed.push('\n');
        rest = &rest[body + rest[body..].find("```\n").expect("a fence is closed")..];
    }
    renewed.push_str(rest);
    if std::env::var_os("MLOPSC_BLESS").is_some() {
        std::fs::write(repository("docs/cli.md"), &renewed).expect("the document can be written");
        return;
    }
    assert_eq!(document, renewed, "renew it: MLOPSC_BLESS=1 cargo test --test it readme");
    for command in mlopsc(&["--help"]).split("Commands:\n").nth(1).expect("there are some").lines() {
        let Some(name) = command.split_whitespace().next() else { break };
        assert!(document.contains(&format!("```text help {name}\n")), "`{name}` is not documented");
    }
}
