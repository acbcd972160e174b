//! What must stand in Azure DevOps beside the YAML: bodies, their order, who may use what, and the list of it.

use crate::support::render;
use crate::texts::analysis;
use mlopsc::driver;
use mlopsc::emit::Target;
use serde_json::{Value, json};
use std::collections::BTreeMap;

type Bodies = BTreeMap<String, Value>;

/// The bodies by path below `azure-pipelines/setup`.
fn bodies_with(text: &str, side_files: &[(&str, &str)]) -> Bodies {
    let mut analysis = analysis(text, side_files);
    analysis.findings.retain(mlopsc::diag::Diagnostic::is_error);
    assert!(!analysis.has_errors(), "{}", render(&analysis.sources, &analysis.findings));
    let files = driver::emit(&analysis, "generated", &[Target::Setup]);
    let json = files.iter().filter(|it| !it.path.ends_with("/setup.sh"));
    let read = |it: &mlopsc::emit::OutputFile| {
        let path = it.path.strip_prefix("azure-pipelines/setup/").expect("all stand there");
        (path.to_owned(), serde_json::from_str(&it.text).expect("it is JSON"))
    };
    json.map(read).collect()
}

fn bodies(text: &str) -> Bodies {
    bodies_with(text, &[])
}

const CHECKS: &str = include_str!("../cases/model/ok/checks.mlops");

#[test]
fn checks_have_the_bodies_of_the_reference() {
    let all = bodies(CHECKS);
    let text: Vec<String> = all
        .iter()
        .filter(|(path, _)| path.starts_with("checks/") || path.starts_with("variable-groups/"))
        .map(|(path, body)| format!("{path}\n{}", serde_json::to_string_pretty(body).expect("it was read")))
        .collect();
    insta::assert_snapshot!(text.join("\n\n"));
}

#[test]
fn things_stand_in_the_order_in_which_they_are_safe() {
    let all = bodies(CHECKS);
    let things = all["things.json"]["things"].as_array().expect("a list");
    let kinds: Vec<&str> = things.iter().filter_map(|it| it["kind"].as_str()).collect();
    let order = ["variable-group", "environment", "check", "pipeline", "permission", "policy"];
    let places: Vec<usize> =
        kinds.iter().map(|kind| order.iter().position(|it| it == kind).expect("a known kind")).collect();
    assert!(places.is_sorted(), "{kinds:?}");
    for thing in things {
        let file = thing["file"].as_str().expect("a path");
        assert!(all.contains_key(file), "{file}");
        let source = thing["source"].as_str().expect("a place");
        assert!(source.strip_prefix("main.mlops:").is_some_and(|it| it.parse::<usize>().is_ok()), "{source}");
    }
    assert_eq!(things.len() + 1, all.len(), "every body is in the list");
}

#[test]
fn who_uses_what_is_found_in_all_places() {
    let all = bodies_with(
        r#"
project p { folder = "a/b" }
repository self { type = github, name = "team/ops", connection = hub }
repository code { type = azure_repos, name = "Other/code" }
repository lib { type = github, name = "team/lib", connection = libs }
connection hub { type = github }
connection libs { type = github }
connection images { type = docker_registry }
connection azure { type = azure_rm, name = "azure prod" }
connection watcher { type = azure_rm }
connection hook { type = generic }
connection incoming { type = incoming_webhook }
connection named { type = kubernetes }
container_registry acr { name = "acrteam", resource_group = "rg", connection = images }
pool gpu { name = "gpu agents" }
pool linux { image = "ubuntu-24.04", container { image = "team/tools:1", registry = acr } }
variables outer { group = "outer", var a: string }
variables inner { group = "inner", var b: string }
variables vault { key_vault = "kv-x", connection = azure, secret c }
environment prod { variables = inner }
pipeline one {
  variables = outer
  pool      = linux
  trigger image acr "team/api" { connection = watcher }
  trigger webhook "deploy" { connection = incoming }
  stage all {
    environment = prod
    checkout code
    run "make"
  }
}
pipeline two {
  trigger manual
  pool = gpu
  stage all {
    variables = vault
    checkout lib
    run "make" { env { C = vars.c } }
    task "Kubernetes@1" { inputs { connectionType = "Kubernetes Service Connection", kubernetesServiceEndpoint = "named", command = "get" } }
    task "contoso.x.y.Scan@1" { inputs { where = "lib, as it is called" } }
    call hook
  }
}
"#,
        &[],
    );
    let users: Vec<String> = all
        .iter()
        .filter_map(|(path, body)| {
            let name = path.strip_prefix("permissions/")?;
            let of: Vec<&str> =
                body["pipelines"].as_array()?.iter().filter_map(|it| it["id"].as_str()).collect();
            Some(format!("{name} {} {}", body["resource"]["id"].as_str()?, of.join(" ")))
        })
        .collect();
    insta::assert_snapshot!(users.join("\n"));
    let repository = &all["pipelines/one.json"]["repository"];
    assert_eq!(repository["id"], json!("team/ops"));
    assert_eq!(repository["type"], json!("GitHub"));
    assert_eq!(repository["properties"]["connectedServiceId"], json!("${connection:hub}"));
    assert_eq!(all["pipelines/one.json"]["path"], json!("\\a\\b"));
}

