//! Statements in the shape of other languages, and statements in places where they do not stand.

use super::{Pipeline, Stage, Top, check};

fn pipeline(trigger: &str) -> String {
    format!("pipeline late {{\n  {trigger}\n  stage a {{ run \"make\" }}\n}}")
}

#[test]
fn colons_behind_words_that_are_no_attributes() {
    let colon = |word: &str, form: &str| format!("`{word}` takes no `:` / write {form}");
    check(&[
        (Stage, "run: make", ":", &colon("run", "`run \"make\"`")),
        (Top, &pipeline("on: push"), ":", &colon("on", "`trigger push { branches = [\"main\"] }`")),
        (Stage, "run \"make\" as x { output: string }", ":", &colon("output", "`output NAME: string`")),
        (Stage, "deploy api: tag = 1", "deploy", "`deploy` takes no `:` / write `deploy api { … }`"),
        (
            Stage,
            "run \"make\" { timeout: 10m }",
            ":",
            "`timeout` is given a value by `=`, not by `:` / write `timeout = …`; `:` is for types, as in `param tag: string`",
        ),
        (
            Stage,
            "runs-on: ubuntu-latest\nrun \"make\"",
            "runs-on",
            "`runs-on` is no name: it holds a `-` / write `pool = NAME`, with `pool NAME { image = \"ubuntu-24.04\" }` at the top of a file",
        ),
    ]);
}

#[test]
fn signs_of_equality_behind_blocks() {
    let block = |word: &str, form: &str| {
        format!("`{word}` is a block, not an attribute / write `{form}` without `=`")
    };
    check(&[
        (Stage, "run = \"make\"", "run", &block("run", "run …")),
        (Stage, "wait = 24h", "wait", &block("wait", "wait 24h")),
        (Stage, "run \"make\" { env = { A = \"1\" } }", "env", &block("env", "env { … }")),
        (Top, "environment test { target = aci }", "target", &block("target", "target aci { … }")),
        (
            Pipeline,
            "param tag = \"x\"\nstage a { run \"make\" }",
            "tag",
            "`param tag = …` is no statement / a declaration gives a type: `param tag: string = …`",
        ),
        (
            Pipeline,
            "stage a = { run \"make\" }",
            "a",
            "`stage a = …` is no statement / write `stage a …` without `=`, or `stage { a = … }` if `a` is an attribute",
        ),
    ]);
}

#[test]
fn words_at_the_wrong_place() {
    let unknown = |word: &str, place: &str, home: &str| format!("`{word}` is not known {place} / {home}");
    let step = "a step stands in a `stage NAME { … }` or a `job NAME { … }`";
    let stage = "a stage stands in a `pipeline`, beside the other ones";
    check(&[
        (Top, "run \"make\"", "run", &unknown("run", "at the top of a file", step)),
        (Top, "stage a { run \"make\" }", "stage", &unknown("stage", "at the top of a file", stage)),
        (Pipeline, "run \"make\"", "run", &unknown("run", "in `pipeline`", step)),
        (
            Pipeline,
            "job a { run \"make\" }",
            "job",
            &unknown("job", "in `pipeline`", "a job stands in a `stage`"),
        ),
        (Pipeline, "stage a { stage b { run \"make\" } }", "stage", &unknown("stage", "in `stage`", stage)),
        (
            Pipeline,
            "pipeline x { trigger manual }",
            "pipeline",
            &unknown("pipeline", "in `pipeline`", "a pipeline stands at the top of a file"),
        ),
    ]);
}

#[test]
fn arguments_in_other_forms() {
    check(&[
        (
            Stage,
            "run make test",
            "make",
            "`run` takes a script in quotes / write it in quotes: `\"make test\"`",
        ),
        (
            Stage,
            "run \"make\" { name = \"x\" }",
            "name",
            "`run` has no attribute `name` / a name stands behind the script: `run \"make\" as NAME`",
        ),
        (Stage, "wait 24 hours", "24 hours", "a duration is written without a blank, `24h` / write `24h`"),
        (
            Stage,
            "deploy(api)",
            "(",
            "`(` cannot follow the first word of a statement / arguments stand behind the word without parentheses, and attributes in braces: `word name { … }`",
        ),
        (
            Top,
            &pipeline("trigger push \"main\""),
            "\"main\"",
            "`trigger push` takes no such argument / write `trigger push { branches = [\"main\"] }`",
        ),
        (
            Stage,
            "run \"\"\"make\ntest\"\"\"",
            "\"\"\"",
            "the text stands on the line of its `\"\"\"` / begin the text on the line below `\"\"\"`, and end it by a line that holds `\"\"\"` alone",
        ),
    ]);
}

#[test]
fn values_of_services_and_ml() {
    let scaled = |scale: &str| {
        format!(
            "service api {{ image = \"team/api\", port = 8080, probe readiness {{ path = \"/\" }}, resources {{ cpu = 250m..1, memory = 1Gi }}, {scale} }}"
        )
    };
    let percent = "`cpu` takes a percentage such as `60%` / write `60%`";
    check(&[
        (Top, &scaled("scale { replicas = 2..9, cpu = 60 }"), "60", percent),
        (Top, &scaled("scale { replicas = 2..9, cpu = \"60%\" }"), "\"60%\"", percent),
        (
            Top,
            &scaled("scale { replicas = [2, 9], cpu = 60% }"),
            "[2, 9]",
            "`replicas` takes a whole number from 0 to 10000, or a range `a..b` of it / a range is written with two dots: `2..10`",
        ),
        (
            Top,
            &scaled("scale { min = 2, cpu = 60% }"),
            "min",
            "`scale` has no attribute `min` / write both as a range: `replicas = 2..10`",
        ),
    ]);
    let ml = |bound: &str| {
        format!(
            "runtime python {{ image = \"mcr.microsoft.com/azureml/openmpi4.1.0-ubuntu22.04:20250601.v1\" }}
ml_pipeline training {{
  compute = serverless
  input raw: uri_folder
  step train {{ runtime = python, command = \"python -m train ${{{{inputs.raw}}}}\", inputs {{ raw = {bound} }} }}
}}"
        )
    };
    check(&[
        (
            Top,
            &ml("\"${{parent.inputs.raw}}\""),
            "\"${{parent.inputs.raw}}\"",
            "what an input is bound to stands without quotes and braces / write `inputs.raw`",
        ),
        (
            Top,
            &ml("${{parent.inputs.raw}}"),
            "${{parent.inputs.raw}}",
            "`${{parent.inputs.raw}}` is no value of this language / write `inputs.raw`",
        ),
    ]);
}

#[test]
fn a_name_that_follows_from_an_unknown_word_is_not_asked_for() {
    let known = "`variable` is not known at the top of a file / did you mean `variables`?";
    check(&[(Top, "variable \"region\" { group = \"x\" }", "variable", known)]);
}
