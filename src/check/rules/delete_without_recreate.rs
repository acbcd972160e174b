//! # A service is taken away, and maybe not put back
//!
//! `undeploy` runs in any case, the `deploy` behind it only under a condition. Where that does not hold, the environment
//! stays empty.
//!
//! ```mlops,fails
//! connection azure { type = azure_rm }
//! project p { connection = azure }
//! service api { image = "team/api", port = 8080 }
//! environment dev { target aci { resource_group = "rg-dev" } }
//! pipeline release {
//!   trigger manual
//!   param tag: string
//!   param deliver: bool = true
//!   stage dev {
//!     environment = dev
//!     undeploy api
//!     deploy api { tag = params.tag, when = params.deliver }
//!   }
//! }
//! ```
//!
//! ```mlops,passes
//! connection azure { type = azure_rm }
//! project p { connection = azure }
//! service api { image = "team/api", port = 8080 }
//! environment dev { target aci { resource_group = "rg-dev" } }
//! pipeline release {
//!   trigger manual
//!   param tag: string
//!   param deliver: bool = true
//!   stage dev {
//!     environment = dev
//!     undeploy api { when = params.deliver }
//!     deploy api { tag = params.tag, when = params.deliver }
//!   }
//! }
//! ```
//!
//! Give both the same `when`. Mostly `undeploy` is not needed: `deploy` brings what is there to what is declared.

use crate::check::walk::{Place, same};
use crate::check::{Cx, Group, Rule};
use crate::model::expr::Expr;
use crate::model::steps::Kind;
use crate::model::steps::undeploy::Undeployed;

pub(super) static RULE: Rule = Rule::warning(Group::Deployment, "delete-without-recreate", run).by_pipeline();

fn run(cx: &mut Cx<'_>) {
    let project = cx.project;
    for place in cx.steps().filter(|it| it.step.enabled && it.step.handler.is_none() && it.job.handler.is_none()) {
        let Kind::Undeploy(undeploy) = &place.step.kind else { continue };
        let Undeployed::Service(service) = undeploy.what else { continue };
        let behind = place.job.steps[place.step_index + 1..].iter();
        let back: Vec<_> = behind
            .filter(|it| it.enabled && matches!(&it.kind, Kind::Deploy(deploy) if deploy.service() == Some(service)))
            .collect();
        let sure = back.iter().any(|it| implied(&place, it.when.as_ref()));
        let Some(first) = back.first().filter(|_| !sure) else { continue };
        let Some(when) = &first.when else { continue };
        let name = &project.services[service].header.ident.value;
        cx
            .report(&RULE, place.step.head, format!("`{name}` is taken away in any case, and put back only under a condition"))
            .label(when.span, "where this does not hold, nothing is there")
            .help("give both the same `when`, or leave `undeploy` out: `deploy` replaces what is there");

    }
}

/// Whether what brings it back runs wherever this one has run.
fn implied(undeploy: &Place<'_>, when: Option<&Expr>) -> bool {
    when.is_none_or(|when| undeploy.step.when.as_ref().is_some_and(|own| same(own, when)))
}
