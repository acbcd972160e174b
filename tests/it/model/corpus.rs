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
    ("engine/Dockerfile", "FROM scratch\nUSER 1000\n"),
    ("copies/engine/Dockerfile", "FROM scratch\nUSER 1000\n"),
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
    ("scripts/build.py", "print('built')\n"),
];

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
    for (name, text) in healthy() {
        let analysis = analysis(&text);
        assert_eq!(render(&analysis.sources, &analysis.findings), "", "{name}");
    }
}