const REACHED: &str = r#"
approval leads { approvers = ["leads@x.example"] }
repository self { type = azure_repos, name = "ops" }
connection azure { type = azure_rm }
environment prod { approval = leads, connection = azure, lock = latest, branches = ["main"] }
"#;

/// The kinds of checks that stand on the connection.
fn on_the_connection(pipelines: &str) -> Vec<String> {
    let all = bodies(&format!("{REACHED}{pipelines}"));
    let found = all.keys().filter_map(|it| it.strip_prefix("checks/connection.azure."));
    found.map(|it| it.trim_end_matches(".json").to_owned()).collect()
}

#[test]
fn the_connection_behind_one_guarded_environment_is_guarded_too() {
    let one = r#"pipeline p { trigger manual, stage a { environment = prod, azure "az group list" } }"#;
    assert_eq!(on_the_connection(one), ["approval", "branches"], "the lock is taken once");
    let unused = r#"pipeline p { trigger manual, stage a { environment = prod, run "make" } }"#;
    assert!(on_the_connection(unused).is_empty());
    let outside = r#"pipeline p {
      trigger manual
      stage a { environment = prod, azure "az group list" }
      stage b { connection = azure, azure "az group list" }
    }"#;
    assert_eq!(on_the_connection(outside), ["approval", "branches"], "nobody walks around them");
    let context = r#"pipeline p {
      trigger manual
      stage a { environment = prod, azure "az group list" }
      stage b { context = prod, azure "az group list" }
    }"#;
    assert_eq!(on_the_connection(context), ["approval", "branches"]);
    let another = r#"environment qa {}
    pipeline p {
      trigger manual
      stage a { environment = prod, azure "az group list" }
      stage b { environment = qa, connection = azure, azure "az group list" }
    }"#;
    assert!(on_the_connection(another).is_empty());
}

/// The whole pipeline in YAML.
fn yaml(text: &str, side_files: &[(&str, &str)]) -> String {
    let analysis = analysis(text, side_files);
    assert!(!analysis.has_errors(), "{}", render(&analysis.sources, &analysis.findings));
    let files = driver::emit(&analysis, "generated", &[Target::AzureDevops]);
    files.into_iter().find(|it| it.path.ends_with("/p.yml")).expect("it is written").text
}

#[test]
fn a_required_template_of_stages_is_extended() {
    let template = ("ops/ci/guarded.yml", "stages:\n- stage: deploy\n  jobs: []\n");
    let own = r#"
project shop { project = "Shop" }
repository self { type = azure_repos, name = "ops" }
environment prod { required_template "ops/ci/guarded.yml" }
pipeline p { trigger manual, include "ops/ci/guarded.yml" }
"#;
    let extended = "extends:\n  template: ../../ops/ci/guarded.yml";
    let written = yaml(own, &[template]);
    assert!(written.contains(extended) && !written.contains("stages:"), "{written}");
    // From the root of the repository, where the project is in a folder.
    let below = own.replace("name = \"ops\"", "name = \"ops\", folder = \"ml\"");
    assert!(!yaml(&below, &[template]).contains("extends:"), "another file of that name");
    let below = below.replace("required_template \"ops", "required_template \"/ml/ops");
    assert!(yaml(&below, &[template]).contains(extended));
    let others = r#"
project shop { project = "Shop" }
repository self { type = azure_repos, name = "ops" }
repository guards { type = azure_repos, name = "Shop/guards" }
environment prod { required_template "ci/guarded.yml" { repository = guards } }
pipeline p { trigger manual, include "ci/guarded.yml" { from = guards, holds = stages } }
"#;
    assert!(yaml(others, &[]).contains("extends:\n  template: ci/guarded.yml@guards"));
    for other in [
        others.replace("include \"ci/", "include \"cd/"),
        others.replace("{ repository = guards }", "{ repository = self }"),
        others.replace(
            "pipeline p { trigger manual,",
            "pipeline p { trigger manual, stage a { run \"make\" },",
        ),
    ] {
        let written = yaml(&other, &[]);
        assert!(written.contains("- template: c") && !written.contains("extends:"), "{written}");
    }
}

