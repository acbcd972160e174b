//! What is published beside the program fits it and each other.

use crate::support::repository;

fn read(path: &str) -> String {
    std::fs::read_to_string(repository(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

#[test]
fn all_parts_have_the_version_of_the_program() {
    let version = env!("CARGO_PKG_VERSION");
    for (path, line) in [
        ("packaging/pre-commit-mirror/pyproject.toml", format!("version = \"{version}\"\n")),
        ("packaging/pre-commit-mirror/pyproject.toml", format!("dependencies = [\"mlopsc=={version}\"]\n")),
        ("packaging/pre-commit-mirror/README.md", format!("rev: v{version}\n")),
        ("integrations/azure-pipelines/mlopsc.yml", format!("default: {version}\n")),
        ("integrations/github/mlopsc.yml", format!("MLOPSC_VERSION: {version}\n")),
        ("docs/install.md", format!("rev: v{version}\n")),
    ] {
        assert!(read(path).contains(&line), "{path} lacks: {line}");
    }
}

/// What comes behind the comment at the head.
fn hooks(path: &str) -> String {
    let text = read(path);
    let start = text.find("- id:").unwrap_or_else(|| panic!("{path} has no hook"));
    text[start..].to_owned()
}

#[test]
fn the_hooks_of_the_mirror_differ_in_how_they_are_installed_only() {
    let own = hooks(".pre-commit-hooks.yaml");
    assert_eq!(own.matches("language: rust\n").count(), 3);
    let mirror = hooks("packaging/pre-commit-mirror/.pre-commit-hooks.yaml");
    assert_eq!(own.replace("language: rust\n", "language: python\n"), mirror);
}
