//! # An exclusion that takes nothing away, or everything
//!
//! `exclude` takes away from what `include` lets in. What nobody lets in need not be taken away, and likely another
//! branch or path was meant; where all that is let in is taken away, the trigger never fires.
//!
//! ```mlops,fails
//! repository self { type = azure_repos }
//! pipeline build {
//!   trigger push { branches { include = ["main", "releases/*"], exclude = ["release/old"] } }
//!   stage build { run "make" }
//! }
//! ```
//!
//! ```mlops,passes
//! repository self { type = azure_repos }
//! pipeline build {
//!   trigger push { branches { include = ["main", "releases/*"], exclude = ["releases/old"] } }
//!   stage build { run "make" }
//! }
//! ```
//!
//! Remove the pattern, or write the one that was meant. Without `include`, everything is let in.
//!
//! Source: Azure Pipelines YAML schema, `trigger`, include and exclude.

use crate::check::{Cx, Group, Rule};
use crate::diag::Safety;
use crate::model::project::{Filter, TriggerKind};
use crate::target::glob::meets;

pub(super) static RULE: Rule = Rule::warning(Group::Triggers, "exclude-has-no-effect", run).fixes(Safety::Unsafe);

fn run(cx: &mut Cx<'_>) {
    for trigger in cx.project.active_triggers() {
        let none = Filter::default();
        let (branches, paths, tags) = match &trigger.kind {
            TriggerKind::Push { branches, paths, tags, .. } => (branches, paths, tags),
            TriggerKind::PullRequest(it) => (&it.branches, &it.paths, &none),
            TriggerKind::Schedule(it) => (&it.branches, &none, &none),
            TriggerKind::After { branches, .. } => (branches, &none, &none),
            TriggerKind::Image(it) => (&none, &none, &it.tags),
            TriggerKind::Manual | TriggerKind::Webhook(_) => continue,
        };
        filter(cx, branches, plain);
        filter(cx, tags, plain);
        filter(cx, paths, below);
    }
}

fn plain(pattern: &str) -> String {
    pattern.trim_start_matches("refs/heads/").trim_start_matches("refs/tags/").to_owned()
}

/// A path stands for everything below it, too.
fn below(pattern: &str) -> String {
    let path = pattern.trim_start_matches('/').trim_end_matches('/').replace("**", "*");
    format!("{path}*")
}

fn filter(cx: &mut Cx<'_>, filter: &Filter, form: fn(&str) -> String) {
    if filter.include.is_empty() {
        return;
    }
    let included: Vec<String> = filter.include.iter().map(|it| form(&it.value)).collect();
    for exclude in &filter.exclude {
        let own = form(&exclude.value);
        if !included.iter().any(|it| meets(it, &own)) {
            let edit = cx.remove(exclude.span);
            cx.report(&RULE, exclude.span, format!("`{}` is not let in by any pattern of `include`", exclude.value))
                .label(filter.include[0].span, "what is let in")
                .help("remove it, or write the pattern that was meant")
                .edits(Safety::Unsafe, "remove it", vec![edit]);
        }
    }
    let taken = |it: &str| filter.exclude.iter().map(|it| form(&it.value)).any(|own| own == it || own == "*");
    if included.iter().all(|it| taken(it)) {
        let span = filter.include[0].span;
        cx.report(&RULE, span, "all that is let in is taken away by `exclude`: the trigger never fires")
            .label(filter.exclude[0].span, "taken away here")
            .help("remove the pattern from one of the two");
    }
}
