//! What is found, where and how it is shown, and that it is what a cold check says.

use super::support::{Client, code};
use serde_json::json;

const POOL: &str = "project p { pool = linux }\npool linux { image = \"ubuntu-24.04\" }\n";
const BUILD: &str = "pipeline build {\n  trigger manual\n  stage make { run \"make\" }\n}\n";

fn client(pipeline: &str) -> Client {
    Client::new(&[("mlopsc.toml", ""), ("project.mlops", POOL), ("build.mlops", pipeline)])
}

#[test]
fn findings_come_with_place_code_severity_and_help() {
    let broken = BUILD.replace("run", "runn");
    let mut client = client(&broken);
    client.open("build.mlops");
    let found = client.settled("build.mlops");
    let finding = found.iter().find(|it| it["severity"] == 1).expect("there is an error");
    assert_eq!(finding["range"]["start"], json!({ "line": 2, "character": 15 }));
    assert_eq!(finding["range"]["end"], json!({ "line": 2, "character": 19 }));
    assert_eq!(finding["source"], "mlopsc");
    assert!(finding["message"].as_str().unwrap().contains("runn"), "{finding}");
    assert!(finding["code"].is_string());
}

#[test]
fn what_only_the_first_step_takes_for_a_mistake_is_taken_back() {
    let unindented = BUILD.replace("\n  ", "\n");
    for text in [&unindented, "\u{200B}// mlopsc: allow(ambiguous-unicode) why\n"] {
        let files = [("mlopsc.toml", ""), ("project.mlops", POOL), ("build.mlops", text)];
        let mut client = Client::new(&files);
        client.open("build.mlops");
        client.settle("build.mlops");
        let mut other = Client::new(&files);
        other.open("project.mlops");
        other.settle("project.mlops");
        let codes = |it: Vec<serde_json::Value>| it.iter().map(code).collect::<Vec<_>>();
        assert_eq!(codes(client.shown_of("build.mlops")), codes(other.shown_of("build.mlops")), "{text}");
    }
}

#[test]
fn a_change_in_one_file_is_seen_in_another_that_is_not_open() {
    let mut client = client(BUILD);
    client.open("project.mlops");
    assert_eq!(client.codes("project.mlops"), [""; 0]);
    client.replace("project.mlops", &POOL.replace("pool linux {", "pool windows {"));
    let found = client.codes("project.mlops");
    assert!(found.contains(&"undefined-reference:1".to_owned()), "{found:?}");
    client.replace("project.mlops", &format!("{POOL}pipeline build {{ trigger manual }}\n"));
    client.settle("project.mlops");
    let elsewhere: Vec<String> = ["project.mlops", "build.mlops"]
        .iter()
        .flat_map(|it| client.shown_of(it))
        .map(|it| code(&it))
        .collect();
    assert!(elsewhere.iter().any(|it| it.starts_with("duplicate-name")), "{elsewhere:?}");
    client.replace("project.mlops", POOL);
    assert_eq!(client.codes("project.mlops"), [""; 0]);
    assert_eq!(client.shown_of("build.mlops"), [json!(null); 0]);
}

#[test]
fn places_elsewhere_are_told_with_their_files() {
    let mut client = client(BUILD);
    client.open_with(
        "project.mlops",
        &format!("{POOL}pipeline build {{ trigger manual, stage a {{ run \"a\" }} }}\n"),
    );
    client.settle("project.mlops");
    let all = [client.shown_of("project.mlops"), client.shown_of("build.mlops")].concat();
    let finding = all.iter().find(|it| it["code"] == "duplicate-name").expect("it is found");
    let related = finding["relatedInformation"][0].clone();
    let uri = related["location"]["uri"].as_str().unwrap();
    assert!(uri.ends_with("build.mlops") || uri.ends_with("project.mlops"), "{related}");
}

#[test]
fn what_is_unused_is_greyed_out() {
    let mut client = client(BUILD);
    client.open_with("project.mlops", &format!("{POOL}pool other {{ image = \"ubuntu-24.04\" }}\n"));
    let found = client.settled("project.mlops");
    let unused = found.iter().find(|it| it["code"] == "unused-declaration").expect("it is found");
    assert_eq!(unused["tags"], json!([1]));
}

#[test]
fn unsaved_files_belong_to_the_project() {
    let mut client = client(&BUILD.replace("stage make {", "stage make {\n    pool = fresh\n"));
    client.open("build.mlops");
    assert!(!client.codes("build.mlops").is_empty());
    client.open_with("new.mlops", "pool fresh { image = \"ubuntu-24.04\" }\n");
    assert_eq!(client.codes("build.mlops"), [""; 0]);
    client.close("new.mlops");
    assert!(!client.codes("build.mlops").is_empty());
}

#[test]
fn syntax_is_shown_without_the_rest() {
    let mut client = client(BUILD);
    client.open("build.mlops");
    client.settle("build.mlops");
    client.replace("build.mlops", &BUILD.replace("\"make\"", "\"make"));
    let found = client.codes("build.mlops");
    assert!(found.iter().any(|it| it.starts_with("unterminated-string")), "{found:?}");
    assert_eq!(client.shown_version("build.mlops"), Some(2));
}

