//! Services to charts: what is written, and that templates, values and schema know the same keys.

use crate::support;
use mlopsc::base::files::Memory;
use mlopsc::base::sources::Sources;
use mlopsc::driver;
use mlopsc::emit::{OutputFile, helm};
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;
use std::path::Path;

fn charts(text: &str) -> Vec<OutputFile> {
    let mut sources = Sources::default();
    sources.add("x.mlops".to_owned(), text.to_owned());
    let files = [
        ("Dockerfile", "FROM python\nUSER 1000\n"),
        ("conf/app.yml", "level: info\n"),
        ("conf/other/app.yml", "level: debug\n"),
    ];
    let files = Memory(files.map(|(path, text)| (path.to_owned(), text.to_owned())).into());
    let analysis = driver::analyze(sources, &files);
    assert!(!analysis.has_errors(), "{}", support::render(&analysis.sources, &analysis.findings));
    helm::emit(&analysis.project, &analysis.sources)
}

fn case(name: &str) -> Vec<OutputFile> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases/helm").join(name);
    charts(&std::fs::read_to_string(path).expect("the case is there"))
}

fn file<'a>(files: &'a [OutputFile], path: &str) -> &'a str {
    &files.iter().find(|it| it.path == path).unwrap_or_else(|| panic!("no {path}")).text
}

fn yaml(text: &str) -> Value {
    serde_yaml::from_str(text).expect("what is written can be read")
}

/// The charts' own folder: what is the same for all of them, by path.
fn templates() -> BTreeMap<String, String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("templates/chart");
    let (mut found, mut folders) = (BTreeMap::new(), vec![root.clone()]);
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).expect("the folder can be read") {
            let path = entry.expect("the folder can be read").path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let name = path.strip_prefix(&root).expect("it lies below").to_string_lossy().replace('\\', "/");
            found.insert(name, std::fs::read_to_string(&path).expect("templates are UTF-8"));
        }
    }
    found
}

fn written(files: &[OutputFile], names: &[&str]) -> String {
    let wanted = files.iter().filter(|it| names.iter().any(|name| it.path.ends_with(name)));
    wanted.flat_map(|it| ["==> ", &it.path, "\n", &it.text]).collect()
}

#[test]
fn a_service_that_says_little() {
    let files = case("minimal.mlops");
    insta::assert_snapshot!(written(&files, &["Chart.yaml", "values.yaml", "values-prod.yaml"]));
}

#[test]
fn a_service_that_says_everything() {
    let files = case("everything.mlops");
    insta::assert_snapshot!(
        written(&files, &[".yaml"]).split("==> helm/engine/templates").next().expect("one")
    );
}

#[test]
fn a_service_that_listens_nowhere_and_has_odd_names() {
    let files = case("worker.mlops");
    let values = yaml(file(&files, "helm/1e3/values.yaml"));
    assert_eq!(values["containerPort"], 0);
    assert_eq!(values["image"]["repository"], "0123");
    assert_eq!(values["podDisruptionBudget"], json!({ "maxUnavailable": 0 }));
    let chart = yaml(file(&files, "helm/1e3/Chart.yaml"));
    assert_eq!((&chart["name"], &chart["description"]), (&"1e3".into(), &"line one\nline two".into()));
    assert!(templates()["templates/service.yaml"].starts_with("{{- if .Values.containerPort }}"));
}

