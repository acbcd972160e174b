//! Texts that nobody would write, and projects of a size that somebody has.

use super::corpus;
use crate::support::files_below;
use crate::texts;
use mlopsc::base::files::Memory;
use mlopsc::base::sources::Sources;
use mlopsc::diag::Diagnostic;
use mlopsc::driver::{self, Analysis};
use std::fmt::Write as _;

fn count(findings: &[Diagnostic], code: &str) -> usize {
    findings.iter().filter(|it| it.code == code).count()
}

fn project(files: &[(&str, &str)]) -> Analysis {
    let mut sources = Sources::default();
    for (path, text) in files {
        sources.add((*path).to_owned(), (*text).to_owned());
    }
    driver::analyze(sources, &Memory::default())
}

/// Numbers that look like chance and are the same every time.
fn numbers(seed: u64) -> impl Iterator<Item = usize> {
    let mut state = seed;
    std::iter::repeat_with(move || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(state >> 33).expect("31 bits fit")
    })
}

/// Whole systems, each as one text: their steps refer to each other.
fn systems() -> Vec<String> {
    let of = |name: &str| {
        let files = files_below(&format!("examples/{name}"), ".mlops");
        files.into_iter().map(|(_, text)| text).collect::<Vec<_>>().join("\n")
    };
    vec![of("digitre"), of("digitre_literal")]
}

#[test]
fn a_system_without_one_of_its_lines_is_read() {
    for text in systems() {
        let lines: Vec<&str> = text.split_inclusive('\n').collect();
        for left_out in 0..lines.len() {
            texts::findings(&[&lines[..left_out], &lines[left_out + 1..]].concat().concat());
        }
    }
}

#[test]
fn a_system_with_two_of_its_lines_exchanged_is_read() {
    for text in systems() {
        let mut lines: Vec<&str> = text.split_inclusive('\n').collect();
        let mut chance = numbers(7);
        let mut next = || chance.next().expect("they never end");
        for _ in 0..200 {
            let (a, b) = (next() % lines.len(), next() % lines.len());
            lines.swap(a, b);
            texts::findings(&lines.concat());
            lines.swap(a, b);
        }
    }
}

#[test]
fn a_text_cut_at_the_end_of_any_line_is_read() {
    for (_, text) in corpus::healthy() {
        for (at, _) in text.match_indices('\n') {
            corpus::analysis(&text[..at]);
        }
    }
}

#[test]
fn a_text_cut_anywhere_is_read() {
    for (_, text) in corpus::healthy() {
        for number in numbers(1).take(200) {
            let at = (0..=number % text.len()).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0);
            corpus::analysis(&text[..at]);
        }
    }
}

#[test]
fn a_text_without_one_of_its_lines_is_read() {
    for (_, text) in corpus::healthy() {
        for (at, line) in text.match_indices('\n').map(|(at, _)| at).zip(text.lines().skip(1)) {
            corpus::analysis(&format!("{}{}", &text[..at], &text[at + 1 + line.len()..]));
        }
    }
}

#[test]
fn a_text_with_one_of_its_lines_twice_is_read() {
    for (_, text) in corpus::healthy() {
        let mut at = 0;
        for line in text.split_inclusive('\n') {
            at += line.len();
            corpus::analysis(&format!("{}{line}{}", &text[..at], &text[at..]));
        }
    }
}

#[test]
fn the_same_file_twice_is_told_for_each_declaration() {
    let text = "pool linux { image = \"ubuntu-24.04\" }\n\
        pipeline build { trigger manual, pool = linux, stage make { run \"make\" } }\n\
        project x {}\n";
    let findings = project(&[("a.mlops", text), ("b.mlops", text)]).findings;
    assert_eq!(count(&findings, "duplicate-name"), 3);
    assert!(findings.iter().all(|it| it.span().file.0 == 1 && it.labels[1].span.file.0 == 0));
    assert_eq!(findings.len(), 3);
}

#[test]
fn a_step_that_could_not_be_read_does_not_move_the_others() {
    let findings = texts::findings(
        "pipeline x {\n  trigger manual\n  stage a {\n    run {}\n    run {}\n    run \"x\" as look { output y: bool }\n  }\n  \
         stage b { when = a.look.y, run \"z\" { env { Y = a.look.y } } }\n}\n",
    );
    assert_eq!(count(&findings, "missing-attribute"), 2);
    assert_eq!(findings.len(), 2);
}

#[test]
fn ten_thousand_stages_in_a_circle_are_one_finding() {
    let many = 10_000;
    let mut text = String::from("pipeline long {\n  trigger manual\n");
    for stage in 0..many {
        writeln!(text, "  stage s{stage} {{ needs = s{}, run \"x\" }}", (stage + 1) % many)
            .expect("a string takes it");
    }
    text.push_str("}\n");
    let findings = texts::findings(&text);
    assert_eq!(count(&findings, "dependency-cycle"), 1);
    assert!(findings[0].message.len() < 300, "{}", findings[0].message);
    assert!(findings[0].labels.len() <= 4);
}

#[test]
fn a_name_of_ten_thousand_characters_is_a_name() {
    let name = "x".repeat(10_000);
    let findings = texts::findings(&format!(
        "pool {name} {{ image = \"ubuntu-24.04\" }}\npipeline p {{ trigger manual, pool = {name}, stage a {{ run \"x\" }} }}\n"
    ));
    assert!(findings.is_empty(), "{}", findings[0].message);
    let slipped = texts::findings(&format!(
        "pool {name} {{ image = \"u\" }}\npool y {{ image = \"u\" }}\nproject z {{ pool = {name}x }}\n"
    ));
    assert_eq!(count(&slipped, "undefined-reference"), 1);
}

fn many_pipelines(count: usize) -> String {
    let mut text = String::from("pool linux { image = \"ubuntu-24.04\" }\nproject x { pool = linux }\n");
    for pipeline in 0..count {
        writeln!(text, "pipeline p{pipeline} {{").expect("a string takes it");
        match pipeline {
            0 => text.push_str("  trigger manual\n"),
            _ => writeln!(text, "  trigger after p{}", pipeline - 1).expect("a string takes it"),
        }
        for stage in 0..5 {
            writeln!(text, "  stage s{stage} {{ run \"make {stage}\" as look {{ output done: bool }}, run \"make\" {{ when = look.done }} }}")
                .expect("a string takes it");
        }
        text.push_str("}\n");
    }
    text
}

#[test]
fn a_thousand_pipelines_are_read() {
    let analysis = texts::analysis(&many_pipelines(1000), &[]);
    assert!(analysis.findings.is_empty(), "{}", analysis.findings[0].message);
    assert_eq!(analysis.project.pipelines.len(), 1000);
    assert_eq!(analysis.graphs.pipelines.iter().map(|it| it.stages.len()).sum::<usize>(), 5000);
    let edges: usize = analysis.graphs.pipelines.iter().flat_map(|it| &it.stages).map(Vec::len).sum();
    assert_eq!(edges, 4000, "each stage waits for the one before it and for nothing else");
}

#[test]
fn a_thousand_mistakes_are_a_thousand_findings() {
    let text = many_pipelines(1000).replace("run \"make 3\"", "rnu \"make 3\"");
    let findings = texts::findings(&text);
    assert_eq!(count(&findings, "unknown-word"), 1000);
}
