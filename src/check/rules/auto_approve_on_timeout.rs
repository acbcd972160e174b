//! # Silence counts as approval
//!
//! When nobody answers in time the run goes on, as if somebody had looked at it: at night, in holidays, or because the
//! message was lost.
//!
//! ```mlops,fails
//! approval leads { approvers = ["leads@contoso.com"], timeout = 4h, on_timeout = resume }
//! pipeline release {
//!   trigger manual
//!   stage publish { approval = leads, run "make publish" }
//! }
//! ```
//!
//! ```mlops,passes
//! approval leads { approvers = ["leads@contoso.com"], timeout = 4h, on_timeout = reject }
//! pipeline release {
//!   trigger manual
//!   stage publish { approval = leads, run "make publish" }
//! }
//! ```
//!
//! Write `on_timeout = reject`, or leave it out, which means the same. Where a run shall only wait for a while, `wait 4h`
//! says so and asks nobody.
//!
//! Source: Azure Pipelines, task `ManualValidation@1`, input `onTimeout`.

use crate::check::{Cx, Group, Rule};
use crate::diag::{Edit, Safety};
use crate::model::project::OnTimeout;

pub(super) static RULE: Rule = Rule::warning(Group::Approvals, "auto-approve-on-timeout", run).fixes(Safety::Unsafe);

fn run(cx: &mut Cx<'_>) {
    let project = cx.project;
    let of_checks: Vec<_> = project.environments.values().filter_map(|it| it.approval.as_ref()).map(|it| it.value).collect();
    for (id, approval) in project.approvals.iter() {
        // A check cannot go on, which is an error of its own.
        if approval.on_timeout != OnTimeout::Resume || of_checks.contains(&id) {
            continue;
        }
        let written = cx.inside(approval.header.head, "on_timeout");
        let edit = written.map(|span| Edit { span, text: "on_timeout = reject".to_owned() });
        cx.report(&RULE, written.unwrap_or(approval.header.head), "if nobody answers in time the run goes on, as if somebody had agreed")
            .help("write `on_timeout = reject`; `wait` waits without asking anybody")
            .edits(Safety::Unsafe, "let the run end then", edit.into_iter().collect());
    }
}
