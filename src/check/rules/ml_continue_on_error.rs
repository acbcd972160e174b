//! # A failed training counts as done
//!
//! With `continue_on_error`, the job goes on after the step has failed: what is behind it registers or deploys the model of
//! last time, or none at all, and the run ends as "succeeded with issues".
//!
//! ```mlops,fails
//! connection azure { type = azure_rm }
//! workspace ml { name = "mlw-team", resource_group = "rg-ml", existing = true }
//! project p { connection = azure, workspace = ml }
//! runtime python { image = "mcr.microsoft.com/azureml/openmpi4.1.0-ubuntu22.04:20250601.v1" }
//! ml_pipeline training {
//!   compute = serverless
//!   step fit { runtime = python, command = "python -m fit" }
//! }
//! pipeline train {
//!   trigger manual
//!   stage all {
//!     submit training { wait = agent, continue_on_error = true }
//!     run "make report"
//!   }
//! }
//! ```
//!
//! ```mlops,fails
//! connection azure { type = azure_rm }
//! project p { connection = azure }
//! service api { image = "team/api", port = 8080 }
//! environment dev { target aci { resource_group = "rg-dev" } }
//! pipeline release {
//!   trigger manual
//!   param tag: string
//!   stage dev {
//!     environment = dev
//!     job deliver { continue_on_error = true, deploy api { tag = params.tag } }
//!     job tell { needs = deliver, run "make tell" }
//!   }
//! }
//! ```
//!
//! ```mlops,passes
//! connection azure { type = azure_rm }
//! workspace ml { name = "mlw-team", resource_group = "rg-ml", existing = true }
//! project p { connection = azure, workspace = ml }
//! runtime python { image = "mcr.microsoft.com/azureml/openmpi4.1.0-ubuntu22.04:20250601.v1" }
//! ml_pipeline training {
//!   compute = serverless
//!   step fit { runtime = python, command = "python -m fit" }
//! }
//! pipeline train {
//!   trigger manual
//!   stage all {
//!     submit training { wait = agent }
//!     run "make report" { when = succeeded_or_failed() }
//!   }
//! }
//! ```
//!
//! Remove it. What must run in any case says so itself, `when = succeeded_or_failed()`, and what repairs stands in
//! `on failure { … }`.
//!
//! Source: Azure DevOps documentation, `continueOnError`; the template of Microsoft's accelerator for machine learning that submits a job
//! has it, and deploys after a failed training.

use crate::base::span::Span;
use crate::check::{Cx, Group, Rule, walk};
use crate::diag::Safety;
use crate::model::steps::Kind;

pub(super) static RULE: Rule = Rule::warning(Group::Ml, "ml-continue-on-error", run).by_pipeline().fixes(Safety::Safe);

fn run(cx: &mut Cx<'_>) {
    for place in cx.steps().filter(|it| it.step.enabled) {
        let Some(what) = must_succeed(&place.step.kind) else { continue };
        if place.step.continue_on_error {
            report(cx, place.step.head, place.step.head, what);
        } else if place.job.continue_on_error && first(&place) {
            report(cx, place.job.head, place.step.head, what);
        }
    }
}

fn report(cx: &mut Cx<'_>, head: Span, step: Span, what: &str) {
    let edits: Vec<_> = cx.value(head, "continue_on_error").map(|it| cx.remove_attribute(it)).into_iter().collect();
    let mut finding = cx.report(&RULE, head, format!("what follows goes on although {what} failed"));
    if head != step {
        finding = finding.label(step, "this may fail");
    }
    let finding = finding.help("remove `continue_on_error`");
    if !edits.is_empty() {
        finding.edits(Safety::Safe, "remove `continue_on_error`", edits);
    }
}

fn must_succeed(kind: &Kind) -> Option<&'static str> {
    Some(match kind {
        Kind::Submit(_) => "the run",
        Kind::Deploy(_) => "the deployment",
        Kind::Register(_) => "the registration",
        Kind::Promote(_) => "the promotion",
        Kind::SetTraffic(_) => "the change of traffic",
        Kind::DeployInfra(_) => "the deployment of the infrastructure",
        Kind::BuildImage(_) => "the build of the image",
        _ => return None,
    })
}

/// One finding for a job is enough.
fn first(place: &walk::Place<'_>) -> bool {
    let mut all = place.job.steps.iter().filter(|it| it.enabled && must_succeed(&it.kind).is_some());
    all.next().is_some_and(|it| it.head == place.step.head)
}
