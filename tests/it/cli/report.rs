//! Findings as text.

use mlopsc::base::sources::Sources;
use mlopsc::base::span::{FileId, Span};
use mlopsc::cli::edge::Paint;
use mlopsc::cli::report::{Batch, Format, Options, fill, render};
use mlopsc::diag::{Diagnostic, Severity};
use std::time::{Duration, Instant};

pub const PLAIN: Options = Options { format: Format::Human, limit: 0, width: 80, paint: Paint { on: false } };

pub struct Case {
    pub sources: Sources,
    pub findings: Vec<Diagnostic>,
}

impl Case {
    pub fn new(files: &[(&str, &str)]) -> Self {
        let mut sources = Sources::default();
        for (path, text) in files {
            sources.add((*path).to_owned(), (*text).to_owned());
        }
        Case { sources, findings: Vec::new() }
    }

    /// Where the words stand in the n-th file, for the first time.
    pub fn span(&self, file: u32, words: &str) -> Span {
        let file = FileId(file);
        let start = self.sources.get(file).text.find(words).unwrap();
        Span::new(file, start, start + words.len())
    }

    pub fn push(&mut self, finding: Diagnostic) {
        self.findings.push(finding);
    }

    pub fn render(&self, options: Options) -> String {
        let batch = Batch { prefix: "demo/", sources: &self.sources, findings: &self.findings };
        render(&[batch], options)
    }
}

pub fn assert_snapshot(name: &str, text: &str) {
    insta::with_settings!({snapshot_path => "../../cases/cli", prepend_module_to_snapshot => false}, {
        insta::assert_snapshot!(name, text);
    });
}

const MAIN: &str = "\
pipeline train {
  trigger manual

  stage release {
    environment = prdo
    approval    = ml_leads
  }
}
";

const TEAM: &str = "approval ml_lead {\n\tapprovers = [\"a@b.c\"]\n}\n\nenvironment prod {\n}\n";

pub fn typical() -> Case {
    let mut case = Case::new(&[("main.mlops", MAIN), ("team/people.mlops", TEAM)]);
    let prdo = case.span(0, "prdo");
    case.push(
        Diagnostic::error("undefined", prdo, "there is no environment `prdo`")
            .at("not declared")
            .label(case.span(1, "environment prod"), "the nearest name is declared here")
            .help("did you mean `prod`?"),
    );
    let leads = case.span(0, "ml_leads");
    case.push(
        Diagnostic::warning("unused-approval", leads, "the approval is never asked for")
            .label(case.span(0, "stage release"), "in this stage")
            .label(case.span(0, "trigger manual"), "because of this trigger")
            .replace("remove the line", leads, ""),
    );
    let whole = Span::new(FileId(0), 0, MAIN.len());
    case.push(Diagnostic::new(Severity::Info, "note", whole, "a finding over the whole file, which is long"));
    let end = Span::new(FileId(1), TEAM.len(), TEAM.len());
    case.push(Diagnostic::error("syntax", end, "the file ends inside a body").at("expected `}`"));
    case
}

#[test]
fn findings_with_their_source() {
    assert_snapshot("report_human", &typical().render(PLAIN));
}

#[test]
fn findings_in_colour() {
    let text = typical().render(Options { paint: Paint { on: true }, ..PLAIN });
    assert_snapshot("report_colour", &text.replace('\u{1B}', "ESC"));
}

#[test]
fn findings_on_one_line_each() {
    let expected = "\
demo/main.mlops:5:19: error[undefined] there is no environment `prdo`
demo/main.mlops:6:19: warning[unused-approval] the approval is never asked for
demo/main.mlops:1:1: info[note] a finding over the whole file, which is long
demo/team/people.mlops:7:1: error[syntax] the file ends inside a body
";
    assert_eq!(typical().render(Options { format: Format::Concise, ..PLAIN }), expected);
}

#[test]
fn awkward_sources() {
    let text = "bom \u{FEFF} wide 漢字 é tab\there\r\nsecond\u{202E}line\u{7}\r\nlast";
    let mut case = Case::new(&[("a.mlops", text), ("empty.mlops", "")]);
    for words in ["漢", "é", "here", "\u{202E}", "last"] {
        case.push(Diagnostic::error("x", case.span(0, words), "escape \u{1B}[31m stays out").at("here"));
    }
    let line_end = case.span(0, "\r\n").start as usize;
    case.push(
        Diagnostic::error("x", Span::new(FileId(0), line_end, line_end), "nothing but a line's end")
            .at("here"),
    );
    case.push(Diagnostic::error("x", Span::new(FileId(1), 0, 0), "an empty file").at("here"));
    let text = case.render(PLAIN);
    assert!(!text.contains(['\u{1B}', '\u{7}', '\u{202E}']), "{text}");
    assert_snapshot("report_awkward", &text);
}

