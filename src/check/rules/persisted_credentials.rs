//! # The sign-in of a checkout stays on the agent
//!
//! With `persistCredentials`, Azure Pipelines leaves its token in `.git/config`, where every later step, and every program
//! that such a step installs, can read it and push with it.
//!
//! ```mlops,fails
//! pipeline build {
//!   trigger manual
//!   stage build {
//!     checkout self { extra { persistCredentials = true } }
//!     run "make"
//!   }
//! }
//! ```
//!
//! ```mlops,passes
//! pipeline build {
//!   trigger manual
//!   stage build {
//!     checkout self
//!     run "make"
//!   }
//! }
//! ```
//!
//! Remove it. A job that must push does only that, and runs nothing that others wrote.
//!
//! Source: Azure Pipelines YAML schema, `steps.checkout`, `persistCredentials`.

use crate::check::{Cx, Group, Rule};
use crate::diag::Safety;
use crate::model::data::Data;

pub(super) static RULE: Rule = Rule::warning(Group::Security, "persisted-credentials", run).by_pipeline().fixes(Safety::Safe);

fn run(cx: &mut Cx<'_>) {
    for place in cx.steps() {
        let Some(entry) = place.step.extra.get("persistCredentials") else { continue };
        let is_on = match &entry.value.value {
            Data::Bool(it) => *it,
            Data::String(it) => it.eq_ignore_ascii_case("true"),
            _ => false,
        };
        let behind = place.job.steps.len() > place.step_index + 1;
        if is_on && behind {
            let edit = cx.remove_attribute(entry.value.span);
            cx.report(&RULE, entry.key, "the token of this checkout stays in `.git/config`")
                .at("later steps can push with it")
                .help("remove `persistCredentials`")
                .edits(Safety::Safe, "remove `persistCredentials`", vec![edit]);
        }
    }
}
