//! # A variable hides another one of the same name
//!
//! Two attached blocks of `variables` hold a variable of one name in Azure DevOps, with values of their own. There is only one
//! of that name in a job: what is attached further inside wins, also where `vars.BLOCK.NAME` asks for the other.
//!
//! ```mlops,fails
//! variables common { group = "common", var region: string }
//! variables special { group = "special", var region: string }
//! project p { variables = common }
//! pipeline build {
//!   trigger manual
//!   stage make {
//!     variables = special
//!     run "make" { env { REGION = vars.common.region } }
//!   }
//! }
//! ```
//!
//! ```mlops,passes
//! variables common { group = "common", var region: string }
//! variables special { group = "special", var special_region: string }
//! project p { variables = common }
//! pipeline build {
//!   trigger manual
//!   stage make {
//!     variables = special
//!     run "make" { env { REGION = vars.common.region } }
//!   }
//! }
//! ```
//!
//! Rename one of the two, or attach each block only where it is read. Where the inner value is meant to win, allow it, and say why.
//!
//! Source: Azure DevOps documentation, "Define variables": the most locally scoped variable of a name wins.

use crate::base::span::Spanned;
use crate::check::{Cx, Group, Rule, attached};
use crate::model::project::Variables;
use std::collections::BTreeSet;

pub(super) static RULE: Rule = Rule::warning(Group::References, "shadowed-name", run);

fn run(cx: &mut Cx<'_>) {
    let project = cx.project;
    let mut told = BTreeSet::new();
    for attached in attached::together(project) {
        for (index, inner) in attached.iter().enumerate() {
            for outer in &attached[..index] {
                let (hiding, hidden) = (&project.variables[inner.value], &project.variables[outer.value]);
                let names = shared(hiding, hidden);
                if names.is_empty() || !told.insert((cx.place(inner.span), cx.place(outer.span))) {
                    continue;
                }
                let (inside, outside) = (&hiding.header.ident.value, &hidden.header.ident.value);
                let listed = names.iter().map(|it| format!("`{it}`")).collect::<Vec<_>>().join(", ");
                cx.report(&RULE, inner.span, format!("{listed} of `{inside}` hides that of `{outside}`"))
                    .label(outer.span, "attached here, too")
                    .help("rename one of them, or attach each block only where it is read");
            }
        }
    }
}

/// The names in Azure DevOps that are in both, with values that may differ.
fn shared<'p>(hiding: &'p Variables, hidden: &Variables) -> Vec<&'p str> {
    let same = |a: &Option<Spanned<String>>, b: &Option<Spanned<String>>| {
        a.as_ref().zip(b.as_ref()).is_some_and(|(a, b)| a.value.eq_ignore_ascii_case(&b.value))
    };
    let is_same_place = same(&hiding.group, &hidden.group) || same(&hiding.template, &hidden.template);
    let known: BTreeSet<String> = hidden.members.values().map(|it| it.name.to_lowercase()).collect();
    let names = hiding.members.values().map(|it| it.name.as_str());
    names.filter(|it| !is_same_place && known.contains(&it.to_lowercase())).collect()
}
