//! One style: what it looks like, that it changes nothing but blanks, and that a second time changes nothing.

mod generated;
mod program;

use crate::support::files_below;
use mlopsc::base::sources::Sources;
use mlopsc::base::span::FileId;
use mlopsc::diag::Diagnostic;
use mlopsc::driver;
use mlopsc::emit::Target::{AzureDevops, AzureMl, Helm, Setup};
use mlopsc::format::{self, Edit, format};
use mlopsc::syntax;
use program::Numbers;
use std::path::{Path, PathBuf};

fn shown(text: &str) -> String {
    let formatted = format(text);
    assert_eq!(format(&formatted), formatted, "a second time changes something");
    formatted.into_owned()
}

#[test]
fn blanks_indentation_and_columns() {
    let text = "project   p{pool=linux\n\n\n\n    region =   \"x\" ,\n}\nservice api {\n\nimage=\"a\"\n      registry  =acr\n\n  port = 80\n  env { A=\"1\",B = \"2\" }\n  scale{replicas=3 .. 5}\n}\n";
    insta::assert_snapshot!(shown(text));
}

#[test]
fn values_that_go_on() {
    let text = "pipeline p {\nstage s {\nwhen = a.b == succeeded&&\n!c( x , y )\n|| d\nneeds = [\na,\n      b , ]\nsize = if x then 1\nelse -1\nrange = -1..4\nsum = 3 - 1\nlast = xs [0] \nfirst = xs[0].name\n}\n}\n";
    insta::assert_snapshot!(shown(text));
}

#[test]
fn blocks_of_text_move_with_their_line() {
    let text = "pipeline p {\n      stage s {\nrun \"\"\"\n   if true; then\n     echo  hi   # two  blanks\n\n   fi\n   \"\"\" \n run { script = \"\"\"\n\techo\n\t\"\"\"\n }\n}\n}\n";
    insta::assert_snapshot!(shown(text));
}

#[test]
fn comments_stay() {
    let text = "// a\n\n\n// b\npipeline p { // why\n   // inside\n   trigger manual // last\n\n // end\n}\n// after\n";
    insta::assert_snapshot!(shown(text));
}

#[test]
fn a_broken_declaration_is_left_alone() {
    let text = "pool   a {image=\"x\"}\n\npipeline   p {\n  run \"open\n    }\n\npool   b {image=\"y\"}\n";
    insta::assert_snapshot!(shown(text));
}

#[test]
fn brackets_that_do_not_fit_are_left_alone() {
    for text in
        ["a = [1,2\n", "pool  x {\n", "}\n  }\n", "x =  \"\"\"no\n", "pool x\n{ image = 1 }\n", "a  ;  b\n"]
    {
        assert_eq!(format(text), text);
    }
}

#[test]
fn nothing_is_nothing() {
    assert_eq!(format(""), "");
    assert_eq!(shown("\n\n  \n"), "");
    assert_eq!(shown("pool a {}"), "pool a {}\n");
    assert_eq!(shown("pool a {\n\n}\n"), "pool a {}\n");
    assert_eq!(shown("\u{FEFF}pool a  {}\n"), "\u{FEFF}pool a {}\n");
}

#[test]
fn line_ends_stay_where_they_are_all_the_same() {
    let text = "pool   a {\r\n\r\n  image=\"x\"\r\n\r\n\r\n  // why \r\n}\r\n";
    assert_eq!(shown(text), "pool a {\r\n  image = \"x\"\r\n\r\n  // why\r\n}\r\n");
    let block = "pipeline p {\r\nrun \"\"\"\r\n echo\r\n \"\"\"\r\n}";
    assert_eq!(shown(block), "pipeline p {\r\n  run \"\"\"\r\n    echo\r\n    \"\"\"\r\n}\r\n");
    let mixed = "pool a {}\r\npool b {}\n";
    assert_eq!(shown(mixed), "pool a {}\npool b {}\n");
    let broken = "pool   a {}\r\n\r\npipeline   p {\r\n";
    assert_eq!(shown(broken), "pool a {}\r\n\r\npipeline   p {\r\n");
}

