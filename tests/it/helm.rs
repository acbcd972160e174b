//! Services to charts: what is written, and that templates, values and schema know the same keys.

use crate::support;
use mlopsc::base::files::Memory;
use mlopsc::base::sources::Sources;
use mlopsc::driver;
use mlopsc::emit::{OutputFile, helm};
use std::path::Path;

fn charts(paths: &[&str]) -> Vec<OutputFile> {
    let mut sources = Sources::default();
    for path in paths {
        let text = std::fs::read_to_string(root().join(path)).expect("the case is there");
        let name = path.rsplit('/').next().unwrap_or(path);
        sources.add(name.to_owned(), text);
    }
    let files = Memory([("Dockerfile".to_owned(), String::new())].into());
    let analysis = driver::analyze(sources, &files);
    assert_eq!(support::render(&analysis.sources, &analysis.findings), "");
    helm::emit(&analysis.project, &analysis.sources)
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

#[test]
fn dump() {
    for (at, paths) in
        [vec!["tests/cases/helm/minimal.mlops"], vec!["tests/cases/helm/everything.mlops"]].iter().enumerate()
    {
        for file in charts(paths) {
            let path = Path::new("/tmp/w/helm-scratch/out").join(at.to_string()).join(file.path);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, file.text).unwrap();
        }
    }
}
