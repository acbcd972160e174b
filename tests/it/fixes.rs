//! Fixes: those of every page's failing example are applied, come to an end, and leave nothing worse behind.

use crate::examples::ALL;
use crate::pages::{side_files, tagged};
use crate::texts::analysis;
use mlopsc::base::sources::Sources;
use mlopsc::diag::{Diagnostic, Safety};
use mlopsc::fix::{self, About, Allowed, Outcome, Seen, about};
use mlopsc::{driver, explain};
use std::collections::BTreeMap;

fn fixed(text: &str, side: &[(&str, &str)], allowed: Safety) -> (String, Outcome) {
    let seen = |text: &str| {
        let analysis = analysis(text, side);
        Seen { sources: analysis.sources, findings: analysis.findings }
    };
    let outcome =
        fix::run(seen(text), Allowed { safety: allowed, only: None }, &about, &mut |texts| seen(&texts[0]));
    let after = outcome.seen.sources.iter().next().expect("one file").1.text.clone();
    (after, outcome)
}

fn codes(findings: &[Diagnostic]) -> Vec<&str> {
    findings.iter().map(|it| it.code).collect()
}

#[test]
fn the_fixes_of_all_pages_do_what_they_say() {
    let (mut wrong, mut tried) = (Vec::new(), 0);
    for kind in explain::kinds() {
        let side = side_files(kind.page);
        let side: Vec<(&str, &str)> =
            side.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
        for text in tagged(kind.page, "mlops,fails") {
            let before = analysis(&text, &side).findings;
            if !before.iter().any(|it| it.code == kind.code && it.fix.is_some()) {
                continue;
            }
            tried += 1;
            let (after, outcome) = fixed(&text, &side, Safety::Unsafe);
            let left = outcome.seen.findings.iter().any(|it| it.code == kind.code && it.fix.is_some());
            if left || !outcome.refused.is_empty() || outcome.is_cut_off {
                let because = outcome.refused.iter().map(|it| it.because.as_ref().map(|it| &it.message));
                let because: Vec<_> = because.collect();
                wrong.push(format!(
                    "{}: {:?} {because:?}\n{text}---\n{after}",
                    kind.code,
                    codes(&outcome.seen.findings)
                ));
            }
            assert_eq!(
                fixed(&after, &side, Safety::Unsafe).0,
                after,
                "{}: a second run changes more",
                kind.code
            );
        }
    }
    assert!(wrong.is_empty(), "{} of {tried}\n{}", wrong.len(), wrong.join("\n"));
    assert!(tried > 20, "only {tried} pages have fixes");
}

/// Codes whose safe fixes are there to change what runs.
const ABOUT_OUTPUT: &[&str] = &[
    "agent-sleeps",
    "debug-enabled",
    "expiry-race",
    "ml-continue-on-error",
    "ml-stale-reuse",
    "ml-unwatched-job",
    "persisted-credentials",
    "prod-without-lock",
    "schedule-batch-ignored",
    "schedule-without-always",
    "secret-on-command-line",
    "unused-output",
    "unused-secret",
];

/// What a project becomes; `things.json` names lines of the source, and fixes move them.
fn output(text: &str, side: &[(&str, &str)]) -> BTreeMap<String, String> {
    let files = driver::emit(&analysis(text, side), "generated", ALL);
    files.into_iter().filter(|it| !it.path.ends_with("things.json")).map(|it| (it.path, it.text)).collect()
}

#[test]
fn safe_fixes_change_the_output_only_where_it_is_what_they_are_about() {
    let (mut changes, mut tried) = (Vec::new(), 0);
    for kind in explain::kinds().into_iter().filter(|it| it.fix == Some(Safety::Safe)) {
        let side = side_files(kind.page);
        let side: Vec<(&str, &str)> =
            side.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
        for text in tagged(kind.page, "mlops,fails") {
            let (after, _) = fixed(&text, &side, Safety::Safe);
            if after == text || analysis(&text, &side).has_errors() || analysis(&after, &side).has_errors() {
                continue;
            }
            tried += 1;
            if output(&text, &side) != output(&after, &side) {
                changes.push(kind.code);
            }
        }
    }
    changes.dedup();
    assert_eq!(changes, ABOUT_OUTPUT);
    assert!(tried > 10, "only {tried} fixes were compared");
}

const AROUND: &str = "pipeline build {\n  trigger manual // by hand\n";

