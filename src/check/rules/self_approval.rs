//! # Whoever starts a run may approve it
//!
//! An approval is a second pair of eyes. Where people may approve their own runs, one person, or one stolen account, is
//! enough to change a pipeline, start it and let it through.
//!
//! ```mlops,fails
//! approval leads { approvers = ["[Contoso]\\ML leads"], self_approve = true }
//! environment prod { approval = leads }
//! pipeline release {
//!   trigger manual
//!   stage prod { environment = prod, run "make deploy" }
//! }
//! ```
//!
//! ```mlops,passes
//! approval leads { approvers = ["[Contoso]\\ML leads"] }
//! environment prod { approval = leads }
//! pipeline release {
//!   trigger manual
//!   stage prod { environment = prod, run "make deploy" }
//! }
//! ```
//!
//! Remove `self_approve`. Where only one person could approve, say who else may, or allow it here with the reason.
//!
//! Source: Azure DevOps documentation, "Define approvals and checks"; inputs of the task `ManualValidation@1`.

use crate::check::{Cx, Group, Rule};
use crate::diag::Safety;

pub(super) static RULE: Rule = Rule::warning(Group::Approvals, "self-approval", run).fixes(Safety::Unsafe);

fn run(cx: &mut Cx<'_>) {
    let project = cx.project;
    for approval in project.approvals.values().filter(|it| it.self_approve) {
        let written = cx.inside(approval.header.head, "self_approve");
        let edits = written.map(|it| cx.remove(it)).into_iter().collect();
        cx.report(&RULE, written.unwrap_or(approval.header.head), "who starts a run may approve it too, so that nobody else need look at it")
            .help("remove `self_approve`")
            .edits(Safety::Unsafe, "remove `self_approve`", edits);
    }
}
