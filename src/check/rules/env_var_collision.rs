//! # Two variables that scripts cannot tell apart
//!
//! An agent puts every plain variable into the environment, in upper case and with `_` for dots and blanks: `db.name` and
//! `db_name` both become `DB_NAME`, and one of the two overwrites the other without a word.
//!
//! ```mlops,fails
//! variables one { group = "one", var db_name: string { name = "db.name" } }
//! variables two { group = "two", var db_user: string { name = "db_name" } }
//! pipeline build {
//!   variables = [one, two]
//!   trigger manual
//!   stage build { run "make" { env { A = vars.db_name, B = vars.db_user } } }
//! }
//! ```
//!
//! ```mlops,passes
//! variables one { group = "one", var db_name: string { name = "db.name" } }
//! variables two { group = "two", var db_user: string { name = "db_user" } }
//! pipeline build {
//!   variables = [one, two]
//!   trigger manual
//!   stage build { run "make" { env { A = vars.db_name, B = vars.db_user } } }
//! }
//! ```
//!
//! Rename one of them in Azure DevOps, or attach the two blocks to different stages.
//!
//! Source: the agent's sources, `VarUtil.ConvertToEnvVariableFormat`; Azure DevOps documentation, "Define variables".

use crate::check::{Cx, Group, Rule, attached};
use crate::model::project::Variable;
use std::collections::{BTreeMap, BTreeSet};

pub(super) static RULE: Rule = Rule::error(Group::References, "env-var-collision", run);

fn run(cx: &mut Cx<'_>) {
    let project = cx.project;
    let mut told = BTreeSet::new();
    for attached in attached::together(project) {
        let mut known: BTreeMap<String, &Variable> = BTreeMap::new();
        for id in attached {
            for variable in project.variables[id.value].members.values().filter(|it| !it.secret) {
                let seen = variable.name.replace(['.', ' '], "_").to_uppercase();
                let first = *known.entry(seen.clone()).or_insert(variable);
                let is_same = first.name.eq_ignore_ascii_case(&variable.name);
                if is_same || !told.insert((first.ident.span, variable.ident.span)) {
                    continue;
                }
                let message = format!("`{}` and `{}` are both `{seen}` in scripts", first.name, variable.name);
                cx.report(&RULE, variable.ident.span, message)
                    .label(first.ident.span, "the other one")
                    .help("rename one of them, or attach their blocks to different stages");
            }
        }
    }
}
