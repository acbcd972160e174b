//! Ten thousand programs out of the word table: the style is stable, and means the same.

use super::program::{Numbers, program};
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
    let text = program(seed);
    let (tree, findings) = syntax::parse(FileId(0), &text);
    assert!(findings.is_empty(), "{seed}: the program is not healthy: {:?}\n{text}", findings[0].message);
    let formatted = format(&text);
    assert_eq!(format(&formatted), formatted, "{seed}: a second time\n{text}");
    let same = tree_of(&text, &tree, &findings) == meaning(&formatted);
    assert!(same, "{seed}: another meaning\n{text}\n---\n{formatted}");
    if seed.is_multiple_of(4) {
        parts(seed, &text, &formatted);
    }
}

fn parts(seed: u64, text: &str, formatted: &str) {
    assert_eq!(apply(text, &format::range(text, ALL_LINES)), formatted, "{seed}");
    let lines = text.lines().count() + 1;
    let mut numbers = Numbers(seed);
    let first = numbers.below(lines);
    let part = apply(text, &format::range(text, first..first + numbers.below(lines)));
    assert_eq!(format(&part), formatted, "{seed}: a part of\n{text}\n---\n{part}");
    assert!(meaning(&part) == meaning(text), "{seed}: a part of\n{text}\n---\n{part}");
}
