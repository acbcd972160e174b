//! The pages of the codes.

use super::support::Sandbox;
use mlopsc::diag::Kind;
use mlopsc::explain::{kind, kinds, lines, title};

/// The examples of a page: what stands behind the fence, and the text.
fn examples(page: &str) -> Vec<(String, String)> {
    let mut examples: Vec<(String, String)> = Vec::new();
    let mut inside = false;
    for line in lines(page) {
        if let Some(fence) = line.strip_prefix("```") {
            inside = !inside;
            if inside {
                examples.push((fence.to_owned(), String::new()));
            }
        } else if inside {
            let (_, text) = examples.last_mut().unwrap();
            text.push_str(line);
            text.push('\n');
        }
    }
    examples
}

#[test]
fn every_page_has_a_title_and_both_kinds_of_examples() {
    // An example of too many errors would be too long for its page.
    for Kind { code, page, .. } in kinds().into_iter().filter(|it| it.code != "too-many-errors") {
        assert!(title(page).len() > 10, "{code}");
        let fails = |fence: &str| fence.ends_with(",fails");
        let examples = examples(page);
        assert!(examples.iter().any(|(fence, _)| fails(fence)), "{code}");
        assert!(examples.iter().any(|(fence, _)| !fails(fence)), "{code}");
        let prose: usize = lines(page).take_while(|line| !line.starts_with("```")).map(str::len).sum();
        assert!(prose > 60, "{code} does not say why");
    }
    let codes: Vec<&str> = kinds().iter().map(|it| it.code).collect();
    assert!(codes.is_sorted() && codes.windows(2).all(|two| two[0] != two[1]), "{codes:?}");
}

#[test]
fn the_examples_of_the_edge_do_what_they_say() {
    for code in ["config", "not-utf8"] {
        for (fence, text) in examples(kind(code).unwrap().page) {
            let sandbox = Sandbox::new(&[("main.mlops", ""), ("mlopsc.toml", "")]);
            let name = if fence.starts_with("toml") { "mlopsc.toml" } else { "main.mlops" };
            // A page is UTF-8 itself and shows the bad byte as editors do.
            let bytes: Vec<Vec<u8>> = text.split('\u{FFFD}').map(|part| part.as_bytes().to_vec()).collect();
            sandbox.write(name, bytes.join(&0xE9));
            let run = sandbox.run(&["check", "--output-format", "concise"]);
            assert_eq!(
                run.out.contains(&format!("error[{code}]")),
                fence.ends_with(",fails"),
                "{code}: {run:?}"
            );
            assert_eq!(run.code == 1, fence.ends_with(",fails"), "{code}: {run:?}");
        }
    }
}

#[test]
fn a_page_is_printed_as_text() {
    let sandbox = Sandbox::new(&[]);
    let run = sandbox.run(&["explain", "config"]);
    assert_eq!((run.code, run.err.as_str()), (0, ""));
    insta::with_settings!({snapshot_path => "../../cases/cli", prepend_module_to_snapshot => false}, {
        insta::assert_snapshot!("explain_config", run.out);
    });
    assert_eq!(sandbox.run(&["explain", "error[config]:"]).out, run.out);
    assert_eq!(sandbox.run(&["explain", "[config]"]).out, run.out);
}

#[test]
fn all_codes_are_listed() {
    let run = Sandbox::new(&[]).run(&["explain"]);
    assert_eq!(run.code, 0);
    for Kind { code, page, .. } in kinds() {
        let line = run.out.lines().find(|line| line.split_whitespace().next() == Some(code)).unwrap();
        assert!(line.ends_with(title(page)), "{line}");
    }
}

#[test]
fn an_unknown_code_gets_a_suggestion() {
    let sandbox = Sandbox::new(&[]);
    let run = sandbox.run(&["explain", "not-utf-8"]);
    assert_eq!((run.code, run.out.as_str()), (2, ""));
    assert_eq!(run.err, "error: there is no code `not-utf-8`\n  help: did you mean `not-utf8`?\n");
    let run = sandbox.run(&["explain", "E0308"]);
    assert!(run.err.ends_with("help: `mlopsc explain` lists all codes\n"), "{}", run.err);
}

#[test]
fn a_page_may_be_the_header_of_a_rust_file() {
    let rule = "//! # A title\n//!\n//! Words.\n//!   indented\n\nuse x;\n//! not this\n";
    assert_eq!(lines(rule).collect::<Vec<_>>(), ["# A title", "", "Words.", "  indented"]);
    assert_eq!(title(rule), "A title");
}
