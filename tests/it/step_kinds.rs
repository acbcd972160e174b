//! Kinds of steps as Azure Pipelines files: `tests/cases/steps/*.mlops`, each with its snapshot.

use crate::support::{files_below, render, repository};
use mlopsc::base::files::Memory;
use mlopsc::base::sources::Sources;
use mlopsc::driver;
use mlopsc::emit::Target;

/// What the cases name.
const SIDE_FILES: &[(&str, &str)] = &[
    ("charts/web/Chart.yaml", "apiVersion: v2\nname: web\nversion: 1.2.3\n"),
    ("charts/web/templates/all.yaml", "{{ toYaml .Values }}\n"),
];

#[test]
fn each_becomes_what_azure_pipelines_takes() {
    let side: Vec<_> =
        SIDE_FILES.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned())).collect();
    for (path, text) in files_below("tests/cases/steps", ".mlops") {
        let mut sources = Sources::default();
        sources.add("main.mlops".to_owned(), text);
        let analysis = driver::analyze(sources, &Memory(side.iter().cloned().collect()));
        let said = render(&analysis.sources, &analysis.findings);
        assert!(!analysis.has_errors(), "{path}\n{said}");
        let files = driver::emit(&analysis, "generated", &[Target::AzureDevops]);
        let files = files.into_iter().map(|it| format!("=== {}\n{}", it.path, it.text));
        let all = said + &files.collect::<String>();
        let name = path.rsplit('/').next().expect("it has a name").trim_end_matches(".mlops").to_owned();
        let mut settings = insta::Settings::clone_current();
        settings.set_snapshot_path(repository("tests/cases/steps"));
        settings.set_prepend_module_to_snapshot(false);
        settings.set_omit_expression(true);
        settings.bind(|| insta::assert_snapshot!(name, all));
    }
}
