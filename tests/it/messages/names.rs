//! Names that are none, and what they were meant to be.

use super::{Pipeline, Stage, Top, check, project};
use crate::texts;

fn pipeline(name: &str) -> String {
    format!("pipeline {name} {{\n  trigger manual\n  stage one {{ run \"make\" }}\n}}")
}

#[test]
fn letters_beyond_a_to_z() {
    let foreign = |name: &str, plain: &str| {
        format!(
            "`{name}` is no name: it holds letters beyond a to z / write `{plain}`: a name takes the letters a to z, digits and `_`"
        )
    };
    check(&[
        (Top, &pipeline("hötfix"), "hötfix", &foreign("hötfix", "hotfix")),
        (Top, &pipeline("örtlich"), "örtlich", &foreign("örtlich", "ortlich")),
        (Top, &pipeline("ho\u{308}tfix"), "ho\u{308}tfix", &foreign("ho\u{308}tfix", "hotfix")),
        (
            Top,
            &pipeline("сборка"),
            "сборка",
            "`сборка` is no name: it holds letters beyond a to z / a name takes the letters a to z, digits and `_`; other letters stand in texts in quotes",
        ),
        (Pipeline, "stage prüfen { run \"make\" }", "prüfen", &foreign("prüfen", "prufen")),
        (Stage, "run \"make\" as prüfen", "prüfen", &foreign("prüfen", "prufen")),
        (Stage, "run \"make\" { env { GRÖSSE = \"1\" } }", "GRÖSSE", &foreign("GRÖSSE", "GROSSE")),
    ]);
}

#[test]
fn a_name_is_told_once_and_mended_everywhere() {
    let text =
        project(Stage, "run \"größe = ü\" as größe { output x: int }\nrun \"make\" { env { X = größe.x } }");
    let findings = texts::findings(&text);
    let [only] = findings.as_slice() else { panic!("{findings:#?}") };
    let edits = &only.fix.as_ref().expect("it can be mended").edits;
    assert_eq!(edits.iter().map(|it| &text[it.span.range()]).collect::<Vec<_>>(), ["größe", "größe"]);
    assert!(edits.iter().all(|it| it.text == "grosse"));
}

#[test]
fn signs_in_names() {
    let of_pipeline = |written: &str, better: &str| {
        format!(
            "`{written}` is no name for a `pipeline` / write `pipeline {better}`: a name is letters, digits and `_`, without quotes, and a title in quotes may follow it"
        )
    };
    let joined = |name: &str, better: &str| {
        format!(
            "`{name}` is no name: it holds a `-` / write `{better}`: a name takes letters, digits and `_`; other text stands in quotes"
        )
    };
    check(&[
        (Top, &pipeline("hot-fix"), "hot-fix", &joined("hot-fix", "hot_fix")),
        (Stage, "run \"make\" as my-step", "my-step", &joined("my-step", "my_step")),
        (Pipeline, "param my-tag: string\nstage a { run \"x\" }", "my-tag", &joined("my-tag", "my_tag")),
        (
            Pipeline,
            "param my_tag: string\nstage a { run \"x\" { env { TAG = params.my-tag } } }",
            "params.my-tag",
            "a name holds no `-` / write `params.my_tag`",
        ),
        (
            Pipeline,
            "param my: string\nstage a { run \"x\" { env { TAG = params.my - 1 } } }",
            "params.my - 1",
            "arithmetic works on compile-time numbers only / write the result",
        ),
        (Top, &pipeline("2fix"), "2fix", &of_pipeline("2fix", "fix_2")),
        (Top, &pipeline("2"), "2", &of_pipeline("2", "pipeline_2")),
        (Top, &pipeline("hot.fix"), "hot.fix", &of_pipeline("hot.fix", "hot_fix")),
        (Top, &pipeline("\"hotfix\""), "\"hotfix\"", &of_pipeline("\"hotfix\"", "hotfix")),
        (Top, &pipeline("\"Hot fix\""), "\"Hot fix\"", &of_pipeline("\"Hot fix\"", "hot_fix \"Hot fix\"")),
        (
            Top,
            &pipeline("hot fix"),
            "fix",
            "the name of a `pipeline` is one word / write `pipeline hot_fix`; a title in quotes may follow the name",
        ),
        (
            Top,
            &pipeline("'hotfix'"),
            "'",
            "`'` cannot follow the first word of a statement / a name stands without quotes, a text in double quotes: `\"text\"`",
        ),
        (
            Top,
            &pipeline("in"),
            "in",
            "`in` is a reserved word / `in` stands in a loop, `for NAME in LIST { … }`, and in `x in [a, b]`; for a name choose another word",
        ),
    ]);
}
