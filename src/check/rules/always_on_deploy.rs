//! # A deployment that runs whatever happened before
//!
//! `always()` and `succeeded_or_failed()` hold after failed tests, too, and `always()` even after somebody cancelled the
//! run: what failed is deployed.
//!
//! ```mlops,fails
//! environment qa {
//!   target aks { cluster = "aks", resource_group = "rg", namespace = "api" }
//! }
//! service api { image = "team/api", port = 8080 }
//! connection azure { type = azure_rm }
//! pipeline release {
//!   trigger manual
//!   connection = azure
//!   stage test { run "make test" }
//!   stage qa {
//!     when = always()
//!     environment = qa
//!     deploy api { tag = run.id }
//!   }
//! }
//! ```
//!
//! ```mlops,passes
//! environment qa {
//!   target aks { cluster = "aks", resource_group = "rg", namespace = "api" }
//! }
//! service api { image = "team/api", port = 8080 }
//! connection azure { type = azure_rm }
//! pipeline release {
//!   trigger manual
//!   connection = azure
//!   stage test { run "make test" }
//!   stage qa {
//!     when = not_failed()
//!     environment = qa
//!     deploy api { tag = run.id }
//!   }
//! }
//! ```
//!
//! `not_failed()` also runs behind a stage that was skipped; `x.result == succeeded` says of which stage the success counts.
//!
//! Source: Azure DevOps documentation, "Specify conditions"; poutine, rule `if_always_true`.

use crate::check::{Cx, Group, Rule};
use crate::diag::Safety;
use crate::model::expr::{Expr, ExprKind, Outcome, Status};
use crate::model::steps::Kind;
use std::collections::BTreeSet;

pub(super) static RULE: Rule = Rule::warning(Group::Graph, "always-on-deploy", run).by_pipeline().fixes(Safety::Unsafe);

fn run(cx: &mut Cx<'_>) {
    let mut told = BTreeSet::new();
    for place in cx.steps() {
        let deploys = matches!(place.step.kind, Kind::Deploy(_) | Kind::SetTraffic(_) | Kind::Promote(_) | Kind::DeployInfra(_));
        if !deploys || !place.step.enabled || place.job.handler.is_some() || place.step.handler.is_some() {
            continue;
        }
        let conditions = [&place.stage.when, &place.job.when, &place.step.when].into_iter().flatten();
        for condition in conditions {
            if let Some((status, word)) = whatever(condition)
                && told.insert(status.span)
            {
                let what = place.step.kind.word();
                cx.report(&RULE, status.span, format!("with `{word}()`, this `{what}` runs after a failure, too"))
                    .label(place.step.head, "what runs")
                    .help("write `not_failed()`, or say whose success counts: `x.result == succeeded`")
                    .edits(Safety::Unsafe, "write `not_failed()`", vec![crate::diag::Edit { span: status.span, text: "not_failed()".to_owned() }]);
            }
        }
    }
}

/// The function that lets failures through, unless something else in the condition asks for a success.
fn whatever(condition: &Expr) -> Option<(&Expr, &'static str)> {
    let mut found = None;
    let mut asks = false;
    condition.walk(&mut |it| match &it.kind {
        ExprKind::Status(Status::Always, nodes) if nodes.is_empty() => found = found.or(Some((it, "always"))),
        ExprKind::Status(Status::SucceededOrFailed, nodes) if nodes.is_empty() => {
            found = found.or(Some((it, "succeeded_or_failed")));
        }
        ExprKind::Status(Status::Succeeded | Status::NotFailed, _)
        | ExprKind::ResultWord(Outcome::Succeeded | Outcome::SucceededWithIssues | Outcome::Failed) => asks = true,
        _ => {}
    });
    found.filter(|_| !asks)
}
