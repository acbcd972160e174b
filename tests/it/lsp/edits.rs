//! Any edits, in any order: no panic, no hang, and in the end what a cold check says.

use super::support::Client;
use crate::support::files_below;
use mlopsc::base::files::Files;
use mlopsc::cli::disk::Local;
use mlopsc::cli::workspace::Workspace;
use mlopsc::diag::Diagnostic;
use mlopsc::driver;
use mlopsc::lsp::host::{Documents, Host};
use serde_json::json;
use std::fmt::Write as _;
use std::path::Path;

/// A small generator of numbers that are the same each time.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % sides.max(1) as u64).unwrap()
    }
}

/// What is typed, pasted and deleted.
const PIECES: &[&str] = &[
    "",
    "",
    "",
    "{",
    "}",
    "\"",
    "\"\"\"",
    "\n",
    "\n\n",
    " ",
    ",",
    "=",
    "[",
    "]",
    "(",
    ")",
    ".",
    "// x\n",
    "/// doc\n",
    "else",
    "if a { b }",
    "${",
    "x",
    "pool linux { image = \"ubuntu-24.04\" }\n",
    "\npipeline p {\n  trigger manual\n}\n",
    "stage s { run \"a\" }",
    "let a = 1\n",
    "é",
    "\u{1F600}",
    "\r\n",
    "\t",
    "for x in [1, 2] {",
    "// mlopsc: allow(x) y\n",
];

fn cold(client: &Client, path: &str, text: &str) -> Vec<String> {
    let workspace = Workspace::new(&Local);
    let file = client.at(path);
    let documents = Documents::from([(file.clone(), text.into())]);
    let key = workspace.project_of(&file, &documents).unwrap();
    let mut found = Vec::new();
    let mut then = |loaded: mlopsc::lsp::host::Loaded, files: &dyn Files| {
        let analysis = driver::analyze_with(loaded.sources, files, &loaded.settings);
        let findings = loaded.policy.apply(&analysis.sources, analysis.findings);
        let own = |it: &&Diagnostic| analysis.sources.get(it.span().file).path == path;
        found = findings
            .iter()
            .filter(own)
            .map(|it| {
                let (start, end) = (it.span().start as usize, it.span().end as usize);
                let source = analysis.sources.get(it.span().file);
                let mut line = format!(
                    "{} {}..{} {}",
                    it.code,
                    place(&source.text, start),
                    place(&source.text, end),
                    it.message
                );
                it.labels[1..].iter().for_each(|label| write!(line, " [{}]", label.text).unwrap());
                line
            })
            .collect();
    };
    workspace.load(&key, &documents, &mut then).unwrap();
    found
}

fn place(text: &str, at: usize) -> String {
    let line = text[..at].matches('\n').count();
    let start = text[..at].rfind('\n').map_or(0, |it| it + 1);
    format!("{line}:{}", at - start)
}

fn shown(client: &mut Client, path: &str) -> Vec<String> {
    let found = client.settled(path);
    let lines = found.iter().map(|it| {
        let at = |end: &str| format!("{}:{}", it["range"][end]["line"], it["range"][end]["character"]);
        let message = it["message"].as_str().unwrap().lines().next().unwrap().to_owned();
        let mut line = format!("{} {}..{} {message}", it["code"].as_str().unwrap(), at("start"), at("end"));
        for related in it["relatedInformation"].as_array().into_iter().flatten() {
            let text = related["message"].as_str().unwrap();
            write!(line, " [{}]", if text == "here too" { "" } else { text }).unwrap();
        }
        line
    });
    lines.collect()
}

/// So many edits over an example; every tenth time what is shown is compared.
fn edit(example: &str, seed: u64, edits: usize) {
    let folder = format!("examples/{example}");
    let files = files_below(&folder, "");
    let files: Vec<(String, &str)> =
        files.iter().map(|it| (it.0[folder.len() + 1..].to_owned(), it.1.as_str())).collect();
    let borrowed: Vec<(&str, &str)> = files.iter().map(|it| (it.0.as_str(), it.1)).collect();
    let mut client = Client::new(&borrowed);
    let own: Vec<&(&str, &str)> =
        borrowed.iter().filter(|it| Path::new(it.0).extension().is_some_and(|it| it == "mlops")).collect();
    let mut dice = Dice(seed | 1);
    let (path, original) = own[dice.roll(own.len())];
    let mut text = (*original).to_owned();
    client.open(path);
    for turn in 0..edits {
        if text.len() > 2 * original.len() + 1000 || dice.roll(200) == 0 {
            (*original).clone_into(&mut text);
            client.replace(path, &text);
        }
        let mut at = |limit: usize| {
            let mut at = dice.roll(limit + 1);
            while !text.is_char_boundary(at) {
                at -= 1;
            }
            at
        };
        let start = at(text.len());
        let end = text.len().min(start + [0, 0, 0, 1, 3, 40][at(5)]);
        let end = (start..=end).rev().find(|it| text.is_char_boundary(*it)).unwrap();
        let new = PIECES[dice.roll(PIECES.len())];
        let position = |at: usize| {
            let line = text[..at].matches('\n').count();
            json!({ "line": line, "character": at - text[..at].rfind('\n').map_or(0, |it| it + 1) })
        };
        // Between the halves of a line's end no position of the protocol points.
        if [start, end].iter().any(|it| text[..*it].ends_with('\r')) {
            continue;
        }
        client.change(
            path,
            &json!([{ "range": { "start": position(start), "end": position(end) }, "text": new }]),
        );
        text.replace_range(start..end, new);
        if turn % 10 == 0 {
            let (cold, shown) = (cold(&client, path, &text), shown(&mut client, path));
            assert_eq!(shown, cold, "{example} {path}, seed {seed}, turn {turn}:\n{text}");
        }
    }
}

#[test]
fn random_edits_end_where_a_cold_check_does() {
    for (seed, example) in [(3, "digitre"), (5, "retraining"), (7, "template")] {
        edit(example, seed, 200);
    }
}

/// `cargo test --release --test it -- --ignored a_hundred_thousand`
#[test]
#[ignore = "takes minutes"]
fn a_hundred_thousand_random_edits_end_where_a_cold_check_does() {
    let examples = ["devops_for_ai", "digitre", "digitre_literal", "retraining", "template", "workspaces"];
    for seed in 0..100 {
        for (at, example) in examples.iter().enumerate() {
            edit(example, 1_000 + seed * 7 + at as u64, 170);
        }
    }
}
