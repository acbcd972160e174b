//! Healthy projects with something changed by chance, through all phases: no panic, every label inside its file; and
//! what has no errors is written twice alike, as files that their readers can read.
//!
//! `MUTATIONS=20000 cargo test mutated` takes so many of each project instead of a few.

use crate::support::files_below;
use mlopsc::base::files::Memory;
use mlopsc::base::sources::Sources;
use mlopsc::driver::{self, Analysis};
use mlopsc::emit::{OutputFile, Target};
use std::ops::Range;
use std::panic::{self, AssertUnwindSafe};

const ALL: &[Target] = &[Target::AzureDevops, Target::AzureMl, Target::Helm, Target::Setup];

/// Of each project.
const FEW: u64 = 60;

#[test]
fn mutated_projects_do_not_panic_and_are_written_whole() {
    let many = std::env::var("MUTATIONS").ok().and_then(|it| it.parse().ok()).unwrap_or(FEW);
    for project in projects() {
        let written = (0..many).filter(|seed| project.survives(*seed)).count();
        assert!(written > 0, "{}: every mutation is an error, so nothing was written", project.name);
    }
}

struct Project {
    name: String,
    /// Path and text of each source.
    sources: Vec<(String, String)>,
    side_files: Memory,
}

fn projects() -> Vec<Project> {
    let beside = |folder: &str| {
        let inside = |(path, text): (String, String)| (path[folder.len() + 1..].to_owned(), text);
        let all: Vec<_> = files_below(folder, "").into_iter().map(inside).collect();
        all.into_iter().partition::<Vec<_>, _>(|(path, _)| ending(path) == "mlops")
    };
    let (sources, side_files) = beside("examples/digitre");
    let example =
        Project { name: "digitre".into(), sources, side_files: Memory(side_files.into_iter().collect()) };
    let healthy = files_below("tests/cases/model/ok", ".mlops").into_iter().map(|(name, text)| Project {
        sources: vec![("main.mlops".into(), text)],
        side_files: crate::model::side_files(),
        name,
    });
    let reuse = files_below("tests/cases/expand/ok", ".mlops").into_iter().map(|(name, text)| Project {
        sources: vec![("main.mlops".into(), text)],
        side_files: crate::expand::side_files(),
        name,
    });
    std::iter::once(example).chain(healthy).chain(reuse).collect()
}

impl Project {
    /// Whether the mutation has no errors and was written.
    fn survives(&self, seed: u64) -> bool {
        let mut chance = Chance::new(seed);
        let mut sources = self.sources.clone();
        for _ in 0..=chance.below(2) {
            let at = chance.below(sources.len());
            sources[at].1 = mutate(&sources[at].1, &mut chance);
        }
        let run = AssertUnwindSafe(|| self.check(&sources));
        panic::catch_unwind(run)
            .unwrap_or_else(|_| panic!("{} {seed}:\n{}", self.name, changes(&self.sources, &sources)))
    }

    fn check(&self, sources: &[(String, String)]) -> bool {
        let analysis = self.analyze(sources);
        for label in analysis.findings.iter().flat_map(|it| &it.labels) {
            let text = &analysis.sources.get(label.span.file).text;
            assert!(text.get(label.span.range()).is_some(), "{label:?} is outside of its file");
        }
        if analysis.has_errors() {
            return false;
        }
        let files = driver::emit(&analysis, "generated", ALL);
        assert!(files == driver::emit(&self.analyze(sources), "generated", ALL), "written twice, it differs");
        files.iter().for_each(assert_readable);
        true
    }

    fn analyze(&self, sources: &[(String, String)]) -> Analysis {
        let mut read = Sources::default();
        for (path, text) in sources {
            read.add(path.clone(), text.clone());
        }
        driver::analyze(read, &self.side_files)
    }
}

/// The chart's templates are not YAML before Helm has filled them in.
fn assert_readable(file: &OutputFile) {
    let OutputFile { path, text, .. } = file;
    let failed = match ending(path) {
        "yml" | "yaml" if !path.contains("/templates/") => {
            serde_yaml::from_str::<serde_json::Value>(text).err().map(|it| it.to_string())
        }
        "json" => serde_json::from_str::<serde_json::Value>(text).err().map(|it| it.to_string()),
        _ => None,
    };
    assert!(failed.is_none(), "{path}: {failed:?}\n{text}");
}

