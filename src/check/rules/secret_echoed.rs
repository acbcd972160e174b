//! # A secret is printed
//!
//! Azure Pipelines hides a secret in logs where it stands exactly as it is stored. Encoded, cut, or in a line of its own
//! it stands there for everybody who may read the run; written into a file that is published, or into a variable that is
//! not secret, it is not hidden at all.
//!
//! ```mlops,fails
//! variables keys { group = "keys", secret api_key }
//! pipeline build {
//!   variables = keys
//!   trigger manual
//!   stage build {
//!     run "echo \"$API_KEY\" | base64" { env { API_KEY = vars.api_key } }
//!   }
//! }
//! ```
//!
//! ```mlops,passes
//! variables keys { group = "keys", secret api_key }
//! pipeline build {
//!   variables = keys
//!   trigger manual
//!   stage build {
//!     run "echo \"$API_KEY\" | docker login --username ci --password-stdin registry.example" {
//!       env { API_KEY = vars.api_key }
//!     }
//!   }
//! }
//! ```
//!
//! Give the secret to the program that needs it, through its environment or its standard input. `set -x`, `env` and
//! `printenv` print it too. What later steps must know of it goes on with `issecret=true`.
//!
//! Source: Azure DevOps documentation, "Set secret variables": "We make an effort to mask secrets from appearing in Azure
//! Pipelines output, but you still need to take precautions".

use crate::base::span::Span;
use crate::check::scripts::{Held, Script, given, held_in};
use crate::check::{Cx, Group, Rule};
use crate::model::expr::Expr;
use crate::model::steps::Kind;
use crate::model::steps::action::Shell;
use crate::target::shell::{self, Command, Pipeline};

pub(super) static RULE: Rule = Rule::error(Group::Security, "secret-echoed", run).by_pipeline();

fn run(cx: &mut Cx<'_>) {
    for script in &*cx.scripts() {
        let held = script.holding(Expr::has_secret);
        if held.is_empty() {
            continue;
        }
        let leak = match script.shell {
            Shell::Bash => in_shell(cx, script, &held),
            Shell::Python => in_lines(script, &held, &["print("]),
            Shell::Pwsh => in_lines(script, &held, &["Write-Host", "Write-Output", "echo "]),
            Shell::Cmd => in_lines(script, &held, &["echo "]),
        };
        if let Some((span, message)) = leak {
            cx.report(&RULE, span, message)
                .help("give it to the program that needs it through its environment or its standard input, and print nothing of it");
        }
    }
}

type Leak = (Span, String);

fn in_shell(cx: &Cx<'_>, script: &Script<'_>, held: &Held) -> Option<Leak> {
    let mut traced = None;
    for pipeline in &script.pipelines {
        for command in &pipeline.commands {
            traced = match trace(command) {
                Trace::Begins => Some(command.line),
                Trace::Ends => None,
                Trace::Stays => traced,
            };
        }
        if let Some(set) = traced
            && let Some(secret) = read_by(pipeline, held)
        {
            let span = script.span(cx.sources, "set -x");
            return Some((span, format!("`set -x` in line {set} prints the commands with `${secret}`, a secret, in them")));
        }
        let leak = pipeline.commands.iter().find_map(|it| by_its_shell(cx, script, it, held));
        if leak.is_some() {
            return leak;
        }
        let leak = (!pipeline.captured).then(|| of_pipeline(cx, script, pipeline, held)).flatten();
        if leak.is_some() {
            return leak;
        }
    }
    None
}

/// What a command does about printing all commands.
enum Trace {
    Begins,
    Ends,
    Stays,
}

fn trace(command: &Command) -> Trace {
    if command.name() != "set" {
        return Trace::Stays;
    }
    let long = |sign: &str| command.arguments().windows(2).any(|it| it[0].text == sign && it[1].text == "xtrace");
    let ends = command.arguments().iter().any(|it| it.text.starts_with('+') && it.text.contains('x'));
    if ends || long("+o") {
        return Trace::Ends;
    }
    if command.has_flag('x') || long("-o") { Trace::Begins } else { Trace::Stays }
}

/// `bash -x send.sh`, `sh -xc '…'`
fn by_its_shell(cx: &Cx<'_>, script: &Script<'_>, command: &Command, held: &Held) -> Option<Leak> {
    let traces = matches!(command.name(), "sh" | "bash" | "dash" | "zsh" | "ksh") && command.has_flag('x');
    let run = command.arguments().iter().find(|it| traces && !it.text.starts_with('-'))?;
    let text = if command.has_flag('c') { run.text.clone() } else { cx.read(run.text.trim_start_matches("./"))? };
    let inner = shell::pipelines(&text);
    let secret = inner.iter().find_map(|it| read_by(it, held))?;
    let (name, of_line) = (command.name(), script.in_file(command.line));
    let message = format!("`{name} -x` prints the commands with `${secret}`, a secret, in them{of_line}");
    Some((script.span(cx.sources, &run.raw), message))
}

