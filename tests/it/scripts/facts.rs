//! What the stage of facts does: with a real repository, and a stand-in for `curl` that answers for Azure DevOps.

use crate::standins::Scenario;
use crate::texts::analysis;
use mlopsc::driver;
use mlopsc::emit::Target;
use serde_json::Value;
use std::fs;
use std::path::Path;
use std::process::Command;

/// The steps of the stage of facts of one pipeline.
fn steps(body: &str) -> Vec<Value> {
    let text = format!(
        "repository self {{ type = azure_repos }}\n\
         pipeline other {{ trigger manual, stage all {{ run \"make\" }} }}\n\
         pipeline example {{\n{body}\n}}\n"
    );
    let analysis = analysis(&text, &[]);
    assert!(!analysis.has_errors(), "{:?}", analysis.findings);
    let files = driver::emit(&analysis, "generated", &[Target::AzureDevops]);
    let file = files.iter().find(|it| it.path.ends_with("example.yml")).expect("it was emitted");
    let yaml: Value = serde_yaml::from_str(&file.text).expect("the file is YAML");
    let steps = yaml.pointer("/stages/0/jobs/0/steps").and_then(Value::as_array).expect("it has steps");
    steps.clone()
}

fn git(folder: &Path, arguments: &[&str]) -> String {
    let identity = ["-c", "user.name=t", "-c", "user.email=t@t", "-c", "init.defaultBranch=main"];
    let output = Command::new("git").current_dir(folder).args(identity).args(arguments).output();
    let output = output.expect("git is there");
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8_lossy(&output.stdout).trim().to_owned()
}

fn commit(folder: &Path, path: &str) -> String {
    let file = folder.join(path);
    fs::create_dir_all(file.parent().expect("it has one")).expect("the folder can be made");
    fs::write(&file, path).expect("the folder can be written");
    git(folder, &["add", "--all"]);
    git(folder, &["commit", "--quiet", "--message", path]);
    git(folder, &["rev-parse", "HEAD"])
}

/// Runs a step; `answer` is what `curl` does. What it said, and how `curl` was called.
fn run(step: &Value, folder: &Path, answer: &str, env: &[(&str, &str)]) -> (bool, String, String) {
    let given = step["env"].as_object().expect("it has an env").iter();
    let given = given.map(|(name, value)| (name.as_str(), value.as_str().expect("a text")));
    let env = given.chain([("TOKEN", "secret-token")]).chain(env.iter().copied());
    let script = step["bash"].as_str().expect("a script");
    let ran = Scenario::behaving(answer).run_script_in(folder, script, env);
    let log: String = ran.calls.iter().map(|it| it.line() + "\n").collect();
    assert!(ran.calls.iter().all(|it| it.stdin.as_ref().is_some_and(|it| it.contains("secret-token"))));
    (ran.ok, format!("{}{}", ran.stdout, ran.stderr), log)
}

const PUSHED: [(&str, &str); 5] = [
    ("BUILD_REASON", "IndividualCI"),
    ("BUILD_SOURCEBRANCH", "refs/heads/main"),
    ("SYSTEM_COLLECTIONURI", "https://dev.azure.com/team/"),
    ("SYSTEM_TEAMPROJECTID", "project-1"),
    ("SYSTEM_DEFINITIONID", "7"),
];

fn set(number: usize, value: bool) -> String {
    format!("##vso[task.setvariable variable=changed_{number};isOutput=true]{value}\n")
}

#[test]
fn paths_are_compared_with_the_last_success() {
    let steps = steps(
        "trigger push { branches = [\"main\"] }\n\
         stage a { when = changed(\"src/**\") || changed(\"docs/*.md\", \"lib\"), run \"make\" }",
    );
    assert_eq!(steps[0]["fetchDepth"], 0);
    let folder = tempfile::tempdir().expect("a folder for the test");
    let folder = folder.path();
    git(folder, &["init", "--quiet"]);
    let first = commit(folder, "src/deep/a.py");
    commit(folder, "docs/deep/x.md");
    let answer = |commit: &str| format!("echo '{{\"value\":[{{\"sourceVersion\":\"{commit}\"}}]}}'");
    let changed = |answer: &str| {
        let (ok, said, log) = run(&steps[1], folder, answer, &PUSHED);
        assert!(ok, "{said}");
        assert!(!log.contains("secret-token"), "{log}");
        (said, log)
    };
    let (said, log) = changed(&answer(&first));
    assert!(said.contains(&set(1, false)) && said.contains(&set(2, false)), "{said}");
    let asked = "https://dev.azure.com/team/project-1/_apis/build/builds";
    assert!(log.contains(asked) && log.contains("branchName=refs/heads/main"), "{log}");
    commit(folder, "lib/x.py");
    let (said, _) = changed(&answer(&first));
    assert!(said.contains(&set(1, false)) && said.contains(&set(2, true)), "{said}");
    for nothing in ["echo '{\"value\":[]}'", "exit 22", &answer("0123456789012345678901234567890123456789")] {
        let (said, _) = changed(nothing);
        assert!(said.contains(&set(1, true)) && said.contains(&set(2, true)), "{nothing}: {said}");
    }
}

#[test]
fn a_pull_request_is_compared_with_its_target() {
    let steps = steps(
        "trigger push { branches = [\"main\"] }\n\
         stage a { when = changed(\"src/**\") || changed(\"docs\"), run \"make\" }",
    );
    let folder = tempfile::tempdir().expect("a folder for the test");
    let folder = folder.path();
    git(folder, &["init", "--quiet"]);
    commit(folder, "a");
    git(folder, &["checkout", "--quiet", "-b", "feature"]);
    commit(folder, "src/a.py");
    git(folder, &["checkout", "--quiet", "main"]);
    let target = commit(folder, "docs/a.md");
    git(folder, &["update-ref", "refs/remotes/origin/main", &target]);
    git(folder, &["merge", "--quiet", "--no-edit", "feature"]);
    for target in ["refs/heads/main", "main"] {
        let env = [("BUILD_REASON", "PullRequest"), ("SYSTEM_PULLREQUEST_TARGETBRANCH", target)];
        let (ok, said, log) = run(&steps[1], folder, "exit 1", &env);
        assert!(ok && log.is_empty(), "{said}");
        assert!(said.contains(&set(1, true)) && said.contains(&set(2, false)), "{said}");
    }
    let env = [("BUILD_REASON", "PullRequest"), ("SYSTEM_PULLREQUEST_TARGETBRANCH", "gone")];
    let (ok, said, _) = run(&steps[1], folder, "exit 1", &env);
    assert!(ok && said.contains(&set(1, true)) && said.contains(&set(2, true)), "{said}");
}

#[test]
fn tags_of_a_run_are_a_list() {
    let steps =
        steps("trigger manual\nresource other\nstage a { when = \"good\" in runs.other.tags, run \"make\" }");
    let folder = tempfile::tempdir().expect("a folder for the test");
    let env = [("SYSTEM_COLLECTIONURI", "https://dev.azure.com/team/"), ("PROJECT_1", "p"), ("RUN_1", "42")];
    let (ok, said, log) = run(&steps[1], folder.path(), "echo '{\"value\":[\"a\",\"good\"]}'", &env);
    assert!(ok && said.contains("##vso[task.setvariable variable=tags_1;isOutput=true]a,good\n"), "{said}");
    assert!(log.contains("https://dev.azure.com/team/p/_apis/build/builds/42/tags"), "{log}");
    let (ok, said, _) = run(&steps[1], folder.path(), "exit 22", &env);
    assert!(!ok, "{said}");
}