#[test]
fn what_pods_carry() {
    let files = case("pods.mlops");
    let values = |name: &str| yaml(file(&files, name));
    let all = values("helm/scorer/values.yaml");
    let annotations = json!({
        "owner": "prices@contoso.example",
        "prometheus.io/scrape": "true",
        "prometheus.io/path": "/numbers",
        "prometheus.io/port": "8080",
    });
    assert_eq!(all["podLabels"], json!({ "team": "pricing" }));
    assert_eq!(all["podAnnotations"], annotations);
    assert_eq!(all["secretEnv"], json!({ "API_KEY": { "secret": "scorer-keys", "key": "api-key" } }));
    assert_eq!(all["files"], json!({ "app.yml": "level: info\n", "app.yml-0": "level: debug\n" }));
    let volumes = json!([
        { "name": "files", "emptyDir": { "sizeLimit": "1Gi" } },
        { "name": "models", "persistentVolumeClaim": { "claimName": "models" } },
        { "name": "files-0", "files": true },
        { "name": "tmp", "emptyDir": {} },
    ]);
    assert_eq!(all["volumes"], volumes);
    let mounts = json!([
        { "name": "files", "mountPath": "/data" },
        { "name": "models", "mountPath": "/models", "subPath": "v1", "readOnly": true },
        { "name": "files-0", "mountPath": "/etc/app/app.yml", "subPath": "app.yml", "readOnly": true },
        { "name": "files-0", "mountPath": "/etc/other/app.yml", "subPath": "app.yml-0", "readOnly": true },
        { "name": "tmp", "mountPath": "/tmp" },
    ]);
    assert_eq!(all["volumeMounts"], mounts);
    assert_eq!(all["metrics"]["port"], 0);

    let ours = values("helm/scorer/values-ours.yaml");
    assert_eq!(ours["podLabels"], json!({ "azure.workload.identity/use": "true" }));
    assert_eq!((&ours["metrics"]["port"], &ours["metrics"]["monitor"]), (&json!(9090), &json!("azure")));
    let theirs = values("helm/scorer/values-theirs.yaml");
    assert_eq!(theirs["podLabels"], json!({ "azure.workload.identity/use": "true" }));
    assert_eq!(theirs["serviceAccount"], json!({ "create": false, "name": "scorer-account" }));

    let plain = values("helm/plain/values.yaml");
    assert_eq!((&plain["podLabels"], &plain["podAnnotations"]), (&json!({}), &json!({})));
    let monitored = values("helm/monitored/values.yaml");
    assert_eq!((&monitored["metrics"]["port"], &monitored["podAnnotations"]), (&json!(0), &json!({})));
}

#[test]
fn the_schema_of_the_values() {
    insta::assert_snapshot!(file(&case("minimal.mlops"), "helm/tiny/values.schema.json"));
}

#[test]
fn templates_are_the_files_byte_for_byte() {
    let own = ["Chart.yaml", "values.yaml", "values.schema.json", "values-prod.yaml"];
    let emitted: BTreeMap<String, String> = case("minimal.mlops")
        .into_iter()
        .map(|it| (it.path.trim_start_matches("helm/tiny/").to_owned(), it.text))
        .filter(|(path, _)| !own.contains(&path.as_str()))
        .collect();
    assert_eq!(emitted, templates());
}

#[test]
fn every_line_ends_clean() {
    for file in case("everything.mlops") {
        assert!(file.text.ends_with('\n') && !file.text.ends_with("\n\n"), "{}", file.path);
        for line in file.text.split('\n') {
            assert_eq!(line, line.trim_end_matches([' ', '\t', '\r']), "{}", file.path);
        }
    }
}

#[test]
fn the_same_project_gives_the_same_bytes() {
    assert_eq!(case("everything.mlops"), case("everything.mlops"));
}

const SERVICE: &str = "service api { image = \"x\", port = 8080 }\n";

fn environment(name: &str, target: &str, body: &str) -> String {
    let place = match target {
        "aks" => "target aks { cluster = \"c\", resource_group = \"rg\", namespace = \"ns\" }",
        "aci" => "target aci { resource_group = \"rg\" }",
        _ => "",
    };
    format!("environment {name} {{\n{place}\n{body}\n}}\n")
}

fn values_files(text: &str) -> Vec<String> {
    let paths = charts(text).into_iter().map(|it| it.path.replace("helm/api/", ""));
    paths.filter(|it| it.starts_with("values") && it != "values.schema.json").collect()
}

#[test]
fn a_service_that_no_cluster_receives_has_no_chart() {
    assert_eq!(values_files(SERVICE), [""; 0]);
    let container_instances = environment("dev", "aci", "service api { port = 80 }");
    let nowhere = environment("none", "", "");
    assert_eq!(values_files(&(SERVICE.to_owned() + &container_instances + &nowhere)), [""; 0]);
}

#[test]
fn environments_that_speak_of_a_service_receive_it_else_all_clusters() {
    let [one, two] = ["one", "two"].map(|it| environment(it, "aks", ""));
    let speaks = environment("speaks", "aks", "service api {}");
    let instances = environment("instances", "aci", "service api { port = 80 }");
    let all = SERVICE.to_owned() + &one + &two + &instances;
    assert_eq!(values_files(&all), ["values.yaml", "values-one.yaml", "values-two.yaml"]);
    assert_eq!(values_files(&(all + &speaks)), ["values.yaml", "values-speaks.yaml"]);
}

