//! Ten thousand programs out of the word table: the style is stable, and means the same.

use super::program::{Numbers, Written, program};
use super::{ALL_LINES, apply, meaning, tree_of};
use mlopsc::base::span::FileId;
use mlopsc::format::{self, format};
use mlopsc::syntax;
use std::thread;

const PROGRAMS: u64 = 10_000;
const THREADS: u64 = 4;

#[test]
fn the_style_of_generated_programs() {
    thread::scope(|scope| {
        for thread in 0..THREADS {
            scope
                .spawn(move || (thread..PROGRAMS).step_by(usize::try_from(THREADS).unwrap()).for_each(check));
        }
    });
}

fn check(seed: u64) {
    let Written { text, commas } = program(seed);
    let text = with_line_ends(&text, seed);
    let (tree, findings) = syntax::parse(FileId(0), &text);
    assert!(findings.is_empty(), "{seed}: the program is not healthy: {:?}\n{text}", findings[0].message);
    let formatted = format(&text);
    assert_eq!(format(&formatted), formatted, "{seed}: a second time\n{text}");
    let same = tree_of(&text, &tree, &findings) == meaning(&formatted);
    assert!(same, "{seed}: another meaning\n{text}\n---\n{formatted}");
    assert_eq!(commas_in_parentheses(&formatted), commas, "{seed}: commas\n{text}\n---\n{formatted}");
    let as_unix = format(&text.replace("\r\n", "\n")).into_owned();
    if is_windows(&text) {
        assert_eq!(as_unix.replace('\n', "\r\n"), formatted, "{seed}: line ends");
    } else {
        assert_eq!(as_unix, formatted, "{seed}: line ends");
    }
    if seed.is_multiple_of(4) {
        parts(seed, &text, &formatted);
    }
}

/// Those of Unix, those of Windows, or both in one text.
fn with_line_ends(text: &str, seed: u64) -> String {
    let unix = text.replace("\r\n", "\n");
    match seed % 8 {
        0 | 1 => unix,
        4 | 5 => unix.replace('\n', "\r\n"),
        _ => text.to_owned(),
    }
}

fn is_windows(text: &str) -> bool {
    let all = text.matches('\n').count();
    all > 0 && all == text.matches("\r\n").count()
}

/// Those that stand directly in parentheses: between arguments.
fn commas_in_parentheses(text: &str) -> usize {
    let (mut open, mut commas) = (Vec::new(), 0);
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let length = match first {
            '/' if rest.starts_with("//") => rest.find('\n').unwrap_or(rest.len()),
            '"' => text_length(rest),
            _ => first.len_utf8(),
        };
        match first {
            '(' | '[' | '{' => open.push(first),
            ')' | ']' | '}' => drop(open.pop()),
            ',' if open.last() == Some(&'(') => commas += 1,
            _ => {}
        }
        rest = &rest[length..];
    }
    commas
}

fn text_length(text: &str) -> usize {
    let quotes = text.bytes().take_while(|it| *it == b'"').count();
    if quotes == 2 {
        return 2;
    }
    if quotes > 2 {
        let mut at = 0;
        for (nth, line) in text.split_inclusive('\n').enumerate() {
            let is_fence = line.trim_start().bytes().take_while(|it| *it == b'"').count() == quotes;
            if nth > 0 && is_fence {
                return at + line.len() - line.trim_start().len() + quotes;
            }
            at += line.len();
        }
        return text.len();
    }
    let mut escaped = false;
    let end = text.bytes().skip(1).position(|it| {
        let ends = it == b'"' && !escaped;
        escaped = it == b'\\' && !escaped;
        ends
    });
    end.map_or(text.len(), |it| it + 2)
}

/// Of a text that mixes line ends a part may be of one kind alone, which stays so.
fn parts(seed: u64, text: &str, formatted: &str) {
    assert_eq!(apply(text, &format::range(text, ALL_LINES)), formatted, "{seed}");
    let lines = text.lines().count() + 1;
    let mut numbers = Numbers(seed);
    let first = numbers.below(lines);
    let part = apply(text, &format::range(text, first..first + numbers.below(lines)));
    assert_eq!(format(&part), formatted, "{seed}: a part of\n{text}\n---\n{part}");
    assert!(meaning(&part) == meaning(text), "{seed}: a part of\n{text}\n---\n{part}");
}
