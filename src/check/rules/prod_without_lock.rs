//! # Two runs may deploy to production at once
//!
//! Without a lock, a run that starts while another one deploys goes to the same place at the same time: the last one to
//! write wins, which may be the older one, and each looks at the other's half-finished state.
//!
//! ```mlops,fails
//! approval leads { approvers = ["leads@contoso.com"] }
//! environment prod {
//!   target aci { resource_group = "rg-prod" }
//!   approval = leads
//! }
//! pipeline release {
//!   trigger push { branches = ["main"] }
//!   stage prod { environment = prod, run "make deploy" }
//! }
//! ```
//!
//! ```mlops,passes
//! approval leads { approvers = ["leads@contoso.com"] }
//! environment prod {
//!   target aci { resource_group = "rg-prod" }
//!   approval = leads
//!   lock     = sequential
//! }
//! pipeline release {
//!   trigger push { branches = ["main"] }
//!   stage prod { environment = prod, run "make deploy" }
//! }
//! ```
//!
//! Say `lock = sequential`, and later runs wait; with `lock = latest` only the newest of those that wait goes on. An
//! environment counts as production if it is `protected` or called so. A `lock` on each stage that deploys does as well.
//!
//! Source: Azure DevOps documentation, "Define approvals and checks", exclusive lock.

use crate::check::production::{self, is_production};
use crate::check::{Cx, Group, Rule};
use crate::diag::Safety;

pub(super) static RULE: Rule = Rule::warning(Group::Environments, "prod-without-lock", run).fixes(Safety::Safe);

fn run(cx: &mut Cx<'_>) {
    let project = cx.project;
    let unlocked = production::deploying(project)
        .into_iter()
        .filter(|it| project.pipelines[it.pipeline].stages[it.stage].lock.is_none())
        .map(|it| (it.environment.index(), it.span));
    // The first stage of each.
    let unlocked: std::collections::BTreeMap<usize, _> = unlocked.rev().collect();
    for (id, environment) in project.environments.iter() {
        let Some(deployed) = unlocked.get(&id.index()) else { continue };
        if environment.lock.is_some() || !is_production(environment) {
            continue;
        }
        let name = &environment.header.ident.value;
        let edit = cx.insert(environment.header.head, "lock = sequential");
        cx.report(&RULE, environment.header.head, format!("two runs may deploy to `{name}` at the same time"))
            .label(*deployed, "deployed to here")
            .help("add `lock = sequential`: later runs wait")
            .edits(Safety::Safe, "add `lock = sequential`", vec![edit]);
    }
}
