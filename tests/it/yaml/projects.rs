//! What is compiled from texts that some reader of YAML takes for something else.

use super::readers::{self, Node};
use super::{AWKWARD, Random};
use crate::support;
use mlopsc::base::files::Memory;
use mlopsc::base::sources::Sources;
use mlopsc::driver;
use mlopsc::emit::{OutputFile, Target};

/// Wherever `@@` and `@=` stand, any text may; `@@` is where `${…}` means something.
const PROJECT: &str = r#"
project demo { connection = azure, workspace = ml }
connection azure { type = azure_rm, name = "azure-demo" }
repository self { type = azure_repos }
container_registry acr { name = "acrdemo", existing = true }
workspace ml { name = "mlw-demo", resource_group = "rg-ml", existing = true }
runtime sklearn { image = "mcr.microsoft.com/x:1", version = "1", description = @= }
compute cpu { existing = true }
data raw { path = "https://example.org/x.csv", description = @= }
model price { type = mlflow_model }

ml_pipeline train {
  compute = cpu
  description = @=
  tags { note = @= }
  input note: string = @=
  step fit {
    runtime = sklearn
    command = "fit ${{inputs.note}}"
    inputs { note = inputs.note }
    env { NOTE = @= }
  }
}

service api {
  image    = "demo/api"
  registry = acr
  port     = 8080
  args     = [@=, @=]
  env { NOTE = @@ }
}
environment prod {
  target aks { cluster = "aks-demo", resource_group = "rg-prod", namespace = "api" }
  service api { env { NOTE = @@ } }
}

pipeline build {
  trigger manual
  param note: string = @=
  stage all {
    run "make" { env { NOTE = @@, PARAM = params.note, BOTH = "${params.note} and ${run.id}" } }
    run { script = @=, title = @= }
  }
}
"#;

/// `splices`: whether `${…}` would mean something there.
fn quoted(text: &str, splices: bool) -> String {
    let mut quoted = String::from("\"");
    for character in text.chars() {
        match character {
            '"' => quoted.push_str("\\\""),
            '\\' => quoted.push_str("\\\\"),
            '\n' => quoted.push_str("\\n"),
            '\t' => quoted.push_str("\\t"),
            '$' if splices => quoted.push_str("\\$"),
            other => quoted.push(other),
        }
    }
    quoted + "\""
}

fn compiled(text: &str) -> Vec<OutputFile> {
    let mut sources = Sources::default();
    sources.add(
        "main.mlops".to_owned(),
        PROJECT.replace("@@", &quoted(text, true)).replace("@=", &quoted(text, false)),
    );
    let files = Memory([("Dockerfile".to_owned(), "FROM scratch\nUSER 1000\n".to_owned())].into());
    let analysis = driver::analyze(sources, &files);
    assert!(!analysis.has_errors(), "{text:?}: {}", support::render(&analysis.sources, &analysis.findings));
    driver::emit(&analysis, "generated", &[Target::AzureDevops, Target::AzureMl, Target::Helm])
}

/// How often something is a text of a document, as a value.
fn count(node: &Node, wanted: &[String]) -> usize {
    match node {
        Node::Text(text) => usize::from(wanted.contains(text)),
        Node::Other(..) => 0,
        Node::List(items) => items.iter().map(|it| count(it, wanted)).sum(),
        Node::Map(entries) => entries.iter().map(|it| count(&it.1, wanted)).sum(),
    }
}

/// Reads all files with all readers: all must find the same, and the text so often in each target.
fn found(text: &str) -> [usize; 3] {
    // What Azure Pipelines would evaluate is written as an expression for it.
    let escaped = text.replace("${{", "${{ '${{' }}");
    let expression = format!("$[ '{}' ]", escaped.replace('\'', "''"));
    let wanted = [text.to_owned(), escaped, expression];
    let mut counts = [0; 3];
    for file in compiled(text) {
        let path = file.path.as_str();
        let json = path.ends_with(".json");
        if !(json || path.ends_with(".yml") || path.ends_with(".yaml")) || path.contains("/templates/") {
            continue;
        }
        let ours: serde_json::Value = if json {
            serde_json::from_str(&file.text).expect("it is JSON")
        } else {
            serde_yaml::from_str(&file.text).unwrap_or_else(|error| panic!("{path}: {error}\n{}", file.text))
        };
        let ours = Node::of(&ours);
        if !json {
            for (reader, read) in readers::ALL {
                let read = read(&file.text)
                    .unwrap_or_else(|error| panic!("{path}: {reader}: {error}\n{}", file.text));
                assert_eq!(read, [ours.clone()], "{path}: {reader}:\n{}", file.text);
            }
        }
        let target = ["azure-pipelines", "azure-ml", "helm"]
            .iter()
            .position(|it| path.split('/').any(|part| part == *it));
        counts[target.unwrap_or_else(|| panic!("{path} is of no target"))] += count(&ours, &wanted);
    }
    counts
}

/// What the language allows in a text.
fn can_be_said(text: &str) -> bool {
    !text.trim().is_empty() && !text.contains(|it: char| it.is_control() && !matches!(it, '\n' | '\t'))
}

#[test]
fn any_text_may_stand_in_a_project() {
    let plain = found("@plain@");
    assert!(plain.iter().all(|it| *it > 1), "{plain:?}");
    let mut random = Random(7);
    let texts = AWKWARD.iter().map(|it| (*it).to_owned()).chain((0..40).map(|_| random.text()));
    for text in texts.filter(|it| can_be_said(it)) {
        let found = found(&text);
        assert!(
            found.iter().zip(plain).all(|(found, plain)| *found >= plain),
            "{text:?}: {found:?}, not {plain:?}"
        );
    }
}
