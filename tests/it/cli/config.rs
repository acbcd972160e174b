//! `mlopsc.toml`.

use mlopsc::base::span::FileId;
use mlopsc::config::{Config, parse};

/// The findings as `place: message | help`.
fn findings(text: &str) -> Vec<String> {
    let (_, findings) = parse(text, FileId(0));
    let line = |it: &mlopsc::diag::Diagnostic| {
        assert_eq!(it.code, "config");
        format!("{:?}: {} | {}", it.span().range(), it.message, it.help.clone().unwrap_or_default())
    };
    findings.iter().map(line).collect()
}

fn output(text: &str) -> String {
    let (config, findings) = parse(text, FileId(0));
    assert_eq!(findings, []);
    config.output
}

#[test]
fn without_a_word_the_output_is_generated() {
    assert_eq!(parse("", FileId(0)), (Config::default(), Vec::new()));
}

#[test]
fn options_are_texts_numbers_and_booleans() {
    let (config, found) = parse("[options]\nregion = \"west\"\nnodes = 3\nfast = true\n", FileId(0));
    assert_eq!(found, []);
    let expected = [("region", "west"), ("nodes", "3"), ("fast", "true")];
    assert!(expected.iter().all(|(name, text)| config.options.contains(&((*name).into(), (*text).into()))));
    assert!(findings("[options]\nregions = [\"west\"]\n")[0].contains("not an array"));
    assert!(findings("options = 3\n")[0].contains("`options` is a table, not an integer"));
}

#[test]
fn the_output_is_normalized() {
    assert_eq!(output("output = \"delivery/ml\""), "delivery/ml");
    assert_eq!(output("output = \"./delivery//ml/\""), "delivery/ml");
    assert_eq!(output("output = \".\""), ".");
}

#[test]
fn an_output_outside_the_project_is_refused() {
    let wrong = ["/srv/out", "../out", "a/../../b", "C:/out", "a\\\\b", "", "  "];
    for path in wrong {
        let text = format!("output = \"{path}\"");
        let found = findings(&text);
        assert_eq!(found.len(), 1, "{path}: {found:?}");
        let value = format!("9..{}", text.len());
        assert!(found[0].starts_with(&format!("{value}: `output` ")), "{path}: {found:?}");
        assert_eq!(parse(&text, FileId(0)).0, Config::default(), "{path}");
    }
}

#[test]
fn a_value_of_another_type_is_told() {
    assert!(findings("output = 3")[0].starts_with("9..10: `output` is text, not an integer | "));
    assert!(findings("output = [\"a\"]")[0].starts_with("9..14: `output` is text, not an array | "));
    assert!(findings("output.x = 1")[0].contains("`output` is text, not a table"));
}

#[test]
fn unknown_keys_are_located_and_the_rest_still_counts() {
    let text = "outptu = \"a\"\ncolour = 1\noutput = \"b\"\n";
    let expected = [
        "0..6: `outptu` is not a key of `mlopsc.toml` | did you mean `output`?",
        "13..19: `colour` is not a key of `mlopsc.toml` | the keys are: `output`, `options`, `check`",
    ];
    assert_eq!(findings(text), expected);
    assert_eq!(parse(text, FileId(0)).0.output, "b");
    let (_, found) = parse(text, FileId(0));
    let fix = found[0].fix.as_ref().unwrap();
    assert_eq!((fix.edits[0].span.range(), fix.edits[0].text.as_str()), (0..6, "output"));
}

#[test]
fn what_is_no_toml_is_located() {
    for text in
        ["output = ", "output \"a\"", "[", "= 3", "output = \"a\noutput = 'b'", "\u{FEFF}output = \"a\" x"]
    {
        let (_, found) = parse(text, FileId(0));
        assert!(!found.is_empty(), "{text:?}");
        for finding in found {
            assert!(finding.span().range().end <= text.len(), "{text:?}");
            assert!(!finding.message.is_empty() && !finding.message.contains('\n'), "{text:?}");
        }
    }
    assert_eq!(findings("output = \"a\"\noutput = \"b\"").len(), 1, "a key twice");
}
