//! What README.md and docs/cli.md show is what the program prints and the examples hold.

use crate::support::repository;
use std::process::Command;

fn read(path: &str) -> String {
    std::fs::read_to_string(repository(path)).expect("the file is there")
}

fn mlopsc(arguments: &[&str]) -> String {
    let mut command = Command::new(env!("CARGO_BIN_EXE_mlopsc"));
    let output = command.args(arguments).current_dir(repository(".")).output().expect("the program starts");
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

#[test]
fn the_command_line_is_documented_as_it_explains_itself() {
    let document = read("docs/cli.md");
    let calls: &[&[&str]] = &[&[], &["check"], &["compile"], &["explain"]];
    for call in calls {
        let fence = std::iter::once("```text help").chain(call.iter().copied()).collect::<Vec<_>>().join(" ");
        let printed = mlopsc(&[call, &["--help"][..]].concat());
        let shown = block(&document, &fence, printed.lines().next().expect("help has lines"));
        assert_eq!(shown, printed.trim_end(), "{fence}");
    }
}
