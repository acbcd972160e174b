//! Findings for programs.

use super::report::{Case, PLAIN, assert_snapshot, typical};
use super::support::Sandbox;
use mlopsc::base::span::{FileId, Span};
use mlopsc::cli::report::{Format, Options};
use mlopsc::diag::{Diagnostic, Severity};
use serde_json::Value;

const DOCUMENTS: [Format; 7] = [
    Format::Json,
    Format::JsonLines,
    Format::Sarif,
    Format::Gitlab,
    Format::Junit,
    Format::Rdjson,
    Format::Checkstyle,
];

fn render(case: &Case, format: Format) -> String {
    case.render(Options { format, ..PLAIN })
}

/// Everything that formats have to escape, and a column that each counts in its own way.
fn awkward() -> Case {
    let mut case = Case::new(&[("odd name;[1].mlops", "x = \"é\u{1F600}\" % y // end\nlast\n")]);
    let message = "100% `a|b` <c> & \"d\": e, f; [g]\nsecond line \u{7} done";
    let finding = Diagnostic::error("invalid-value", case.span(0, "y"), message).at("here");
    case.push(finding.help("write `<z>`, not *this*").replace("change to `z`", case.span(0, "y"), "z"));
    case
}

#[test]
fn each_format_tells_the_same() {
    let formats = [
        ("json", Format::Json),
        ("json_lines", Format::JsonLines),
        ("sarif", Format::Sarif),
        ("azure", Format::Azure),
        ("github", Format::Github),
        ("gitlab", Format::Gitlab),
        ("junit", Format::Junit),
        ("rdjson", Format::Rdjson),
        ("markdown", Format::Markdown),
        ("checkstyle", Format::Checkstyle),
    ];
    for (name, format) in formats {
        let told = |case: &Case| render(case, format).replace(env!("CARGO_PKG_VERSION"), "VERSION");
        let (plain, odd) = (told(&typical()), told(&awkward()));
        assert_snapshot(&format!("format_{name}"), &format!("{plain}\n----\n{odd}"));
    }
}

#[test]
fn columns_are_counted_as_the_format_says() {
    let column = |format, pointer: &str| {
        let document: Value = serde_json::from_str(&render(&awkward(), format)).unwrap();
        document.pointer(pointer).and_then(Value::as_u64).unwrap()
    };
    // `x = "é😀" % ` is 11 characters, 12 code units of UTF-16 and 15 bytes.
    assert_eq!(column(Format::Json, "/0/location/column"), 12);
    let region = "/runs/0/results/0/locations/0/physicalLocation/region/startColumn";
    assert_eq!(column(Format::Sarif, region), 13);
    assert_eq!(column(Format::Rdjson, "/diagnostics/0/location/range/start/column"), 16);
}

#[test]
fn commands_to_agents_are_one_line_each() {
    for format in [Format::Azure, Format::Github] {
        let text = render(&awkward(), format);
        assert_eq!(text.lines().count(), 2, "{text}");
        assert!(text.ends_with("mlopsc: 1 error in 1 file\n"), "{text}");
    }
}

#[test]
fn the_agent_is_told_that_it_keeps_ten() {
    let mut case = Case::new(&[("a.mlops", &"x\n".repeat(20))]);
    for line in 0..11 {
        let span = Span::new(FileId(0), line * 2, line * 2 + 1);
        case.push(Diagnostic::warning("x", span, "m"));
    }
    let text = render(&case, Format::Azure);
    assert_eq!(text.matches("##vso[task.logissue type=warning;").count(), 11);
    assert!(
        text.lines().last().unwrap().starts_with("mlopsc: 11 warnings in 1 file; the run shows the first 10")
    );
}

