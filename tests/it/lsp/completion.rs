//! What is offered where. `|` is the cursor.

use super::support::{Client, apply};
use serde_json::{Value, json};

const PROJECT: &str = "\
project p { pool = linux, variables = shared }
pool linux { image = \"ubuntu-24.04\" }
pool gpu { name = \"gpu\" }
variables shared { group = \"g\", var region: string, secret key }
compute train_cpu { size = \"Standard_DS3_v2\", nodes = 0..2 }
";

/// The choices in a file beside the project's, and the text after taking the one with the label.
struct Offered {
    labels: Vec<String>,
    items: Vec<Value>,
    text: String,
}

fn offered(marked: &str) -> Offered {
    let at = marked.find('|').expect("there is a cursor");
    let text = marked.replacen('|', "", 1);
    let capabilities = json!({
        "general": { "positionEncodings": ["utf-8"] },
        "textDocument": { "completion": { "completionItem": { "snippetSupport": true } } },
    });
    let files = [("mlopsc.toml", ""), ("project.mlops", PROJECT), ("build.mlops", text.as_str())];
    let mut client = Client::with(&files, &capabilities);
    client.open("build.mlops");
    client.settle("build.mlops");
    let line = text[..at].matches('\n').count();
    let start = text[..at].rfind('\n').map_or(0, |it| it + 1);
    let params = json!({
        "textDocument": { "uri": client.uri("build.mlops") },
        "position": { "line": line, "character": at - start },
    });
    let found = client.ask("textDocument/completion", params).unwrap();
    let items = found["items"].as_array().unwrap().clone();
    let labels = items.iter().map(|it| it["label"].as_str().unwrap().to_owned()).collect();
    Offered { labels, items, text }
}

impl Offered {
    fn has(&self, labels: &[&str]) {
        for label in labels {
            assert!(
                self.labels.iter().any(|it| it == label),
                "`{label}` is not in {:?} of\n{}",
                self.labels,
                self.text
            );
        }
    }

    fn lacks(&self, labels: &[&str]) {
        for label in labels {
            assert!(
                !self.labels.iter().any(|it| it == label),
                "`{label}` is in {:?} of\n{}",
                self.labels,
                self.text
            );
        }
    }

    fn taken(&self, label: &str) -> String {
        let item = self.items.iter().find(|it| it["label"] == label).expect("it is offered");
        apply(&self.text, &json!([item["textEdit"]]))
    }
}

fn pipeline(inside: &str) -> String {
    format!("pipeline build {{\n  trigger manual\n  param dry: bool = false\n{inside}\n}}\n")
}

#[test]
fn names_are_offered_before_the_project_was_checked_once() {
    let text = "pipeline build {\n  pool = \n}\n";
    let mut client = Client::new(&[("mlopsc.toml", ""), ("project.mlops", PROJECT), ("build.mlops", text)]);
    client.open("build.mlops");
    let params = json!({
        "textDocument": { "uri": client.uri("build.mlops") },
        "position": { "line": 1, "character": 9 },
    });
    let found = client.ask("textDocument/completion", params).unwrap();
    let labels: Vec<_> = found["items"].as_array().unwrap().iter().map(|it| &it["label"]).collect();
    assert_eq!(labels, ["linux", "gpu"]);
}

#[test]
fn words_are_those_of_the_body() {
    let top = offered("|");
    top.has(&["pipeline", "pool", "project", "let", "template"]);
    top.lacks(&["stage", "run"]);
    let inside = offered(&pipeline("  |"));
    inside.has(&["stage", "trigger", "timeout", "pool"]);
    inside.lacks(&["pipeline", "run", "project"]);
    let stage = offered(&pipeline("  stage make {\n    |\n  }"));
    stage.has(&["run", "job", "needs", "when", "deploy", "task"]);
    let step = offered(&pipeline("  stage make {\n    run \"x\" { | }\n  }"));
    step.has(&["env", "output", "when", "timeout"]);
    step.lacks(&["run"]);
}

#[test]
fn what_is_half_written_is_replaced() {
    let found = offered(&pipeline("  sta|"));
    assert!(found.taken("stage").contains("\n  stage ${1:name} {\n\t$0\n}\n"), "{}", found.taken("stage"));
    let found = offered(&pipeline("  pool = li|"));
    assert!(found.taken("linux").contains("  pool = linux\n"));
    let found = offered(&pipeline("  stage make { run \"x\" { when = params.d| } }"));
    assert!(found.taken("dry").contains("when = params.dry }"));
}

#[test]
fn attributes_that_are_there_are_not_offered_again() {
    let found = offered(&pipeline("  timeout = 5m\n  |"));
    found.lacks(&["timeout"]);
    found.has(&["pool"]);
}

#[test]
fn values_follow_their_types() {
    offered(&pipeline("  pool = |")).has(&["linux", "gpu"]);
    offered(&pipeline("  pool = |")).lacks(&["shared", "train_cpu"]);
    offered(&pipeline("  variables = [|]")).has(&["shared"]);
    offered(&pipeline("  stage make {\n    enabled = |\n  }")).has(&["true", "false"]);
    offered("compute c { size = \"x\", tier = | }").has(&["dedicated", "low_priority"]);
    offered(&pipeline("  stage a { run \"x\" }\n  stage b {\n    needs = [|]\n    run \"y\"\n  }"))
        .has(&["a", "b"]);
    offered(&pipeline("  stage make { ensure | }")).has(&["train_cpu"]);
    offered(&pipeline("  trigger |")).has(&["manual", "push", "schedule"]);
    offered(&pipeline("  trigger after |")).has(&["build"]);
}

#[test]
fn paths_go_on_with_what_can_be_read() {
    let step = |value: &str| {
        pipeline(&format!(
            "  stage make {{\n    run \"x\" as look {{ output size: int }}\n    run \"y\" {{ env {{ X = {value} }} }}\n  }}"
        ))
    };
    offered(&step("|")).has(&["params", "vars", "run", "look"]);
    offered(&step("params.|")).has(&["dry"]);
    offered(&step("vars.|")).has(&["region", "key"]);
    offered(&step("run.|")).has(&["id", "branch", "reason"]);
    offered(&step("runs.|")).has(&["build"]);
    offered(&step("look.|")).has(&["size"]);
    let later = pipeline(
        "  stage make { run \"x\" as look { output size: int } }\n  stage b {\n    when = make.|\n    run \"y\"\n  }",
    );
    offered(&later).has(&["look", "result"]);
    offered(&later.replace("make.|", "make.look.|")).has(&["size"]);
    offered(&later.replace("make.|", "make.result == |")).has(&["succeeded", "skipped"]);
    offered(&later.replace("make.|", "run.reason == |")).has(&["manual", "push"]);
    offered(&later.replace("make.|", "suc|")).has(&["succeeded()"]);
}

#[test]
fn compile_time_names_are_offered_where_they_are_seen() {
    let found = offered(
        "let folder = \"src\"\npipeline b {\n  trigger manual\n  for e in [\"qa\"] {\n    stage s[e] { run \"x\" { env { A = | } } }\n  }\n}\n",
    );
    found.has(&["folder", "e"]);
}

#[test]
fn in_quotes_there_are_splices_tasks_and_variables() {
    let step = |step: &str| pipeline(&format!("  stage make {{\n    {step}\n  }}"));
    offered(&step("tag_run \"${|}\"")).has(&["params", "run"]);
    offered(&step("tag_run \"${params.|}\"")).has(&["dry"]);
    let found = offered(&step("task \"Use|\""));
    found.has(&["UsePythonVersion@0"]);
    assert!(found.taken("UsePythonVersion@0").contains("task \"UsePythonVersion@0\""));
    offered(&step("task \"UsePythonVersion@0\" { inputs { | } }")).has(&["versionSpec", "addToPath"]);
    offered(&step("task \"CopyFiles@2\" { inputs { Contents = \"$(|\" } }"))
        .has(&["Build.ArtifactStagingDirectory"]);
    let ml = "ml_pipeline m {\n  step train {\n    command = \"x ${{|}}\"\n    inputs { data = inputs.x }\n    output model: mlflow_model\n  }\n}\n";
    offered(ml).has(&["inputs", "outputs"]);
    offered(&ml.replace("${{|}}", "${{outputs.|}}")).has(&["model"]);
    offered(&ml.replace("${{|}}", "${{ inputs.|")).has(&["data"]);
}

#[test]
fn ml_steps_read_each_other() {
    let ml = "ml_pipeline m {\n  input rows: uri_folder\n  step train {\n    command = \"x\"\n    output model: mlflow_model\n  }\n  step test {\n    command = \"y\"\n    inputs { data = | }\n  }\n}\n";
    offered(ml).has(&["inputs", "train"]);
    offered(&ml.replace('|', "inputs.|")).has(&["rows"]);
    offered(&ml.replace('|', "train.|")).has(&["model"]);
}

#[test]
fn comments_and_free_texts_offer_nothing() {
    assert_eq!(offered("// po|").labels, [""; 0]);
    assert_eq!(offered(&pipeline("  description = \"po|\"")).labels, [""; 0]);
}

#[test]
fn broken_texts_keep_their_choices() {
    let found = offered(
        "pipeline build {\n  trigger manual\n  stage make {\n    run \"x\" { when = params.dry &&\n    |\n",
    );
    assert!(!found.labels.is_empty());
    offered("pipeline build {\n  stage make {\n    poo|\n\npool other { image = \"x\" }\n").has(&["pool"]);
}

#[test]
fn what_a_broken_text_declared_before_is_offered() {
    let text = pipeline(
        "  stage make {\n    run \"make\" as look { output size: int }\n    run \"x\" { env { SIZE = look.size } }\n  }",
    );
    let mut client = Client::new(&[("mlopsc.toml", ""), ("project.mlops", PROJECT), ("build.mlops", &text)]);
    client.open("build.mlops");
    client.settle("build.mlops");
    let broken = text.replace("look.size", "look.\"");
    client.replace("build.mlops", &broken.replace("pipeline", "pool {{\npipeline"));
    client.settle("build.mlops");
    client.replace("build.mlops", &broken.replace("look.\"", "look."));
    let params = json!({
        "textDocument": { "uri": client.uri("build.mlops") },
        "position": super::support::position(&broken, "look.\"", 5),
    });
    let found = client.ask("textDocument/completion", params).unwrap();
    let labels: Vec<&Value> = found["items"].as_array().unwrap().iter().map(|it| &it["label"]).collect();
    assert!(labels.contains(&&json!("size")), "{labels:?}");
}

#[test]
fn paths_of_files_are_offered_folder_by_folder() {
    let text = "runtime r { conda = \"|\", image = \"i\" }\n";
    let at = text.find('|').unwrap();
    let ask = |before: &str| {
        let text = text.replace('|', before);
        let files = [
            ("mlopsc.toml", ""),
            ("main.mlops", text.as_str()),
            ("env/conda.yaml", "x"),
            ("env/deep/b.yaml", "x"),
            (".hidden/c.yaml", "x"),
        ];
        let mut client = Client::new(&files);
        client.open("main.mlops");
        let place = json!({ "line": 0, "character": at + before.len() });
        let params = json!({ "textDocument": { "uri": client.uri("main.mlops") }, "position": place });
        let found = client.ask("textDocument/completion", params).unwrap();
        let labels = found["items"].as_array().unwrap().iter();
        labels.map(|it| it["label"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(ask(""), ["env/", "main.mlops", "mlopsc.toml"]);
    assert_eq!(ask("env/"), ["conda.yaml", "deep/"]);
    assert_eq!(ask("../"), [""; 0]);
    assert_eq!(ask("/"), [""; 0]);
}
