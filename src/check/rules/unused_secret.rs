//! # A secret that nothing reads
//!
//! A secret reaches a script only where `env` hands it over. One that is declared and never read protects nothing, but who
//! looks after the group keeps renewing it, and everybody believes that it is needed.
//!
//! ```mlops,fails
//! variables keys { group = "keys", secret api_key, secret old_key }
//! pipeline build {
//!   trigger manual
//!   variables = keys
//!   stage all { run "make" { env { KEY = vars.api_key } } }
//! }
//! ```
//!
//! ```mlops,passes
//! variables keys { group = "keys", secret api_key }
//! pipeline build {
//!   trigger manual
//!   variables = keys
//!   stage all { run "make" { env { KEY = vars.api_key } } }
//! }
//! ```
//!
//! Read it, `vars.old_key`, or remove it here and from the group. Other variables are not looked at: Azure Pipelines puts
//! them into the environment of every script. Projects that include templates are not looked at either.
//!
//! Source: Azure DevOps documentation, "Set secret variables": they are not put into the environment by themselves.

use crate::check::{Cx, Group, Rule, walk};
use crate::diag::Safety;
use crate::model::project::Project;
use crate::model::steps::Kind;
use crate::schema;
use std::collections::BTreeSet;

pub(super) static RULE: Rule = Rule::warning(Group::Unused, "unused-secret", run).fixes(Safety::Safe).needs_all();

fn run(cx: &mut Cx<'_>) {
    let project = cx.project;
    let calls = || project.environments.values().flat_map(|it| &it.calls);
    // What a check sends may name any variable of its group.
    let sent = |index: usize| calls().any(|it| it.variables.as_ref().is_some_and(|it| it.value.index() == index));
    let used = |index: usize| project.referenced.contains(&(schema::Kind::Variables, index)) && !sent(index);
    // Who reads it by its name may mean that of any group.
    let read: BTreeSet<&str> = project.members_read.iter().map(|it| it.1.as_str()).collect();
    let groups = project.variables.iter().filter(|(id, _)| used(id.index()));
    let secrets = groups.flat_map(|(_, it)| it.members.values()).filter(|it| it.secret);
    let unread: Vec<_> = secrets.filter(|it| !read.contains(it.ident.value.as_str())).collect();
    if unread.is_empty() || includes(project) {
        return;
    }
    let by_macro = macros(project);
    for secret in unread.into_iter().filter(|it| !by_macro.contains(&it.name.to_lowercase())) {
        let name = &secret.ident.value;
        let (edit, copied) = (cx.remove_declaration(secret.ident.span), cx.is_copy(secret.ident.span));
        let finding = cx
            .report(&RULE, secret.ident.span, format!("nothing reads secret `{name}`"))
            .help(format!("read it as `vars.{name}`, or remove it here and where it is kept"));
        if !copied {
            finding.edits(Safety::Safe, "remove it", vec![edit]);
        }
    }
}

fn includes(project: &Project) -> bool {
    let pipelines = || project.pipelines.values();
    let stages = || pipelines().flat_map(|it| &it.stages);
    pipelines().any(|it| it.extends.is_some() || !it.includes.is_empty())
        || stages().any(|it| !it.includes.is_empty())
        || walk::steps(project).any(|it| matches!(it.step.kind, Kind::Include(_)))
}

/// `$(name)` in the inputs of tasks and in scripts, in lower case.
fn macros(project: &Project) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for place in walk::steps(project) {
        let mut texts: Vec<&str> = place.step.kind.script_texts();
        if let Kind::Task(task) = &place.step.kind {
            for value in task.inputs.values() {
                value.walk(&mut |it| texts.extend(it.as_str()));
            }
        }
        for text in texts {
            let names = text.split("$(").skip(1).filter_map(|it| it.split_once(')'));
            found.extend(names.map(|it| it.0.trim().to_lowercase()));
        }
    }
    found
}
