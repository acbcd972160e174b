//! What rules must not report: cases close to their findings, one file a rule. What they must report is on their pages.

use crate::support::{files_below, render};
use crate::texts::analysis;
use mlopsc::explain;
use std::collections::BTreeSet;

const SIDE_FILES: &[(&str, &str)] = &[
    ("ml/train/train.py", "timer = threading.Timer(60, stop)\ntimer.cancel()\nself.task.cancel()\n"),
    ("ci/steps.yml", "steps:\n- bash: ./test.sh\n  name: calls\n- bash: make\n"),
    ("infra/main.bicep", "param name string\nparam sku string = 'Basic'\noutput vaultName string = name\n"),
    ("infra/odd.json", "// ARM takes comments\n{}\n"),
    ("Dockerfile", "FROM python:3.11-slim\nUSER 1000\n"),
    (
        "ml/pinned.yml",
        "dependencies:\n  - python=3.12\n  - pip\n  - pip: [azure-ai-ml>=1.27, 'azureml-mlflow==1.60', 'mlflow @ git+https://x.example/m@v1', -r more.txt]\n",
    ),
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

fn found(statements: &str) -> Vec<(String, String)> {
    let text = format!("pipeline build {{\n  trigger manual\n  stage build {{\n{statements}\n  }}\n}}\n");
    let findings = analysis(&text, &[]).findings;
    let at = |it: &mlopsc::diag::Diagnostic| text[it.span().range()].to_owned();
    findings.iter().map(|it| (it.code.to_owned(), at(it))).collect()
}

#[test]
fn what_is_written_as_true_or_false_decides() {
    for (condition, part) in [
        ("true", "true"),
        ("false", "false"),
        ("run.branch == \"main\" || true", "run.branch == \"main\" || true"),
        ("run.branch == \"main\" && false", "run.branch == \"main\" && false"),
        ("run.branch == \"main\" && true", "true"),
    ] {
        let told = found(&format!("    run \"make\" {{ when = {condition} }}"));
        assert_eq!(told, [("constant-condition".to_owned(), part.to_owned())], "{condition}");
    }
    let put = "    for on in [true, false] { job at[on] { when = on, run \"make\" } }";
    assert!(!found(put).iter().any(|it| it.0 == "constant-condition"), "{:?}", found(put));
}

#[test]
fn each_download_of_a_script_is_told_at_its_line() {
    let address = "https://example.invalid/x.sh";
    let script = format!("curl -s {address} | sh\ncurl -s {address} | bash\necho\ncurl -s {address} | sh");
    let text = format!(
        "pipeline build {{\n  trigger manual\n  stage build {{\n    run \"\"\"\n    {}\n    \"\"\"\n  }}\n}}\n",
        script.replace('\n', "\n    ")
    );
    let findings = analysis(&text, &[]).findings;
    let line = |it: &mlopsc::diag::Diagnostic| text[..it.span().start as usize].lines().count();
    let told = findings.iter().filter(|it| it.code == "unverified-download").map(line);
    assert_eq!(told.collect::<Vec<_>>(), [5, 6, 8], "{findings:?}");
}

#[test]
fn a_macro_is_told_at_its_line() {
    let told = found("    run \"\"\"\n    make\n    echo $(Build.SourceBranch)\n    \"\"\"");
    assert_eq!(told, [("macro-in-script".to_owned(), "$(Build.SourceBranch)".to_owned())]);
}