/// As Helm lays one file of values over another.
fn merged(base: &Value, over: &Value) -> Value {
    let (Value::Object(base), Value::Object(over)) = (base, over) else { return over.clone() };
    let mut all: Map<String, Value> = base.clone();
    for (key, value) in over {
        match (base.get(key), value) {
            (_, Value::Null) => {
                all.shift_remove(key);
            }
            (Some(below), value) => {
                all.insert(key.clone(), merged(below, value));
            }
            (None, value) => {
                all.insert(key.clone(), value.clone());
            }
        }
    }
    Value::Object(all)
}

#[test]
fn values_of_an_environment_over_the_charts_own_are_the_service_as_it_is_there() {
    let base = r#"
        probe readiness { path = "/ready", delay = 5s }
        disruption { min_available = 1 }
        place { nodes { a = "1", b = "2" } }
        scale { replicas = 2..4, cpu = 60% }
        resources { cpu = 100m }
        volume cache { path = "/cache", size = 1Gi }
        env { A = "1", B = "2" }
        args = ["x"]
    "#;
    let over = r#"
        probe readiness { period = 3s }
        disruption { max_unavailable = 50% }
        resources { cpu = 100m }
        place { nodes { b = "3" } }
        scale { replicas = 0 }
        volume tmp { path = "/tmp/" }
        env { B = "on" }
        args = []
        run_as_root = true
    "#;
    let layered = format!("service api {{\nimage = \"x\"\nport = 8080\n{base}\n}}\n")
        + &environment("prod", "aks", &format!("service api {{\n{over}\n}}"));
    let flat = format!("service api {{\nimage = \"x\"\nport = 8080\n{over}\n}}\n")
        .replace("B =", "A = \"1\", B =")
        + &environment("prod", "aks", "");
    let (layered, flat) = (charts(&layered), charts(&flat));
    let [own, there] =
        ["values.yaml", "values-prod.yaml"].map(|it| yaml(file(&layered, &format!("helm/api/{it}"))));
    assert_eq!(merged(&own, &there), yaml(file(&flat, "helm/api/values.yaml")));
    assert_eq!(yaml(file(&flat, "helm/api/values-prod.yaml")), Value::Object(Map::new()));
}

#[test]
fn what_only_a_run_knows_replaces_what_the_chart_says() {
    let text = "variables keys { group = \"keys\", var place: string, secret key }\n\
                service api { image = \"x\", port = 8080, env { A = \"1\", B = \"2\", C = vars.key } }\n"
        .to_owned()
        + &environment(
            "prod",
            "aks",
            "variables = [keys]\nservice api { env { A = vars.place, B = vars.key, C = \"3\" } }",
        );
    let files = charts(&text);
    let own = yaml(file(&files, "helm/api/values.yaml"));
    assert_eq!(own["env"], json!({ "A": "1", "B": "2" }));
    assert_eq!(own["envFromSecret"], json!({ "C": "C" }));
    let there = merged(&own, &yaml(file(&files, "helm/api/values-prod.yaml")));
    assert_eq!(there["env"], json!({ "C": "3" }));
    assert_eq!(there["envFromSecret"], json!({ "B": "B" }));
}

/// What does not conform, by path. Patterns and bounds are Helm's business; the keys and types are checked here.
fn violations(schema: &Value, value: &Value, at: &str) -> Vec<String> {
    let ty = match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(_) => "integer",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    };
    let allowed = match &schema["type"] {
        Value::Array(types) => types.iter().any(|it| it == ty),
        one => one == ty,
    };
    let mut found = Vec::new();
    if !allowed || schema["enum"].as_array().is_some_and(|it| !it.contains(value)) {
        found.push(format!("{at}: {value} against {schema}"));
    }
    match value {
        Value::Object(map) => {
            for (key, value) in map {
                let own = &schema["properties"][key];
                let row = if own.is_null() { &schema["additionalProperties"] } else { own };
                let path = format!("{at}.{key}");
                match row {
                    Value::Object(_) => found.extend(violations(row, value, &path)),
                    _ => found.push(format!("{path}: no such key")),
                }
            }
        }
        Value::Array(items) => {
            found.extend(items.iter().flat_map(|it| violations(&schema["items"], it, &format!("{at}[]"))));
        }
        _ => {}
    }
    found
}

