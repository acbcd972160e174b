//! # A script reads a secret that it does not get
//!
//! Azure Pipelines puts plain variables into the environment of every script, but no secrets. A script that reads one
//! without `env` finds nothing there, and goes on with an empty text.
//!
//! ```mlops,fails
//! variables keys { group = "keys", secret api_key }
//! pipeline build {
//!   variables = keys
//!   trigger manual
//!   stage build { run "python send.py --key-is-set \"${API_KEY:+yes}\"", run "test -n \"$API_KEY\"" }
//! }
//! ```
//!
//! ```mlops,passes
//! variables keys { group = "keys", secret api_key }
//! pipeline build {
//!   variables = keys
//!   trigger manual
//!   stage build {
//!     run "test -n \"$API_KEY\"" { env { API_KEY = vars.api_key } }
//!   }
//! }
//! ```
//!
//! Add it to `env` of the step.
//!
//! Source: Azure DevOps documentation, "Set secret variables": secret variables are not automatically decrypted into
//! environment variables.

use crate::check::scripts::Script;
use crate::check::walk;
use crate::check::{Cx, Group, Rule};
use crate::diag::Safety;
use crate::model::steps::action::Shell;
use std::collections::BTreeSet;

pub(super) static RULE: Rule = Rule::error(Group::Security, "secret-not-mapped", run).by_pipeline().fixes(Safety::Safe);

fn run(cx: &mut Cx<'_>) {
    let project = cx.project;
    for script in &*cx.scripts() {
        let groups = walk::variables(project, &script.place);
        let mut seen = BTreeSet::new();
        for group in &groups {
            for secret in group.members.values().filter(|it| it.secret) {
                let variable = secret.name.replace(['.', ' '], "_").to_uppercase();
                let is_given = script.env.keys().any(|it| it.eq_ignore_ascii_case(&variable));
                if is_given || !seen.insert(variable.clone()) || !reads(script, &variable) {
                    continue;
                }
                let ident = &secret.ident.value;
                let shared = groups.iter().filter(|it| it.members.contains_key(ident)).count() > 1;
                let path = if shared { format!("vars.{}.{ident}", group.header.ident.value) } else { format!("vars.{ident}") };
                let entry = format!("{variable} = {path}");
                let head = script.place.step.head;
                let edit = cx.is_written(head).then(|| cx.insert_in(head, "env", &entry));
                let message = format!("the script reads `{variable}`, a secret, which is not in its environment");
                let finding = cx.report(&RULE, head, message).at("it is empty here").help(format!("add `env {{ {entry} }}` to the step"));
                if let Some(edit) = edit {
                    finding.edits(Safety::Safe, format!("add `{entry}` to `env`"), vec![edit]);
                }
            }
        }
    }
}

fn reads(script: &Script<'_>, name: &str) -> bool {
    match script.shell {
        Shell::Bash => {
            let commands = || script.pipelines.iter().flat_map(|it| &it.commands);
            let words = commands().flat_map(|it| {
                let assigned = it.assignments.iter().map(|it| &it.1);
                it.words.iter().chain(assigned).chain(it.redirects.iter().map(|it| &it.word))
            });
            words.into_iter().any(|it| it.reads.iter().any(|it| it.name == name)) && !script.assigns(name)
        }
        Shell::Pwsh => script.text.contains(&format!("$env:{name}")),
        Shell::Cmd => script.text.contains(&format!("%{name}%")),
        Shell::Python => ['"', '\''].iter().any(|it| script.text.contains(&format!("environ[{it}{name}{it}]"))),
    }
}
