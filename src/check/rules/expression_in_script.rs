//! # A value of the language is written into a script
//!
//! Scripts are verbatim: nobody replaces `${run.id}` in one, nor `${{ parameters.tag }}`, and a shell takes it for a bad
//! substitution or for an empty variable.
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

/// The same values in templates of Azure Pipelines.
const FOREIGN: &[(&str, &str)] = &[("parameters.", "params."), ("variables.", "vars.")];

fn run(cx: &mut Cx<'_>) {
    for place in cx.steps() {
        let texts = place.step.kind.script_texts();
        let Some((written, value)) = texts.iter().flat_map(|it| values(it)).next() else { continue };
        let head = place.step.head;
        let (entry, name) = (format!("{} = {value}", variable(&value)), variable(&value));
        let edits = cx.is_written(head).then(|| {
            let places = cx.places(cx.whole(head), written);
            let read = places.into_iter().map(|span| Edit { span, text: format!("${{{name}}}") });
            read.chain([cx.insert_in(head, "env", &entry)]).collect()
        });
        let finding = cx
            .report(&RULE, head, format!("nobody replaces `{written}` in a script"))
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

/// What is written in `${…}` and `${{ … }}` that only this language or templates know, each with its path here.
fn values(text: &str) -> impl Iterator<Item = (&str, String)> {
    text.match_indices("${").filter_map(|(at, _)| {
        let rest = &text[at..];
        let is_foreign = rest.starts_with("${{");
        let (opener, closer) = if is_foreign { ("${{", "}}") } else { ("${", "}") };
        let length = rest.find(closer)?;
        let value = rest[opener.len()..length].trim();
        let is_path = value.chars().all(|it| it.is_ascii_alphanumeric() || it == '_' || it == '.');
        let own = if is_foreign {
            FOREIGN.iter().find_map(|(from, to)| Some(format!("{to}{}", value.strip_prefix(from)?)))
        } else {
            ROOTS.iter().any(|it| value.starts_with(it)).then(|| value.to_owned())
        };
        Some((&rest[..length + closer.len()], own.filter(|_| is_path)?))
    })
}
