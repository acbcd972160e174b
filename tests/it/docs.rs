//! What the documents show is compiled: ```` ```mlops ```` is a whole project, `mlops,fragment:stage` stands in a stage,
//! `mlops,fragment:pipeline` in a pipeline, `mlops,fails` has errors.

use crate::support::{files_below, render, repository};
use crate::texts;

/// The fenced blocks of a document with the line they begin at.
fn fences(text: &str) -> Vec<(usize, String, String)> {
    let mut found: Vec<(usize, String, String)> = Vec::new();
    let mut inside = false;
    for (number, line) in text.lines().enumerate() {
        if let Some(tag) = line.strip_prefix("```") {
            inside = !inside;
            if inside {
                found.push((number + 1, tag.trim().to_owned(), String::new()));
            }
        } else if inside {
            let (_, _, text) = found.last_mut().expect("a fence was opened");
            text.push_str(line);
            text.push('\n');
        }
    }
    found
}

/// What fragments may name.
const AROUND: &str = r#"
connection azure { type = azure_rm }
repository self { type = azure_repos }
repository engine { type = azure_repos, name = "engine" }
pool linux { image = "ubuntu-24.04" }
variables shared { group = "shared", var region: string, secret api_key }
workspace ml { name = "mlw-digitre", resource_group = "rg-ml", existing = true }
project around { pool = linux, connection = azure, workspace = ml, variables = shared }
container_registry acr { name = "acrdigitre", existing = true }
compute train_cpu { size = "Standard_DS3_v2" }
datastore store { existing = true }
model price { type = mlflow_model }
approval leads { approvers = ["leads@contoso.example"] }
service api { image = "team/api", registry = acr, port = 8080, build { context = ".", dockerfile = "Dockerfile" } }
environment dev { target aci { resource_group = "rg-dev" }, service api {} }
runtime python { image = "mcr.microsoft.com/azureml/openmpi4.1.0-ubuntu22.04:20250601.v1" }
ml_pipeline price_model {
  compute = train_cpu
  step train {
    runtime = python
    command = "python -m train ${{outputs.model}} ${{outputs.promote}}"
    output model: mlflow_model
    output promote: decision
  }
  register price from train.model { when = train.promote }
}
connection hook { type = generic }
pipeline silo { trigger manual, param name: string = "a", stage all { run "make" } }
pipeline build { trigger manual, stage all { run "make", publish report { path = "out" } } }
"#;

fn whole(tag: &str, text: &str) -> Option<String> {
    match tag {
        "mlops" | "mlops,fails" => Some(text.to_owned()),
        "mlops,fragment:pipeline" => Some(format!("{AROUND}pipeline example {{\n{text}}}\n")),
        "mlops,fragment:stage" => {
            Some(format!("{AROUND}pipeline example {{\ntrigger manual\nstage example {{\n{text}}}\n}}\n"))
        }
        _ => {
            assert!(!tag.starts_with("mlops"), "no fence is called `{tag}`");
            None
        }
    }
}

const SIDE_FILES: &[(&str, &str)] = &[
    ("Dockerfile", "FROM python:3.12\nUSER 1000\n"),
    ("ml/conda.yml", "dependencies: [python=3.12]\n"),
    ("ml/train/train.py", "print('trained')\n"),
    ("charts/web/Chart.yaml", "apiVersion: v2\nname: web\nversion: 1.0.0\n"),
    ("charts/web/templates/all.yaml", "{{ toYaml .Values }}"),
    ("conf/app.yml", "level: info\n"),
    (
        "templates/test.yml",
        "parameters:\n  - name: python\n  - name: targets\n    type: stringList\nsteps:\n  - bash: make test\n    name: tested\n",
    ),
    ("scripts/check.sh", "echo checked\n"),
    ("infra/main.bicep", "param name string\n@secure()\nparam key string\noutput vaultName string = name\n"),
    ("tests/test_api.py", "def test_one(): pass\n"),
];

fn documents() -> Vec<(String, String)> {
    let mut found = files_below("docs", ".md");
    // These are the pages of the codes, whose examples have their own tests.
    found.retain(|(path, _)| !path.starts_with("docs/rules/"));
    let readme = std::fs::read_to_string(repository("README.md"));
    found.extend(readme.map(|text| ("README.md".to_owned(), text)));
    found
}

#[test]
fn every_example_of_the_documents_is_true() {
    let mut wrong = Vec::new();
    let mut seen = 0;
    for (path, text) in documents() {
        for (line, tag, text) in fences(&text) {
            let Some(program) = whole(&tag, &text) else { continue };
            seen += 1;
            let analysis = texts::analysis(&program, SIDE_FILES);
            let report = render(&analysis.sources, &analysis.findings);
            if analysis.has_errors() != (tag == "mlops,fails") {
                wrong.push(format!("{path}:{line}:\n{text}{report}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(seen > 5, "the documents show something");
}

#[test]
fn what_the_documents_link_to_is_there() {
    let mut wrong = Vec::new();
    for (path, text) in files_below("docs", ".md") {
        let folder = repository(&path).parent().expect("a file has a folder").to_owned();
        for link in text.split("](").skip(1).filter_map(|it| it.split(')').next()) {
            let file = link.split('#').next().unwrap_or_default();
            if !file.is_empty() && !file.contains("://") && !folder.join(file).exists() {
                wrong.push(format!("{path}: {link}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn every_declaration_step_and_trigger_is_described() {
    use mlopsc::schema::Head;
    use mlopsc::schema::{Type, declarations, pipeline};
    let text = std::fs::read_to_string(repository("docs/language.md")).expect("the document is there");
    let declared = declarations::TOP_LEVEL.iter().map(|it| it.block.word.to_owned());
    let steps = mlopsc::model::steps::KINDS.iter().map(|it| it.block.word.to_owned());
    let Head::Arguments([event, ..]) = pipeline::TRIGGER.head else { panic!("a trigger has an event") };
    let Type::Word(events) = event.ty else { panic!("events are words") };
    let words = declared.chain(steps).chain(events.iter().map(|it| (*it).to_owned()));
    let missing: Vec<String> = words.filter(|it| !text.contains(&format!("`{it}"))).collect();
    assert!(missing.is_empty(), "{missing:?}");
}
