//! # A check asks more than ten times
//!
//! A service that answers "not yet" is asked again after `every`, until the check's time is over. Azure DevOps wants no
//! more than ten tries, and lets checks fail that take more.
//!
//! ```mlops,fails
//! connection hook { type = generic }
//! environment prod {
//!   call hook { success = "eq(root['free'], true)", every = 1m, timeout = 1h }
//! }
//! pipeline release {
//!   trigger manual
//!   stage prod { environment = prod, run "make deploy" }
//! }
//! ```
//!
//! ```mlops,passes
//! connection hook { type = generic }
//! environment prod {
//!   call hook { success = "eq(root['free'], true)", every = 6m, timeout = 1h }
//! }
//! pipeline release {
//!   trigger manual
//!   stage prod { environment = prod, run "make deploy" }
//! }
//! ```
//!
//! Ask less often, or let the service call back with `wait = callback`: then it may take as long as it likes.
//!
//! Source: Azure DevOps documentation, "Invoke Azure Function / REST API checks"; the Terraform provider refuses it.

use crate::check::{Cx, Group, Rule, walk};
use crate::diag::Safety;

pub(super) static RULE: Rule = Rule::error(Group::Environments, "check-polls-too-often", run).fixes(Safety::Unsafe);

const TRIES: u64 = 10;

fn run(cx: &mut Cx<'_>) {
    for call in cx.project.environments.values().flat_map(|it| &it.calls) {
        let Some(every) = &call.every else { continue };
        let least = (call.timeout_seconds / 60).div_ceil(TRIES) * 60;
        if every.value < least {
            let tries = call.timeout_seconds / every.value.max(1);
            let better = walk::duration(least);
            cx.report(&RULE, every.span, format!("within its time, this check asks {tries} times"))
                .label(call.head, format!("it has {}", walk::duration(call.timeout_seconds)))
                .help(format!("write `every = {better}` or more, or `wait = callback`"))
                .suggest(format!("ask every {better}"), every.span, better);
        }
    }
}
