//! Findings that only follow from others. In: all findings about the sources. Out: those that say something of their
//! own. What is left out comes back, where it is true, once the cause is repaired.
//!
//! Three kinds of findings, each of which may explain those behind it:
//! 1. *shape*: a statement or a body was not read as it was meant;
//! 2. *names*: something is not declared, perhaps because its declaration could not be read;
//! 3. everything else, which looks at what was read and named.

mod names;
mod places;

use crate::base::sources::Sources;
use crate::diag::{Code, Diagnostic};
use names::{Names, quoted, words};
use places::{Line, Places};
use std::collections::BTreeSet;

/// A line that one of these speaks of was not read as it was meant.
const LINE: &[Code] = &[
    "syntax",
    "missing-separator",
    "unterminated-string",
    "unclosed-bracket",
    "stray-brace",
    "misplaced-brace",
    "reserved-word",
];

/// Speaks of all lines from its first label to its last.
const STRETCH: Code = "pasted-yaml";

/// Said about a statement that was not read as it was meant, these are right.
const ABOUT_TEXT: &[Code] = &["invalid-escape", "invalid-number", "suspicious-unicode", "text-margin"];

/// With one of these, bodies begin or end elsewhere than they were meant to.
const BODIES: &[Code] = &["stray-brace", "unclosed-body"];

/// A splice that the shell reads, not the compiler.
const IN_SCRIPT: Code = "splice-in-script";

/// What is at home in another body than the one it seems to stand in.
const OF_BODY: &[Code] = &["unknown-attribute", "unknown-word"];

/// The block is not known, or not under its name.
const HEADS: &[Code] = &["unknown-word", "missing-name", "wrong-arguments", "missing-equals"];

/// What the block declares is not declared.
const LOST: &[Code] = &["unknown-word", "missing-name", "missing-equals"];

/// Something is not declared.
const NAMES: &[Code] = &["undefined-reference", "undefined-variable", "undefined-parameter"];

/// Something that is declared does not have what is asked of it.
const PARTS: &[Code] = &[
    "undefined-artifact",
    "output-never-set",
    "ml-undeclared-input",
    "ml-missing-input",
    "not-compile-time",
];

/// Speak of what is absent: perhaps it stands where something could not be read or named.
const ABSENCE: &[Code] = &[
    "autoscaling-without-requests",
    "delete-without-recreate",
    "double-trigger",
    "expiry-race",
    "helm-no-probes",
    "helm-no-resources",
    "helm-single-replica",
    "hosted-timeout-limit",
    "image-trigger-incomplete",
    "ml-port-type-mismatch",
    "ml-ungated-register",
    "ml-unwatched-job",
    "nothing-inherited",
    "prod-not-protected",
    "prod-without-approval",
    "prod-without-branch-control",
    "prod-without-lock",
    "root-not-said",
    "schedule-without-always",
    "tier-skipped",
];

pub fn without_followers(sources: &Sources, findings: Vec<Diagnostic>) -> Vec<Diagnostic> {
    if !findings.iter().any(Diagnostic::is_error) {
        return findings;
    }
    let places = Places { sources };
    let findings = splices(sources, findings);
    let findings = shapes(&places, findings);
    let findings = names_of_what_was_lost(&places, findings);
    of_what_is_incomplete(&places, findings)
}

