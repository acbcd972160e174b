//! What editors are given fits the language: the words of the grammar of colours, the snippets, the settings.

use crate::support::repository;
use mlopsc::base::sources::Sources;
use mlopsc::model::steps;
use mlopsc::schema::{Block, declarations, ml, pipeline, trigger};
use mlopsc::syntax;
use serde_json::Value;
use std::collections::BTreeSet;

const GRAMMAR: &str = "editors/vscode/syntaxes/mlops.tmLanguage.json";

fn read(path: &str) -> Value {
    let text = std::fs::read_to_string(repository(path)).unwrap_or_else(|error| panic!("{path}: {error}"));
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// A block's word and those of all that may stand in it.
fn collect(block: &'static Block, seen: &mut Vec<*const Block>, words: &mut BTreeSet<&'static str>) {
    if seen.contains(&std::ptr::from_ref(block)) {
        return;
    }
    seen.push(block);
    words.insert(block.word);
    let variants = block.variants.iter().map(|it| it.1);
    for inner in block.blocks.iter().map(|it| it.block).chain(variants) {
        collect(inner, seen, words);
    }
}

fn block_words() -> BTreeSet<&'static str> {
    let (mut seen, mut words) = (Vec::new(), BTreeSet::new());
    let top = declarations::TOP_LEVEL.iter().map(|it| it.block);
    let steps = steps::KINDS.iter().map(|it| it.block);
    for block in top.chain(trigger::EVENTS.iter().copied()).chain(steps) {
        collect(block, &mut seen, &mut words);
    }
    words
}

fn type_words() -> BTreeSet<&'static str> {
    let own = ["string", "int", "number", "bool", "duration", "percentage", "any", "stage", "job", "step"];
    let kinds = declarations::TOP_LEVEL.iter().map(|it| it.block.word);
    own.into_iter().chain(kinds).chain(ml::INPUT_TYPES.iter().chain(ml::OUTPUT_TYPES).copied()).collect()
}

fn pattern(words: &BTreeSet<&str>) -> Value {
    let words: Vec<&str> = words.iter().copied().collect();
    Value::from(format!("\\b(?:{})\\b", words.join("|")))
}

#[test]
fn the_grammar_knows_the_words_of_the_language() {
    let grammar = read(GRAMMAR);
    let mut renewed = grammar.clone();
    let top: BTreeSet<&str> = declarations::TOP_LEVEL.iter().map(|it| it.block.word).collect();
    let inner = block_words().difference(&top).copied().collect();
    for (rule, words) in [("declaration-words", &top), ("block-words", &inner), ("type-words", &type_words())]
    {
        renewed["repository"][rule]["match"] = pattern(words);
    }
    if std::env::var_os("MLOPSC_BLESS").is_some() {
        let text = serde_json::to_string_pretty(&renewed).expect("it was JSON") + "\n";
        std::fs::write(repository(GRAMMAR), text).expect("the grammar can be written");
    }
    assert_eq!(grammar, renewed, "renew it: MLOPSC_BLESS=1 cargo test --test it editors");
}

/// The text with the default of each place: `${1:name}`, `${2|a,b|}`, `$3`.
fn filled_in(body: &str) -> String {
    let (mut out, mut rest) = (String::new(), body);
    while let Some(at) = rest.find(['$', '\\']) {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        if let Some(escaped) = rest.strip_prefix('\\') {
            let end = escaped.chars().next().map_or(0, char::len_utf8);
            out.push_str(&escaped[..end]);
            rest = &escaped[end..];
            continue;
        }
        let end = rest.find('}').expect("a place ends");
        let place = rest[2..end].trim_start_matches(|it: char| it.is_ascii_digit());
        let choice = place.trim_matches('|').trim_start_matches(':');
        out.push_str(if place.starts_with('|') {
            choice.split(',').next().unwrap_or_default()
        } else {
            choice
        });
        rest = &rest[end + 1..];
    }
    out + rest
}

#[test]
fn snippets_are_in_the_language() {
    let snippets = read("editors/vscode/snippets/mlops.json");
    let snippets = snippets.as_object().expect("an object");
    assert!(snippets.len() >= 15);
    for (name, snippet) in snippets {
        let lines = snippet["body"].as_array().expect("lines").iter().map(|it| it.as_str().expect("a line"));
        let text = filled_in(&lines.collect::<Vec<_>>().join("\n")) + "\n";
        let mut sources = Sources::default();
        let file = sources.add("snippet.mlops".to_owned(), text.clone());
        let (_, findings) = syntax::parse(file, &text);
        assert!(findings.is_empty(), "{name}: {findings:?}\n{text}");
        let word = text.split_whitespace().next().expect("a word");
        let known = block_words().contains(word) || ["for", "if", "template", "//"].contains(&word);
        assert!(known, "{name} begins with `{word}`");
    }
}

#[test]
fn what_chooses_the_program_is_restricted() {
    let extension = read("editors/vscode/package.json");
    let restricted = &extension["capabilities"]["untrustedWorkspaces"]["restrictedConfigurations"];
    let properties = &extension["contributes"]["configuration"]["properties"];
    for setting in ["mlopsc.path", "mlopsc.arguments"] {
        assert!(restricted.as_array().is_some_and(|it| it.contains(&Value::from(setting))), "{setting}");
        assert_eq!(properties[setting]["scope"], "machine-overridable", "{setting}");
    }
    assert_eq!(extension["version"], env!("CARGO_PKG_VERSION"));
}

#[test]
fn steps_of_pipelines_are_among_the_words() {
    let words = block_words();
    for word in ["run", "deploy", "stage", "step", "push", pipeline::MANUAL.word] {
        assert!(words.contains(word), "{word}");
    }
}
