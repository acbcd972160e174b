//! # A check reads a variable that it is not given
//!
//! A check of a service is given the variables of one group, named with `variables`, and what Azure DevOps knows of the
//! run, such as `$(Build.BuildId)`. Anything else is sent as it stands, `$(…)` and all. A key must come from a `secret`:
//! other variables can be read by everybody who sees the group.
//!
//! ```mlops,fails
//! variables checks { group = "checks", secret function_key }
//! environment prod {
//!   function "https://checks.azurewebsites.net/api/budget" { key = "$(functoin_key)", variables = checks }
//! }
//! pipeline release {
//!   trigger manual
//!   stage prod { environment = prod, run "make deploy" }
//! }
//! ```
//!
//! ```mlops,passes
//! variables checks { group = "checks", secret function_key }
//! environment prod {
//!   function "https://checks.azurewebsites.net/api/budget" { key = "$(function_key)", variables = checks }
//! }
//! pipeline release {
//!   trigger manual
//!   stage prod { environment = prod, run "make deploy" }
//! }
//! ```
//!
//! Name the group with `variables = …`, and in it the `secret` or `var`.
//!
//! Source: Azure DevOps documentation, "Invoke Azure Function / REST API checks"; REST reference, `TaskCheckConfig`,
//! `linkedVariableGroup`.

use crate::base::span::Span;
use crate::base::suggest::nearest;
use crate::check::{Cx, Group, Rule};
use crate::model::project::{CallTarget, CheckCall, Project, Variable};

pub(super) static RULE: Rule = Rule::error(Group::Environments, "check-variable-unknown", run);

fn run(cx: &mut Cx<'_>) {
    let project = cx.project;
    for call in project.environments.values().flat_map(|it| &it.calls) {
        let known = known(project, call);
        for (text, span) in texts(call) {
            for name in names(text) {
                unknown(cx, call, &known, (name, span));
            }
        }
        if let CallTarget::Function { key: Some(key), .. } = &call.to {
            let open = names(&key.value).find_map(|name| find(&known, name).filter(|it| !it.secret));
            if let Some(open) = open {
                cx.report(&RULE, key.span, format!("`{}` is no secret: everybody who sees the group can read this key", open.name))
                    .label(open.ident.span, "declared here")
                    .help(format!("declare it as `secret {}`", open.ident.value));
            }
        }
    }
}

fn unknown(cx: &mut Cx<'_>, call: &CheckCall, known: &[&Variable], (name, span): (&str, Span)) {
    if find(known, name).is_some() {
        return;
    }
    let found = cx.report(&RULE, span, format!("this check is not given `$({name})`, and sends it as it stands"));
    let Some(variables) = &call.variables else {
        found.help("name the group that has it: `variables = NAME`");
        return;
    };
    let found = found.label(variables.span, "all that it is given");
    match nearest(name, known.iter().map(|it| it.name.as_str())) {
        Some(better) => found.help(format!("did you mean `$({better})`?")),
        None => found.help(format!("declare it in the group, as `secret {name}` or `var {name}: string`")),
    };
}

fn find<'a>(known: &[&'a Variable], name: &str) -> Option<&'a Variable> {
    known.iter().find(|it| it.name.eq_ignore_ascii_case(name)).copied()
}

/// The variables of the group, which several blocks may describe.
fn known<'a>(project: &'a Project, call: &CheckCall) -> Vec<&'a Variable> {
    let group = call.variables.as_ref().and_then(|it| project.variables[it.value].group.as_ref());
    let Some(group) = group.map(|it| &it.value) else { return Vec::new() };
    let same = project.variables.values().filter(|it| it.group.as_ref().is_some_and(|it| it.value == *group));
    same.flat_map(|it| it.members.values()).collect()
}

fn texts(call: &CheckCall) -> Vec<(&str, Span)> {
    let mut found: Vec<(&str, Span)> = call.headers.values().map(|it| (it.as_str(), call.head)).collect();
    found.extend(call.body.iter().map(|it| (it.value.as_str(), it.span)));
    match &call.to {
        CallTarget::Connection { path, .. } => found.extend(path.iter().map(|it| (it.as_str(), call.head))),
        CallTarget::Function { url, key, query } => {
            found.push((&url.value, url.span));
            found.extend(key.iter().map(|it| (it.value.as_str(), it.span)));
            found.extend(query.iter().map(|it| (it.as_str(), call.head)));
        }
    }
    found
}

/// `x` of `$(x)`; what Azure DevOps sets has a dot in its name.
fn names(text: &str) -> impl Iterator<Item = &str> {
    let inside = text.split("$(").skip(1).filter_map(|it| it.split_once(')'));
    inside.map(|it| it.0).filter(|it| !it.is_empty() && !it.contains('.'))
}
