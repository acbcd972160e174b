//! # An approver that Azure DevOps cannot find
//!
//! Azure DevOps knows people by the address they sign in with, and groups by their scope and name. Anything else finds
//! nobody, or the wrong one of two people with one name. The domain of an address has a dot.
//!
//! ```mlops,fails
//! approval leads { approvers = ["ML leads"] }
//! environment prod { approval = leads }
//! pipeline release {
//!   trigger manual
//!   stage prod { environment = prod, run "make deploy" }
//! }
//! ```
//!
//! ```mlops,passes
//! approval leads { approvers = ["[Contoso]\\ML leads", "anna@contoso.com"], minimum = 1 }
//! environment prod { approval = leads }
//! pipeline release {
//!   trigger manual
//!   stage prod { environment = prod, run "make deploy" }
//! }
//! ```
//!
//! Write the address of a person, or `[Project]\\Group` for a group; `[TEAM FOUNDATION]\\Group` is one of Microsoft
//! Entra.
//!
//! Source: Azure DevOps REST reference, "Identities - Read Identities"; task `ManualValidation@1`, input `approvers`.

use crate::base::span::Spanned;
use crate::check::{Cx, Group, Rule};

pub(super) static RULE: Rule = Rule::error(Group::Approvals, "approver-unresolved", run);

fn run(cx: &mut Cx<'_>) {
    for approval in cx.project.approvals.values() {
        for name in approval.approvers.iter().chain(&approval.notify).filter(|it| !is_known_form(it)) {
            cx.report(&RULE, name.span, format!("`{}` is neither an address nor a group with its scope", name.value))
                .help("write the address a person signs in with, or a group as `[Project]\\\\Group`");
        }
    }
}

fn is_known_form(name: &Spanned<String>) -> bool {
    let name = name.value.as_str();
    if let Some(scoped) = name.strip_prefix('[') {
        return scoped.split_once("]\\").is_some_and(|(scope, group)| !scope.is_empty() && !group.trim().is_empty());
    }
    let parts = name.split_once('@');
    parts.is_some_and(|(user, host)| !user.is_empty() && is_domain(host))
        && !name.contains(char::is_whitespace)
}

fn is_domain(host: &str) -> bool {
    host.contains('.') && host.split('.').all(|it| !it.is_empty() && !it.contains('@'))
}