/// Without errors about splices that turned out to stand in a script, where they are none.
fn splices(sources: &Sources, findings: Vec<Diagnostic>) -> Vec<Diagnostic> {
    let place = |it: &Diagnostic| (sources.real(it.span().file), it.span().start, it.span().end);
    let in_scripts: BTreeSet<_> = findings.iter().filter(|it| it.code == IN_SCRIPT).map(place).collect();
    let is_inside = |it: &Diagnostic| {
        let (file, start, end) = place(it);
        let before = in_scripts.range(..=(file, start, u32::MAX)).next_back();
        before.is_some_and(|it| it.0 == file && end <= it.2)
    };
    findings.into_iter().filter(|it| !it.is_error() || !is_inside(it)).collect()
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Rank {
    Shape,
    Head,
    Name,
    Part,
    Other,
}

fn rank(finding: &Diagnostic) -> Rank {
    let code = finding.code;
    if LINE.contains(&code) || BODIES.contains(&code) || code == STRETCH {
        Rank::Shape
    } else if HEADS.contains(&code) {
        Rank::Head
    } else if NAMES.contains(&code) {
        Rank::Name
    } else if PARTS.contains(&code) {
        Rank::Part
    } else {
        Rank::Other
    }
}

/// Without what is said about lines and bodies that were not read as they were meant.
fn shapes(places: &Places<'_>, findings: Vec<Diagnostic>) -> Vec<Diagnostic> {
    let mut lines: BTreeSet<Line> = BTreeSet::new();
    let mut misread: BTreeSet<Line> = BTreeSet::new();
    for finding in findings.iter().filter(|it| rank(it) == Rank::Shape) {
        let line = places.line(finding.span());
        lines.insert(line);
        if finding.code == "misplaced-brace" {
            lines.extend(places.above(line));
        }
        if let (STRETCH, [first, .., last]) = (finding.code, finding.labels.as_slice()) {
            lines.extend(Places::between(places.line(first.span), places.line(last.span)));
        }
        if BODIES.contains(&finding.code) {
            misread.extend(misread_by(places, finding));
        }
    }
    for finding in findings.iter().filter(|it| is_out_of_place(places, it)) {
        let line = places.line(finding.span());
        misread.extend(misread_by(places, finding).filter(|it| *it != line));
    }
    let lopsided = lopsided(places, &findings);
    let follows = |it: &Diagnostic| {
        let line = places.line(it.span());
        let mut at = it.labels.iter().map(|it| places.line(it.span));
        if BODIES.contains(&it.code) {
            return lopsided.iter().any(|lopsided| lopsided.is_before(line));
        }
        let is_shape = rank(it) == Rank::Shape || ABOUT_TEXT.contains(&it.code);
        !is_shape && (lines.contains(&line) || at.any(|it| misread.contains(&it)))
    };
    findings.into_iter().filter(|it| !follows(it)).collect()
}

/// The lines that may belong to another body: where it is known which brace is missing, those behind it.
fn misread_by<'f>(places: &'f Places<'_>, finding: &'f Diagnostic) -> impl Iterator<Item = Line> + 'f {
    let is_anywhere = BODIES.contains(&finding.code) && finding.labels.len() == 1;
    let from = (!is_anywhere).then(|| places.line(finding.span()));
    let chunks = finding.labels.iter().flat_map(|it| places.chunk(places.line(it.span)));
    chunks.filter(move |it| from.is_none_or(|from| from <= *it))
}

/// Lines with a mistake of shape that lack a brace themselves: they explain the brace that is missed further down.
fn lopsided(places: &Places<'_>, findings: &[Diagnostic]) -> BTreeSet<Line> {
    let of_line = findings.iter().filter(|it| LINE.contains(&it.code) && !BODIES.contains(&it.code));
    let is_lopsided = |finding: &&Diagnostic| {
        let line = places.line(finding.span());
        let has_swallowed = finding.code == "unterminated-string" && places.has_lopsided_text(line);
        has_swallowed || places.is_lopsided(line)
    };
    of_line.filter(is_lopsided).map(|it| places.line(it.span())).collect()
}

/// A word that braces put into one body and indentation into another: a brace is at a wrong place.
fn is_out_of_place(places: &Places<'_>, finding: &Diagnostic) -> bool {
    let Some((_, body)) = finding.message.split_once("` is not known in `") else { return false };
    let around = places.around(places.line(finding.span()));
    let head = around.first().and_then(|it| words(places.text(*it)).next());
    finding.code == "unknown-word" && places.begins(finding.span()) && head != words(body).next()
}

/// Without names whose declarations could not be read, and what is said inside blocks that are not known.
fn names_of_what_was_lost(places: &Places<'_>, findings: Vec<Diagnostic>) -> Vec<Diagnostic> {
    let (mut lost, mut incomplete) = (Names::default(), Names::default());
    let mut unread: BTreeSet<Line> = BTreeSet::new();
    for finding in findings.iter().filter(|it| rank(it) <= Rank::Head) {
        let line = places.line(finding.span());
        let body = places.body(line);
        if rank(finding) == Rank::Shape || LOST.contains(&finding.code) {
            body.iter().chain([&line]).for_each(|it| lost.declared_in(places.text(*it)));
        }
        if finding.code == "unknown-word" {
            // It may be the name behind a word that is gone.
            lost.add(words(places.sources.slice(finding.span())));
        }
        if rank(finding) == Rank::Shape {
            lost.add(words(places.text(line)));
        } else {
            unread.insert(line);
            unread.extend(body);
        }
        if BODIES.contains(&finding.code) || is_out_of_place(places, finding) {
            misread_by(places, finding).for_each(|it| lost.declared_in(places.text(it)));
        }
        places.around(line).iter().for_each(|it| incomplete.named_in(places.text(*it)));
    }
    incomplete.spread(places.sources);
    let follows = |it: &Diagnostic| match rank(it) {
        Rank::Shape | Rank::Head => false,
        Rank::Name | Rank::Part => {
            // A name that is near to one that exists is a slip, wherever it stands.
            let is_slip = it.fix.is_some();
            let asked = quoted(&it.message).last();
            let written = words(places.sources.slice(it.span()));
            lost.is_any(asked.into_iter().chain(written))
                || (!is_slip
                    && (incomplete.is_any(quoted(&it.message)) || unread.contains(&places.line(it.span()))))
        }
        Rank::Other => {
            let is_of_body = OF_BODY.contains(&it.code) && it.fix.is_none();
            is_of_body && unread.contains(&places.line(it.span()))
        }
    };
    findings.into_iter().filter(|it| !follows(it)).collect()
}

