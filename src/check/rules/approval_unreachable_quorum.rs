//! # More approvals are asked for than there are approvers
//!
//! Each entry of `approvers` answers once, a group too: one of its members answers for it. A larger `minimum` is never
//! reached, and every run waits until the approval's time is over.
//!
//! ```mlops,fails
//! approval leads { approvers = ["[Contoso]\\ML leads"], minimum = 2 }
//! environment prod { approval = leads }
//! pipeline release {
//!   trigger manual
//!   stage prod { environment = prod, run "make deploy" }
//! }
//! ```
//!
//! ```mlops,passes
//! approval leads { approvers = ["[Contoso]\\ML leads", "[Contoso]\\Owners"], minimum = 2 }
//! environment prod { approval = leads }
//! pipeline release {
//!   trigger manual
//!   stage prod { environment = prod, run "make deploy" }
//! }
//! ```
//!
//! Lower `minimum`, or name more approvers.
//!
//! Source: Azure DevOps documentation, "Define approvals and checks": a group is one approver.

use crate::check::{Cx, Group, Rule};
use std::collections::BTreeSet;

pub(super) static RULE: Rule = Rule::error(Group::Approvals, "approval-unreachable-quorum", run);

fn run(cx: &mut Cx<'_>) {
    for approval in cx.project.approvals.values() {
        let different: BTreeSet<String> = approval.approvers.iter().map(|it| it.value.to_lowercase()).collect();
        let Some(minimum) = &approval.minimum else { continue };
        if (minimum.value as usize) > different.len() && !different.is_empty() {
            let count = different.len();
            let message = format!("{} must agree, and there {} to ask", minimum.value, are(count));
            cx.report(&RULE, minimum.span, message)
                .label(approval.header.head, "asked for here")
                .help(format!("write `minimum = {count}` or less, or name more approvers; a group is one"));
        }
    }
}

fn are(count: usize) -> String {
    if count == 1 { "is only one".to_owned() } else { format!("are only {count}") }
}
