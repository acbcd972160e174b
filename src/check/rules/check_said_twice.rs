//! # Two checks of an environment cannot be told apart
//!
//! Services that are asked are known by their title. Of two with one title, setting up would change one of them back and
//! forth.
//!
//! ```mlops,fails
//! connection hook { type = generic }
//! environment prod {
//!   call hook { path = "freeze" }
//!   call hook { path = "budget" }
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
//!   call hook { title = "No freeze", path = "freeze" }
//!   call hook { title = "Budget left", path = "budget" }
//! }
//! pipeline release {
//!   trigger manual
//!   stage prod { environment = prod, run "make deploy" }
//! }
//! ```
//!
//! Give each a `title`; they must differ in more than blanks, punctuation and case, because files are named after them.
//!
//! Source: how the emitted set-up script finds a check again.

use crate::base::files::normalize;
use crate::check::{Cx, Group, Rule};
use crate::model::project::Environment;
use crate::plan::setup::{call_title, reference};
use indexmap::IndexMap;

pub(super) static RULE: Rule = Rule::error(Group::Environments, "check-said-twice", run);

fn run(cx: &mut Cx<'_>) {
    let project = cx.project;
    for environment in project.environments.values() {
        let mut seen = IndexMap::new();
        for call in &environment.calls {
            let title = call_title(project, call);
            let plain = |it: char| if it.is_ascii_alphanumeric() { it.to_ascii_lowercase() } else { '-' };
            let key: String = title.chars().map(plain).collect();
            if let Some(first) = seen.insert(key, call.head) {
                cx.report(&RULE, call.head, format!("two checks of this environment are called `{title}`"))
                    .label(first, "the other one")
                    .help("give each a `title` of its own");
            }
        }
        templates(cx, environment);
    }
}

fn templates(cx: &mut Cx<'_>, environment: &Environment) {
    let mut seen = IndexMap::new();
    for required in &environment.required_templates {
        let path = normalize(&required.path.value);
        let repository = required.repository.as_ref().map(|it| it.value.index());
        let reference = required.reference.as_ref().map(|it| reference(&it.value));
        if let Some(first) = seen.insert((path, repository, reference), required.head) {
            cx.report(&RULE, required.head, format!("`{}` is required twice", required.path.value))
                .label(first, "the other one")
                .help("remove one of them: a pipeline needs to extend only one of all that are named");
        }
    }
}
