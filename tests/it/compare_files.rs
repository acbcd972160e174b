//! What `compile` writes otherwise, `diff` tells: systems with one small change by chance, in both directions. Comments of the
//! files that are written count for nothing; else the exceptions stand in [`EXCEPTIONS`].
//!
//! `CHANGES=2000 cargo test --test it compare_files -- --ignored` takes so many changes of each system instead of a few.

mod edits;
mod written;

use crate::mutations::Chance;
use crate::support::files_below;
use edits::Edit;
use mlopsc::base::files::Memory;
use mlopsc::base::sources::Sources;
use mlopsc::compare::{self, Sides};
use mlopsc::driver::{self, Analysis};
use written::Written;

/// Of each system.
const FEW: u64 = 24;
/// Of the systems of `tests/cases/model/ok`, which are many.
const FEWER: u64 = 5;
/// Edits until one compiles.
const TRIES: usize = 6;
/// Failures that are shown.
const SHOWN: usize = 5;

/// Paths of files that differ, how a change of the sources looks, and why nothing is told of it.
const EXCEPTIONS: &[(&str, &str, &str)] = &[];

struct System {
    name: String,
    sources: Vec<(String, String)>,
    side: Memory,
    old: Analysis,
    written: Written,
}

/// What came of many changes.
#[derive(Default)]
struct Seen {
    /// Files are written otherwise.
    different: usize,
    /// Nothing is written otherwise.
    same: usize,
    failed: Vec<String>,
}

impl System {
    fn of(name: &str, files: Vec<(String, String)>, more: Memory) -> Option<System> {
        let (sources, side): (Vec<_>, Vec<_>) =
            files.into_iter().partition(|(path, _)| path.rsplit_once('.').is_some_and(|it| it.1 == "mlops"));
        let mut files = more;
        files.0.extend(side);
        let old = analyze(&sources, &files);
        let written = Written::of(&old)?;
        Some(System { name: name.to_owned(), sources, side: files, old, written })
    }

    /// The first of a few edits by chance that compiles.
    fn edit(&self, chance: &mut Chance) -> Option<(usize, Edit, Analysis, Written)> {
        (0..TRIES).find_map(|_| {
            let at = chance.below(self.sources.len());
            let text = &self.sources[at].1;
            let edit = edits::by(text, chance)?;
            let mut sources = self.sources.clone();
            sources[at].1 = edit.applied(text);
            let new = analyze(&sources, &self.side);
            let written = Written::of(&new)?;
            Some((at, edit, new, written))
        })
    }

    fn change(&self, seed: u64, seen: &mut Seen) {
        let Some((at, edit, new, written)) = self.edit(&mut Chance::new(seed)) else { return };
        let (path, text) = &self.sources[at];
        let different = self.written.differs(&written);
        if different.is_empty() {
            seen.same += 1;
            return;
        }
        seen.different += 1;
        let shown = edit.shown(path, text);
        if excepted(&different, &shown) {
            return;
        }
        let both = [told(&self.old, &new), told(&new, &self.old)];
        if let Some(why) = judged(&both, &edit) {
            let files = written::shown(&different);
            seen.failed
                .push(format!("{} {seed}, {}: {why}\n{shown}{}\n{files}", self.name, edit.kind, both[0]));
        }
    }
}

fn analyze(sources: &[(String, String)], side: &Memory) -> Analysis {
    let mut read = Sources::default();
    for (path, text) in sources {
        read.add(path.clone(), text.clone());
    }
    driver::analyze(read, side)
}

fn excepted(different: &[written::Difference], shown: &str) -> bool {
    let known = |path: &str| EXCEPTIONS.iter().any(|it| path.contains(it.0) && shown.contains(it.1));
    different.iter().all(|it| known(&it.path))
}

/// Empty: nothing.
fn told(old: &Analysis, new: &Analysis) -> String {
    let changes = driver::compared(old, new);
    let sides = Sides { old: (&old.sources, "old/"), new: (&new.sources, "") };
    if changes.is_empty() {
        String::new()
    } else {
        compare::text(&changes, &sides, &|it| it.title().to_owned())
    }
}

/// What is wrong with what is told there and back.
fn judged(both: &[String; 2], edit: &Edit) -> Option<&'static str> {
    if both[0].is_empty() {
        return Some("silent");
    }
    if both[1].is_empty() {
        return Some("silent on the way back");
    }
    let long =
        both[0].contains(" changed") || edit.values.iter().any(|it| it.contains("${") || it.contains('\\'));
    if !long && !edit.values.is_empty() && !edit.values.iter().any(|it| both[0].contains(it.as_str())) {
        return Some("what is told is not about the change");
    }
    None
}

fn systems() -> Vec<System> {
    let examples = crate::examples::complete().into_iter().filter_map(|name| {
        let folder = format!("examples/{name}");
        let inside = |(path, text): (String, String)| (path[folder.len() + 1..].to_owned(), text);
        let files = files_below(&folder, "").into_iter().map(inside).collect();
        System::of(&name, files, Memory::default())
    });
    examples.collect()
}

fn small_systems() -> Vec<System> {
    let of = |folder: &str, side: fn() -> Memory| {
        let all = files_below(folder, ".mlops").into_iter();
        let found =
            all.filter_map(move |(name, text)| System::of(&name, vec![("main.mlops".into(), text)], side()));
        found.collect::<Vec<_>>()
    };
    let mut found = of("tests/cases/model/ok", crate::model::side_files);
    found.extend(of("tests/cases/expand/ok", crate::expand::side_files));
    found.extend(of("tests/cases/plan", crate::model::side_files));
    found
}

fn check(systems: &[System], changes: u64) -> Seen {
    let threads = std::thread::available_parallelism().map_or(1, |it| it.get() as u64);
    let work = |first: u64| {
        let mut seen = Seen::default();
        for seed in (first..changes).step_by(usize::try_from(threads).expect("they are few")) {
            for it in systems {
                it.change(seed, &mut seen);
            }
        }
        seen
    };
    std::thread::scope(|scope| {
        let workers: Vec<_> = (0..threads).map(|it| scope.spawn(move || work(it))).collect();
        let mut all = Seen::default();
        for worker in workers {
            let seen = worker.join().expect("a change does not panic");
            all.different += seen.different;
            all.same += seen.same;
            all.failed.extend(seen.failed);
        }
        all
    })
}

fn assert_told(seen: &Seen) {
    let Seen { different, failed, .. } = seen;
    let shown: Vec<&str> = failed.iter().take(SHOWN).map(String::as_str).collect();
    assert!(failed.is_empty(), "{} of {different}:\n{}", failed.len(), shown.join("\n====\n"));
}

#[test]
fn compare_files_that_differ_are_told() {
    let (large, small) = (check(&systems(), FEW), check(&small_systems(), FEWER));
    assert!(large.different > 60 && small.different > 40, "{} and {}", large.different, small.different);
    assert_told(&large);
    assert_told(&small);
}

#[test]
#[ignore = "takes minutes"]
#[expect(clippy::print_stdout, reason = "who takes thousands wants to know how many there were")]
fn compare_files_of_many_changes() {
    let many = std::env::var("CHANGES").ok().and_then(|it| it.parse().ok()).unwrap_or(1000);
    let seen = check(&[systems(), small_systems()].into_iter().flatten().collect::<Vec<_>>(), many);
    println!("{} changes write files otherwise, {} do not", seen.different, seen.same);
    if let Ok(path) = std::env::var("FAILURES") {
        std::fs::write(path, seen.failed.join("\n====\n")).expect("it can be written");
    }
    assert_told(&seen);
}
