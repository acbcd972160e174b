//! # A service in production is open to the internet, without TLS
//!
//! A container group that is in no subnet has a public address, and what listens there speaks plain HTTP to whoever
//! finds it. Container instances bring neither certificates nor a sign-in.
//!
//! ```mlops,fails
//! connection azure { type = azure_rm }
//! project p { connection = azure }
//! service api { image = "team/api", port = 8080 }
//! approval leads { approvers = ["leads@contoso.com"] }
//! environment prod { target aci { resource_group = "rg-prod" }, approval = leads, lock = sequential, branches = ["main"] }
//! pipeline release {
//!   trigger manual
//!   param tag: string
//!   stage prod { environment = prod, deploy api { tag = params.tag } }
//! }
//! ```
//!
//! ```mlops,passes
//! connection azure { type = azure_rm }
//! project p { connection = azure }
//! service api { image = "team/api", port = 8080 }
//! approval leads { approvers = ["leads@contoso.com"] }
//! environment prod {
//!   target aci { resource_group = "rg-prod" }
//!   approval = leads
//!   lock = sequential
//!   branches = ["main"]
//!   service api { subnet = "/subscriptions/0/resourceGroups/rg/providers/Microsoft.Network/virtualNetworks/v/subnets/s" }
//! }
//! pipeline release {
//!   trigger manual
//!   param tag: string
//!   stage prod { environment = prod, deploy api { tag = params.tag } }
//! }
//! ```
//!
//! Put it into a `subnet`, behind something that ends TLS, or deploy to a cluster with an ingress. An environment counts
//! as production if it is `protected` or called so.
//!
//! Source: Azure Container Instances documentation, "Virtual network scenarios" and "Enable TLS with a sidecar container".

use crate::check::production::is_production;
use crate::check::{Cx, Group, Rule, deployed};
use crate::model::project::TargetPlace;

pub(super) static RULE: Rule = Rule::warning(Group::Deployment, "aci-public-endpoint", run);

fn run(cx: &mut Cx<'_>) {
    for it in deployed::services(cx) {
        let Some(TargetPlace::Aci { span, .. }) = &it.environment.target else { continue };
        let open = it.settings.port.is_some() && it.settings.subnet.is_none() && !it.settings.extra.contains_key("ipAddress");
        if open && is_production(it.environment) {
            let name = &it.service.header.ident.value;
            cx.report(&RULE, it.step.head, format!("`{name}` gets a public address there, and speaks plain HTTP"))
                .label(*span, "deployed to container instances")
                .help(format!("add `service {name} {{ subnet = \"/subscriptions/…\" }}` to the environment, or take a target with an ingress"));
        }
    }
}
