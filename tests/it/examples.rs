//! The examples as users see them: what is found, and every file that is written.

use crate::support::{render, repository};
use mlopsc::base::files::{FileKind, Files};
use mlopsc::base::sources::Sources;
use mlopsc::driver::{self, Analysis};
use mlopsc::emit::Target;
use std::path::{Path, PathBuf};

/// The files of an example on the disk.
pub struct Folder(PathBuf);

impl Folder {
    pub fn of(path: &str) -> Folder {
        Folder(repository(path))
    }
}

impl Files for Folder {
    fn read(&self, path: &str) -> Result<Vec<u8>, String> {
        std::fs::read(self.0.join(path)).map_err(|error| error.to_string())
    }

    fn list(&self, folder: &str) -> Vec<String> {
        let entries = std::fs::read_dir(self.0.join(folder)).into_iter().flatten().flatten();
        let mut names: Vec<String> =
            entries.map(|it| it.file_name().to_string_lossy().into_owned()).collect();
        names.sort();
        names
    }

    fn kind(&self, path: &str) -> Option<FileKind> {
        let found = std::fs::metadata(self.0.join(path)).ok()?;
        Some(if found.is_dir() { FileKind::Folder } else { FileKind::File })
    }
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The folders in `below`, by name.
fn folders(below: &str) -> Vec<String> {
    let entries = std::fs::read_dir(root().join(below)).expect("the folder is there");
    let mut names: Vec<String> = entries
        .map(|it| it.expect("it can be listed"))
        .filter(|it| it.path().is_dir())
        .map(|it| it.file_name().to_string_lossy().into_owned())
        .collect();
    names.sort();
    names
}

/// The examples that describe a system as it should be.
pub fn complete() -> Vec<String> {
    folders("examples").into_iter().filter(|it| !it.ends_with("_literal")).collect()
}

pub fn analyze(folder: &str) -> Analysis {
    let root = root().join(folder);
    let mut paths = Vec::new();
    let mut folders = vec![root.clone()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).expect("the example is there") {
            let path = entry.expect("the example can be listed").path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|it| it == "mlops") {
                paths.push(path);
            }
        }
    }
    paths.sort();
    let mut sources = Sources::default();
    for path in paths {
        let text = std::fs::read_to_string(&path).expect("the example can be read");
        let inside = path.strip_prefix(&root).expect("it was found below the root");
        sources.add(inside.to_string_lossy().into_owned(), text);
    }
    driver::analyze(sources, &Folder(root))
}

pub const ALL: &[Target] = &[Target::AzureDevops, Target::AzureMl, Target::Helm, Target::Setup];

#[test]
fn examples_have_nothing_to_complain_about() {
    for name in complete() {
        let analysis = analyze(&format!("examples/{name}"));
        assert_eq!(render(&analysis.sources, &analysis.findings), "", "{name}");
    }
}

#[test]
fn examples_become_these_files() {
    for name in complete() {
        let files = driver::emit(&analyze(&format!("examples/{name}")), "generated", ALL);
        let folder = format!("snapshots/{name}");
        let fixed = |it: &&mlopsc::emit::OutputFile| {
            it.path.contains("/templates/") || it.path.ends_with("/setup.sh")
        };
        for file in files.iter().filter(|it| !fixed(it)) {
            insta::with_settings!({ prepend_module_to_snapshot => false, snapshot_path => &folder, omit_expression => true }, {
                insta::assert_snapshot!(file.path.replace('/', "__"), file.text);
            });
        }
        let paths: Vec<&str> = files.iter().map(|it| it.path.as_str()).collect();
        insta::assert_snapshot!(format!("{name}_files"), paths.join("\n"));
    }
}

#[test]
fn the_same_source_gives_the_same_bytes() {
    for name in complete() {
        let folder = format!("examples/{name}");
        let twice = [0, 1].map(|_| driver::emit(&analyze(&folder), "generated", ALL));
        assert_eq!(twice[0], twice[1], "{name}");
    }
}

#[test]
fn digitre_word_for_word_is_refused_for_these_reasons() {
    let analysis = analyze("examples/digitre_literal");
    assert!(analysis.has_errors());
    insta::assert_snapshot!(render(&analysis.sources, &analysis.findings));
}

#[test]
fn systems_word_for_word_are_found_wanting_for_these_reasons() {
    for name in folders("tests/cases/literal") {
        let analysis = analyze(&format!("tests/cases/literal/{name}"));
        assert!(!analysis.findings.is_empty(), "{name}");
        insta::assert_snapshot!(format!("literal_{name}"), render(&analysis.sources, &analysis.findings));
    }
}

#[test]
fn a_readme_names_all_that_the_description_gets_wrong() {
    let page = std::fs::read_to_string(repository("examples/devops_for_ai/README.md")).expect("it is there");
    let found = analyze("tests/cases/literal/devops_for_ai").findings;
    let missing: Vec<&str> =
        found.iter().map(|it| it.code).filter(|it| !page.contains(&format!("`{it}`"))).collect();
    assert_eq!(missing, [""; 0]);
}
