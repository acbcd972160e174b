//! What the compiler writes for the examples, brought to an empty organization.

use super::server::{Faults, State};
use super::world::{Described, World, lines};
use crate::support::repository;
use serde_json::Value;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("a temporary folder takes it");
    for entry in fs::read_dir(from).expect("the example is there").flatten() {
        let (path, target) = (entry.path(), to.join(entry.file_name()));
        if path.is_dir() {
            copy(&path, &target);
        } else {
            fs::copy(&path, &target).expect("a temporary folder takes it");
        }
    }
}

/// Compiles the example into the world and gives the folder of the script.
fn compiled(world: &World, example: &str) -> PathBuf {
    let root = world.folder.path().join("example");
    copy(&repository("examples").join(example), &root);
    let output = Command::new(env!("CARGO_BIN_EXE_mlopsc"))
        .args(["compile", "--target", "setup"])
        .current_dir(&root)
        .output()
        .expect("the compiler starts");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let folder = world.folder.path().join("setup");
    fs::remove_dir_all(&folder).expect("it is there");
    copy(&root.join("generated/azure-pipelines/setup"), &folder);
    folder
}

/// The look-ups of all bodies: kind and name.
fn lookups(value: &Value, found: &mut Vec<(String, String)>) {
    match value {
        Value::String(text) => {
            let inside = text.strip_prefix("${").and_then(|it| it.strip_suffix('}'));
            let lookup = inside.and_then(|it| it.split_once(':'));
            found.extend(lookup.map(|(kind, name)| (kind.to_owned(), name.to_owned())));
        }
        Value::Array(values) => values.iter().for_each(|it| lookups(it, found)),
        Value::Object(members) => members.values().for_each(|it| lookups(it, found)),
        _ => {}
    }
}

fn read(path: &Path) -> Value {
    let text = fs::read_to_string(path).expect("the compiler wrote it");
    serde_json::from_str(&text).expect("it is JSON")
}

/// Makes what no script makes: people, repositories, connections, agent pools.
fn furnish(state: &mut State, found: &[(String, String)]) {
    for (kind, name) in found {
        match kind.as_str() {
            "identity" if name.contains('@') => {
                drop(state.add_identity(&name.replace('@', " at "), name, true));
            }
            "identity" => drop(state.add_identity(name, "", true)),
            "repository" => drop(state.add_repository(name)),
            "connection" => drop(state.add_connection(name)),
            "queue" => drop(state.add_queue(name)),
            _ => {}
        }
    }
}

/// Names of environment variables by the documented rule.
fn variable(name: &str) -> String {
    let letters =
        name.chars().map(|it| if it.is_ascii_alphanumeric() { it.to_ascii_uppercase() } else { '_' });
    format!("MLOPSC_{}", letters.collect::<String>())
}

#[track_caller]
fn brings_an_empty_organization_to_the_described_state(example: &str) {
    let mut world = World::at("contoso", &Described::empty(), State::default());
    let folder = compiled(&world, example);
    let head = read(&folder.join("things.json"));
    let things = head["things"].as_array().expect("a list");
    let bodies: Vec<Value> =
        things.iter().map(|it| read(&folder.join(it["file"].as_str().expect("a path")))).collect();
    let mut found = Vec::new();
    for body in &bodies {
        lookups(body, &mut found);
    }
    found.sort();
    found.dedup();
    world.server.with_state(|it| {
        head["project"].as_str().unwrap_or("Shop").clone_into(&mut it.project);
        furnish(it, &found);
    });
    for (kind, name) in found.iter().filter(|it| it.0 == "secret" || it.0 == "value") {
        world.set(&variable(name), &format!("{kind} of {name}"));
    }
    let project = world.server.with_state(|it| it.project.clone());
    let out = world.run(&["--project", &project]).good();
    assert_eq!(lines(&out, "+").len(), things.len(), "{out}");
    assert_is_described(&world, things, &bodies);
    let before = world.server.all();
    world.server.fail(Faults::default());
    let out = world.run(&["--project", &project, "--prune", "--exit-code"]).good();
    assert_eq!(lines(&out, "=").len(), things.len(), "{out}");
    assert_eq!(lines(&out, "+~-?"), Vec::<String>::new());
    assert_eq!(world.server.writes().len(), 0);
    assert_eq!(world.server.all(), before);
}

/// As many things of each kind as are described, with all that the bodies say and no look-up left.
fn assert_is_described(world: &World, things: &[Value], bodies: &[Value]) {
    let all = world.server.all();
    for (kind, key) in [
        ("variable-group", "groups"),
        ("environment", "environments"),
        ("check", "checks"),
        ("pipeline", "definitions"),
        ("permission", "permissions"),
        ("policy", "policies"),
    ] {
        let described: Vec<&Value> =
            things.iter().zip(bodies).filter(|it| it.0["kind"] == kind).map(|it| it.1).collect();
        let there = all[key].as_array().expect("a list");
        assert_eq!(there.len(), described.len(), "{key}");
        for (body, is) in described.iter().zip(there) {
            assert_holds(body, is, key);
        }
    }
}

/// What is described is there, literally; where a look-up stood is something else.
fn assert_holds(body: &Value, is: &Value, path: &str) {
    match (body, is) {
        (Value::Object(members), Value::Object(_)) => {
            for (key, value) in members {
                assert_holds(value, &is[key], &format!("{path}.{key}"));
            }
        }
        (Value::Array(values), Value::Array(there)) => {
            assert_eq!(values.len(), there.len(), "{path}");
            for (value, is) in values.iter().zip(there) {
                assert_holds(value, is, path);
            }
        }
        (Value::String(text), _) if text.starts_with("${") => {
            assert!(!is.is_null() && is != body && is.as_str() != Some(""), "{path}: {is}");
        }
        (Value::Bool(false), Value::Null) => {}
        _ => assert_eq!(body, is, "{path}"),
    }
}

#[test]
fn digitre() {
    brings_an_empty_organization_to_the_described_state("digitre");
}

#[test]
fn workspaces() {
    brings_an_empty_organization_to_the_described_state("workspaces");
}

#[test]
fn retraining() {
    brings_an_empty_organization_to_the_described_state("retraining");
}

#[test]
fn template() {
    brings_an_empty_organization_to_the_described_state("template");
}

#[test]
fn devops_for_ai() {
    brings_an_empty_organization_to_the_described_state("devops_for_ai");
}