fn read_by<'h>(pipeline: &Pipeline, held: &'h Held) -> Option<&'h str> {
    let words = pipeline.commands.iter().flat_map(|it| it.words.iter().chain(it.assignments.iter().map(|it| &it.1)));
    words.into_iter().find_map(|it| held_in(held, it)).map(|it| it.1)
}

/// Programs that pass on what they read, changed perhaps.
const FILTERS: &[&str] = &[
    "base64", "tr", "sed", "awk", "cut", "head", "tail", "tee", "rev", "xxd", "od", "sort", "cat", "fold", "uniq", "jq", "hexdump",
    "openssl",
];

fn of_pipeline(cx: &Cx<'_>, script: &Script<'_>, pipeline: &Pipeline, held: &Held) -> Option<Leak> {
    let [first, behind @ ..] = pipeline.commands.as_slice() else { return None };
    if !behind.iter().all(|it| FILTERS.contains(&it.name())) {
        return None;
    }
    let last = behind.last().unwrap_or(first);
    let of_line = script.in_file(first.line);
    if dumps(first) && last.writes_to().is_none() {
        let secret = held.values().next()?;
        let span = script.span(cx.sources, &first.words.last()?.raw);
        return Some((span, format!("`{}` prints all variables, `${secret}`, a secret, among them{of_line}", first.name())));
    }
    let (word, secret) = printed(first, held)?;
    let span = script.span(cx.sources, &word);
    if let Some(file) = last.writes_to() {
        let published = !file.text.is_empty() && publishes(script, &file.text);
        return published.then(|| (span, format!("`${secret}`, a secret, is written to `{}`, which is published{of_line}", file.text)));
    }
    if let Some((_, command)) = word.split_once("##vso[task.setvariable") {
        let hidden = command.to_lowercase().contains("issecret=true");
        return (!hidden).then(|| (span, format!("`${secret}`, a secret, becomes a variable that is not secret{of_line}")));
    }
    Some((span, format!("`${secret}`, a secret, is printed{of_line}")))
}

/// `env`, `printenv`, `export -p`, `set` alone.
fn dumps(command: &Command) -> bool {
    let arguments = command.arguments();
    match command.name() {
        "env" | "printenv" | "set" => arguments.is_empty() && command.assignments.is_empty(),
        "export" | "declare" => arguments.is_empty() || (arguments.len() == 1 && arguments[0].text == "-p"),
        _ => false,
    }
}

/// The word with a secret that a command prints, as written, and the secret.
fn printed(command: &Command, held: &Held) -> Option<(String, String)> {
    match command.name() {
        "echo" | "printf" | "cat" => {}
        "printenv" => {
            let word = command.arguments().iter().find(|it| held.contains_key(&it.text))?;
            return Some((word.raw.clone(), word.text.clone()));
        }
        _ => return None,
    }
    let of_file = command.name() == "cat" && command.redirects.is_empty();
    let found = given(command).filter(|_| !of_file).find_map(|it| Some((it, held_in(held, it)?)));
    found.map(|(word, (_, origin))| (if word.raw.is_empty() { word.text.clone() } else { word.raw.clone() }, origin.to_owned()))
}

/// Whether a later step of the job publishes the file.
fn publishes(script: &Script<'_>, file: &str) -> bool {
    let behind = script.place.job.steps.iter().skip(script.place.step_index + 1);
    let plain = |text: &str| text.trim_start_matches("./").trim_end_matches('/').to_owned();
    behind.into_iter().any(|it| match &it.kind {
        Kind::Publish(step) => {
            let path = plain(&step.path);
            path == "." || plain(file).strip_prefix(&path).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        }
        _ => false,
    })
}

/// Lines that print what they read of the environment.
fn in_lines(script: &Script<'_>, held: &Held, prints: &[&str]) -> Option<Leak> {
    let reads = |line: &str, name: &str| {
        let places = [
            format!("$env:{name}"),
            format!("environ[\"{name}\"]"),
            format!("environ['{name}']"),
            format!("getenv(\"{name}\")"),
            format!("getenv('{name}')"),
            format!("environ.get(\"{name}\""),
            format!("%{name}%"),
        ];
        places.iter().any(|it| line.contains(it))
    };
    // That there is one, and how long it is, may be told.
    let tells_little = |line: &str| ["len(", "bool(", ".Length"].iter().any(|it| line.contains(it));
    for (number, line) in (1..).zip(script.text.lines()).filter(|it| !it.1.trim_start().starts_with('#')) {
        if prints.iter().any(|it| line.contains(it))
            && !tells_little(line)
            && let Some(name) = held.keys().find(|it| reads(line, it))
        {
            return Some((script.place.step.head, format!("`{name}`, a secret, is printed{}", script.in_file(number))));
        }
    }
    None
}
