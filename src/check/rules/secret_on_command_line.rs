//! # A secret is an argument of a program
//!
//! The arguments of a running program are seen by every other program on the agent, and land in logs and crash reports.
//!
//! ```mlops,fails
//! variables keys { group = "keys", secret registry_password }
//! pipeline build {
//!   variables = keys
//!   trigger manual
//!   stage build {
//!     run "docker login --username ci --password \"$PASSWORD\" registry.example" { env { PASSWORD = vars.registry_password } }
//!   }
//! }
//! ```
//!
//! ```mlops,passes
//! variables keys { group = "keys", secret registry_password }
//! pipeline build {
//!   variables = keys
//!   trigger manual
//!   stage build {
//!     run "docker login --username ci --password-stdin registry.example <<< \"$PASSWORD\"" { env { PASSWORD = vars.registry_password } }
//!   }
//! }
//! ```
//!
//! Most programs read a secret from a variable of the environment, from their standard input, or from a file.
//!
//! Source: Azure DevOps documentation, "Protecting secrets": "Don't pass secrets on the command line".

use crate::check::scripts::{Script, held_in};
use crate::check::{Cx, Group, Rule};
use crate::diag::{Edit, Safety};
use crate::model::expr::Expr;
use crate::target::shell::{Command, Word};
use std::collections::BTreeSet;

pub(super) static RULE: Rule = Rule::warning(Group::Security, "secret-on-command-line", run).by_pipeline().fixes(Safety::Safe);

/// These are part of the shell, or of what it is written in: no program starts.
const BUILTINS: &[&str] = &[
    "", "echo", "printf", "test", "[", "[[", "]]", "export", "local", "declare", "readonly", "set", "unset", "read", "eval",
    "source", ".", ":", "true", "false", "return", "exit", "shift", "trap", "case", "for", "in", "select", "cd", "let",
    "mapfile", "readarray", "typeset", "function", "printenv",
];

fn run(cx: &mut Cx<'_>) {
    for script in &*cx.scripts() {
        let held = script.holding(Expr::has_secret);
        if held.is_empty() {
            continue;
        }
        let mut told = BTreeSet::new();
        for command in script.pipelines.iter().flat_map(|it| &it.commands) {
            if BUILTINS.contains(&command.name()) || is_function(script, command.name()) {
                continue;
            }
            let arguments = || command.arguments().iter().enumerate();
            let Some((at, word, origin)) = arguments().find_map(|(at, it)| Some((at, it, held_in(&held, it)?.1))) else { continue };
            if told.insert((origin.to_owned(), command.name().to_owned())) {
                report(cx, script, (command, at, word), origin);
            }
        }
    }
}

/// Whether the script defines it.
fn is_function(script: &Script<'_>, name: &str) -> bool {
    let defines = |line: &str| {
        let line = line.trim_start();
        let line = line.strip_prefix("function ").unwrap_or(line);
        line.strip_prefix(name).is_some_and(|rest| rest.trim_start().starts_with("()"))
    };
    script.text.lines().any(defines)
}

fn report(cx: &mut Cx<'_>, script: &Script<'_>, (command, at, word): (&Command, usize, &Word), origin: &str) {
    let span = script.span(cx.sources, &word.raw);
    let fix = through_input(cx, script, command, at);
    let name = command.name();
    let help = match name {
        "docker" | "helm" | "podman" | "oras" => format!("write `--password-stdin` in its place, and `<<< \"${origin}\"` behind the command"),
        "curl" => "write the header as `--header @-`, and the header itself behind the command: `<<< \"Authorization: Bearer $…\"`".to_owned(),
        _ => format!("let `{name}` read it from its environment, where it is, from its standard input or from a file"),
    };
    let message = format!("`${origin}`, a secret, is an argument of `{name}`{}", script.in_file(command.line));
    let finding = cx.report(&RULE, span, message).at("other programs on the agent see this").help(help);
    if let Some(edit) = fix {
        finding.edits(Safety::Safe, "give it through the standard input", vec![edit]);
    }
}

/// The same given through the standard input, for programs of which it is known.
fn through_input(cx: &Cx<'_>, script: &Script<'_>, command: &Command, at: usize) -> Option<Edit> {
    if !command.redirects.is_empty() || at == 0 || script.pipelines.iter().any(|it| it.commands[1..].contains(command)) {
        return None;
    }
    let (flag, value) = (&command.arguments()[at - 1], &command.arguments()[at]);
    let input = match (command.name(), flag.text.as_str()) {
        ("docker" | "podman" | "helm" | "oras", "-p" | "--password") => "--password-stdin",
        ("curl", "-H" | "--header") if headers(command) == 1 => "--header @-",
        _ => return None,
    };
    script.replaced(cx.sources, &format!("{} {}", flag.raw, value.raw), &format!("{input} <<< {}", value.raw))
}

fn headers(command: &Command) -> usize {
    let reads_input = command.arguments().iter().any(|it| it.text.contains("@-"));
    let headers = command.arguments().iter().filter(|it| matches!(it.text.as_str(), "-H" | "--header")).count();
    if reads_input { 0 } else { headers }
}
