//! # A protected environment is reached without approval
//!
//! `protected = true` says that nobody deploys there alone. Azure DevOps knows approvals only as checks on
//! resources, outside of its YAML: an environment without one lets every run through, whoever started it.
//!
//! ```mlops,fails
//! environment prod {
//!   target aci { resource_group = "rg-prod" }
//!   protected = true
//! }
//! pipeline release {
//!   trigger manual
//!   stage prod {
//!     environment = prod
//!     run "make deploy"
//!   }
//! }
//! ```
//!
//! ```mlops,passes
//! approval managers { approvers = ["managers@contoso.com"] }
//! environment prod {
//!   target aci { resource_group = "rg-prod" }
//!   protected = true
//!   approval  = managers
//! }
//! pipeline release {
//!   trigger manual
//!   stage prod {
//!     environment = prod
//!     run "make deploy"
//!   }
//! }
//! ```
//!
//! Steps that change what is in an environment count too where a stage has it as its `context`, whose checks never ask:
//!
//! ```mlops,fails
//! project prices { connection = azure }
//! connection azure { type = azure_rm }
//! workspace live { resource_group = "rg-live", existing = true }
//! approval managers { approvers = ["managers@contoso.com"] }
//! environment prod { workspace = live, protected = true, approval = managers }
//! model price { type = mlflow_model }
//! pipeline release {
//!   trigger manual
//!   param version: string
//!   stage mark {
//!     context = prod
//!     promote price { version = params.version }
//!   }
//! }
//! ```
//!
//! Put `approval = NAME` on the environment; on the stage, it guards only that stage. An approval in the pipeline
//! that starts this one does not count: anyone may start any pipeline by hand.
//!
//! Source: Azure DevOps documentation, "Define approvals and checks".

use crate::check::{Cx, Group, Rule};
use crate::graph::reach;

pub(super) static RULE: Rule = Rule::error(Group::Environments, "prod-without-approval", run);

fn run(cx: &mut Cx<'_>) {
    for (id, environment) in cx.project.environments.iter().filter(|(_, it)| it.protected) {
        for way in reach::unapproved(cx.project, cx.graphs, id) {
            let Some((last, span)) = way.steps.last() else { continue };
            let name = &environment.header.ident.value;
            let (message, place) = match way.effect {
                Some((word, at)) => (format!("`{name}` is protected, and this `{word}` changes it although nobody approves"), at),
                None => (format!("`{name}` is protected, and {last} deploys to it although nobody approves"), *span),
            };
            let help = match way.effect {
                Some(_) => format!("write `environment = {name}` instead of `context`, so that its checks ask, or add an `approval` to the stage"),
                None => format!("add `approval = NAME` to `environment {name}`, with an `approval NAME {{ approvers = […] }}`"),
            };
            let mut finding = cx.report(&RULE, place, message);
            finding = if way.effect.is_some() { finding.label(*span, "in a stage that only takes its context") } else { finding.at("reached without approval") };
            for (text, span) in way.steps.iter().rev().skip(1).rev() {
                finding = finding.label(*span, text.clone());
            }
            finding
                .label(environment.header.head, "protected here")
                .help(help);
        }
    }
}
