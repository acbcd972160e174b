//! # A number that no run can have
//!
//! Azure DevOps refuses to start a run whose number holds one of `" / : < > \ | ? @ *`, ends in a dot, or is longer than
//! 255 characters: TF209010.
//!
//! ```mlops,fails
//! pipeline build {
//!   trigger manual
//!   extra { name = "release/$(Date:yyyyMMdd)$(Rev:.r)" }
//!   stage all { run "make" }
//! }
//! ```
//!
//! ```mlops,passes
//! pipeline build {
//!   trigger manual
//!   extra { name = "release-$(Date:yyyyMMdd)$(Rev:.r)" }
//!   stage all { run "make" }
//! }
//! ```
//!
//! Take other characters. What stands in `$(…)` is worked out by Azure DevOps and may hold what it likes; the name of a
//! branch has its slashes replaced only as `$(SourceBranchName)`, not as `$(Build.SourceBranch)`.
//!
//! Source: Azure DevOps documentation, "Run (build) numbers", and the message TF209010.

use crate::check::{Cx, Group, Rule, Safety};
use crate::model::data::Data;

pub(super) static RULE: Rule = Rule::error(Group::Naming, "run-number-invalid", run).by_pipeline().fixes(Safety::Safe);

const FORBIDDEN: &str = "\"/:<>\\|?@*";
const LONGEST: usize = 255;

fn run(cx: &mut Cx<'_>) {
    for pipeline in cx.pipelines() {
        let Some(entry) = pipeline.extra.get("name") else { continue };
        let Data::String(name) = &entry.value.value else { continue };
        let Some(wrong) = wrong(name) else { continue };
        let better = better(name);
        let written = cx.written(entry.value.span) == format!("\"{name}\"");
        let finding = cx
            .report(&RULE, entry.value.span, format!("no run can be called so: {wrong}"))
            .help(format!("take other characters than `{FORBIDDEN}`, at most {LONGEST}, and no dot at the end"));
        if written && self::wrong(&better).is_none() {
            finding.replace(format!("call it `{better}`"), entry.value.span, format!("\"{better}\""));
        }
    }
}

fn wrong(name: &str) -> Option<String> {
    let own = own_parts(name);
    if let Some(it) = own.iter().flat_map(|it| it.chars()).find(|it| FORBIDDEN.contains(*it)) {
        return Some(format!("`{it}` is not allowed"));
    }
    if name.ends_with('.') {
        return Some("it ends in a dot".to_owned());
    }
    let length = own.iter().map(|it| it.chars().count()).sum::<usize>();
    (length > LONGEST).then(|| format!("it has {length} characters"))
}

/// The text outside of `$(…)`.
fn own_parts(name: &str) -> Vec<&str> {
    let mut found = Vec::new();
    for (index, part) in name.split("$(").enumerate() {
        found.push(if index == 0 { part } else { part.split_once(')').map_or("", |it| it.1) });
    }
    found
}

fn better(name: &str) -> String {
    let (mut out, mut inside) = (String::new(), false);
    for it in name.trim_end_matches('.').chars() {
        inside = (inside || out.ends_with('$') && it == '(') && it != ')';
        out.push(if !inside && FORBIDDEN.contains(it) { '-' } else { it });
    }
    out
}
