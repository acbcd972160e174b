//! The shape of the sources: who may import whom is the table of `docs/architecture.md`, and nobody reaches sideways.

use crate::support::{files_below, repository, source_files};
use std::collections::{BTreeMap, BTreeSet};

struct Row {
    crate_modules: BTreeSet<String>,
    externals: BTreeSet<String>,
}

/// The layer table: module, what it may import from the crate, external crates.
fn table() -> BTreeMap<String, Row> {
    let text = std::fs::read_to_string(repository("docs/architecture.md")).expect("the document is there");
    let rows = text.lines().skip_while(|it| !it.starts_with("| module | may import")).skip(2);
    let rows = rows.take_while(|it| it.starts_with('|'));
    rows.map(|row| {
        let cells: Vec<BTreeSet<String>> = row.trim_matches('|').split('|').map(words).collect();
        let [modules, imports, externals] = cells.as_slice() else { panic!("three cells: {row}") };
        let name = modules.iter().next().expect("a row has a module").clone();
        (name, Row { crate_modules: imports.clone(), externals: externals.clone() })
    })
    .collect()
}

/// The words in backticks.
fn words(cell: &str) -> BTreeSet<String> {
    cell.split('`').skip(1).step_by(2).map(str::to_owned).collect()
}

/// The text without comments.
fn code(text: &str) -> String {
    let lines = text.lines().filter(|it| !it.trim_start().starts_with("//"));
    lines.collect::<Vec<_>>().join("\n")
}

/// `base` of `src/base/span.rs` and of `src/base.rs`.
fn module(path: &str) -> &str {
    let below = path.strip_prefix("src/").expect("sources lie there");
    below.split(['/', '.']).next().expect("a path has parts")
}

/// What follows `prefix` in the text: one name, or several in braces.
fn imported<'t>(text: &'t str, prefix: &str) -> BTreeSet<&'t str> {
    let mut found = BTreeSet::new();
    for rest in text.split(prefix).skip(1) {
        match rest.strip_prefix('{') {
            Some(group) => {
                let group = group.split("};").next().unwrap_or(group);
                let mut depth = 0;
                let starts = group.split_inclusive(['{', '}', ',']).filter(|part| {
                    let top = depth == 0;
                    depth += part.matches('{').count();
                    depth -= part.matches('}').count().min(depth);
                    top
                });
                found.extend(starts.map(name).filter(|it| !it.is_empty()));
            }
            None => {
                found.insert(name(rest));
            }
        }
    }
    found
}

fn name(text: &str) -> &str {
    let text = text.trim_start();
    let end = text.find(|it: char| !it.is_alphanumeric() && it != '_').unwrap_or(text.len());
    &text[..end]
}

/// The crates the package depends on, by the names the sources use.
fn externals() -> Vec<String> {
    let manifest = std::fs::read_to_string(repository("Cargo.toml")).expect("it is there");
    let section = manifest.split("[dependencies]").nth(1).expect("it has dependencies");
    let lines = section.lines().skip(1).take_while(|it| !it.starts_with('['));
    lines.filter_map(|it| Some(it.split_once('=')?.0.trim().replace('-', "_"))).collect()
}

fn uses(text: &str, external: &str) -> bool {
    let path = format!("{external}::");
    text.match_indices(&path)
        .any(|(at, _)| !text[..at].ends_with(|it: char| it.is_alphanumeric() || it == '_' || it == ':'))
}