#[test]
fn comments_and_line_breaks_survive_and_the_rest_is_not_touched() {
    let text = format!("{AROUND}  stage make {{ run 'make all' }}   // why\n}}\n").replace('\n', "\r\n");
    let (after, outcome) = fixed(&text, &[], Safety::Safe);
    assert_eq!(after, text.replace("'make all'", "\"make all\""));
    assert_eq!(outcome.seen.findings, []);
}

#[test]
fn guesses_are_made_only_if_they_may_be() {
    let text = format!("{AROUND}  stage make {{ run \"make\" {{ titel = \"Make\" }} }}\n}}\n");
    assert_eq!(fixed(&text, &[], Safety::Safe).0, text);
    assert_eq!(fixed(&text, &[], Safety::Unsafe).0, text.replace("titel", "title"));
}

/// What is found is made up here, so that a fix can do harm.
fn pretend(text: &str, find: impl Fn(&str, &Sources) -> Vec<Diagnostic>) -> (String, Outcome) {
    let seen = |text: &str| {
        let mut sources = Sources::default();
        sources.add("a.mlops".into(), text.into());
        let findings = find(text, &sources);
        Seen { sources, findings }
    };
    let outcome =
        fix::run(seen(text), Allowed { safety: Safety::Safe, only: None }, &|_| About::Other, &mut |texts| {
            seen(&texts[0])
        });
    let after = outcome.seen.sources.iter().next().expect("one file").1.text.clone();
    (after, outcome)
}

fn span(at: usize, sources: &Sources) -> mlopsc::base::span::Span {
    let file = sources.iter().next().expect("one file").0;
    mlopsc::base::span::Span::new(file, at, at + 1)
}

#[test]
fn a_fix_that_leads_to_an_error_is_taken_back_and_the_others_stay() {
    let (after, outcome) = pretend("a b a", |text, sources| {
        let old = text.match_indices(['a', 'b']).map(|(at, it)| {
            let new = if it == "a" { "x" } else { "y" };
            Diagnostic::warning("old", span(at, sources), format!("{it} at {at}")).replace(
                "change",
                span(at, sources),
                new,
            )
        });
        let bad =
            text.match_indices('y').map(|(at, _)| Diagnostic::error("bad", span(at, sources), "y is worse"));
        old.chain(bad).collect()
    });
    assert_eq!(after, "x b x");
    assert_eq!(outcome.refused.len(), 1);
    assert_eq!(outcome.refused[0].because.as_ref().map(|it| it.message.as_str()), Some("y is worse"));
    assert!(!outcome.is_cut_off);
}

#[test]
fn fixes_that_undo_each_other_come_to_an_end() {
    let (_, outcome) = pretend("a", |text, sources| {
        let other = if text == "a" { "b" } else { "a" };
        vec![Diagnostic::warning("flip", span(0, sources), text).replace("flip", span(0, sources), other)]
    });
    assert!(outcome.is_cut_off);
}

#[test]
fn fixes_at_one_place_are_applied_one_after_the_other() {
    let (after, outcome) = pretend("abc", |text, sources| {
        let one = |letter: &str| {
            let at = text.find(letter)?;
            let file = sources.iter().next().expect("one file").0;
            let place = mlopsc::base::span::Span::new(file, 0, text.len());
            let finding = Diagnostic::warning("letter", span(at, sources), letter);
            Some(finding.replace("remove", place, text.replace(letter, "")))
        };
        ["a", "b"].into_iter().filter_map(one).collect()
    });
    assert_eq!((after.as_str(), outcome.refused.len()), ("c", 0));
}

#[test]
fn a_guess_that_makes_its_statement_worse_is_taken_back() {
    let text = format!(
        "{AROUND}  stage make {{ an {{ file = \"x.sh\" }} }}\n  stage other {{ run \"make\" {{ titel = \"x\" }} }}\n}}\n"
    );
    let (after, outcome) = fixed(&text, &[("x.sh", "make\n")], Safety::Unsafe);
    assert!(!after.contains(" on {"), "{after}");
    assert!(after.contains(" title = "), "{after}");
    assert_eq!(outcome.refused.len(), 1);
}

#[test]
fn a_branch_is_compared_by_its_name() {
    let text = format!(
        "{AROUND}  stage make {{ run \"make\" {{ when = run.branch == \"refs/heads/main\" }} }}\n}}\n"
    );
    let (after, outcome) = fixed(&text, &[], Safety::Unsafe);
    assert_eq!(after, text.replace("refs/heads/main", "main"));
    assert_eq!(outcome.seen.findings, []);
}
