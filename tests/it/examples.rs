//! The examples as users see them: what is found, and every file that is written.

use crate::support::render;
use mlopsc::base::files::{FileKind, Files};
use mlopsc::base::sources::Sources;
use mlopsc::driver::{self, Analysis};
use mlopsc::emit::Target;
use std::path::{Path, PathBuf};

/// The files of an example on the disk.
struct Folder(PathBuf);

impl Files for Folder {
    fn read(&self, path: &str) -> Result<Vec<u8>, String> {
        std::fs::read(self.0.join(path)).map_err(|error| error.to_string())
    }

    fn kind(&self, path: &str) -> Option<FileKind> {
        let found = std::fs::metadata(self.0.join(path)).ok()?;
        Some(if found.is_dir() { FileKind::Folder } else { FileKind::File })
    }
}

fn analyze(name: &str) -> Analysis {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples").join(name);
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

const ALL: &[Target] = &[Target::AzureDevops, Target::AzureMl, Target::Helm];

#[test]
fn digitre_has_nothing_to_complain_about() {
    let analysis = analyze("digitre");
    assert_eq!(render(&analysis.sources, &analysis.findings), "");
}

#[test]
fn digitre_becomes_these_files() {
    let files = driver::emit(&analyze("digitre"), "generated", ALL);
    for file in files.iter().filter(|it| !it.path.contains("/templates/")) {
        insta::with_settings!({ prepend_module_to_snapshot => false, snapshot_path => "snapshots/digitre", omit_expression => true }, {
            insta::assert_snapshot!(file.path.replace('/', "__"), file.text);
        });
    }
    let paths: Vec<&str> = files.iter().map(|it| it.path.as_str()).collect();
    insta::assert_snapshot!("digitre_files", paths.join("\n"));
}

#[test]
fn the_same_source_gives_the_same_bytes() {
    let twice = [0, 1].map(|_| driver::emit(&analyze("digitre"), "generated", ALL));
    assert_eq!(twice[0], twice[1]);
}

#[test]
fn digitre_word_for_word_is_refused_for_these_reasons() {
    let analysis = analyze("digitre_literal");
    assert!(analysis.has_errors());
    insta::assert_snapshot!(render(&analysis.sources, &analysis.findings));
}