#[test]
fn commas_at_the_ends_of_lines() {
    let arguments = "let x = f(\n  a // one\n\n  // two\n  b\n)\n";
    let settled = "let x = f(\n  a, // one\n\n  // two\n  b\n)\n";
    assert_eq!(shown(arguments), settled);
    assert_eq!(shown(&arguments.replace("  b\n", "  b,\n")), settled);
    assert_eq!(shown("template t(a: string\n  b: int,) {}\n"), "template t(a: string,\n  b: int) {}\n");
    assert_eq!(shown("let x = f(a,\n  [1,\n 2])\n"), "let x = f(a,\n  [1\n    2])\n");
    assert_eq!(shown("let x = f([a\n  b]\n  c)\n"), "let x = f([a\n  b],\n  c)\n");
    for goes_on in
        ["let x = (a\n    || b)\n", "let x = (a ||\n    b)\n", "let x = f(if a then b\n    else c)\n"]
    {
        assert_eq!(shown(goes_on), goes_on);
    }
    for mistake in ["let x = f(a\n  , b)\n", "let x = f(a,,\n  b)\n", "let x = f(a\n  == b)\n"] {
        assert_eq!(shown(mistake), mistake);
    }
}

#[test]
fn what_is_left_as_it_is_is_told() {
    let lines = |text: &str| format::formatted(text).broken;
    assert_eq!(lines("pool   a {}\n"), [0; 0]);
    assert_eq!(lines(""), [0; 0]);
    assert_eq!(lines("\u{FEFF}\n// only this\n"), [0; 0]);
    assert_eq!(lines("pool   a {}\n\n\npipeline   p {\n  run \"open\n}\n\npool b {}\n\npool c {\n"), [4, 10]);
    assert_eq!(lines("\n\n   }\n"), [3]);
    assert_eq!(lines("\u{FEFF}a ; b\n"), [1]);
}

fn apply(text: &str, edits: &[Edit]) -> String {
    let mut out = String::new();
    let mut at = 0;
    for edit in edits {
        assert!(at == 0 || edit.range.start > at, "edits touch: {edits:?}");
        out.push_str(&text[at..edit.range.start]);
        out.push_str(&edit.text);
        at = edit.range.end;
    }
    out + &text[at..]
}

const ALL: &[mlopsc::emit::Target] = &[AzureDevops, AzureMl, Helm, Setup];
const ALL_LINES: std::ops::Range<usize> = 0..usize::MAX;

#[test]
fn a_range_changes_its_lines_only() {
    let text = "pool   a {  \n   image=\"x\" ,\n\n\n      demands=[ ]\n   }\n\n\n\npool   b {}\n";
    let of = |lines| apply(text, &format::range(text, lines));
    assert_eq!(of(ALL_LINES), format(text));
    assert_eq!(of(0..0), text);
    assert_eq!(of(0..1), text.replacen("pool   a {  ", "pool a {", 1));
    assert_eq!(of(1..2), text.replacen("   image=\"x\" ,", "  image = \"x\"", 1));
    assert_eq!(of(4..6), text.replacen("\n\n\n      demands=[ ]\n   }", "\n\n  demands = []\n}", 1));
    assert_eq!(of(9..10), text.replacen("\n\n\n\npool   b", "\n\npool b", 1));
}

#[test]
fn a_range_beside_what_is_broken() {
    let text = "pool   a {image=\"x\"}\n\npipeline   p {\n  run \"open\n    }\n\n\npool   b {image=\"y\"}\n";
    assert_eq!(apply(text, &format::range(text, 2..5)), text);
    assert_eq!(apply(text, &format::range(text, ALL_LINES)), format(text));
    assert_eq!(
        apply(text, &format::range(text, 6..8)),
        text.replacen("pool   b {image=\"y\"}", "pool b { image = \"y\" }", 1)
    );
}

#[test]
fn a_range_that_reaches_into_a_block_of_text_moves_all_of_it() {
    let text = "pipeline p {\nstage s {\nrun \"\"\"\necho\n\"\"\"\n}\n}\n";
    let moved = "pipeline p {\nstage s {\nrun \"\"\"\n      echo\n      \"\"\"\n}\n}\n";
    assert_eq!(apply(text, &format::range(text, 3..4)), moved);
}

/// The tree without its places.
fn meaning(text: &str) -> String {
    let (tree, findings) = syntax::parse(FileId(0), text);
    tree_of(text, &tree, &findings)
}

fn tree_of(text: &str, tree: &syntax::ast::File, findings: &[Diagnostic]) -> String {
    let comments: Vec<(bool, &str)> =
        tree.comments.iter().map(|it| (it.doc, text[it.span.range()].trim_end())).collect();
    let errors: Vec<&str> = findings.iter().map(|it| it.code).collect();
    let all = format!("{:?} {comments:?} {errors:?}", tree.statements);
    let mut out = String::with_capacity(all.len() / 2);
    let mut rest = all.as_str();
    while let Some(at) = rest.find("Span { file") {
        out.push_str(&rest[..at]);
        let end = rest[at..].find('}').expect("it has an end");
        rest = &rest[at + end + 1..];
    }
    out.push_str(rest);
    out
}