/// The fingerprints of the findings in order.
fn fingerprints(case: &Case) -> Vec<String> {
    let all: Vec<Value> = serde_json::from_str(&render(case, Format::Json)).unwrap();
    all.iter().map(|it| it["fingerprint"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn fingerprints_stay_when_lines_move() {
    let line = "stage one { run \"x\" }\n";
    let make = |text: &str| {
        let mut case = Case::new(&[("a.mlops", text)]);
        let starts: Vec<usize> = text.match_indices("run").map(|it| it.0).collect();
        for start in starts {
            let span = Span::new(FileId(0), start, start + 3);
            case.push(Diagnostic::error("x", span, format!("at {start}")));
        }
        case
    };
    let before = fingerprints(&make(&format!("{line}{line}stage two {{ run \"y\" }}\n")));
    let after = fingerprints(&make(&format!("// new\n\n  {line}\n{line}\n\tstage two  {{ run \"y\" }}\n")));
    assert_eq!(before, after);
    let mut different = before.clone();
    different.sort();
    different.dedup();
    assert_eq!(different.len(), 3, "{before:?}");
}

#[test]
fn a_document_is_whole_where_nothing_is_found() {
    let sandbox = Sandbox::new(&[("main.mlops", "fine\n")]);
    for (format, begins) in [
        ("json", "[]\n"),
        ("json-lines", ""),
        ("sarif", "{\n"),
        ("gitlab", "[]\n"),
        ("junit", "<?xml"),
        ("rdjson", "{\n"),
        ("checkstyle", "<?xml"),
        ("markdown", "**mlopsc**: no findings in 1 file\n"),
        ("azure", "mlopsc: no findings in 1 file\n"),
        ("github", "mlopsc: no findings in 1 file\n"),
        ("human", ""),
        ("concise", ""),
    ] {
        let run = sandbox.run(&["check", "--format", format]);
        assert_eq!(run.code, 0, "{format}");
        let same = if begins.ends_with(":1\n") || begins.is_empty() {
            run.out == begins
        } else {
            run.out.starts_with(begins)
        };
        assert!(same, "{format}: {}", run.out);
    }
}

#[test]
fn programs_get_all_findings_where_no_limit_is_said() {
    let sandbox = Sandbox::new(&[("main.mlops", &"error one\n".repeat(150))]);
    let all = |args: &[&str]| sandbox.run(&[&["check"], args].concat()).out;
    assert_eq!(all(&["--format", "json-lines"]).lines().count(), 150);
    assert_eq!(all(&["--format", "json-lines", "--max-diagnostics", "7"]).lines().count(), 7);
    let people = all(&["--format", "concise"]);
    assert!(people.ends_with("and 50 more; `--max-diagnostics 0` prints all\n"), "{people}");
    assert_eq!(all(&["--output-format", "concise", "--max-diagnostics", "0"]).lines().count(), 150);
}

#[test]
fn the_surroundings_do_not_change_the_format() {
    let sandbox = Sandbox::new(&[("main.mlops", "pipeline {\n")]);
    let run = |variables: &[(&str, &str)]| {
        let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_mlopsc"));
        command.arg("check").current_dir(sandbox.root()).env_remove("TF_BUILD").env_remove("GITHUB_ACTIONS");
        String::from_utf8(command.envs(variables.iter().copied()).output().unwrap().stdout).unwrap()
    };
    assert_eq!(run(&[("TF_BUILD", "True"), ("GITHUB_ACTIONS", "true"), ("GITLAB_CI", "true")]), run(&[]));
}

#[test]
fn a_report_goes_into_a_file_and_people_still_read_it() {
    let sandbox = Sandbox::new(&[("main.mlops", "error one\n"), ("kept.json", "old")]);
    for file in ["new.json", "kept.json"] {
        let run = sandbox.run(&["check", "--format", "json", "--output", file]);
        assert_eq!(run.code, 1);
        assert!(
            run.out.contains("error[made-up]: one") && run.out.contains("╭─[main.mlops:1:1]"),
            "{}",
            run.out
        );
        let found: Vec<Value> = serde_json::from_str(&sandbox.read(file)).unwrap();
        assert_eq!(found[0]["message"], "one");
    }
    let mut names: Vec<String> = sandbox.tree(".").into_keys().collect();
    names.sort();
    assert_eq!(names, ["kept.json", "main.mlops", "new.json"]);
    let run = sandbox.run(&["check", "--format", "json", "--output", "missing/report.json"]);
    assert_eq!(run.code, 2);
    assert!(run.err.starts_with("error: cannot write `missing/report.json`"), "{}", run.err);
    std::fs::create_dir(sandbox.at("folder")).unwrap();
    let run = sandbox.run(&["check", "--output", "folder"]);
    assert_eq!((run.code, run.err.as_str()), (2, "error: cannot write `folder`: it is no file\n"));
}

#[test]
fn a_report_replaces_no_file_of_the_project() {
    let sandbox = Sandbox::new(&[("mlopsc.toml", ""), ("main.mlops", "out helm/w 1\n")]);
    assert_eq!(sandbox.run(&["compile"]).code, 0);
    std::os::unix::fs::symlink(sandbox.at("main.mlops"), sandbox.at("link.json")).unwrap();
    let before = sandbox.tree(".");
    for file in ["main.mlops", "mlopsc.toml", "generated/helm/w", "link.json"] {
        let run = sandbox.run(&["check", "--format", "json", "--output", file]);
        assert_eq!(run.code, 2, "{run:?}");
        assert!(run.err.contains(&format!("`{file}` belongs to the project")), "{run:?}");
    }
    assert_eq!(sandbox.tree("."), before);
}

#[test]
fn a_report_that_cannot_be_written_leaves_the_old_one() {
    use super::support::Failing;
    let sandbox = Sandbox::new(&[("main.mlops", "error one\n"), ("report.json", "old")]);
    for at in 0..2 {
        let args = ["check", "--format", "json", "--output", "report.json"];
        let run = sandbox.run_in(".", &Failing::new(at, false), &args);
        assert_eq!(run.code, 2, "{run:?}");
        assert_eq!(sandbox.read("report.json"), "old");
    }
}

#[test]
fn statistics_count_codes_and_fixes() {
    let text = "error one\nwarning two\nerror three\n";
    let sandbox = Sandbox::new(&[("main.mlops", text)]);
    let run = sandbox.run(&["check", "--statistics"]);
    assert_eq!((run.code, run.out.lines().count()), (1, 2), "{}", run.out);
    assert!(run.out.starts_with("2  made-up      error"), "{}", run.out);
    let run = sandbox.run(&["check", "--statistics", "--format", "json"]);
    let rows: Vec<Value> = serde_json::from_str(&run.out).unwrap();
    assert_eq!((&rows[0]["count"], &rows[1]["count"]), (&2.into(), &1.into()));
    assert_eq!(rows[0]["fixable"], serde_json::json!({ "safe": 0, "unsafe": 0 }));
    let run = sandbox.run(&["check", "--statistics", "--format", "sarif"]);
    assert_eq!(run.code, 2);
    let sandbox = Sandbox::new(&[(
        "main.mlops",
        "pipeline train {\n  trigger manual\n  stage a { tiemout = 2h, run \"x\" }\n}\n",
    )]);
    let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_mlopsc"));
    let output = command.args(["check", "--statistics"]).current_dir(sandbox.root()).output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    let expected = "1  unknown-attribute  error    An attribute that the block does not have  (1 unsafe fix)\n1 unsafe fix\n";
    assert_eq!(text, expected);
}

#[test]
fn every_format_takes_every_span() {
    let text = "é漢\u{1F600}\n\tx\r\n";
    let mut case = Case::new(&[("a.mlops", text), ("b.mlops", "")]);
    for start in 0..=text.len() {
        for end in start..=text.len() {
            let span = Span::new(FileId(0), start, end);
            let empty = Span::new(FileId(1), 0, 0);
            let finding =
                Diagnostic::new(Severity::Info, "x", span, "m").label(empty, "").suggest("t", span, "u");
            case.push(finding);
        }
    }
    for format in DOCUMENTS.into_iter().chain([Format::Azure, Format::Github, Format::Markdown]) {
        assert!(!render(&case, format).is_empty());
    }
}
