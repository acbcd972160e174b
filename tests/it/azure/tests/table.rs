//! The mistakes that are put into what is written, and who finds them: the table of `docs/testing.md`.

use super::mutants::{self, Look, Mutant};
use super::{chart, ml};
use crate::azure::Files;
use crate::support::repository;
use std::fmt::Write as _;

/// Who looks at what a text says.
const READING: &[(&str, Look)] =
    &[("YAML readers", readers_agree), ("ML bindings", ml::holds), ("chart", chart::holds)];

/// Every reader finds the same in every file of YAML.
fn readers_agree(files: &Files) -> Result<(), String> {
    for (path, text) in files.iter().filter(|it| super::ends_in(it.0, "yml")) {
        let mut found = Vec::new();
        for (name, read) in crate::yaml::readers::ALL {
            found.push((name, read(text).map_err(|it| format!("{path}, {name}: {it}"))?));
        }
        if let Some((name, _)) = found.iter().find(|it| it.1 != found[0].1) {
            return Err(format!("{path}: {name} reads it otherwise than {}", found[0].0));
        }
    }
    Ok(())
}

/// Who finds something: those who read, the interpreter, and where all of them are content, those who run the scripts.
fn found_by(mutant: &Mutant, files: &Files) -> Vec<&'static str> {
    let interpreter = [("interpreter", mutant.holds)];
    let mut found: Vec<&str> =
        interpreter.iter().chain(READING).filter(|it| it.1(files).is_err()).map(|it| it.0).collect();
    if found.is_empty() && mutant.scripts.is_some_and(|it| it(files).is_err()) {
        found.push("scripts");
    }
    found
}

#[test]
fn azure_every_planted_mistake_is_found() {
    let all = mutants::all();
    let rows: Vec<(&Mutant, Vec<&str>)> = std::thread::scope(|scope| {
        let look = |it| scope.spawn(move || (it, found_by(it, &Mutant::applied(it, (it.files)()))));
        let rows: Vec<_> = all.iter().map(look).collect();
        rows.into_iter().map(|it| it.join().expect("a mistake panics nobody")).collect()
    });
    let mut table = String::from("| mistake | where | found by |\n|---|---|---|\n");
    for (mutant, finders) in &rows {
        let finders = if finders.is_empty() { "nobody".to_owned() } else { finders.join(", ") };
        writeln!(table, "| {} | `{}` | {finders} |", mutant.what, mutant.file).expect("it is a string");
    }
    assert!(rows.iter().all(|it| !it.1.is_empty()), "{table}");
    held("docs/testing.md", &table);
}

/// That the text without a mistake satisfies everybody; the scripts of `DigitRE` have their own test.
#[test]
fn azure_without_mistakes_nobody_complains() {
    let mut seen: Vec<Files> = Vec::new();
    for mut mutant in mutants::all() {
        mutant.scripts = None;
        let files = (mutant.files)();
        if !seen.contains(&files) {
            let found = found_by(&mutant, &files);
            assert!(found.is_empty(), "{found:?}");
            seen.push(files);
        }
    }
}

const START: &str = "<!-- mistakes: written by the tests -->\n";
const END: &str = "<!-- end of the mistakes -->";

/// That a document holds the table; `MLOPSC_BLESS=1` writes it there.
fn held(path: &str, table: &str) {
    let text = std::fs::read_to_string(repository(path)).expect("the document is there");
    let (before, rest) = text.split_once(START).expect("the table has its place");
    let (old, after) = rest.split_once(END).expect("the table has an end");
    if std::env::var_os("MLOPSC_BLESS").is_some() {
        let text = format!("{before}{START}{table}{END}{after}");
        std::fs::write(repository(path), text).expect("the document can be written");
    } else {
        assert_eq!(old, table, "MLOPSC_BLESS=1 renews the table of {path}");
    }
}
