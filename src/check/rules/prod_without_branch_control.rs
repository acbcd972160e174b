//! # Every branch may deploy to production
//!
//! Whoever may push any branch can change the pipeline's file there, start a run of it by hand, and deploy what nobody
//! has reviewed. Only a check on the environment itself holds whatever the file says.
//!
//! ```mlops,fails
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
//! ```mlops,passes
//! approval leads { approvers = ["leads@contoso.com"] }
//! environment prod {
//!   target aci { resource_group = "rg-prod" }
//!   approval = leads
//!   lock     = sequential
//!   branches = ["main"]
//! }
//! pipeline release {
//!   trigger push { branches = ["main"] }
//!   stage prod { environment = prod, run "make deploy" }
//! }
//! ```
//!
//! Say which branches may: `branches = ["main"]`. An environment counts as production if it is `protected` or called so.
//!
//! Source: Azure DevOps documentation, "Secure your repositories" and "Define approvals and checks", branch control.

use crate::check::production::{self, is_production};
use crate::check::{Cx, Group, Rule};
use crate::diag::Safety;
use crate::model::project::Project;

pub(super) static RULE: Rule = Rule::warning(Group::Environments, "prod-without-branch-control", run).fixes(Safety::Unsafe);

fn run(cx: &mut Cx<'_>) {
    let project = cx.project;
    let deployed: std::collections::BTreeSet<usize> =
        production::deploying(project).into_iter().map(|it| it.environment.index()).collect();
    for (id, environment) in project.environments.iter() {
        if !environment.branches.is_empty() || !is_production(environment) || !deployed.contains(&id.index()) {
            continue;
        }
        let (name, statement) = (&environment.header.ident.value, format!("branches = [\"{}\"]", main_branch(project)));
        let edit = cx.insert(environment.header.head, &statement);
        cx.report(&RULE, environment.header.head, format!("runs of every branch may deploy to `{name}`"))
            .help(format!("add `{statement}`"))
            .edits(Safety::Unsafe, format!("add `{statement}`"), vec![edit]);
    }
}

/// What `self` says, where it says something.
fn main_branch(project: &Project) -> &str {
    let own = project.repositories.values().find(|it| it.is_self());
    own.and_then(|it| it.branch.as_ref()).map_or("main", |it| &it.value)
}
