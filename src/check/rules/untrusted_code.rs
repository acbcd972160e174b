//! # Code of strangers runs on your own machines
//!
//! A pull request from a fork changes what tests and scripts do. On a hosted agent that machine is thrown away; an agent
//! of your own keeps what was left on it, and stands in your network.
//!
//! ```mlops,fails
//! repository self { type = github }
//! pool lab { name = "lab" }
//! pipeline checks {
//!   trigger pull_request
//!   stage test { pool = lab, pytest "tests" }
//! }
//! ```
//!
//! ```mlops,passes
//! repository self { type = github }
//! pool linux { image = "ubuntu-24.04" }
//! pipeline checks {
//!   trigger pull_request
//!   stage test { pool = linux, run "make test" }
//! }
//! ```
//!
//! Give pull requests a hosted pool, or write `when = run.reason != pull_request` on what needs your own agents.
//!
//! Source: Azure DevOps documentation, "Repository protection", forks; poutine, rule `untrusted_checkout_exec`.

use crate::base::arena::Id;
use crate::check::{Cx, Group, Rule, pulls, walk};
use crate::model::project::{Pool, PoolKind, Project};
use crate::model::steps::Kind;

pub(super) static RULE: Rule = Rule::warning(Group::Security, "untrusted-code", run);

fn run(cx: &mut Cx<'_>) {
    let project = cx.project;
    for (id, trigger) in pulls::of_strangers(project) {
        let mut steps = walk::steps_of(id, &project.pipelines[id]).filter(|it| pulls::reaches(it) && runs_code(&it.step.kind));
        let found = steps.find_map(|it| Some((it.step.head, own_pool(project, walk::pool(project, &it)?)?)));
        if let Some((span, name)) = found {
            cx.report(&RULE, trigger, format!("pull requests from forks run on agents of your own, `{name}`"))
                .label(span, "runs what the pull request changes")
                .help("use a hosted pool here, or write `when = run.reason != pull_request` on what needs your agents");
        }
    }
}

fn own_pool(project: &Project, pool: Id<Pool>) -> Option<&str> {
    match &project.pools[pool].kind {
        PoolKind::SelfHosted { .. } => Some(&project.pools[pool].header.ident.value),
        PoolKind::Hosted { .. } | PoolKind::Server => None,
    }
}

fn runs_code(kind: &Kind) -> bool {
    matches!(
        kind,
        Kind::Run(_) | Kind::Azure(_) | Kind::Pytest(_) | Kind::BuildImage(_) | Kind::Task(_) | Kind::Lint(_)
    )
}