#[test]
fn layers_import_down_only() {
    let table = table();
    let mut wrong = Vec::new();
    for (path, text) in source_files() {
        let own = module(&path);
        let Some(row) = table.get(own) else {
            wrong.push(format!("{path}: the table has no row `{own}`"));
            continue;
        };
        for used in imported(&code(&text), "crate::") {
            if used != own && !row.crate_modules.contains(used) && table.contains_key(used) {
                wrong.push(format!("{path}: `{own}` may not import `{used}`"));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn external_crates_have_their_owners() {
    let table = table();
    let mut wrong = Vec::new();
    for (path, text) in source_files() {
        let text = code(&text);
        let Some(row) = table.get(module(&path)) else { continue };
        for external in externals() {
            if uses(&text, &external) && !row.externals.contains(&external) {
                wrong.push(format!("{path}: `{external}` belongs elsewhere"));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn no_permission_is_left_unused() {
    let table = table();
    let sources = source_files();
    let mut wrong = Vec::new();
    for (own, row) in &table {
        let texts: Vec<String> =
            sources.iter().filter(|(path, _)| module(path) == own).map(|(_, text)| code(text)).collect();
        let used: BTreeSet<&str> = texts.iter().flat_map(|it| imported(it, "crate::")).collect();
        let idle = row.crate_modules.iter().filter(|it| !used.contains(it.as_str()));
        wrong.extend(idle.map(|it| format!("nothing in `{own}` imports `{it}`")));
        let idle = row.externals.iter().filter(|external| !texts.iter().any(|it| uses(it, external)));
        wrong.extend(idle.map(|it| format!("nothing in `{own}` uses the crate `{it}`")));
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// Folders whose files or folders know nothing of each other, and what in them is shared.
const SIDEWAYS: &[(&str, &[&str])] = &[
    ("src/check/rules", &[]),
    (
        "src/model/steps",
        &[
            "action",
            "python",
            "Kind",
            "StepKind",
            "run",
            "build_image",
            "deploy::Address",
            "deploy::deployed_name",
            "deploy::rolled_back",
        ],
    ),
    ("src/emit", &["data", "yaml", "scripts", "OutputFile", "Target"]),
    ("src/cli/commands", &[]),
];

/// What a file of such a folder takes from beside it: `super::x::y` and `crate::…::x::y`.
fn beside(folder: &str, path: &str, text: &str) -> BTreeSet<String> {
    let below = path.strip_prefix(folder).expect("it lies there").trim_start_matches('/');
    let own = below.split(['/', '.']).next().expect("a path has parts").to_owned();
    let depth = below.matches('/').count();
    let absolute = format!("crate::{}::", folder.trim_start_matches("src/").replace('/', "::"));
    let mut found = BTreeSet::new();
    for prefix in [absolute, "super::".repeat(depth + 1)] {
        for (at, _) in text.match_indices(&prefix) {
            let deeper = text[..at].ends_with("super::");
            let rest = &text[at + prefix.len()..];
            if deeper || rest.starts_with("super::") {
                continue;
            }
            let names: Vec<&str> = match rest.strip_prefix('{') {
                Some(group) => group.split('}').next().unwrap_or(group).split(',').map(str::trim).collect(),
                None => vec![rest.split([';', '(', ' ', ',', ')', '\n']).next().unwrap_or(rest)],
            };
            found.extend(names.into_iter().filter(|it| !it.is_empty() && name(it) != own).map(str::to_owned));
        }
    }
    found
}

#[test]
fn nothing_reaches_sideways() {
    let mut wrong = Vec::new();
    for (folder, shared) in SIDEWAYS {
        for (path, text) in source_files() {
            let registers = path == format!("{folder}/mod.rs");
            if registers || !path.starts_with(&format!("{folder}/")) {
                continue;
            }
            for taken in beside(folder, &path, &code(&text)) {
                let allowed = shared.iter().any(|it| taken == *it || taken.starts_with(&format!("{it}::")));
                if !allowed {
                    wrong.push(format!("{path} takes `{taken}`"));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn sources_are_files_people_can_read() {
    let lines = |text: &str| text.lines().count();
    let mut sizes: Vec<(usize, String)> =
        source_files().into_iter().map(|(path, text)| (lines(&text), path)).collect();
    sizes.sort();
    let (median, ninetieth) = (&sizes[sizes.len() / 2], &sizes[sizes.len() * 9 / 10]);
    assert!(median.0 <= 150, "half of the files are longer than {median:?}");
    assert!(ninetieth.0 <= 350, "a tenth of the files is longer than {ninetieth:?}");
}

/// A file that no module names is not compiled, and its tests do not run.
#[test]
fn every_file_is_named_by_its_folder() {
    for root in ["src", "tests/it"] {
        let files: BTreeMap<String, String> = files_below(root, ".rs").into_iter().collect();
        for path in files.keys() {
            let (folder, name) = path.rsplit_once('/').expect("it lies below a folder");
            let (folder, name) = match name {
                "mod.rs" if folder != root => folder.rsplit_once('/').expect("it lies below the root"),
                _ => (folder, name.trim_end_matches(".rs")),
            };
            let owners = ["/mod.rs", "/lib.rs", "/main.rs", ".rs"].map(|it| format!("{folder}{it}"));
            let mut owners = owners.iter().filter_map(|it| files.get(it));
            let named = |text: &String| {
                text.split(|it: char| !it.is_alphanumeric() && it != '_').any(|word| word == name)
            };
            assert!(["lib", "main"].contains(&name) || owners.any(named), "nothing names {path}");
        }
    }
}