#[test]
fn values_conform_to_the_schema() {
    let files = case("everything.mlops");
    let schema = yaml(file(&files, "helm/engine/values.schema.json"));
    let own = yaml(file(&files, "helm/engine/values.yaml"));
    assert_eq!(violations(&schema, &own, ""), [""; 0]);
    for name in ["qa", "prod", "same"] {
        let there = merged(&own, &yaml(file(&files, &format!("helm/engine/values-{name}.yaml"))));
        assert_eq!(violations(&schema, &there, name), [""; 0]);
    }
    assert_eq!(violations(&schema, &json!({ "replicas": 3 }), ""), [".replicas: no such key"]);
}

#[test]
fn every_map_of_the_schema_says_which_keys_it_takes() {
    fn open(schema: &Value, at: &str, found: &mut Vec<String>) {
        if schema["type"] == "object" && schema["additionalProperties"].is_null() {
            found.push(at.to_owned());
        }
        for (key, row) in schema["properties"].as_object().into_iter().flatten() {
            if row["description"].as_str().is_none_or(str::is_empty) {
                found.push(format!("{at}.{key} is not described"));
            }
            open(row, &format!("{at}.{key}"), found);
        }
        open_items(schema, at, found);
    }
    fn open_items(schema: &Value, at: &str, found: &mut Vec<String>) {
        if schema["items"].is_object() {
            open(&schema["items"], &format!("{at}[]"), found);
        }
    }
    let mut found = Vec::new();
    open(&yaml(file(&case("minimal.mlops"), "helm/tiny/values.schema.json")), "", &mut found);
    assert_eq!(found, [""; 0]);
}

/// Every `.Values.a.b` in the templates.
fn reads() -> Vec<Vec<String>> {
    let mut found = Vec::new();
    for text in templates().values() {
        for (at, word) in text.match_indices(".Values.") {
            let path = text[at + word.len()..].split(|it: char| !it.is_ascii_alphanumeric() && it != '.');
            let path = path.into_iter().next().unwrap_or_default();
            found.push(path.split('.').map(str::to_owned).collect());
        }
    }
    found
}

#[test]
fn templates_read_every_value_and_no_other() {
    let files = case("everything.mlops");
    let schema = yaml(file(&files, "helm/engine/values.schema.json"));
    let reads = reads();
    for read in &reads {
        let row = read.iter().fold(&schema, |row, key| &row["properties"][key]);
        assert!(row.is_object(), "no value {}", read.join("."));
    }
    let mut unread = Vec::new();
    collect_unread(&schema, &mut Vec::new(), &reads, &mut unread);
    assert_eq!(unread, [""; 0]);
    let rows = schema["properties"].as_object().expect("the schema has rows");
    let values = yaml(file(&files, "helm/engine/values.yaml"));
    let values = values.as_object().expect("values are a map");
    assert_eq!(rows.keys().collect::<Vec<_>>(), values.keys().collect::<Vec<_>>());
}

/// Keys of the schema that no template reads, neither alone nor with the map they stand in.
fn collect_unread(schema: &Value, at: &mut Vec<String>, reads: &[Vec<String>], found: &mut Vec<String>) {
    for (key, row) in schema["properties"].as_object().into_iter().flatten() {
        at.push(key.clone());
        let is_read = reads.iter().any(|it| it == at);
        if !is_read && row["properties"].is_object() {
            collect_unread(row, at, reads, found);
        } else if !is_read {
            found.push(at.join("."));
        }
        at.pop();
    }
}

#[test]
fn a_cluster_that_a_step_deploys_to_has_its_values() {
    let text = "connection azure { type = azure_rm }\nservice api { image = \"x\", port = 8080 }\n\
                pipeline p { trigger manual, stage s { environment = quiet, connection = azure, deploy api { tag = run.id } } }\n"
        .to_owned()
        + &environment("loud", "aks", "service api { env { A = \"1\" } }")
        + &environment("quiet", "aks", "");
    let files = charts(&text);
    for name in ["values-loud.yaml", "values-quiet.yaml"] {
        file(&files, &format!("helm/api/{name}"));
    }
}