#[test]
fn several_projects_live_side_by_side() {
    let mut client = Client::new(&[
        ("a/mlopsc.toml", ""),
        ("a/main.mlops", POOL),
        ("a/build.mlops", BUILD),
        ("b/mlopsc.toml", ""),
        ("b/main.mlops", "project q { pool = linux }\n"),
        ("single.mlops", "project p { pool = linux }\n"),
    ]);
    client.open("a/main.mlops");
    client.open("b/main.mlops");
    client.open("single.mlops");
    assert_eq!(client.codes("a/main.mlops"), [""; 0]);
    assert_eq!(client.codes("b/main.mlops"), ["undefined-reference:1"]);
    assert_eq!(client.codes("single.mlops"), ["undefined-reference:1"]);
    client.close("b/main.mlops");
    client.settle("a/main.mlops");
    assert_eq!(client.shown_of("b/main.mlops").len(), 0, "a project without open files is not shown");
}

#[test]
fn files_of_the_disk_come_change_and_go() {
    let capabilities = json!({ "workspace": { "didChangeWatchedFiles": { "dynamicRegistration": true } } });
    let files = [("mlopsc.toml", ""), ("project.mlops", POOL), ("build.mlops", BUILD)];
    let mut client = Client::with(&files, &capabilities);
    client.open("build.mlops");
    assert_eq!(client.codes("build.mlops"), [""; 0]);
    let asked = client.said.iter().any(|it| it.0 == "client/registerCapability");
    assert!(asked, "the server wants to know of files: {:?}", client.said);

    client.write("project.mlops", "project p { pool = windows }\n");
    changed(&client, &[("project.mlops", 2)]);
    client.settle("build.mlops");
    assert_eq!(
        client.shown_of("project.mlops").iter().map(code).collect::<Vec<_>>(),
        ["undefined-reference:1"]
    );

    client.write("pools.mlops", "pool windows { image = \"windows-2022\" }\n");
    changed(&client, &[("pools.mlops", 1)]);
    client.settle("build.mlops");
    assert_eq!(client.shown_of("project.mlops").len(), 0);

    client.remove("pools.mlops");
    changed(&client, &[("pools.mlops", 3)]);
    client.settle("build.mlops");
    assert_eq!(client.shown_of("project.mlops").len(), 1);
    client.remove("project.mlops");
    changed(&client, &[("project.mlops", 3)]);
    client.settle("build.mlops");
    assert_eq!(client.shown_of("project.mlops").len(), 0, "it is gone");
}

#[test]
fn without_watching_the_disk_is_read_each_time() {
    let mut client = client(BUILD);
    client.open("build.mlops");
    assert_eq!(client.codes("build.mlops"), [""; 0]);
    client.write("project.mlops", "project p { pool = windows }\n");
    client.replace("build.mlops", &format!("{BUILD}\n"));
    client.settle("build.mlops");
    assert_eq!(client.shown_of("project.mlops").len(), 1);
}

#[test]
fn without_watching_a_file_is_read_again_when_its_stamp_changes() {
    let long_ago = std::time::SystemTime::UNIX_EPOCH + std::time::Duration::from_secs(1_000_000);
    let stamp = |client: &Client, path: &str| {
        let file = std::fs::File::options().write(true).open(client.at(path)).unwrap();
        file.set_modified(long_ago).unwrap();
    };
    let mut client = client(BUILD);
    stamp(&client, "project.mlops");
    client.open("build.mlops");
    assert_eq!(client.codes("build.mlops"), [""; 0]);
    let other = POOL.replace("= linux", "= linus");
    client.write("project.mlops", &other);
    stamp(&client, "project.mlops");
    client.replace("build.mlops", &format!("{BUILD}\n"));
    client.settle("build.mlops");
    assert_eq!(client.shown_of("project.mlops").len(), 0, "time and size are the same");
    client.write("project.mlops", &other);
    client.replace("build.mlops", BUILD);
    client.settle("build.mlops");
    assert!(!client.shown_of("project.mlops").is_empty(), "the time is another one");
}

#[test]
fn the_configuration_is_read_again() {
    let unused = format!("{POOL}pool other {{ image = \"ubuntu-24.04\" }}\n");
    let mut client = Client::new(&[("mlopsc.toml", ""), ("project.mlops", &unused), ("build.mlops", BUILD)]);
    client.open("project.mlops");
    assert_eq!(client.codes("project.mlops"), ["unused-declaration:3"]);
    client.write("mlopsc.toml", "[check]\nignore = [\"unused-declaration\"]\n");
    changed(&client, &[("mlopsc.toml", 2)]);
    assert_eq!(client.codes("project.mlops"), [""; 0]);
    client.write("mlopsc.toml", "[check]\nignore = [\"nonsense\"]\n");
    changed(&client, &[("mlopsc.toml", 2)]);
    assert_eq!(client.codes("project.mlops"), ["unused-declaration:3"]);
    assert_eq!(client.shown_of("mlopsc.toml").iter().map(code).collect::<Vec<_>>(), ["config:2"]);
}

#[test]
fn pages_of_findings_are_linked_where_the_client_says_how() {
    let mut client = Client::silent(&[("a.mlops", "pool a {}\n")]);
    let params = json!({ "capabilities": {}, "initializationOptions": { "pages": "https://example.com/" } });
    client.ask("initialize", params).unwrap();
    client.open("a.mlops");
    let found = client.settled("a.mlops");
    let code = found[0]["code"].as_str().unwrap();
    assert_eq!(found[0]["codeDescription"]["href"], format!("https://example.com/{code}.md"));
}

fn changed(client: &Client, files: &[(&str, u8)]) {
    let changes: Vec<_> =
        files.iter().map(|(path, kind)| json!({ "uri": client.uri(path), "type": kind })).collect();
    client.tell("workspace/didChangeWatchedFiles", json!({ "changes": changes }));
}
