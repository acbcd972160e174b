//! Reuse: what it becomes, and how mistakes in it are told.

mod limits;

use crate::support::{files_below, render};
use crate::texts;
use mlopsc::base::files::Memory;
use mlopsc::driver::{self, Analysis};
use mlopsc::emit::{OutputFile, Target};

const ALL: &[Target] = &[Target::AzureDevops, Target::AzureMl, Target::Helm, Target::Setup];

const SIDE_FILES: &[(&str, &str)] = &[
    ("Dockerfile", "FROM python:3.12\nUSER 1000\n"),
    ("ml/train/train.py", "print('trained')\n"),
    (
        "silos.yml",
        "- name: west\n  size: Standard_DS3_v2\n  nodes: 4\n- name: north\n  size: Standard_DS4_v2\n  idle: null\n",
    ),
    ("limits.json", "{\"west\": 3, \"north\": 5}\n"),
    ("broken.yml", "- west\n- [north\n"),
];

pub fn side_files() -> Memory {
    Memory(SIDE_FILES.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned())).collect())
}

fn analysis(text: &str) -> Analysis {
    texts::analysis(text, SIDE_FILES)
}

fn report(analysis: &Analysis) -> String {
    render(&analysis.sources, &analysis.findings)
}

fn output(text: &str) -> Vec<OutputFile> {
    let analysis = analysis(text);
    assert_eq!(report(&analysis), "");
    driver::emit(&analysis, "generated", ALL)
}

fn name(path: &str) -> &str {
    path.rsplit('/').next().and_then(|it| it.split('.').next()).expect("a path has a name")
}

#[test]
fn healthy_files_have_no_findings() {
    for (path, text) in files_below("tests/cases/expand/ok", ".mlops") {
        assert_eq!(report(&analysis(&text)), "", "{path}");
    }
}

/// Beside each healthy file lies what somebody would write who has no loops and templates.
#[test]
fn it_becomes_what_would_be_written_by_hand() {
    for (path, text) in files_below("tests/cases/expand/ok", ".mlops") {
        let by_hand =
            std::fs::read_to_string(crate::support::repository(&path.replace(".mlops", ".by_hand")));
        let by_hand = by_hand.unwrap_or_else(|_| panic!("{path} has a twin that ends in `.by_hand`"));
        assert!(
            !["for ", "use ", "let ", "template ", "option "].iter().any(|it| by_hand.contains(it)),
            "{path}"
        );
        let (short, long) = (output(&text), output(&by_hand));
        assert_eq!(short.len(), long.len(), "{path}");
        for (short, long) in short.iter().zip(&long) {
            assert_eq!(short.path, long.path, "{path}");
            similar_asserts(&path, short, long);
        }
    }
}

fn similar_asserts(path: &str, short: &OutputFile, long: &OutputFile) {
    let (first_text, second_text) = (placeless(short), placeless(long));
    let first = first_text.lines().zip(second_text.lines()).find(|(short, long)| short != long);
    assert!(first.is_none() && first_text == second_text, "{path}: {} differs: {first:?}", short.path);
}

/// What is set up says where it is asked for, which is elsewhere in the twin.
fn placeless(file: &OutputFile) -> String {
    let says_where = |line: &&str| {
        file.path.ends_with("/setup/things.json") && line.trim_start().starts_with("\"source\": ")
    };
    file.text.split_inclusive('\n').filter(|it| !says_where(it)).collect()
}

#[test]
fn mistakes_are_told_with_where_they_stand() {
    for (path, text) in files_below("tests/cases/expand/broken", ".mlops") {
        let report = report(&analysis(&text));
        assert_ne!(report, "", "{path}");
        insta::with_settings!({ prepend_module_to_snapshot => false, omit_expression => true }, {
            insta::assert_snapshot!(format!("expand__{}", name(&path)), format!("{text}\n----\n{report}"));
        });
    }
}
