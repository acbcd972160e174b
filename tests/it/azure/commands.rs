//! `##vso[…]`: what scripts tell the agent.

use super::document::{Kind, Step};
use super::node::Read;

/// A variable that a step sets.
#[derive(Debug, PartialEq)]
pub struct Set {
    pub name: String,
    pub value: String,
    pub output: bool,
    pub secret: bool,
}

#[derive(Default)]
pub struct Commands {
    pub sets: Vec<Set>,
    pub tags: Vec<String>,
    /// A result that the script asks for.
    pub result: Option<String>,
}

/// The commands in what a script wrote.
pub fn read(said: &str) -> Read<Commands> {
    let mut found = Commands::default();
    for line in said.lines().filter_map(|it| Some(&it[it.find("##vso[")? + 6..])) {
        let Some((head, value)) = line.split_once(']') else { continue };
        let (name, properties) = head.split_once(' ').unwrap_or((head, ""));
        let property = |wanted: &str| {
            let pairs = properties.split(';').filter_map(|it| it.split_once('='));
            pairs.filter(|it| it.0.eq_ignore_ascii_case(wanted)).map(|it| it.1).next()
        };
        match name {
            "task.setvariable" => {
                let truth = |name| property(name).is_some_and(|it| it.eq_ignore_ascii_case("true"));
                found.sets.push(Set {
                    name: property("variable").ok_or("a variable without a name is set")?.to_owned(),
                    value: value.to_owned(),
                    output: truth("isoutput"),
                    secret: truth("issecret"),
                });
            }
            // The agent throws: "Build tag is required."
            "build.addbuildtag" if value.is_empty() => found.result = Some("Failed".to_owned()),
            "build.addbuildtag" => found.tags.push(value.to_owned()),
            "task.complete" => found.result = property("result").map(str::to_owned),
            "task.logissue" | "task.uploadsummary" | "task.setprogress" | "build.updatebuildnumber" => {}
            other => return Err(format!("`##vso[{other}]` is not understood")),
        }
    }
    Ok(found)
}

/// The text of a step's script, where it stands in the file.
pub fn script(step: &Step) -> Option<&str> {
    match &step.kind {
        Kind::Bash(text) => Some(text),
        Kind::Task { .. } => step.input("inlineScript"),
        _ => None,
    }
}

/// The commands of a step that was given its outputs: only what the text of its script can set.
pub fn given(step: &Step, outputs: &[(String, String)]) -> Read<Commands> {
    let mut found = Commands::default();
    if script(step).is_some_and(|it| it.contains("##vso[build.addbuildtag]")) {
        found.tags.extend(step.env.iter().find(|it| it.0 == "TAG").map(|it| it.1.clone()));
    }
    let declared = declared(step)?;
    for (name, value) in outputs {
        let (output, secret) = match &declared {
            None => (true, false),
            Some(sets) => match sets.iter().find(|it| it.name == *name) {
                Some(set) => (set.output, set.secret),
                None => return Err(format!("`{}` never sets `{name}`", step.title)),
            },
        };
        found.sets.push(Set { name: name.clone(), value: value.clone(), output, secret });
    }
    Ok(found)
}

/// What the text of a step's script sets. None where that cannot be seen: the script is in a file, or calls one.
pub fn declared(step: &Step) -> Read<Option<Vec<Set>>> {
    let Some(text) = script(step) else { return Ok(None) };
    let lines: Vec<&str> = text.lines().filter(|it| it.contains("##vso[task.setvariable ")).collect();
    let sets = read(&lines.join("\n"))?.sets;
    let seen = !sets.is_empty() && sets.iter().all(|it| !it.name.contains('$'));
    Ok(seen.then_some(sets))
}