/// What of the block that a finding points at it speaks of, where the value there may only be wrong.
fn asked(finding: &Diagnostic) -> Option<&str> {
    match finding.code {
        "ml-undeclared-input" => quoted(&finding.message).next(),
        "ml-port-type-mismatch" => Some("type"),
        "helm-single-replica" => Some("replicas"),
        _ => finding.message.ends_with(" listens on no port").then_some("port"),
    }
}

/// What a finding about absence would have written into the block.
fn lacking(finding: &Diagnostic) -> Option<&str> {
    let fix = finding.fix.as_ref().filter(|_| ABSENCE.contains(&finding.code))?;
    fix.edits.iter().find_map(|it| words(&it.text).next())
}

/// Without what is said about things that lack something, or name what is not there.
fn of_what_is_incomplete(places: &Places<'_>, findings: Vec<Diagnostic>) -> Vec<Diagnostic> {
    let (mut unknown, mut holders) = (Names::default(), Names::default());
    let mut lines: BTreeSet<Line> = BTreeSet::new();
    let mut told: BTreeSet<(Line, &str)> = BTreeSet::new();
    let mut wrong: BTreeSet<(Line, &str)> = BTreeSet::new();
    for finding in &findings {
        let line = places.line(finding.span());
        let around = places.around(line);
        if rank(finding) <= Rank::Name {
            lines.insert(line);
            around.iter().chain([&line]).for_each(|it| holders.named_in(places.text(*it)));
        }
        if rank(finding) == Rank::Name {
            unknown.add(quoted(&finding.message).last());
        }
        let meant = finding.fix.iter().flat_map(|it| &it.edits).map(|it| it.text.as_str());
        let key = places.key(finding.span()).filter(|_| finding.is_error());
        let said: Vec<&str> = quoted(&finding.message).chain(meant).collect();
        wrong.extend([line].iter().chain(&around).filter_map(|it| key.map(|key| (*it, key))));
        if finding.is_error() {
            // The statement of each block around in which it stands.
            let inner = [line].into_iter().chain(around.iter().copied());
            let first = |it| words(places.text(it)).next();
            wrong.extend(inner.zip(&around).filter_map(|(it, outer)| Some((*outer, first(it)?))));
        }
        told.extend(around.into_iter().flat_map(|it| said.iter().map(move |said| (it, *said))));
    }
    unknown.spread(places.sources);
    holders.spread(places.sources);
    let follows = |it: &Diagnostic| {
        let line = places.line(it.span());
        // The block says otherwise what it is said to lack.
        let lacks = it.message.contains(" has no ").then(|| quoted(&it.message).last()).flatten();
        let is_there = lacks.is_some_and(|lacks| told.contains(&(line, lacks)));
        let is_unread = asked(it)
            .is_some_and(|asked| it.labels.iter().any(|it| wrong.contains(&(places.line(it.span), asked))));
        let is_half_said = lacking(it).is_some_and(|word| wrong.contains(&(line, word)));
        if is_unread || is_half_said {
            return true;
        }
        match rank(it) {
            Rank::Shape | Rank::Head | Rank::Name => false,
            Rank::Part => it.fix.is_none() && unknown.is_any(quoted(&it.message)),
            Rank::Other if ABSENCE.contains(&it.code) => {
                lines.contains(&line) || holders.is_any(quoted(&it.message))
            }
            Rank::Other => is_there,
        }
    };
    let kept: Vec<bool> = findings.iter().map(|it| !follows(it)).collect();
    findings.into_iter().zip(kept).filter_map(|(it, kept)| kept.then_some(it)).collect()
}
