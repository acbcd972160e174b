//! # A value of the language is written into a script
//!
//! Scripts are verbatim: nobody replaces `${run.id}` in one, and a shell takes it for a bad substitution or for an
//! empty variable.
//!
//! ```mlops,fails
//! pipeline build {
//!   trigger manual
//!   stage build { run "echo run ${run.id}" }
//! }
//! ```
//!
//! ```mlops,passes
//! pipeline build {
//!   trigger manual
//!   stage build {
//!     run "echo run ${RUN_ID}" {
//!       env { RUN_ID = run.id }
//!     }
//!   }
//! }
//! ```
//!
//! Give the value a name in `env { … }` and read that.

use crate::check::walk;
use crate::check::{Cx, Group, Rule};

pub(super) static RULE: Rule = Rule::error(Group::Jobs, "expression-in-script", run);

/// What values of the language begin with. No variable of a shell has a dot in its name.
const ROOTS: &[&str] = &["params.", "vars.", "run.", "runs."];

fn run(cx: &mut Cx<'_>) {
    for place in walk::steps(cx.project) {
        let texts = place.step.kind.script_texts();
        if let Some(value) = texts.iter().flat_map(|it| values(it)).next() {
            let name = value.rsplit('.').next().unwrap_or(value).to_uppercase();
            cx.report(&RULE, place.step.head, format!("nobody replaces `${{{value}}}` in a script"))
                .help(format!("add `env {{ {name} = {value} }}` to the step, and write `\"${name}\"` in the script"));
        }
    }
}

/// The paths in `${…}` that only this language knows.
fn values(text: &str) -> impl Iterator<Item = &str> {
    text.match_indices("${").filter_map(|(at, _)| {
        let inner = &text[at + 2..];
        let value = inner[..inner.find('}')?].trim();
        let is_path = value.chars().all(|it| it.is_ascii_alphanumeric() || it == '_' || it == '.');
        (is_path && ROOTS.iter().any(|it| value.starts_with(it))).then_some(value)
    })
}