fn ending(path: &str) -> &str {
    path.rsplit('.').next().unwrap_or_default()
}

/// The lines that are different.
fn changes(old: &[(String, String)], new: &[(String, String)]) -> String {
    let pairs = old.iter().zip(new).filter(|(old, new)| old != new);
    let diff = |(old, new): (&(String, String), &(String, String))| {
        similar::TextDiff::from_lines(&old.1, &new.1).unified_diff().header(&old.0, &new.0).to_string()
    };
    pairs.map(diff).collect()
}

fn mutate(text: &str, chance: &mut Chance) -> String {
    let mutated = match chance.below(6) {
        0 => without_a_token(text, chance),
        1 => Some(lines_exchanged(text, chance)),
        2 => another(text, chance, |it| it.starts_with(|first: char| first.is_ascii_alphabetic())),
        3 => another(text, chance, |it| it.starts_with(|first: char| first == '"' || first.is_ascii_digit())),
        4 => block_twice(text, chance),
        _ => without_an_attribute(text, chance),
    };
    mutated.unwrap_or_else(|| text.to_owned())
}

fn without_a_token(text: &str, chance: &mut Chance) -> Option<String> {
    let token = chance.of(&tokens(text))?.clone();
    Some(format!("{}{}", &text[..token.start], &text[token.end..]))
}

fn lines_exchanged(text: &str, chance: &mut Chance) -> String {
    let mut lines: Vec<&str> = text.split_inclusive('\n').collect();
    let (a, b) = (chance.below(lines.len()), chance.below(lines.len()));
    lines.swap(a, b);
    lines.concat()
}

/// One token of a kind becomes another one of that kind.
fn another(text: &str, chance: &mut Chance, is_wanted: impl Fn(&str) -> bool) -> Option<String> {
    let wanted: Vec<Range<usize>> =
        tokens(text).into_iter().filter(|it| is_wanted(&text[it.clone()])).collect();
    let (token, other) = (chance.of(&wanted)?.clone(), chance.of(&wanted)?.clone());
    Some(format!("{}{}{}", &text[..token.start], &text[other], &text[token.end..]))
}

fn block_twice(text: &str, chance: &mut Chance) -> Option<String> {
    let lines: Vec<&str> = text.split_inclusive('\n').collect();
    let opening: Vec<usize> = (0..lines.len()).filter(|it| lines[*it].trim_end().ends_with('{')).collect();
    let first = *chance.of(&opening)?;
    let indent = |line: &str| line.len() - line.trim_start().len();
    let closes = |line: &str| line.trim_start().starts_with('}') && indent(line) == indent(lines[first]);
    let last = first + lines[first..].iter().position(|line| closes(line))?;
    Some([&lines[..=last], &lines[first..]].concat().concat())
}

fn without_an_attribute(text: &str, chance: &mut Chance) -> Option<String> {
    let lines: Vec<&str> = text.split_inclusive('\n').collect();
    let attributes: Vec<usize> = (0..lines.len()).filter(|it| lines[*it].contains(" = ")).collect();
    let left_out = *chance.of(&attributes)?;
    Some([&lines[..left_out], &lines[left_out + 1..]].concat().concat())
}

/// Words, numbers, strings of one line, and single other characters.
pub fn tokens(text: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(first) = text[at..].chars().next() {
        let rest = &text[at..];
        let is_part = |it: char| it.is_alphanumeric() || it == '_';
        let length = match first {
            '"' => rest[1..].find(['"', '\n']).map_or(rest.len(), |it| it + 2),
            _ if is_part(first) => rest.find(|it| !is_part(it)).unwrap_or(rest.len()),
            _ => first.len_utf8(),
        };
        if !first.is_whitespace() {
            found.push(at..at + length);
        }
        at += length;
    }
    found
}

/// Numbers that look like chance and are the same every time.
pub struct Chance(u64);

impl Chance {
    pub fn new(seed: u64) -> Chance {
        Chance(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) ^ 0xD1B5_4A32_D192_ED03)
    }

    pub fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let number = usize::try_from(self.0 >> 33).expect("31 bits fit");
        number % limit.max(1)
    }

    pub fn of<'a, T>(&mut self, items: &'a [T]) -> Option<&'a T> {
        items.get(self.below(items.len()))
    }
}
