//! # A variable that never reaches its script
//!
//! Every task of Azure Pipelines keeps what it is given in environment variables that begin with `INPUT_`, `SECRET_`,
//! `ENDPOINT_AUTH_`, `SECUREFILE_TICKET_` or `VSTS_TASKVARIABLE_`, and takes all of that name out of the environment
//! before it starts the script. The script finds nothing, whatever `env` says.
//!
//! ```mlops,fails
//! variables keys { group = "keys", secret key }
//! project p { variables = keys }
//! pipeline build {
//!   trigger manual
//!   stage all { run "./sign.sh" { env { SECRET_KEY = vars.key } } }
//! }
//! ```
//!
//! ```mlops,passes
//! variables keys { group = "keys", secret key }
//! project p { variables = keys }
//! pipeline build {
//!   trigger manual
//!   stage all { run "./sign.sh" { env { SIGNING_KEY = vars.key } } }
//! }
//! ```
//!
//! Give it another name, in `env` and in the script. The names of variables themselves may begin as they like, because
//! they travel under the names in `env`. A service that is deployed gets its variables as they are.
//!
//! Source: `_loadData` of azure-pipelines-task-lib, which every task that runs on Node loads first, and
//! `Initialize-Inputs` of the PowerShell SDK for Windows.

use crate::check::{Cx, Group, Rule};
use crate::model::expr::Expr;
use indexmap::IndexMap;

pub(super) static RULE: Rule = Rule::error(Group::Naming, "env-name-reserved", run).by_pipeline().and_outside(outside);

/// Taken as they are, in upper case.
const TAKEN: [&str; 5] = ["INPUT_", "SECRET_", "ENDPOINT_AUTH_", "SECUREFILE_TICKET_", "VSTS_TASKVARIABLE_"];

fn run(cx: &mut Cx<'_>) {
    for pipeline in cx.pipelines() {
        check(cx, &pipeline.inherited.env);
        for stage in &pipeline.stages {
            check(cx, &stage.inherited.env);
            for job in stage.jobs.iter().filter(|it| !it.implicit) {
                check(cx, &job.inherited.env);
            }
        }
    }
    for place in cx.steps() {
        check(cx, &place.step.env);
    }
}

fn outside(cx: &mut Cx<'_>) {
    let project = cx.project;
    check(cx, &project.settings.inherited.env);
    for environment in project.environments.values() {
        check(cx, &environment.inherited.env);
    }
}

fn check(cx: &mut Cx<'_>, env: &IndexMap<String, Expr>) {
    for (name, value) in env {
        let Some(prefix) = TAKEN.into_iter().find(|it| name.starts_with(it)) else { continue };
        let span = cx.attribute(value.span);
        cx.report(&RULE, span, format!("`{name}` never reaches the script: tasks take away what begins with `{prefix}`"))
            .help("give it another name, here and in the script");
    }
}