fn sources_below(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).expect("the folder can be listed") {
        let path = entry.expect("the entry can be read").path();
        if path.is_dir() {
            sources_below(&path, found);
        } else if path.extension().is_some_and(|it| it == "mlops") {
            found.push(path);
        }
    }
}

fn all_sources() -> Vec<(PathBuf, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut paths = Vec::new();
    for folder in ["examples", "tests/cases"] {
        sources_below(&root.join(folder), &mut paths);
    }
    paths.sort();
    let read = |path: PathBuf| Some((path.clone(), String::from_utf8(std::fs::read(path).ok()?).ok()?));
    paths.into_iter().filter_map(read).collect()
}

#[test]
fn nothing_but_blanks_changes_in_any_file() {
    for (path, text) in all_sources() {
        let formatted = format(&text);
        if syntax::parse(FileId(0), &text).1.is_empty() {
            assert_eq!(meaning(&text), meaning(&formatted), "{}\n{formatted}", path.display());
        }
        assert_eq!(format(&formatted), formatted, "{}: a second time", path.display());
    }
}

/// The text with other margins, where those have no meaning.
fn with_other_margins(text: &str) -> String {
    let mut inside = false;
    let lines = text.lines().map(|line| {
        let fences = line.matches("\"\"\"").count();
        let keeps = inside || fences > 0;
        inside ^= fences % 2 == 1;
        if keeps { format!("{line}\n") } else { format!("\t {}  \n", line.trim()) }
    });
    lines.collect()
}

#[test]
fn the_style_changes_no_output() {
    let outputs = |text: &str| {
        let mut sources = Sources::default();
        sources.add("main.mlops".into(), text.into());
        let analysis = driver::analyze(sources, &crate::model::side_files());
        assert!(!analysis.has_errors(), "{text}");
        driver::emit(&analysis, "generated", ALL).into_iter().map(|it| (it.path, it.text)).collect::<Vec<_>>()
    };
    for (name, text) in files_below("tests/cases/model/ok", ".mlops") {
        let disturbed = with_other_margins(&text);
        let formatted = format(&disturbed);
        assert_ne!(disturbed, formatted, "{name}");
        assert!(outputs(&text) == outputs(&formatted), "{name}\n{formatted}");
    }
}

#[test]
fn examples_are_formatted() {
    let examples = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples");
    for (path, text) in all_sources().into_iter().filter(|it| it.0.starts_with(&examples)) {
        assert_eq!(format(&text), text, "{}", path.display());
    }
}

#[test]
fn nothing_but_blanks_changes_in_disturbed_files() {
    let mut numbers = Numbers(7);
    let sources = all_sources();
    let pieces = [" ", "\n", "\n\n", "  ", "\t", ",", "// x\n", "}", "{", "\"", "]", "(", "=", "\r\n"];
    for _ in 0..10_000 {
        let (path, text) = &sources[numbers.below(sources.len())];
        let lines: Vec<&str> = text.split_inclusive('\n').collect();
        let from = numbers.below(lines.len().max(1));
        let some = lines[from..(from + 12).min(lines.len())].concat();
        let at =
            (0..=numbers.below(some.len() + 1).min(some.len())).rev().find(|it| some.is_char_boundary(*it));
        let at = at.unwrap_or(0);
        let disturbed = format!("{}{}{}", &some[..at], pieces[numbers.below(pieces.len())], &some[at..]);
        let formatted = format(&disturbed);
        assert_eq!(format(&formatted), formatted, "{}: a second time\n{disturbed}", path.display());
        assert_eq!(apply(&disturbed, &format::range(&disturbed, ALL_LINES)), formatted, "{}", path.display());
        let healthy = syntax::parse(FileId(0), &disturbed).1.is_empty();
        if healthy {
            assert_eq!(
                meaning(&disturbed),
                meaning(&formatted),
                "{}\n{disturbed}\n---\n{formatted}",
                path.display()
            );
        }
        let (all, windows) = (disturbed.matches('\n').count(), disturbed.matches("\r\n").count());
        if windows > 0 && windows < all {
            continue;
        }
        let first = numbers.below(12);
        let part = apply(&disturbed, &format::range(&disturbed, first..first + numbers.below(4)));
        assert_eq!(format(&part), formatted, "{}: a part of\n{disturbed}\n---\n{part}", path.display());
    }
}
