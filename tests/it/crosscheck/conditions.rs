//! Conditions by chance.

use super::choices::Choices;
use super::project::{Stage, Step};

const RESULTS: [&str; 5] = ["succeeded", "succeeded_with_issues", "failed", "canceled", "skipped"];
const STATES: [&str; 6] =
    ["succeeded()", "not_failed()", "always()", "failed()", "succeeded_or_failed()", "canceled()"];

pub fn of_stage(choices: &mut Choices, needs: &[&Stage], params: &[(&str, &[&str])]) -> String {
    let mut parts: Vec<String> = STATES.iter().map(|it| (*it).to_owned()).collect();
    parts.push(format!("run.branch == \"{}\"", choices.one(&["main", "develop"])));
    parts.push(format!("run.reason {} push", choices.one(&["==", "!="])));
    for (name, values) in params {
        parts.push(if *name == "flag" {
            format!("params.{name}")
        } else {
            format!("params.{name} == \"{}\"", values[0])
        });
    }
    for need in needs {
        parts.extend(results(choices, &need.name));
        let named = choices.one(&["succeeded", "failed", "not_failed"]);
        parts.push(format!("{named}({})", need.name));
        for output in need.outputs() {
            parts.extend([output.clone(), format!("!{output}"), format!("{output} != true")]);
        }
    }
    joined(choices, &parts)
}

pub fn of_job(choices: &mut Choices, needs: &[&str]) -> String {
    let mut parts: Vec<String> = STATES.iter().map(|it| (*it).to_owned()).collect();
    for need in needs {
        parts.extend(results(choices, need));
    }
    joined(choices, &parts)
}

/// What stands before it in its job may be read.
pub fn of_step(choices: &mut Choices, before: &[Step], leg: Option<&str>) -> String {
    let mut parts: Vec<String> =
        ["succeeded()", "always()", "failed()", "succeeded_or_failed()", "canceled()"]
            .map(str::to_owned)
            .into();
    for step in before.iter().filter(|it| it.output) {
        parts.extend([format!("{}.good", step.name), format!("!{}.good", step.name)]);
    }
    parts.push("run.branch == \"main\"".to_owned());
    parts.extend(leg.map(|it| format!("matrix.v == \"{it}\"")));
    joined(choices, &parts)
}

fn results(choices: &mut Choices, of: &str) -> [String; 3] {
    let (one, other) = (choices.one(&RESULTS), choices.one(&RESULTS));
    [
        format!("{of}.result == {one}"),
        format!("{of}.result != {one}"),
        format!("{of}.result in [{one}, {other}]"),
    ]
}

fn joined(choices: &mut Choices, parts: &[String]) -> String {
    let one = choices.one(parts).clone();
    if !choices.once_in(3) {
        return one;
    }
    let (sign, other) = (*choices.one(&["&&", "||"]), choices.one(parts));
    if choices.once_in(4) { format!("!({one} {sign} {other})") } else { format!("{one} {sign} {other}") }
}