#[test]
fn pull_requests_in_azure_repos_become_policies() {
    let all = bodies(
        r#"
repository self { type = azure_repos, name = "ops", folder = "ml" }
pipeline p "[Check] all" {
  trigger pull_request {
    branches = ["main", "release/*"]
    paths { include = ["src", "**/*.py", "docs/"], exclude = ["src/old/**"] }
  }
  stage a { run "make" }
}
pipeline every { trigger pull_request, stage a { run "make" } }
"#,
    );
    let settings = |file: &str| &all[file]["settings"];
    let main = settings("policies/p.ops.main.json");
    assert_eq!(
        main["scope"][0],
        json!({"repositoryId": "${repository:ops}", "refName": "refs/heads/main", "matchKind": "exact"})
    );
    assert_eq!(main["filenamePatterns"], json!(["/src", "/src/*", "/docs/*", "/*.py", "!/src/old/*"]));
    assert_eq!(main["buildDefinitionId"], json!("${pipeline:[Check] all}"));
    let below = settings("policies/p.ops.release-all.json");
    assert_eq!(below["scope"][0]["refName"], json!("refs/heads/release/"));
    assert_eq!(below["scope"][0]["matchKind"], json!("prefix"));
    assert_eq!(settings("policies/every.ops.all.json")["scope"][0]["refName"], json!("refs/heads/"));
    assert_eq!(
        all["pipelines/p.json"]["process"]["yamlFilename"],
        json!("ml/generated/azure-pipelines/p.yml")
    );
    assert_eq!(all["things.json"]["out"], json!("ml/generated"));
}

#[test]
fn what_looks_like_a_look_up_is_none() {
    let all = bodies(
        r#"
variables v { group = "x", var a: string = "\${secret:v/b}", var b: string = "$\${c}", var c: string = "a \${d}" }
pipeline p { trigger manual, variables = v, stage s { run "make" } }
"#,
    );
    let group = &all["variable-groups/v.json"];
    assert_eq!(group["variables"]["a"]["value"], json!("$${secret:v/b}"));
    assert_eq!(group["variables"]["b"]["value"], json!("$$${c}"));
    assert_eq!(group["variables"]["c"]["value"], json!("a ${d}"));
}

#[test]
fn pipelines_without_a_known_repository_are_left_out_and_that_is_told() {
    let text = r#"
repository self { type = azure_repos }
environment dev {}
pipeline p { trigger manual, stage s { environment = dev, run "make" } }
"#;
    let all = bodies(text);
    assert_eq!(all.keys().collect::<Vec<_>>(), ["environments/dev.json", "things.json"]);
    let listing = driver::listing(&analysis(text, &[]), "generated");
    assert_eq!(listing.notes.len(), 1, "{:?}", listing.notes);
    let named = bodies(&format!("project x {{ project = \"Shop\" }}{text}"));
    assert_eq!(named["pipelines/p.json"]["repository"]["id"], json!("${repository:Shop}"));
}

