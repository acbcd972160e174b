//! Values as other languages write them.

use super::{At, Pipeline, Stage, Top, check};

fn of_step(attribute: &str) -> String {
    format!("run \"make\" {{ {attribute} }}")
}

/// What is written as an attribute of a step, what is pointed at, message and help.
fn check_step(cases: &[(&str, &str, &str)]) {
    let written: Vec<String> = cases.iter().map(|it| of_step(it.0)).collect();
    let cases: Vec<(At, &str, &str, &str)> =
        written.iter().zip(cases).map(|(text, it)| (Stage, text.as_str(), it.1, it.2)).collect();
    check(&cases);
}

#[test]
fn durations_and_numbers() {
    let duration =
        |help: &str| format!("`timeout` takes a duration such as `90s`, `20m`, `24h` or `7d` / {help}");
    check_step(&[
        ("timeout = 10", "10", &duration("add a unit: `10s`, `10m`, `10h` or `10d`")),
        ("timeout = 10min", "10min", &duration("write `10m`")),
        ("timeout = 2Hours", "2Hours", &duration("write `2h`")),
        ("timeout = \"10 minutes\"", "\"10 minutes\"", &duration("write `10m`")),
        ("timeout = \"10m\"", "\"10m\"", &duration("write `10m` without quotes")),
        (
            "timeout = \"soon\"",
            "\"soon\"",
            &duration("write whole seconds, minutes, hours or days: `90s`, `20m`, `24h` or `7d`"),
        ),
        ("timeout = 10 minutes", "minutes", "a duration is written without a blank, `10m` / write `10m`"),
        (
            "retries = \"3\"",
            "\"3\"",
            "`retries` takes a whole number from 0 to 10 / write `3` without quotes",
        ),
        (
            "retries = 3x",
            "3x",
            "`retries` takes a whole number from 0 to 10 / write a number without a unit: `3`",
        ),
        (
            "title = [\"Make\"]",
            "[\"Make\"]",
            "`title` takes a string without `${…}` / write one value, without brackets: `\"Make\"`",
        ),
    ]);
}

#[test]
fn conditions() {
    let undefined = |name: &str, meant: &str| {
        format!("no step, job, stage or declaration is named `{name}` / did you mean `{meant}`?")
    };
    check_step(&[
        ("when = branch == \"main\"", "branch", &undefined("branch", "run.branch")),
        ("when = succeeded", "succeeded", &undefined("succeeded", "succeeded()")),
        ("when = True", "True", &undefined("True", "true")),
        ("when = yes", "yes", &undefined("yes", "true")),
        (
            "when = run.branch == 'main'",
            "'",
            "expected a value, found `'` / texts stand in double quotes: `\"text\"`",
        ),
        (
            "when = run.branch = \"main\"",
            "=",
            "expected the end of the statement, found `=` / a comparison is written `==`",
        ),
        (
            "when = variables[\"Build.SourceBranch\"] == \"main\"",
            "variables",
            &undefined("variables", "vars"),
        ),
    ]);
}

#[test]
fn expressions_of_azure_pipelines() {
    let none = |written: &str, own: &str| format!("`{written}` is no value of this language / write `{own}`");
    let stays =
        |written: &str, help: &str| format!("`{written}` stays as it is: nothing replaces it / write {help}");
    let replaced = |written: &str, help: &str| {
        format!("Azure Pipelines would replace `{written}`, and no check sees it / write {help}")
    };
    check_step(&[
        ("env { X = $(api_key) }", "$(api_key)", &none("$(api_key)", "vars.api_key")),
        ("env { X = $(Build.BuildId) }", "$(Build.BuildId)", &none("$(Build.BuildId)", "run.id")),
        ("env { X = ${{ parameters.x }} }", "${{ parameters.x }}", &none("${{ parameters.x }}", "params.x")),
        (
            "env { X = $[variables.region] }",
            "$[variables.region]",
            &none("$[variables.region]", "vars.region"),
        ),
        (
            "env { X = {{ region }} }",
            "{{",
            "two braces mean nothing here / write the name alone, as in `x = vars.name`, and `${vars.name}` in a text",
        ),
        (
            "env { X = \"$(api_key)\" }",
            "\"$(api_key)\"",
            &replaced("$(api_key)", "`vars.api_key`, without quotes"),
        ),
        (
            "env { X = \"v$(Build.BuildId)\" }",
            "\"v$(Build.BuildId)\"",
            &replaced("$(Build.BuildId)", "`${run.id}`"),
        ),
        (
            "env { X = \"v${{ parameters.x }}\" }",
            "\"v${{ parameters.x }}\"",
            &stays("${{ parameters.x }}", "`${params.x}`"),
        ),
    ]);
    let script = "nobody replaces `${{ parameters.x }}` in a script / add `env { X = params.x }` to the step, and write `\"$X\"` in the script";
    check(&[(Stage, "run \"make ${{ parameters.x }}\"", "run \"make ${{ parameters.x }}\"", script)]);
}

/// Escaped, or of what the language has no name for.
#[test]
fn texts_that_stay_as_they_are() {
    for text in
        ["\\$(Build.BuildId)", "$(Agent.TempDirectory)", "\\${{ parameters.x }}", "$(date)", "{{ x }}"]
    {
        let written = of_step(&format!("env {{ X = \"{text}\" }}"));
        assert_eq!(super::told(&super::project(Stage, &written)), [], "{text}");
    }
}

#[test]
fn names_of_values() {
    let undefined = |name: &str, meant: &str| {
        format!("no step, job, stage or declaration is named `{name}` / did you mean `{meant}`?")
    };
    check_step(&[
        ("env { X = region }", "region", &undefined("region", "vars.region")),
        ("env { X = secrets.API_KEY }", "secrets.API_KEY", &undefined("secrets.API_KEY", "vars.api_key")),
        ("env { X = Build.BuildId }", "Build.BuildId", &undefined("Build.BuildId", "run.id")),
    ]);
    let param =
        |name: &str| format!("param tag: string\nstage a {{ run \"make\" {{ env {{ X = {name} }} }} }}");
    check(&[
        (Pipeline, &param("parameters.tag"), "parameters.tag", &undefined("parameters.tag", "params.tag")),
        (Pipeline, &param("tag"), "tag", &undefined("tag", "params.tag")),
    ]);
}

#[test]
fn lists_without_brackets() {
    let two = "stage a { run \"make\" }\nstage b { run \"make\" }\n";
    let three = format!("{two}stage c {{ run \"make\" }}\nstage d {{\n  needs = a, b, c\n  run \"make\"\n}}");
    let last = format!("{two}stage c {{\n  needs = a, b\n  run \"make\"\n}}");
    check(&[
        (Pipeline, &last, "b", "a list stands in brackets / write `needs = [a, b]`"),
        (Pipeline, &three, "b", "a list stands in brackets / write `needs = [a, b, c]`"),
    ]);
}

#[test]
fn triggers() {
    let of =
        |trigger: &str| format!("pipeline late {{\n  trigger {trigger}\n  stage a {{ run \"make\" }}\n}}");
    check(&[
        (
            Top,
            &of("schedule = \"0 3 * * *\""),
            "schedule",
            "`trigger schedule = …` is no statement / what starts the pipeline stands behind `trigger` without `=`: `trigger schedule \"0 3 * * *\"`, `trigger push { branches = [\"main\"] }`",
        ),
        (
            Top,
            &of("schedule { title = \"Night\" }"),
            "trigger schedule",
            "`trigger schedule` needs CRON behind it / write `trigger schedule \"0 3 * * *\"`",
        ),
    ]);
}
