//! # A check is never asked again
//!
//! A service that answers "not yet" is asked again after `every`, as long as the check's time is not over. With less time
//! than that, its first answer decides, and the stage fails where it was meant to wait.
//!
//! ```mlops,fails
//! connection hook { type = generic }
//! environment prod {
//!   call hook { success = "eq(root['free'], true)", every = 2h, timeout = 1h }
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
//!   call hook { success = "eq(root['free'], true)", every = 2h, timeout = 12h }
//! }
//! pipeline release {
//!   trigger manual
//!   stage prod { environment = prod, run "make deploy" }
//! }
//! ```
//!
//! Give the check more time, or ask more often; without `every` it is asked once, and says so.
//!
//! Source: Azure DevOps documentation, "Invoke Azure Function / REST API checks": time between evaluations, and timeout.

use crate::check::{Cx, Group, Rule, walk};

pub(super) static RULE: Rule = Rule::warning(Group::Environments, "check-asks-once", run);

fn run(cx: &mut Cx<'_>) {
    for call in cx.project.environments.values().flat_map(|it| &it.calls) {
        let Some(every) = call.every.as_ref().filter(|it| it.value >= call.timeout_seconds) else { continue };
        let time = walk::duration(call.timeout_seconds);
        cx.report(&RULE, every.span, "the check's time is over before it is asked again")
            .label(call.head, format!("it has {time}"))
            .help(format!("write a `timeout` longer than `{}`, or remove `every`: it is then asked once", walk::duration(every.value)));
    }
}
