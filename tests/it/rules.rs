//! What rules must not report: cases close to their findings, one file a rule. What they must report is on their pages.

use crate::support::{files_below, render};
use crate::texts::analysis;
use mlopsc::explain;
use std::collections::BTreeSet;

const SIDE_FILES: &[(&str, &str)] = &[
    ("ml/train/train.py", "timer = threading.Timer(60, stop)\ntimer.cancel()\nself.task.cancel()\n"),
    ("infra/main.bicep", "param name string\nparam sku string = 'Basic'\noutput vaultName string = name\n"),
    ("infra/odd.json", "// ARM takes comments\n{}\n"),
    ("Dockerfile", "FROM python:3.11-slim\nUSER 1000\n"),
    ("charts/api/Chart.yaml", "apiVersion: v2\nname: api\nversion: 1.2.3\n"),
    ("charts/api/values.yaml", "name: api\nmode: one\n"),
    (
        "charts/api/values.schema.json",
        r#"{ "required": ["name", "mode"], "properties": { "replicas": { "type": "integer" }, "mode": { "enum": ["one", "two"] } } }"#,
    ),
    (
        "charts/api/templates/all.yaml",
        "{{ .Values.replicas }}{{ .Values.name }}{{ .Values.mode }}{{ .Values.image | toJson }}{{ with .Values.free }}{{ toYaml . }}{{ end }}",
    ),
];

/// The rule of a file, `agent-sleeps` of `agent_sleeps.mlops`.
fn rule(path: &str) -> String {
    let file = path.rsplit('/').next().unwrap_or(path);
    file.trim_end_matches(".mlops").replace('_', "-")
}

#[test]
fn what_is_close_to_a_finding_is_none() {
    let mut wrong = Vec::new();
    for (path, text) in files_below("tests/cases/rules", ".mlops") {
        let rule = rule(&path);
        let mut analysis = analysis(&text, SIDE_FILES);
        analysis.findings.retain(|it| it.code == rule || it.is_error());
        if !analysis.findings.is_empty() {
            wrong.push(format!("{path}\n{}", render(&analysis.sources, &analysis.findings)));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_rule_has_such_a_case() {
    let cases: BTreeSet<String> =
        files_below("tests/cases/rules", ".mlops").iter().map(|(path, _)| rule(path)).collect();
    let rules = files_below("src/check/rules", ".rs").into_iter().map(|(path, _)| path);
    let rules: BTreeSet<String> =
        rules.map(|it| rule(&it).replace(".rs", "")).filter(|it| it != "mod").collect();
    assert_eq!(cases, rules);
    let known: BTreeSet<String> = explain::kinds().iter().map(|it| it.code.to_owned()).collect();
    assert!(rules.is_subset(&known));
}
