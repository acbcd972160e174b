//! Every page of `mlopsc explain` is true: what it shows as failing is found, what it shows as passing is clean, and
//! every code that the sources report has its page.

use crate::support::{apply, files_below, source_files};
use crate::texts::analysis;
use mlopsc::diag::{Diagnostic, Kind, Severity};
use mlopsc::explain;
use std::collections::{BTreeMap, BTreeSet};

/// The fenced blocks of a page: what stands behind the fence, and the text.
fn blocks(page: &str) -> Vec<(String, String)> {
    let mut found: Vec<(String, String)> = Vec::new();
    let mut inside = false;
    for line in explain::lines(page) {
        if let Some(fence) = line.strip_prefix("```") {
            inside = !inside;
            if inside {
                found.push((fence.trim_end().to_owned(), String::new()));
            }
        } else if inside {
            let (_, text) = found.last_mut().expect("a fence was opened");
            text.push_str(line);
            text.push('\n');
        }
    }
    found
}

pub fn tagged(page: &str, tag: &str) -> Vec<String> {
    blocks(page).into_iter().filter(|(fence, _)| fence == tag).map(|(_, text)| text).collect()
}

/// The side files that it shows as `file:PATH`.
pub fn side_files(page: &str) -> Vec<(String, String)> {
    let of_file = |(fence, text): (String, String)| Some((fence.strip_prefix("file:")?.to_owned(), text));
    blocks(page).into_iter().filter_map(of_file).collect()
}

/// What is found in a text of the page, with the side files that it shows as `file:PATH`.
fn findings(page: &str, text: &str) -> Vec<Diagnostic> {
    let blocks = blocks(page);
    let side: Vec<(&str, &str)> = blocks
        .iter()
        .filter_map(|(fence, text)| Some((fence.strip_prefix("file:")?, text.as_str())))
        .collect();
    analysis(text, &side).findings
}

