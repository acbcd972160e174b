//! What the model says about mistakes that only people make.

use super::corpus;
use crate::support::{files_below, render};
use crate::texts::findings;

#[test]
fn mistakes_are_told() {
    for (name, text) in files_below("tests/cases/model/broken", ".mlops") {
        let analysis = corpus::analysis(&text);
        let report = render(&analysis.sources, &analysis.findings);
        assert!(analysis.has_errors(), "{name}");
        let name = name.rsplit('/').next().expect("a path has a name").trim_end_matches(".mlops");
        insta::with_settings!({ prepend_module_to_snapshot => false, omit_expression => true, snapshot_path => "../snapshots" }, {
            insta::assert_snapshot!(format!("model__{name}"), format!("{text}\n----\n{report}"));
        });
    }
}

/// What is written, and what the help says to write instead.
const MEANT: &[(&str, &str)] = &[
    ("service api { image = \"team/api\", resources { cpu = 1, memory = 512MB } }", "`512M`"),
    ("service api { image = \"team/api\", resources { cpu = 1, memory = 1GiB..2Gi } }", "`1Gi`"),
    ("service api { image = \"team/api\", resources { cpu = 1, memory = 512 } }", "`512Mi`"),
    ("service api { image = \"team/api\", resources { cpu = 250mc, memory = 1Gi } }", "`500m`"),
    ("environment prod { lock = true }", "write `latest` or `sequential`"),
    (
        "pipeline p { trigger manual, stage dev { submit training { wait = true } } }",
        "write `agent`, `server` or `none`",
    ),
    ("pipeline p { trigger manual, stage dev { run \"make\" { enabled = yes } } }", "`true`"),
    ("pipeline p {\n trigger: none\n stage dev { run \"make\" }\n}", "`trigger manual`"),
    ("pipeline p {\n trigger:\n stage dev { run \"make\" }\n}", "`trigger push { branches = [\"main\"] }`"),
    (
        "pipeline p { trigger manual, stage build { run \"x\" }, stage dev needs build { run \"y\" } }",
        "`needs = build` inside the braces",
    ),
    (
        "pipeline p { trigger manual, stage dev dependsOn build { run \"y\" } }",
        "`needs = build` inside the braces",
    ),
    (
        "pipeline p { trigger manual, stage dev { run \"make\" timeout 5m } }",
        "`timeout = 5m` inside the braces",
    ),
];

#[test]
fn the_help_says_what_was_meant() {
    for (text, help) in MEANT {
        let told: Vec<_> = findings(text).into_iter().filter_map(|it| it.help).collect();
        assert!(told.iter().any(|it| it.contains(help)), "{text}: {told:#?}");
    }
}
