//! # An approver who starts a run blocks it
//!
//! All approvers must agree, and nobody may approve a run of their own. A run that one of these people has started can
//! then never be approved: it waits until the time is over, and is skipped. With a group it is different: another of its
//! members answers.
//!
//! ```mlops,fails
//! approval leads { approvers = ["anna@contoso.com", "ben@contoso.com"] }
//! environment prod { approval = leads }
//! pipeline release {
//!   trigger manual
//!   stage prod { environment = prod, run "make deploy" }
//! }
//! ```
//!
//! ```mlops,passes
//! approval leads { approvers = ["anna@contoso.com", "ben@contoso.com"], minimum = 1 }
//! environment prod { approval = leads }
//! pipeline release {
//!   trigger manual
//!   stage prod { environment = prod, run "make deploy" }
//! }
//! ```
//!
//! Let fewer be enough with `minimum`, name a group, or allow it with `self_approve = true`. Of a single approver this
//! is not reported: an address alone does not tell whether a person or a group answers to it, or who starts runs.
//!
//! Source: Azure DevOps documentation, "Define approvals and checks"; `requesterCannotBeApprover` of its REST interface.

use crate::check::{Cx, Group, Rule};
use crate::diag::{Edit, Safety};
use crate::model::project::Approval;
use std::collections::BTreeSet;

pub(super) static RULE: Rule = Rule::warning(Group::Approvals, "approver-blocks-own-run", run).fixes(Safety::Unsafe);

fn run(cx: &mut Cx<'_>) {
    let project = cx.project;
    for environment in project.environments.values() {
        let Some(used) = &environment.approval else { continue };
        let approval = &project.approvals[used.value];
        let all = approvers(approval);
        if all.iter().filter(|it| !it.starts_with('[')).count() < 2 || approval.self_approve || !needs_all(approval, all.len()) {
            continue;
        }
        let message = "all of them must agree, and none to a run of their own: who of them starts one blocks it";
        let at = approval.minimum.as_ref().map_or(approval.header.head, |it| it.span);
        let edit = match &approval.minimum {
            Some(minimum) => Edit { span: minimum.span, text: "1".to_owned() },
            None => cx.insert(approval.header.head, "minimum = 1"),
        };
        cx.report(&RULE, at, message)
            .label(used.span, "asked for here")
            .help("add `minimum = 1`, name a group such as `[Contoso]\\\\ML leads`, or write `self_approve = true`")
            .edits(Safety::Unsafe, "let one of them be enough", vec![edit]);
    }
}

/// Who is asked, each once: letters of any case are one address.
fn approvers(approval: &Approval) -> BTreeSet<String> {
    approval.approvers.iter().map(|it| it.value.to_lowercase()).collect()
}

fn needs_all(approval: &Approval, count: usize) -> bool {
    let minimum = approval.minimum.as_ref().map(|it| it.value as usize);
    minimum.is_none_or(|it| it >= count)
}
