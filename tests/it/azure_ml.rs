//! From `.mlops` to the documents of Azure ML.

use mlopsc::base::arena::Id;
use mlopsc::base::files::Memory;
use mlopsc::base::sources::Sources;
use mlopsc::driver;
use mlopsc::emit::{OutputFile, Target, azure_ml};
use mlopsc::model::project::Project;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::support;

/// What the cases name beside themselves.
const SIDE_FILES: &[(&str, &str)] = &[
    ("ml/conda.yml", ""),
    ("ml/train/train.py", ""),
    ("ml/extract/extract.py", ""),
    ("ml/prepare/prepare.py", ""),
    ("ml/evaluate/evaluate.py", ""),
    ("ml/batch/score.py", ""),
    ("ml/spark/wrangle.py", ""),
    ("ml/components/evaluate.yml", EVALUATE),
    ("docker/gpu/Dockerfile", ""),
    ("data/holidays.csv", ""),
];

const EVALUATE: &str = r"$schema: https://azuremlschemas.azureedge.net/latest/commandComponent.schema.json
type: command
inputs:
  model: {type: mlflow_model}
  testData: {type: uri_folder}
  threshold: {type: number, default: 0.5, min: 0, max: 1}
outputs:
  promote: {type: uri_file}
  report: {type: uri_file}
command: python evaluate.py ${{inputs.model}} ${{inputs.testData}} ${{outputs.promote}} ${{outputs.report}}
environment: azureml:known:1
";

fn cases() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases/azure_ml")
}

/// The text without errors, emitted; a first line `// published: NAME` says what becomes an endpoint.
fn emitted(text: &str, out: &str) -> Vec<OutputFile> {
    let mut sources = Sources::default();
    sources.add("x.mlops".to_owned(), text.to_owned());
    let side_files = SIDE_FILES.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned()));
    let analysis = driver::analyze(sources, &Memory(side_files.collect()));
    let errors = support::render(&analysis.sources, &analysis.findings);
    assert!(!analysis.has_errors(), "{errors}");
    let published = text.lines().next().and_then(|line| line.strip_prefix("// published: "));
    let published: Vec<_> = published.map(|name| pipeline(&analysis.project, name)).into_iter().collect();
    azure_ml::emit(&analysis.project, out, &published)
}

fn pipeline(project: &Project, name: &str) -> Id<mlopsc::model::project::MlPipeline> {
    let found = project.ml_pipelines.iter().find(|(_, it)| it.header.ident.value == name);
    found.expect("the case declares it").0
}

fn listing(files: &[OutputFile]) -> String {
    files.iter().map(|it| format!("=== {}\n{}", it.path, it.text)).collect::<Vec<_>>().join("\n")
}

fn json(files: &[OutputFile], path: &str) -> serde_json::Value {
    let file = files.iter().find(|it| it.path == path).expect("it is emitted");
    serde_json::from_str(&file.text).expect("it is JSON")
}

fn case(name: &str) -> String {
    std::fs::read_to_string(cases().join(format!("{name}.mlops"))).expect("the case is there")
}

#[test]
fn documents_of_each_case() {
    for name in [
        "steps",
        "decisions",
        "published",
        "resources",
        "environments",
        "endpoints",
        "schedules",
        "nodes",
        "components",
        "order",
        "models",
    ] {
        insta::assert_snapshot!(format!("azure_ml_{name}"), listing(&emitted(&case(name), "generated")));
    }
}

#[test]
fn documents_of_digitre() {
    let example = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/digitre/ml.mlops");
    let text = std::fs::read_to_string(example).expect("the example is there");
    insta::assert_snapshot!("azure_ml_digitre", listing(&emitted(&text, "generated")));
}

/// The lines of the pipeline that name documents or say what a cluster is, with their stage.
#[test]
fn steps_of_an_environment_use_its_own_documents() {
    let mut sources = Sources::default();
    sources.add("x.mlops".to_owned(), case("environments"));
    let side_files = SIDE_FILES.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned()));
    let analysis = driver::analyze(sources, &Memory(side_files.collect()));
    let files = driver::emit(&analysis, "generated", &[Target::AzureDevops]);
    let told = ["- stage: ", "_FILE: ", " FILE: ", " SIZE: ", "MAX_NODES: ", "ML_INPUT_"];
    let lines = files[0].text.lines().filter(|line| told.iter().any(|it| line.contains(it))).map(str::trim);
    insta::assert_snapshot!(lines.collect::<Vec<_>>().join("\n"));
}