#[test]
fn what_a_page_shows_as_failing_is_found() {
    let mut wrong = Vec::new();
    for Kind { code, page, .. } in explain::kinds() {
        for text in
            tagged(page, "mlops,fails").into_iter().filter(|it| !it.contains(char::REPLACEMENT_CHARACTER))
        {
            let findings = findings(page, &text);
            if !findings.iter().any(|it| it.code == code) {
                let found: Vec<&str> = findings.iter().map(|it| it.code).collect();
                wrong.push(format!("{code}: its failing example gives {found:?}\n{text}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// All that is found in the failing examples, with the code whose page shows them.
fn found_in_pages() -> Vec<(&'static str, Diagnostic)> {
    let mut found = Vec::new();
    for Kind { code, page, .. } in explain::kinds() {
        for text in tagged(page, "mlops,fails") {
            found.extend(findings(page, &text).into_iter().map(|it| (code, it)));
        }
    }
    found
}

/// Codes that some findings have in another severity.
const EASIER: &[(&str, Severity)] = &[("unknown-task", Severity::Warning)];

/// Codes of which most fixes are safe and some are guesses.
const BOTH: &[&str] = &["invalid-value", "type-mismatch", "unknown-time-zone", "unused-declaration"];

#[test]
fn what_is_found_is_as_severe_and_as_fixable_as_its_kind_says() {
    let kinds: BTreeMap<&str, Kind> = explain::kinds().into_iter().map(|it| (it.code, it)).collect();
    let mut wrong: Vec<String> = Vec::new();
    let mut fixed = BTreeSet::new();
    let cases = files_below("tests/cases", ".mlops").into_iter();
    let cases = cases.flat_map(|(_, text)| analysis(&text, &[]).findings).map(|it| ("a case", it));
    for (page, finding) in found_in_pages().into_iter().chain(cases) {
        let Kind { code, severity, fix, .. } = kinds[finding.code];
        if finding.severity != severity && !EASIER.contains(&(code, finding.severity)) {
            wrong.push(format!("{code}: found in {page} as {:?}, not {severity:?}", finding.severity));
        }
        let given = finding.fix.map(|it| it.safety);
        if given.is_some() && given != fix && !BOTH.contains(&code) {
            wrong.push(format!("{code}: its fix is {given:?} in {page}, not {fix:?}"));
        }
        if page == code && given.is_some() {
            fixed.insert(code);
        }
    }
    let at_the_edge = |it: &Kind| matches!(it.code, "config" | "not-utf8" | "too-many-errors");
    let shown = kinds.values().filter(|it| it.fix.is_some() && !at_the_edge(it));
    wrong.extend(
        shown
            .filter(|it| !fixed.contains(it.code))
            .map(|it| format!("{}: no example shows its fix", it.code)),
    );
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn what_a_page_shows_as_passing_is_clean() {
    let mut wrong = Vec::new();
    for Kind { code, page, .. } in explain::kinds() {
        for text in tagged(page, "mlops,passes") {
            let findings = findings(page, &text);
            for finding in findings.iter().filter(|it| it.code == code || it.is_error()) {
                wrong.push(format!(
                    "{code}: its passing example gives {}: {}\n{text}",
                    finding.code, finding.message
                ));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn what_a_fix_writes_removes_its_finding() {
    let mut wrong = Vec::new();
    for Kind { code, page, .. } in explain::kinds() {
        for text in tagged(page, "mlops,fails") {
            let before = findings(page, &text);
            let of_rule = before.iter().filter(|it| it.code == code);
            for (finding, fix) in of_rule.filter_map(|it| Some((it, it.fix.as_ref()?))) {
                let new = apply(&text, fix);
                let after = findings(page, &new);
                let same = |it: &&Diagnostic| it.code == code && it.message == finding.message;
                let broken = after.iter().any(|it| it.code == "syntax");
                if broken || after.iter().filter(same).count() >= before.iter().filter(same).count() {
                    wrong.push(format!("{code}: `{}` leaves it as it is\n{new}", fix.title));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_page_shows_both() {
    let of_the_language = explain::kinds()
        .into_iter()
        .filter(|it| !matches!(it.code, "config" | "not-utf8" | "too-many-errors"));
    for Kind { code, page, .. } in of_the_language {
        assert!(!tagged(page, "mlops,fails").is_empty(), "{code} shows nothing that fails");
        assert!(!tagged(page, "mlops,passes").is_empty(), "{code} shows nothing that passes");
        assert!(!explain::title(page).is_empty(), "{code} has no title");
    }
}

/// What stands before a code where a finding is made.
const CONSTRUCTORS: &[&str] = &[
    "Diagnostic::error(",
    "Diagnostic::warning(",
    "Diagnostic::info(",
    "Rule::error(",
    "Rule::warning(",
    "Rule::info(",
    "Diagnostic::new(Severity::Error,",
    "Diagnostic::new(Severity::Warning,",
    "Diagnostic::new(Severity::Info,",
    "Code=",
    "CODE=",
    "labelled(",
    "code:",
];

/// The codes in a text without white space, each with what stands before it.
fn codes(text: &str) -> impl Iterator<Item = (&'static str, &str)> {
    let places = CONSTRUCTORS.iter().flat_map(|it| text.split(it).skip(1).map(move |rest| (*it, rest)));
    places.filter_map(|(constructor, rest)| {
        let rest = match rest.strip_prefix("Group::") {
            Some(group) => group.split_once(',')?.1,
            None => rest,
        };
        let (code, _) = rest.strip_prefix('"')?.split_once('"')?;
        Some((constructor, code))
    })
}

fn sources() -> Vec<String> {
    source_files().iter().map(|(_, text)| text.split_whitespace().collect()).collect()
}

#[test]
fn every_code_has_a_page_and_every_page_a_code() {
    let sources = sources();
    let used: BTreeSet<&str> = sources.iter().flat_map(|text| codes(text)).map(|it| it.1).collect();
    let kinds = explain::kinds();
    let explained: BTreeSet<&str> = kinds.iter().map(|it| it.code).collect();
    assert_eq!(explained.len(), kinds.len(), "a code has one row");
    let without_page: Vec<_> = used.difference(&explained).collect();
    let without_code: Vec<_> = explained.difference(&used).collect();
    assert!(without_page.is_empty(), "these codes have no page: {without_page:?}");
    assert!(without_code.is_empty(), "nothing reports these codes: {without_code:?}");
}

#[test]
fn a_code_is_a_few_words_with_dashes() {
    for Kind { code, .. } in explain::kinds() {
        let legal = code
            .split('-')
            .all(|it| !it.is_empty() && it.chars().all(|it| it.is_ascii_lowercase() || it.is_ascii_digit()));
        assert!(legal, "{code}");
    }
}