#[test]
fn a_required_template_without_a_known_project_is_told() {
    let text = r#"
repository self { type = azure_repos, name = "ops" }
environment dev { required_template "ci/guarded.yml" }
pipeline p { trigger manual, stage s { context = dev, run "make" } }
"#;
    let codes = |text: &str| -> Vec<&str> {
        analysis(text, &[])
            .findings
            .into_iter()
            .filter(mlopsc::diag::Diagnostic::is_error)
            .map(|it| it.code)
            .collect()
    };
    assert_eq!(codes(text), ["required-template-unqualified"]);
    let named = format!("project x {{ project = \"Shop\" }}{text}");
    assert_eq!(codes(&named), [""; 0]);
    let template = |text: &str| {
        bodies(text)["checks/dev.template.json"]["settings"]["extendsChecks"][0]["repositoryName"].clone()
    };
    assert_eq!(template(&named), "Shop/ops");
    assert_eq!(template(&named.replace(", name = \"ops\"", "")), "Shop/Shop", "a project's first repository");
}

/// Expected codes, and what of them the message or the help holds.
#[test]
fn what_would_not_hold_in_azure_devops_is_told() {
    let around = "repository self { type = github, name = \"x/y\" }\nconnection hook { type = generic }\nconnection azure { type = azure_rm }\nvariables keys { group = \"keys\", secret code, var region: string }\n";
    let cases = [
        (
            "approval a { approvers = [\"a@x.example\"] }\nenvironment prod { approval = a, connection = azure }\npipeline p { trigger manual, stage s { environment = prod, azure \"az\" }, stage t { context = prod, azure \"az\" } }",
            "shared-service-connection",
            "the checks of `prod` stand on this connection too, so stage `t` of pipeline `p` has to pass them",
        ),
        (
            "approval a { approvers = [\"a@x.example\"] }\nenvironment prod { approval = a, connection = azure }\npipeline p { trigger manual, stage s { environment = prod, azure \"az\" } }\npipeline q { trigger manual, stage s { connection = azure, azure \"az\" } }",
            "shared-service-connection",
            "stage `s` of pipeline `q`",
        ),
        (
            "approval a { approvers = [\"a@x.example\"], notify = [\"b@x.example\"] }\nenvironment prod { approval = a }",
            "approval-form",
            "tells its approvers",
        ),
        ("approval a { approvers = [\"mia@northwind\"] }", "approver-unresolved", "`mia@northwind`"),
        (
            "environment prod { function \"https://x.example/api/f\" { key = \"abc123secret==\" } }",
            "plaintext-secret",
            "`key`",
        ),
        (
            "environment prod { function \"https://x.example/api/f\" { key = \"$(region)\", variables = keys } }",
            "check-variable-unknown",
            "`region` is no secret",
        ),
        (
            "environment prod { call hook { body = \"$(regoin)\", variables = keys } }",
            "check-variable-unknown",
            "did you mean `$(region)`?",
        ),
        (
            "environment prod { call hook { headers { X = \"$(region)\" } } }",
            "check-variable-unknown",
            "variables = NAME",
        ),
        (
            "environment prod { required_template \"a.yml\", required_template \"./a.yml\" }",
            "check-said-twice",
            "required twice",
        ),
        ("environment prod { required_template \"../a.yml\" }", "invalid-value", "outside of its repository"),
        (
            "environment prod { hours { days = [mon], from = \"22:00\", to = \"02:00\", zone = \"UTC\" } }",
            "invalid-value",
            "cannot pass midnight",
        ),
        ("project p { folder = \"a/b:c\" }", "resource-name-invalid", "a folder of pipelines"),
        (
            "pipeline p \"Build: all\" { trigger manual, stage s { run \"make\" } }",
            "resource-name-invalid",
            "a pipeline of Azure DevOps",
        ),
        ("project p { organization = \"contoso\" }", "invalid-value", "https://dev.azure.com/contoso"),
        ("project p { organization = \"https://dev.azure.com/contoso/Shop\" }", "invalid-value", "project"),
    ];
    for (text, code, part) in cases {
        let analysis = analysis(&format!("{around}{text}"), &[]);
        let all = render(&analysis.sources, &analysis.findings);
        let found = analysis.findings.iter().filter(|it| it.code == code).cloned().collect::<Vec<_>>();
        assert!(render(&analysis.sources, &found).contains(part), "{text}\n{code}: {part}\n{all}");
    }
}

#[test]
fn nothing_is_written_where_there_is_nothing_to_make() {
    assert!(bodies(r#"pipeline p { trigger manual, stage s { run "make" } }"#).is_empty());
}