#[test]
fn a_very_long_line_is_cut_to_the_place() {
    let line = format!("{}needle{}", "a ".repeat(300_000), " b".repeat(300_000));
    let mut case = Case::new(&[("a.mlops", &line)]);
    case.push(
        Diagnostic::error("x", case.span(0, "needle"), "found")
            .at("here")
            .label(case.span(0, "a"), "far away"),
    );
    let text = case.render(PLAIN);
    assert!(text.len() < 2_000, "{}", text.len());
    assert!(text.contains("[demo/a.mlops:1:600001]") && text.contains("a needle b"), "{text}");
    assert!(text.contains("╰── here") && text.contains("╰── far away"), "{text}");
}

#[test]
fn the_place_of_the_finding_comes_first() {
    let text = format!("stage build {{}}\n{}stage build {{}}\n", "\n".repeat(30));
    let mut case = Case::new(&[("a.mlops", &text)]);
    let second = Span::new(FileId(0), text.rfind("build").unwrap(), text.rfind(" {").unwrap());
    case.push(
        Diagnostic::error("duplicate", second, "`build` is declared twice")
            .label(case.span(0, "build"), "first"),
    );
    assert_snapshot("report_order", &case.render(PLAIN));
}

#[test]
fn many_labels_are_counted() {
    let lines: Vec<String> = (0..100).map(|n| format!("stage s{n} {{}}\n\n\n\n")).collect();
    let lines = lines.concat();
    let mut case = Case::new(&[("a.mlops", &lines)]);
    let mut finding = Diagnostic::error("cycle", case.span(0, "s0 "), "stages wait for each other");
    for n in 1..100 {
        finding = finding.label(case.span(0, &format!("s{n} ")), "waits");
    }
    case.push(finding.help("remove one `needs`"));
    let text = case.render(PLAIN);
    assert!(text.contains("  help: 88 more places are not shown\n        remove one `needs`\n"), "{text}");
    assert_eq!(text.matches("waits").count(), 11);
}

#[test]
fn any_span_of_any_text_can_be_drawn() {
    let texts = [
        "",
        "\n",
        "a",
        "a\n",
        "\r\n\r\n",
        "é漢\u{1F600}\n\tx\r\ny",
        "no end \u{85}\u{9B}",
        &"x".repeat(5_000),
    ];
    for text in texts {
        let mut case = Case::new(&[("a.mlops", text), ("b.mlops", text)]);
        let step = text.len() / 12 + 1;
        for start in (0..=text.len()).step_by(step) {
            for end in (start..=text.len()).step_by(step) {
                let span = |file| Span::new(FileId(file), start, end);
                let finding = Diagnostic::error("x", span(0), "m").at("one").label(span(1), "two");
                case.push(finding.label(Span::new(FileId(0), 0, start), "three"));
            }
        }
        let drawn = case.render(PLAIN);
        assert_eq!(drawn.matches("error[x]: m").count(), case.findings.len(), "{text:?}");
    }
}

#[test]
fn many_findings_in_a_large_file_take_no_time() {
    let text = "stage name { run \"x\" }\n".repeat(220_000);
    assert!(text.len() > 5_000_000);
    let mut case = Case::new(&[("a.mlops", &text)]);
    for n in 0..200 {
        let start = text.len() - 23 * (n * 1_000 + 1);
        case.push(Diagnostic::error("x", Span::new(FileId(0), start, start + 5), "m").at("here"));
    }
    let start = Instant::now();
    let drawn = case.render(PLAIN);
    assert_eq!(drawn.matches("╰── here").count(), 200);
    assert!(start.elapsed() < Duration::from_secs(5), "{:?}", start.elapsed());
}

#[test]
fn text_is_broken_at_blanks_only() {
    assert_eq!(fill("one two three", 7), "one two\nthree");
    assert_eq!(fill("azure-devops/with/a/long-path x", 5), "azure-devops/with/a/long-path\nx");
    assert_eq!(fill("  indented\n\nnext", 40), "  indented\n\nnext");
    assert_eq!(fill("", 10), "");
}
