//! # An output that the task or the template does not set
//!
//! The value is read by the name of a variable. Where nothing sets a variable of that name, it is empty, without a word in the log.
//!
//! ```mlops,fails
//! pipeline site {
//!   trigger manual
//!   stage put {
//!     task "AzureWebApp@1" {
//!       inputs { azureSubscription = "azure", appType = "webAppLinux", appName = "prices", package = "site.zip" }
//!       output address: string
//!     }
//!     run "./test.sh" { env { ADDRESS = AzureWebApp.address } }
//!   }
//! }
//! ```
//!
//! ```mlops,passes
//! pipeline site {
//!   trigger manual
//!   stage put {
//!     task "AzureWebApp@1" as site {
//!       inputs { azureSubscription = "azure", appType = "webAppLinux", appName = "prices", package = "site.zip" }
//!       output address: string { name = "AppServiceApplicationUrl" }
//!     }
//!     run "./test.sh" { env { ADDRESS = site.address } }
//!   }
//! }
//! ```
//!
//! The scripts of an included template are read in the same way.
//!
//! ```mlops,fails
//! pipeline tests {
//!   trigger manual
//!   stage all {
//!     include "ci/test.yml" as tested { output covered: int }
//!     run "./report.sh" { env { COVERED = tested.covered } }
//!   }
//! }
//! ```
//! ```file:ci/test.yml
//! steps:
//! - bash: echo "##vso[task.setvariable variable=Coverage;isOutput=true]81"
//!   name: tested
//! ```
//!
//! Say the variable's name with `name = "…"`, or call the output like it: `app_service_application_url` is
//! `AppServiceApplicationUrl` of a task that comes with Azure Pipelines. Tasks that name no output variables, tasks with a
//! script of yours, and scripts that call others are not checked.
//!
//! Source: the descriptions in microsoft/azure-pipelines-tasks; the scripts of the template.

use crate::base::files::Files;
use crate::base::suggest;
use crate::check::walk::Place;
use crate::check::{Cx, Group, Rule};
use crate::model::project::Include;
use crate::model::steps::Kind;
use crate::target::template;

pub(super) static RULE: Rule = Rule::warning(Group::References, "unknown-output", run).by_pipeline();

fn run(cx: &mut Cx<'_>) {
    for place in cx.steps() {
        match &place.step.kind {
            Kind::Task(task) => {
                let Some(known) = task.known.filter(|_| task.scripts().next().is_none()) else { continue };
                let sets: Vec<&str> = known.outputs().collect();
                compare(cx, &place, &task.name.value, &sets);
            }
            Kind::Include(include) => {
                let Some(sets) = sets(cx.files, &include.template, &place) else { continue };
                let sets: Vec<&str> = sets.iter().map(String::as_str).collect();
                compare(cx, &place, &include.template.path, &sets);
            }
            _ => {}
        }
    }
}

/// What the step of the template sets whose outputs are read.
fn sets(files: &dyn Files, include: &Include, place: &Place<'_>) -> Option<Vec<String>> {
    if include.from.is_some() {
        return None;
    }
    let text = String::from_utf8(files.read(&include.path).ok()?).ok()?;
    let name = &place.step.ident.as_ref()?.value;
    let steps = template::read(&text).ok()?.steps?;
    steps.into_iter().find(|it| it.name == *name)?.sets
}

fn compare(cx: &mut Cx<'_>, place: &Place<'_>, what: &str, sets: &[&str]) {
    if sets.is_empty() {
        return;
    }
    for (name, output) in &place.step.outputs {
        let Some(declared) = output.declared else { continue };
        let variable = output.variable.as_ref().unwrap_or(name);
        if sets.iter().any(|it| it.eq_ignore_ascii_case(variable)) {
            continue;
        }
        let message = format!("`{what}` sets no `{variable}`");
        let all: Vec<String> = sets.iter().map(|it| format!("`{it}`")).collect();
        let wanted = suggest::nearest(variable, sets.iter().copied()).or(sets.first().copied()).unwrap_or_default();
        let help = format!("it sets {}; write `output {name}: TYPE {{ name = \"{wanted}\" }}`", all.join(", "));
        cx.report(&RULE, declared, message).help(help);
    }
}
