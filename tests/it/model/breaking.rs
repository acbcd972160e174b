//! Every statement of the healthy files, broken one at a time.

use super::corpus;
use super::words::{self, Part, Written};
use mlopsc::base::span::Span;
use mlopsc::diag::Diagnostic;
use mlopsc::schema::{Count, Head, Need, Type, declarations};

/// The text with one place replaced.
fn with(text: &str, span: Span, by: &str) -> String {
    format!("{}{by}{}", &text[..span.start as usize], &text[span.end as usize..])
}

/// The text without a statement, and without the comma behind it.
fn without(text: &str, span: Span) -> String {
    let comma = text[span.end as usize..].strip_prefix(',').map_or(0, |_| 1);
    with(text, Span { end: span.end + comma, ..span }, "")
}

fn slice(text: &str, span: Span) -> &str {
    &text[span.range()]
}

/// The word with two neighbours swapped that makes another word of it.
fn slip(word: &str) -> Option<String> {
    let letters: Vec<char> = word.chars().collect();
    let at = (1..letters.len()).rev().find(|at| letters[*at] != letters[at - 1])?;
    let mut slipped = letters;
    slipped.swap(at, at - 1);
    Some(slipped.into_iter().collect())
}

fn codes(findings: &[Diagnostic]) -> Vec<String> {
    findings.iter().map(|it| format!("{} at {:?}: {}", it.code, it.span().range(), it.message)).collect()
}

/// Breaks each attribute of the corpus and collects what is not told as it should be.
fn attributes(check: impl Fn(&str, &Written) -> Option<String>) {
    let mut wrong = Vec::new();
    for (name, text) in corpus::healthy() {
        for written in words::of(&text).attributes {
            let found = check(&text, &written);
            wrong
                .extend(found.map(|it| {
                    format!("{name}: {} {}: {it}", written.block.word, slice(&text, written.span))
                }));
        }
    }
    assert!(wrong.is_empty(), "{} cases\n{}", wrong.len(), wrong.join("\n"));
}

fn parts(check: impl Fn(&str, &Part) -> Option<String>) {
    let mut wrong = Vec::new();
    for (name, text) in corpus::healthy() {
        for part in words::of(&text).parts {
            let found = check(&text, &part);
            let line = slice(&text, part.span).lines().next().unwrap_or_default();
            wrong.extend(found.map(|it| format!("{name}: {line}: {it}")));
        }
    }
    assert!(wrong.is_empty(), "{} cases\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn a_slip_in_a_key_is_told_with_the_right_word() {
    attributes(|text, written| {
        // Where keys are free, a slip is another key.
        let row = written.row.filter(|_| written.block.free.is_none())?;
        let slipped = slip(row.name).filter(|it| written.block.attribute(it).is_none())?;
        let findings = corpus::analysis(&with(text, written.key, &slipped)).findings;
        let told = findings.iter().find(|it| it.code == "unknown-attribute" && it.span() == written.key);
        let suggested = told.and_then(|it| it.fix.as_ref()).is_some_and(|it| it.edits[0].text == row.name);
        (!suggested).then(|| format!("`{slipped}` gives {:?}", codes(&findings)))
    });
}

#[test]
fn a_value_of_a_wrong_type_is_told_where_it_stands() {
    for wrong in ["{ x = 1 }", "[[1]]"] {
        attributes(|text, written| {
            // Free data takes anything.
            if written.row.is_none() && written.block.free == Some(Type::Data) {
                return None;
            }
            let findings = corpus::analysis(&with(text, written.value, wrong)).findings;
            let end = written.span.start
                + (written.value.start - written.span.start)
                + u32::try_from(wrong.len()).unwrap();
            let inside = findings
                .iter()
                .any(|it| it.is_error() && it.span().start >= written.span.start && it.span().end <= end);
            (!inside).then(|| format!("`{wrong}` gives {:?}", codes(&findings)))
        });
    }
}

#[test]
fn a_repeated_attribute_is_told() {
    attributes(|text, written| {
        let statement = slice(text, written.span);
        let findings =
            corpus::analysis(&with(text, written.span, &format!("{statement}\n{statement}"))).findings;
        let at = written.span.end + 1;
        let told = findings.iter().any(|it| it.code == "duplicate-attribute" && it.span().start == at);
        (!told).then(|| format!("gives {:?}", codes(&findings)))
    });
}

#[test]
fn a_missing_attribute_is_told() {
    attributes(|text, written| {
        written.row.filter(|it| it.need == Need::Required)?;
        let findings = corpus::analysis(&without(text, written.span)).findings;
        let told = findings.iter().any(|it| it.code == "missing-attribute");
        (!told).then(|| format!("gives {:?}", codes(&findings)))
    });
}

#[test]
fn no_attribute_may_vanish_in_a_way_that_panics() {
    attributes(|text, written| {
        corpus::analysis(&without(text, written.span));
        None
    });
}

/// A value just outside of what the type allows.
fn outside(ty: Type) -> Vec<String> {
    match ty {
        Type::Int(low, high) => {
            [low.checked_sub(1), high.checked_add(1)].into_iter().flatten().map(|it| it.to_string()).collect()
        }
        Type::Duration(low, high) => {
            let below = low.checked_sub(1).map(|it| format!("{it}s"));
            below.into_iter().chain([format!("{}s", high + 1)]).collect()
        }
        Type::Timeout => vec!["59s".into(), format!("{}s", declarations::LONGEST + 1)],
        Type::Percent => vec!["0%".into(), "101%".into()],
        Type::Cpu => vec!["0m".into(), "0".into()],
        Type::Memory => vec!["0Mi".into()],
        Type::Range(of) => outside(*of),
        _ => Vec::new(),
    }
}

#[test]
fn a_value_outside_of_its_bounds_is_told() {
    attributes(|text, written| {
        for value in outside(written.row?.ty) {
            let findings = corpus::analysis(&with(text, written.value, &value)).findings;
            let told = findings
                .iter()
                .any(|it| it.code == "out-of-bounds" && it.span().start == written.value.start);
            if !told {
                return Some(format!("`{value}` gives {:?}", codes(&findings)));
            }
        }
        None
    });
}

fn words_of(ty: Type) -> &'static [&'static str] {
    match ty {
        Type::Word(words) => words,
        Type::List(of) | Type::OneOrMany(of) => words_of(*of),
        _ => &[],
    }
}

