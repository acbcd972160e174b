//! # A pipeline takes all rights
//!
//! With the cluster's administrator, the registry's admin user or the role of an owner, a mistake or a stranger's
//! command in one run reaches everything, and no log says who it was.
//!
//! ```mlops,fails
//! connection azure { type = azure_rm }
//! pipeline release {
//!   trigger manual
//!   connection = azure
//!   stage all { azure "az aks get-credentials --resource-group rg --name aks --admin" }
//! }
//! ```
//!
//! ```mlops,passes
//! connection azure { type = azure_rm }
//! pipeline release {
//!   trigger manual
//!   connection = azure
//!   stage all { azure "az aks get-credentials --resource-group rg --name aks" }
//! }
//! ```
//!
//! Give the connection's identity a role of its own: "Azure Kubernetes Service RBAC Writer" in a namespace, `AcrPush` on a
//! registry.
//!
//! Source: Azure Pipelines task reference, `HelmDeploy@1`, `useClusterAdmin`; AKS documentation, "Access and identity".

use crate::check::{Cx, Group, Rule};
use crate::model::expr::{Expr, ExprKind};
use crate::model::steps::Kind;
use crate::target::shell::Command;

pub(super) static RULE: Rule = Rule::warning(Group::Security, "cluster-admin", run).by_pipeline();

fn run(cx: &mut Cx<'_>) {
    let is_on = |it: &Expr| matches!(&it.kind, ExprKind::Bool(true)) || it.as_str().is_some_and(|it| it.eq_ignore_ascii_case("true"));
    for place in cx.steps() {
        let Kind::Task(task) = &place.step.kind else { continue };
        let admin = task.inputs.iter().find(|it| it.0.eq_ignore_ascii_case("useClusterAdmin") && is_on(it.1));
        if let Some((key, value)) = admin {
            cx.report(&RULE, value.span, format!("`{key}` takes all rights in the cluster"))
                .help("leave it out, and give the connection's identity a role in the namespace");
        }
    }
    for script in &*cx.scripts() {
        for command in script.pipelines.iter().flat_map(|it| &it.commands) {
            if let Some((what, raw)) = of_command(command) {
                let span = script.span(cx.sources, raw);
                cx.report(&RULE, span, format!("this {what}{}", script.in_file(command.line)))
                    .help("give the connection's identity a role of its own that allows what is needed here, and no more");
            }
        }
    }
}

fn of_command(command: &Command) -> Option<(&'static str, &str)> {
    let words: Vec<&str> = command.arguments().iter().map(|it| it.text.as_str()).collect();
    let has = |all: &[&str]| words.starts_with(all);
    let raw_of = |text: &str| command.arguments().iter().find(|it| it.text == text).map(|it| it.raw.as_str());
    let pair = |flag: &str, values: &[&str]| {
        let found = command.arguments().windows(2).find(|it| it[0].text == flag && values.contains(&it[1].text.as_str()));
        let joined = command.arguments().iter().find(|it| {
            it.text.split_once('=').is_some_and(|(name, value)| name == flag && values.contains(&value))
        });
        found.map(|it| it[1].raw.as_str()).or(joined.map(|it| it.raw.as_str()))
    };
    match command.name() {
        "az" if has(&["aks", "get-credentials"]) => {
            raw_of("--admin").or_else(|| raw_of("-a")).map(|raw| ("signs in as the cluster's administrator", raw))
        }
        "az" if has(&["acr"]) => pair("--admin-enabled", &["true"]).map(|raw| ("lets everybody with one password into the registry", raw)),
        "az" if has(&["role", "assignment", "create"]) => {
            pair("--role", &["Owner", "User Access Administrator"]).map(|raw| ("gives all rights away", raw))
        }
        "kubectl" if has(&["create", "clusterrolebinding"]) => {
            pair("--clusterrole", &["cluster-admin"]).map(|raw| ("gives all rights in the cluster away", raw))
        }
        _ => None,
    }
}