#[test]
fn side_files_are_named_from_the_document() {
    let code = |out: &str| {
        let job = json(&emitted(&case("published"), out), "azure-ml/pipelines/nightly_scores.json");
        job["jobs"]["score"]["component"]["code"].as_str().expect("the step has code").to_owned()
    };
    assert_eq!(code("generated"), "../../../ml/train");
    assert_eq!(code("."), "../../ml/train");
    assert_eq!(code("ml/out"), "../../../train");
}

#[test]
fn values_nobody_gave_are_left_to_whoever_submits() {
    let text = r#"
        runtime plain { image = "a:1" }
        ml_pipeline open {
          compute = serverless
          input level: int
          input raw: uri_folder
          input note: string { optional = true }
          step a {
            runtime = plain
            command = "x ${{inputs.level}} ${{inputs.raw}} $[[ ${{inputs.note}} ]]"
            inputs { level = inputs.level, raw = inputs.raw, note = inputs.note }
          }
        }
    "#;
    let job = json(&emitted(text, "generated"), "azure-ml/pipelines/open.json");
    assert_eq!(job["inputs"], serde_json::json!({ "raw": { "type": "uri_folder" } }));
    let bound: Vec<&String> = job["jobs"]["a"]["inputs"].as_object().expect("it has inputs").keys().collect();
    assert_eq!(bound, ["level", "raw"]);
}

#[test]
fn a_rejected_step_does_nothing_and_succeeds() {
    let command = guarded_command();
    for command in [command.clone(), command.replace('\n', " ")] {
        assert_eq!(run(&command, Some("promote\n")), (true, vec!["ran".to_owned()]));
        assert_eq!(run(&command, Some(" promote\r\n")), (true, vec!["ran".to_owned()]));
        let (succeeded, left) = run(&command, Some("reject\n"));
        assert!(succeeded);
        assert_eq!(left, ["fair", "report/rejected", "table/MLTable", "table/rejected", "text"]);
        for wrong in [Some(""), Some("maybe"), Some("promote or reject"), None] {
            assert_eq!(run(&command, wrong), (false, Vec::new()), "{wrong:?}");
        }
    }
}

fn guarded_command() -> String {
    let job = json(&emitted(&case("decisions"), "generated"), "azure-ml/pipelines/price.json");
    let command = job["jobs"]["explain"]["command"].as_str().expect("it has a command");
    let (guard, _) = command.split_once("set -e").expect("the user's command is kept");
    format!("{guard}echo > \"$OUT/ran\"")
}

/// Whether the command succeeded, and the files it left.
fn run(command: &str, decision: Option<&str>) -> (bool, Vec<String>) {
    let folder = tempfile::tempdir().expect("a folder can be made");
    let out = folder.path().join("out folder");
    std::fs::create_dir(&out).expect("a folder can be made");
    let input = folder.path().join("the decision");
    if let Some(text) = decision {
        std::fs::write(&input, text).expect("it can be written");
    }
    let mut command = command.replace("${{inputs.when_evaluate_better_}}", &input.to_string_lossy());
    for output in ["report", "text", "table", "fair"] {
        let path = out.join(output);
        command = command.replace(&format!("${{{{outputs.{output}}}}}"), &path.to_string_lossy());
    }
    let done =
        Command::new("bash").args(["-c", &command]).env("OUT", &out).output().expect("there is a bash");
    let mut left = Vec::new();
    files_below(&out, &out, &mut left);
    left.sort();
    (done.status.success(), left)
}

fn files_below(root: &Path, folder: &Path, found: &mut Vec<String>) {
    for entry in std::fs::read_dir(folder).expect("it can be read") {
        let path = entry.expect("it can be read").path();
        if path.is_dir() {
            files_below(root, &path, found);
        } else {
            let path = path.strip_prefix(root).expect("it lies below");
            found.push(path.to_string_lossy().into_owned());
        }
    }
}
