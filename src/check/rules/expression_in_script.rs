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

use crate::check::{Cx, Group, Rule};
use crate::diag::{Edit, Safety};

pub(super) static RULE: Rule = Rule::error(Group::Jobs, "expression-in-script", run).by_pipeline().fixes(Safety::Unsafe);

/// What values of the language begin with. No variable of a shell has a dot in its name.
const ROOTS: &[&str] = &["params.", "vars.", "run.", "runs."];

fn run(cx: &mut Cx<'_>) {
    for place in cx.steps() {
        let texts = place.step.kind.script_texts();
        let Some(value) = texts.iter().flat_map(|it| values(it)).next() else { continue };
        let head = place.step.head;
        let (entry, name) = (format!("{} = {value}", variable(value)), variable(value));
        let edits = cx.is_written(head).then(|| {
            let places = cx.places(cx.whole(head), &format!("${{{value}}}"));
            let read = places.into_iter().map(|span| Edit { span, text: format!("${{{name}}}") });
            read.chain([cx.insert_in(head, "env", &entry)]).collect()
        });
        let finding = cx
            .report(&RULE, head, format!("nobody replaces `${{{value}}}` in a script"))
            .help(format!("add `env {{ {entry} }}` to the step, and write `\"${name}\"` in the script"));
        if let Some(edits) = edits {
            finding.edits(Safety::Unsafe, format!("read `{name}` instead"), edits);
        }
    }
}

/// `RUN_ID` for `run.id`, `TAG` for `params.tag`.
fn variable(value: &str) -> String {
    let name = value.strip_prefix("params.").or_else(|| value.strip_prefix("vars.")).unwrap_or(value);
    name.replace('.', "_").to_uppercase()
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
