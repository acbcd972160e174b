//! # The run's own token is given to what does not use it
//!
//! `System.AccessToken` acts as the project's build service: it reads repositories, and often may push, queue runs and
//! change work items. Where it stands in the environment, every program of the step can take it along.
//!
//! ```mlops,fails
//! pipeline build {
//!   trigger manual
//!   env { TOKEN = "$(System.AccessToken)" }
//!   stage build { run "npm ci" }
//! }
//! ```
//!
//! ```mlops,passes
//! pipeline build {
//!   trigger manual
//!   stage build {
//!     run "curl --header @- https://dev.azure.com/contoso/_apis/projects <<< \"Authorization: Bearer $TOKEN\"" {
//!       env { TOKEN = "$(System.AccessToken)" }
//!     }
//!   }
//! }
//! ```
//!
//! Write it into `env` of the one step whose script reads it.
//!
//! Source: Azure DevOps documentation, "Access repositories, artifacts, and other resources", job access tokens.

use crate::check::{Cx, Group, Rule};
use crate::model::expr::Expr;
use crate::model::project::Inherited;

pub(super) static RULE: Rule = Rule::warning(Group::Security, "access-token-exposed", run).by_pipeline().and_outside(of_project);

fn run(cx: &mut Cx<'_>) {
    for inherited in around(cx) {
        to_all(cx, inherited);
    }
    for script in &*cx.scripts() {
        let own = script.place.step.env.iter().filter(|it| is_token(it.1));
        for (name, value) in own {
            // A program in another language, or one that the script starts, may read it too.
            let is_known = !script.pipelines.is_empty() && script.pipelines.iter().all(|it| !it.captured && it.commands.iter().all(|it| is_installer(it.name())));
            if is_known && !script.text.contains(name.as_str()) {
                cx.report(&RULE, value.span, format!("the script does not read `{name}`, the run's token")).help("remove it");
            }
        }
    }
}

fn of_project(cx: &mut Cx<'_>) {
    to_all(cx, &cx.project.settings.inherited);
}

/// What is given to more than one step.
fn to_all(cx: &mut Cx<'_>, inherited: &Inherited) {
    for (name, value) in inherited.env.iter().filter(|it| is_token(it.1)) {
        cx.report(&RULE, value.span, format!("`{name}`, the run's token, is given to every step here"))
            .help("move it to `env` of the step that needs it");
    }
}

/// Runs code of strangers, and needs no token of Azure DevOps by this name.
fn is_installer(name: &str) -> bool {
    matches!(name, "npm" | "yarn" | "pnpm" | "pip" | "pip3" | "conda" | "apt-get" | "make" | "docker" | "set" | "cd" | "echo")
}

fn is_token(value: &Expr) -> bool {
    value.as_str().is_some_and(|it| it.to_lowercase().contains("$(system.accesstoken)"))
}

/// What stands around more than one step.
fn around<'p>(cx: &Cx<'p>) -> Vec<&'p Inherited> {
    let mut found = Vec::new();
    for pipeline in cx.pipelines() {
        found.push(&pipeline.inherited);
        for stage in &pipeline.stages {
            // The steps of a stage without jobs stand in one that has nothing of its own.
            let steps: usize = stage.jobs.iter().map(|it| it.steps.len()).sum();
            let jobs = stage.jobs.iter().filter(|it| it.steps.len() > 1).map(|it| &it.inherited);
            found.extend((steps > 1).then_some(&stage.inherited).into_iter().chain(jobs));
        }
    }
    found
}
