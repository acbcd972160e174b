//! # A public name for something in a subnet
//!
//! A container group in a subnet has no public address, so Azure refuses a label for one. The environment adds the subnet,
//! the service brings the label.
//!
//! ```mlops,fails
//! service api { image = "team/api", port = 8080, dns_label = "team-api" }
//! environment dev {
//!   target aci { resource_group = "rg-dev" }
//!   service api { subnet = "/subscriptions/0/resourceGroups/rg/providers/Microsoft.Network/virtualNetworks/v/subnets/s" }
//! }
//! ```
//!
//! ```mlops,passes
//! service api { image = "team/api", port = 8080 }
//! environment dev {
//!   target aci { resource_group = "rg-dev" }
//!   service api { subnet = "/subscriptions/0/resourceGroups/rg/providers/Microsoft.Network/virtualNetworks/v/subnets/s" }
//! }
//! ```
//!
//! Say the label only in the environments without a subnet, and give the address a private name with `dns { … }`.
//!
//! Source: `az container create`: "Can not use --subnet or --vnet with --dns-name-label".

use crate::check::{Cx, Group, Rule};
use crate::model::project::TargetPlace;

pub(super) static RULE: Rule = Rule::error(Group::Deployment, "aci-vnet-with-dns-label", run);

fn run(cx: &mut Cx<'_>) {
    let project = cx.project;
    let instances = project.environments.values().filter(|it| matches!(it.target, Some(TargetPlace::Aci { .. })));
    for overlay in instances.flat_map(|it| it.services.values()) {
        let below = &project.services[overlay.service.value].settings;
        let own = &overlay.settings;
        // Both in one block are found where they are read.
        let apart = (own.subnet.is_some() && own.dns_label.is_none()) || (own.subnet.is_none() && own.dns_label.is_some());
        let all = below.overlaid(Some(own));
        if let (true, Some(label), Some(subnet)) = (apart, &all.dns_label, &all.subnet) {
            cx.report(&RULE, label.span, "what is in a subnet has no public name")
                .label(subnet.span, "the subnet")
                .help("say `dns_label` only where there is no subnet; a private name is given with `dns { … }`");
        }
    }
}
