//! What people write who come from elsewhere: each mistake is told once, where it is, with what to write instead.

mod names;

use crate::texts;
use mlopsc::base::sources::Sources;
use mlopsc::driver;

/// What the statements may name.
const AROUND: &str = r#"connection azure { type = azure_rm }
repository self { type = azure_repos, branch = "main" }
pool linux { image = "ubuntu-24.04" }
variables shared { group = "shared", var region: string, secret api_key }
workspace ml { name = "mlw", resource_group = "rg", existing = true }
project p { pool = linux, connection = azure, workspace = ml, variables = [shared] }
approval leads { approvers = ["leads@contoso.com"] }
environment dev { target aci { resource_group = "rg-dev" } }
environment qa { target aci { resource_group = "rg-qa" } }
environment prod { approval = leads, branches = ["main"], lock = sequential, target aci { resource_group = "rg" } }
"#;

/// Where a statement stands.
#[derive(Clone, Copy)]
enum At {
    Top,
    Pipeline,
    Stage,
}

use At::{Pipeline, Stage, Top};

fn project(at: At, written: &str) -> String {
    let inside = match at {
        Top => return format!("{AROUND}{written}\n"),
        Pipeline => written.to_owned(),
        Stage => format!("stage build {{\n{written}\n}}"),
    };
    let indented: Vec<String> = inside.lines().map(|it| format!("  {it}")).collect();
    format!("{AROUND}pipeline build {{\n  trigger manual\n{}\n}}\n", indented.join("\n"))
}

/// What is told, without what nothing uses: message and help, and the text that it points at.
fn told(text: &str) -> Vec<(String, String)> {
    let mut sources = Sources::default();
    sources.add("main.mlops".into(), text.into());
    let analysis = driver::analyze(sources, &mlopsc::base::files::Memory::default());
    let findings = analysis.findings.iter().filter(|it| !it.code.starts_with("unused-"));
    let say = |it: &mlopsc::diag::Diagnostic| {
        let said = format!("{} / {}", it.message, it.help.clone().unwrap_or_default());
        (analysis.sources.slice(it.span()).to_owned(), said)
    };
    findings.map(say).collect()
}

/// Each is told once: what it points at, and what it says.
fn check(cases: &[(At, &str, &str, &str)]) {
    let mut wrong = Vec::new();
    for (at, written, place, said) in cases {
        let found = told(&project(*at, written));
        if found != [((*place).to_owned(), (*said).to_owned())] {
            wrong.push(format!("{written}\n  expected {place} — {said}\n  found {found:#?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn what_surrounds_the_cases_is_healthy() {
    assert_eq!(told(&project(Stage, "run \"make\"")), []);
}

#[test]
fn comments_of_other_languages() {
    let star =
        "a comment begins with `//`, not with `/*` / write `//` before each line of it; there is no `*/`";
    let hash = "a comment begins with `//`, not with `#` / write `//`";
    check(&[
        (Stage, "/* make it */\nrun \"make\"", "/*", star),
        (Stage, "run \"make\" /* make it */", "/*", star),
        (Stage, "/*\n * many\n * lines\n */\nrun \"make\"", "/*", star),
        (Stage, "# make it\nrun \"make\"", "#", hash),
        (Stage, "run \"make\" # make it", "#", hash),
        (Stage, "-- make it\nrun \"make\"", "--", "a comment begins with `//`, not with `--` / write `//`"),
    ]);
}

#[test]
fn a_comment_of_another_language_is_mended() {
    let text = project(Stage, "run \"make\" /* make it */\n# twice");
    let findings = texts::findings(&text);
    let edits: Vec<&str> = findings
        .iter()
        .filter_map(|it| it.fix.as_ref())
        .flat_map(|it| &it.edits)
        .map(|it| it.text.as_str())
        .collect();
    assert_eq!(edits, ["// make it", "//"]);
}

#[test]
fn values_out_of_bounds_are_there_all_the_same() {
    let scaled = |scale: &str| {
        format!(
            "service api {{ image = \"team/api\", port = 8080, probe readiness {{ path = \"/\" }}, resources {{ cpu = 250m..1, memory = 1Gi }}, {scale} }}
environment live {{ protected = true, approval = leads, branches = [\"main\"], lock = sequential, target aks {{ cluster = \"aks\", resource_group = \"rg\", namespace = \"api\" }} }}
pipeline release {{
  trigger manual
  stage live {{ environment = live, deploy api {{ tag = run.id }} }}
}}"
        )
    };
    check(&[
        (
            Top,
            &scaled("scale { replicas = 20..3, cpu = 60% }"),
            "20..3",
            "the range of `replicas` ends below its start / write the smaller value first",
        ),
        (
            Top,
            &scaled("scale { replicas = 2..9, cpu = 170% }"),
            "170%",
            "`cpu` takes a percentage from `1%` to `100%` / write a percentage from `1%` to `100%`",
        ),
    ]);
}

#[test]
fn an_input_that_is_misspelt_in_the_command_is_not_unused_too() {
    let text = "runtime python { image = \"mcr.microsoft.com/azureml/openmpi4.1.0-ubuntu22.04:20250601.v1\" }
ml_pipeline training {
  compute = serverless
  input raw: uri_folder
  step train { runtime = python, command = \"python -m train ${{inputs.rww}}\", inputs { raw = inputs.raw } }
}";
    check(&[(
        Top,
        text,
        "\"python -m train ${{inputs.rww}}\"",
        "the command uses input `rww`, which step `train` does not declare / did you mean `${{inputs.raw}}`?",
    )]);
}

#[test]
fn the_item_of_a_loop_that_is_not_declared_is_told_where_it_is_written() {
    let text = "for e in [dev, qa, prd] {\n  stage roll[e] {\n    environment = e\n    run \"make\"\n  }\n}";
    check(&[(Pipeline, text, "prd", "no `environment` is named `prd` / did you mean `prod`?")]);
}

#[test]
fn macros_name_the_way_into_the_script() {
    let macro_of = |name: &str| format!("Azure Pipelines replaces `$({name})` in this script by its value");
    let mapped = |name: &str, key: &str| {
        let entry = format!("{} = vars.{name}", name.to_uppercase());
        format!(
            "{} / add `env {{ {entry} }}` to the step, and write `\"${key}\"` in the script",
            macro_of(name)
        )
    };
    let predefined = format!(
        "{} / write `\"$BUILD_BUILDID\"`: Azure Pipelines puts it into the environment of each script",
        macro_of("Build.BuildId")
    );
    check(&[
        (Stage, "run \"echo $(api_key)\"", "$(api_key)", &mapped("api_key", "API_KEY")),
        (Stage, "run \"echo $(region)\"", "$(region)", &mapped("region", "REGION")),
        (Stage, "run \"echo $(Build.BuildId)\"", "$(Build.BuildId)", &predefined),
    ]);
}
