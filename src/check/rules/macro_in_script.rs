//! # Azure Pipelines would put a value into the script's text
//!
//! `$(name)` with the name of a variable is replaced by its value before the shell sees the script: a branch called
//! `x;curl…` becomes a command. Scripts are verbatim here; values come in through `env`.
//!
//! ```mlops,fails
//! pipeline build {
//!   trigger manual
//!   stage build { run "echo $(Build.SourceBranchName)" }
//! }
//! ```
//!
//! ```mlops,passes
//! pipeline build {
//!   trigger manual
//!   stage build {
//!     run "echo \"$BRANCH\"" {
//!       env { BRANCH = run.branch }
//!     }
//!   }
//! }
//! ```
//!
//! Give the value a name in `env { … }` and write `"$NAME"` in the script: `env { API_KEY = vars.api_key }` for a secret, which
//! reaches a script in no other way. A command such as `$(date)` stays as it is.
//!
//! Source: Azure DevOps documentation, "Macro syntax"; poutine, rule "injection".

use crate::check::walk::{self, Place};
use crate::model::steps::action::Shell;
use crate::check::{Cx, Group, Rule};
use crate::diag::{Edit, Safety};
use crate::model::project::{Project, Variable};

pub(super) static RULE: Rule = Rule::error(Group::Jobs, "macro-in-script", run).by_pipeline().fixes(Safety::Unsafe);

fn run(cx: &mut Cx<'_>) {
    let project = cx.project;
    for place in cx.steps() {
        let texts = place.step.kind.script_texts();
        let mut seen: Vec<&str> = Vec::new();
        for name in texts.iter().flat_map(|it| macros(it)) {
            let member = declared(project, &place, name);
            if (is_predefined(name) || member.is_some()) && !seen.contains(&name) {
                seen.push(name);
                tell(cx, &place, name, member);
            }
        }
    }
}

fn tell(cx: &mut Cx<'_>, place: &Place<'_>, name: &str, member: Option<&Variable>) {
    let variable = name.replace('.', "_").to_uppercase();
    let head = place.step.head;
    let entry = member.map(|it| format!("{variable} = vars.{}", it.ident.value));
    let is_bash = cx.scripts().iter().any(|it| it.place.step.head == head && it.shell == Shell::Bash);
    let places = cx.places(cx.whole(head), &format!("$({name})"));
    let is_mapped = place.step.env.contains_key(&variable);
    // Plain variables are in the environment of each script.
    let mapping = entry.as_ref().filter(|_| !is_mapped && member.is_some_and(|it| it.secret));
    let edits: Option<Vec<Edit>> = (is_bash && cx.is_written(head)).then(|| {
        let read = places.iter().map(|span| Edit { span: *span, text: format!("${{{variable}}}") });
        read.chain(mapping.map(|it| cx.insert_in(head, "env", it))).collect()
    });
    let help = match entry {
        Some(entry) => format!("add `env {{ {entry} }}` to the step, and write `\"${variable}\"` in the script"),
        None => format!("write `\"${variable}\"`: Azure Pipelines puts it into the environment of each script"),
    };
    let at = places.first().copied().unwrap_or(head);
    let message = format!("Azure Pipelines replaces `$({name})` in this script by its value");
    let finding = cx.report(&RULE, at, message).help(help);
    if let Some(edits) = edits {
        finding.edits(Safety::Unsafe, format!("read `{variable}` instead"), edits);
    }
}

/// The names in `$(…)` that could be variables.
fn macros(text: &str) -> impl Iterator<Item = &str> {
    text.match_indices("$(").filter_map(|(at, _)| {
        let inner = &text[at + 2..];
        let name = &inner[..inner.find(')')?];
        let legal = !name.is_empty() && name.chars().all(|it| it.is_ascii_alphanumeric() || it == '_' || it == '.');
        legal.then_some(name)
    })
}

/// One of Azure Pipelines; but `$(build.sh)` runs a script.
fn is_predefined(name: &str) -> bool {
    let prefixes = ["build.", "system.", "agent.", "pipeline.", "environment.", "strategy.", "resources.", "release."];
    let lower = name.to_lowercase();
    let scripts = [".sh", ".bash", ".py", ".pl", ".rb", ".ps1", ".cmd", ".bat", ".exe"];
    prefixes.iter().any(|it| lower.starts_with(it)) && !scripts.iter().any(|it| lower.ends_with(it))
}

/// The variable that the project declares under this name, where the step sees it.
fn declared<'a>(project: &'a Project, place: &Place<'a>, name: &str) -> Option<&'a Variable> {
    let groups = walk::variables(project, place);
    groups.into_iter().flat_map(|it| it.members.values()).find(|it| it.name.eq_ignore_ascii_case(name))
}
