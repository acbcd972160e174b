//! What rules must not report: cases close to their findings, one file a rule. What they must report is on their pages.

use crate::pages::{side_files, tagged};
use crate::support::{files_below, render};
use crate::texts::analysis;
use mlopsc::base::files::{Files, Memory};
use mlopsc::{check, explain, plan};
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

/// A name, a text and the files beside it.
type Case = (String, String, Vec<(String, String)>);

/// What must not be found, and what pages show as failing.
fn projects() -> Vec<Case> {
    let beside: Vec<(String, String)> =
        SIDE_FILES.iter().map(|it| (it.0.to_owned(), it.1.to_owned())).collect();
    let quiet = files_below("tests/cases/rules", ".mlops").into_iter();
    let mut all: Vec<Case> = quiet.map(|(path, text)| (path, text, beside.clone())).collect();
    for kind in explain::kinds() {
        let texts = tagged(kind.page, "mlops,fails").into_iter();
        all.extend(texts.map(|it| (kind.code.to_owned(), it, side_files(kind.page))));
    }
    all
}

/// Rules look at some pipelines at a time: which stand together in a part makes no difference.
#[test]
fn findings_do_not_depend_on_parts() {
    let (mut many, mut found) = (0, 0);
    for (name, text, side_files) in projects() {
        let side_files: Vec<(&str, &str)> =
            side_files.iter().map(|it| (it.0.as_str(), it.1.as_str())).collect();
        let analysis = analysis(&text, &side_files);
        let files = Memory(side_files.iter().map(|it| (it.0.to_owned(), it.1.to_owned())).collect());
        let (project, graphs) = (&analysis.project, &analysis.graphs);
        let (plan, _) = plan::build(project, graphs, "generated");
        let complete = !analysis.has_errors();
        let run = |part| {
            let texts = (&analysis.sources, &files as &dyn Files);
            check::run_in_parts(project, graphs, &plan, texts, (complete, part))
        };
        let (one_by_one, together) = (run(1), run(usize::MAX));
        assert_eq!(one_by_one, together, "{name}");
        many += usize::from(project.pipelines.len() > 1);
        found += one_by_one.len();
    }
    assert!(many > 30 && found > 300, "{many} projects with several pipelines, {found} findings");
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
