//! How the script may be called, and from where.

use super::world::{World, lines, shop};
use crate::support::repository;
use std::os::unix::fs::symlink;

#[test]
fn a_wrong_call_is_told_with_the_usage() {
    let world = World::new(&shop());
    for (arguments, expected) in [
        (vec!["--prun"], "setup.sh: what is --prun?\nusage: setup.sh [OPTION]...\n"),
        (vec!["--project"], "setup.sh: --project needs a value\n"),
        (vec!["--key-vault", ""], "setup.sh: --key-vault needs a value\n"),
        (vec!["--project="], "setup.sh: --project needs a value\n"),
        (vec!["--prune=yes"], "setup.sh: what is --prune=yes?\n"),
    ] {
        let run = world.run_bare(&arguments);
        assert_eq!(run.code, 2);
        assert!(run.err.starts_with(expected), "{}", run.err);
    }
    insta::assert_snapshot!(world.run_bare(&["--help"]).good());
    assert_eq!(world.run_bare(&["-h"]).good(), world.run_bare(&["--help"]).good());
    assert_eq!(world.server.log().len(), 0);
}

#[test]
fn options_may_carry_their_values() {
    let world = World::made();
    let organization = format!("--organization={}", world.server.url());
    let out = world.run_bare(&[&organization, "--project=Shop", "--exit-code"]).good();
    assert_eq!(lines(&out, "=").len(), shop().things.len());
    let said = world.run_bare(&[&organization, "--project=a=b"]).bad();
    assert!(said.contains("there is no project a=b"), "{said}");
}

#[test]
fn a_link_to_the_script_leads_to_its_files() {
    let world = World::made();
    let script = world.folder.path().join("setup/setup.sh");
    let (near, far) = (world.folder.path().join("near"), world.folder.path().join("bin/far"));
    symlink("setup/setup.sh", &near).expect("it is new");
    symlink(&near, &far).expect("it is new");
    std::fs::rename(&script, script.with_extension("real")).expect("it is ours");
    symlink("setup.real", &script).expect("the name is free");
    for link in [&near, &far] {
        let run = world.run_script(link, &["--organization", &world.server.url()]);
        assert_eq!(lines(&run.good(), "=").len(), shop().things.len());
    }
}

#[test]
fn missing_tools_are_told_at_once() {
    let mut world = World::new(&shop());
    for tool in ["bash", "dirname", "mktemp", "rm", "mkdir"] {
        let found = std::env::split_paths(&world.path).map(|it| it.join(tool)).find(|it| it.is_file());
        symlink(found.expect("every machine has it"), world.bin().join(tool)).expect("it is new");
    }
    world.path = world.bin().display().to_string();
    let said = world.run(&[]).bad();
    assert_eq!(said, "setup.sh: not installed: curl jq\n  install what is named and run setup.sh again\n");
}

#[test]
fn all_options_are_documented() {
    let help = World::new(&shop()).run_bare(&["--help"]).good();
    let page = std::fs::read_to_string(repository("docs/setup.md")).expect("the document is there");
    let options = help.split_whitespace().filter(|it| it.starts_with("--"));
    let missing: Vec<&str> = options.filter(|it| !page.contains(&format!("`{it}"))).collect();
    assert_eq!(missing, ["--help"]);
}
