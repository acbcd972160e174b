//! What a command line says about rules.

use super::trouble::Trouble;
use crate::config::Check;
use crate::diag::Diagnostic;
use crate::explain;
use crate::policy::{Asked, Policy, Unknown};

#[derive(Debug, Default, clap::Args)]
pub struct RuleArgs {
    /// Tell only these rules, and all errors: codes, `group:NAME` or `all`; wins over `mlopsc.toml`
    #[arg(long, value_name = "RULE", value_delimiter = ',')]
    pub select: Vec<String>,
    /// Do not tell these rules; errors are always told
    #[arg(long, value_name = "RULE", value_delimiter = ',')]
    pub ignore: Vec<String>,
}

impl RuleArgs {
    /// With what is wrong in `mlopsc.toml`.
    pub fn policy(&self, check: &Check) -> Result<(Policy, Vec<Diagnostic>), Trouble> {
        let kinds = explain::kinds();
        let (policy, findings) = Policy::of(check, &kinds);
        let asked = Asked { select: self.select.clone(), ignore: self.ignore.clone() };
        let policy = policy.with(&asked, &kinds).map_err(|it| unknown(&it))?;
        Ok((policy, findings))
    }
}

fn unknown(it: &Unknown) -> Trouble {
    let trouble = Trouble::new(format!("there is no rule `{}`", it.word));
    match &it.nearest {
        Some(known) => trouble.help(format!("did you mean `{known}`?")),
        None => {
            trouble.help("`mlopsc explain` lists all rules; `group:NAME` means a group, `all` every rule")
        }
    }
}
