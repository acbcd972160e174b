//! # Production by its name only
//!
//! An environment that is called production, has no approval and is not `protected` is reached by any run, and the
//! compiler does not look whether somebody agrees on the way.
//!
//! ```mlops,fails
//! environment prod { target aci { resource_group = "rg-prod" }, lock = sequential, branches = ["main"] }
//! pipeline release {
//!   trigger push { branches = ["main"] }
//!   stage prod { environment = prod, run "make deploy" }
//! }
//! ```
//!
//! ```mlops,passes
//! approval leads { approvers = ["leads@contoso.com"] }
//! environment prod { target aci { resource_group = "rg-prod" }, approval = leads, lock = sequential, branches = ["main"] }
//! pipeline release {
//!   trigger push { branches = ["main"] }
//!   stage prod { environment = prod, run "make deploy" }
//! }
//! ```
//!
//! Name who must agree, `approval = NAME` on the environment. Where approvals stand on every stage that deploys there,
//! nothing is reported; `protected = true` then keeps it so.
//!
//! Source: Azure DevOps documentation, "Define approvals and checks".

use crate::check::production::named_so;
use crate::check::{Cx, Group, Rule};
use crate::graph::reach;

pub(super) static RULE: Rule = Rule::warning(Group::Environments, "prod-not-protected", run);

fn run(cx: &mut Cx<'_>) {
    let unguarded = cx.project.environments.iter().filter(|(_, it)| !it.protected && named_so(it));
    for (id, environment) in unguarded {
        let Some(way) = reach::unapproved(cx.project, cx.graphs, id).into_iter().next() else { continue };
        let Some((last, span)) = way.steps.last() else { continue };
        let name = &environment.header.ident.value;
        cx.report(&RULE, environment.header.head, format!("`{name}` is deployed to although nobody approves, and nothing says that this is meant"))
            .label(*span, format!("{last} deploys to it"))
            .help("add `approval = NAME` to it, with an `approval NAME { approvers = […] }`; `protected = true` makes every way without one an error");
    }
}