#[test]
fn every_word_of_a_choice_is_taken_and_no_other() {
    attributes(|text, written| {
        for word in words_of(written.row?.ty) {
            let list = matches!(written.row?.ty, Type::List(_));
            let value = |word: &str| if list { format!("[{word}]") } else { word.to_owned() };
            let findings = corpus::analysis(&with(text, written.value, &value(word))).findings;
            if findings.iter().any(|it| it.code == "type-mismatch" && it.span().start == written.value.start)
            {
                return Some(format!("`{word}` gives {:?}", codes(&findings)));
            }
            let slipped = slip(word)?;
            let findings = corpus::analysis(&with(text, written.value, &value(&slipped))).findings;
            if !findings.iter().any(|it| it.code == "type-mismatch" && it.fix.is_some()) {
                return Some(format!("`{slipped}` gives {:?}", codes(&findings)));
            }
        }
        None
    });
}

#[test]
fn a_slip_in_a_word_is_told_with_the_right_word() {
    parts(|text, part| {
        let slipped = slip(part.row.word)?;
        let findings = corpus::analysis(&with(text, part.word, &slipped)).findings;
        let told = findings.iter().find(|it| it.code == "unknown-word" && it.span() == part.word);
        let suggested =
            told.and_then(|it| it.fix.as_ref()).is_some_and(|it| it.edits[0].text == part.row.word);
        (!suggested).then(|| format!("`{slipped}` gives {:?}", codes(&findings)))
    });
}

#[test]
fn a_declared_name_may_stand_once() {
    parts(|text, part| {
        let named = matches!(part.row.head, Head::Name | Head::Typed)
            || part.row.word == "secret" && part.arguments.len() == 1;
        if !named || part.row.word == "project" {
            return None;
        }
        let statement = slice(text, part.span);
        let findings =
            corpus::analysis(&with(text, part.span, &format!("{statement}\n{statement}"))).findings;
        let told = findings.iter().any(|it| it.code == "duplicate-name" && it.span().start > part.span.end);
        (!told).then(|| format!("twice gives {:?}", codes(&findings)))
    });
}

#[test]
fn a_block_that_may_stand_once_may_not_stand_twice() {
    parts(|text, part| {
        let count = match part.parent {
            Some(parent) => parent.child(part.row.word)?.count,
            None => declarations::TOP_LEVEL.iter().find(|it| it.block.word == part.row.word)?.count,
        };
        if count == Count::Many {
            return None;
        }
        let statement = slice(text, part.span);
        let findings =
            corpus::analysis(&with(text, part.span, &format!("{statement}\n{statement}"))).findings;
        let told =
            findings.iter().any(|it| it.code.starts_with("duplicate-") && it.span().start > part.span.end);
        (!told).then(|| format!("twice gives {:?}", codes(&findings)))
    });
}

#[test]
fn a_missing_name_or_argument_is_told() {
    parts(|text, part| {
        let first = part.arguments.first()?;
        let optional = matches!(part.row.head, Head::Arguments([first, ..]) if !first.required);
        if matches!(part.row.head, Head::Typed) || optional {
            return None;
        }
        let findings = corpus::analysis(&with(text, *first, "")).findings;
        let told = findings
            .iter()
            .any(|it| it.is_error() && it.span().start >= part.span.start && it.span().end <= part.span.end);
        (!told).then(|| format!("gives {:?}", codes(&findings)))
    });
}

#[test]
fn an_argument_too_many_is_told() {
    parts(|text, part| {
        if matches!(part.row.head, Head::Typed) {
            return None;
        }
        let behind = part.arguments.last().copied().unwrap_or(part.word);
        let written = slice(text, behind);
        let findings = corpus::analysis(&with(text, behind, &format!("{written} 1 2 3 4"))).findings;
        let told = findings.iter().any(|it| {
            // What does not fit where it stands is told as that.
            ["wrong-arguments", "type-mismatch"].contains(&it.code)
                && (part.span.start..part.span.end + 8).contains(&it.span().start)
        });
        (!told).then(|| format!("gives {:?}", codes(&findings)))
    });
}

#[test]
fn parts_may_vanish_without_a_panic() {
    parts(|text, part| {
        corpus::analysis(&without(text, part.span));
        None
    });
}
