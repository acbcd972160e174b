//! # Pull requests of strangers run with secrets
//!
//! On GitHub and Bitbucket, a pull request may come from a fork, and what it changes, tests and scripts included, runs
//! before anybody has read it. If Azure DevOps is set to build forks with secrets, it runs with these; a comment of
//! somebody in the team is then enough to start it.
//!
//! ```mlops,fails
//! repository self { type = github }
//! variables keys { group = "keys", secret api_key }
//! pipeline checks {
//!   variables = keys
//!   trigger pull_request
//!   stage test {
//!     run "make contract-tests" { env { API_KEY = vars.api_key } }
//!   }
//! }
//! ```
//!
//! ```mlops,passes
//! repository self { type = github }
//! variables keys { group = "keys", secret api_key }
//! pipeline checks {
//!   variables = keys
//!   trigger pull_request
//!   trigger push { branches = ["main"] }
//!   stage test { run "make unit-tests" }
//!   stage contract {
//!     when = run.reason != pull_request
//!     run "make contract-tests" { env { API_KEY = vars.api_key } }
//!   }
//! }
//! ```
//!
//! Keep what needs secrets or connections out of pull requests with `when = run.reason != pull_request`, or in a pipeline
//! of its own.
//!
//! Source: Azure DevOps documentation, "Repository protection", forks.

use crate::check::{Cx, Group, Rule, pulls, walk};
use crate::model::expr::Expr;
use crate::model::steps::Kind;

pub(super) static RULE: Rule = Rule::warning(Group::Security, "fork-build-with-secrets", run);

fn run(cx: &mut Cx<'_>) {
    let project = cx.project;
    for (id, trigger) in pulls::of_strangers(project) {
        let mut steps = walk::steps_of(id, &project.pipelines[id]).filter(|it| pulls::reaches(it));
        let found = steps.find_map(|it| {
            let env = walk::environment(project, &it);
            let secret = env.into_iter().find(|it| it.1.has_secret());
            let own = secret.map(|(name, _)| format!("`{name}`, a secret, is read here"));
            own.or_else(|| uses(&it.step.kind)).map(|what| (it.step.head, what))
        });
        if let Some((span, what)) = found {
            cx.report(&RULE, trigger, "pull requests from forks may run with secrets or connections")
                .label(span, what)
                .help("write `when = run.reason != pull_request` where they are used, or a pipeline of its own for pull requests");
        }
    }
}

/// What a step uses that nobody should hand to strangers.
fn uses(kind: &Kind) -> Option<String> {
    match kind {
        Kind::Notify(it) if it.values.iter().any(|it| Expr::has_secret(&it.1)) => Some("a secret is read here".to_owned()),
        Kind::Task(it) if it.inputs.values().any(Expr::has_secret) => Some("a secret is read here".to_owned()),
        Kind::Run(_)
        | Kind::Task(_)
        | Kind::Include(_)
        | Kind::Checkout(_)
        | Kind::Publish(_)
        | Kind::Download(_)
        | Kind::Wait(_)
        | Kind::Approve(_)
        | Kind::UsePython(_)
        | Kind::Cache(_)
        | Kind::Pytest(_)
        | Kind::TestResults(_)
        | Kind::Coverage(_)
        | Kind::Lint(_)
        | Kind::Notify(_)
        | Kind::TagRun(_) => None,
        other => Some(format!("`{}` signs in with a service connection", other.word())),
    }
}
