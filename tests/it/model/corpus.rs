//! Healthy files that between them use every word of the table.

use crate::support::{files_below, render};
use crate::texts;
use mlopsc::base::files::Memory;
use mlopsc::driver::Analysis;

/// What the corpus names.
const SIDE_FILES: &[(&str, &str)] = &[
    ("ml/conda.yml", "dependencies: [python=3.12]\n"),
    ("ml/image/Dockerfile", "FROM scratch\nUSER 1000\n"),
    ("ml/table/MLTable", "paths: []\n"),
    ("ml/train/train.py", "print('trained')\n"),
    ("ml/components/evaluate.yml", EVALUATE),
    ("ml/components/job.yml", "$schema: https://x.example/commandJob.schema.json\ntype: command\n"),
    ("engine/Dockerfile", "FROM scratch\nUSER 1000\n"),
    ("copies/engine/Dockerfile", "FROM scratch\nUSER 1000\n"),
    ("engine/app.yml", "level: info\n"),
    ("charts/ui/Chart.yaml", "apiVersion: v2\nname: ui\nversion: 1.0.0\n"),
    ("charts/ui/values.yaml", "web: {}\nlist: []\n"),
    ("charts/ui/templates/all.yaml", "x: {{ toJson .Values.web }}{{ toJson .Values.list }}\n"),
    ("templates/steps.yml", include_str!("../../cases/templates/steps.yml")),
    ("templates/jobs.yml", include_str!("../../cases/templates/jobs.yml")),
    ("templates/stages.yml", include_str!("../../cases/templates/stages.yml")),
    ("templates/extends.yml", include_str!("../../cases/templates/extends.yml")),
    ("templates/variables.yml", include_str!("../../cases/templates/variables.yml")),
    ("templates/loop.yml", include_str!("../../cases/templates/loop.yml")),
    ("templates/plain.yml", "steps:\n  - bash: make\n    name: made\n"),
    ("templates/broken.yml", "steps: ["),
    ("copies/tools/steps.yml", include_str!("../../cases/templates/steps.yml")),
    ("scripts/list.sh", "az group list\n"),
    ("copies/engine/scripts/list.sh", "make\n"),
    ("copies/engine/scripts/build.py", "def test_one(): pass\n"),
    ("infra/main.bicep", "param name string\noutput vaultName string = name\n"),
    ("infra/sub.bicep", "targetScope = 'subscription'\n"),
    ("infra/main.bicepparam", "using 'main.bicep'\n"),
    ("infra/params.json", "{\"parameters\": {}}"),
    ("scripts/build.py", "print('built')\n"),
];

const EVALUATE: &str = "type: command\ninputs:\n  model: {type: mlflow_model}\n  testData: {type: uri_folder}\n  \
    threshold: {type: number, default: 0.5, min: 0, max: 1}\noutputs:\n  promote: {type: uri_file}\n";

/// Name and text of each.
pub fn healthy() -> Vec<(String, String)> {
    files_below("tests/cases/model/ok", ".mlops")
}

pub fn side_files() -> Memory {
    Memory(SIDE_FILES.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned())).collect())
}

pub fn analysis(text: &str) -> Analysis {
    texts::analysis(text, SIDE_FILES)
}

#[test]
fn healthy_files_have_no_findings() {
    let mut wrong = Vec::new();
    for (name, text) in healthy() {
        let analysis = analysis(&text);
        if !analysis.findings.is_empty() {
            wrong.push(format!("{name}\n{}", render(&analysis.sources, &analysis.findings)));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
