//! # A delayed removal can hit a newer deployment
//!
//! A pipeline that waits and then removes does not know what happened meanwhile: deploy at 0 h, deploy again at 20 h,
//! and the removal of the first run takes away the second deployment at 24 h.
//!
//! ```mlops,fails
//! connection azure { type = azure_rm }
//! container_registry acr { name = "acrteam", existing = true }
//! service api { image = "team/api", registry = acr, port = 8080 }
//! environment dev {
//!   target aci { resource_group = "rg-dev" }
//!   connection = azure
//!   service api {}
//! }
//! pipeline expire {
//!   trigger manual
//!   stage expire {
//!     context = dev
//!     wait 24h
//!     undeploy api
//!   }
//! }
//! ```
//!
//! ```mlops,passes
//! connection azure { type = azure_rm }
//! container_registry acr { name = "acrteam", existing = true }
//! service api { image = "team/api", registry = acr, port = 8080 }
//! environment dev {
//!   target aci { resource_group = "rg-dev" }
//!   connection = azure
//!   service api {}
//! }
//! pipeline release {
//!   trigger manual
//!   stage dev {
//!     environment = dev
//!     deploy api { tag = run.id }
//!   }
//! }
//! pipeline expire {
//!   trigger after release
//!   stage expire {
//!     context = dev
//!     wait 24h
//!     undeploy api { only_if_tag = runs.release.id }
//!   }
//! }
//! ```
//!
//! Every deployment carries the id of the run that made it. `only_if_tag` compares before it removes.

use crate::base::span::Span;
use crate::check::walk::{self, Place};
use crate::check::{Cx, Group, Rule};
use crate::diag::Safety;
use crate::model::project::TriggerKind;
use crate::model::steps::Kind;
use crate::model::steps::undeploy::Undeployed;

pub(super) static RULE: Rule = Rule::warning(Group::Jobs, "expiry-race", run).by_pipeline().fixes(Safety::Safe);

fn run(cx: &mut Cx<'_>) {
    let project = cx.project;
    for place in cx.steps() {
        let Kind::Undeploy(undeploy) = &place.step.kind else { continue };
        if undeploy.only_if_tag.is_some() {
            continue;
        }
        let Some(wait) = waits_before(cx, &place) else { continue };
        let source = place.pipeline.active_triggers().find_map(|it| {
            let TriggerKind::After { pipeline, .. } = &it.kind else { return None };
            Some(&project.pipelines[pipeline.value].header.ident.value)
        });
        let tag = source.map_or_else(|| "run.id".to_owned(), |it| format!("runs.{it}.id"));
        let service = match &undeploy.what {
            Undeployed::Service(id) => &project.services[*id].header.ident.value,
            // What has no traffic any more is nobody's.
            Undeployed::Endpoint(_, Some(_)) => continue,
            Undeployed::Endpoint(id, None) => &project.endpoints[*id].header.ident.value,
        };
        let entry = format!("only_if_tag = {tag}");
        let edit = cx.insert(place.step.head, &entry);
        cx.report(&RULE, place.step.head, format!("`{service}` is removed even if a newer run has deployed it meanwhile"))
            .label(wait, "while this waits")
            .help(format!("remove only what that run deployed: `undeploy {service} {{ {entry} }}`"))
            .edits(Safety::Safe, format!("add `{entry}`"), vec![edit]);
    }
}

/// A step that waits, before this one in its job or in a stage that its stage waits for.
fn waits_before(cx: &Cx<'_>, place: &Place<'_>) -> Option<Span> {
    let needs = cx.graphs.pipelines[place.id.index()].before(place.stage_index);
    let before = needs.into_iter().flat_map(|it| &place.pipeline.stages[it].jobs).flat_map(|it| &it.steps);
    let here = &place.job.steps[..place.step_index];
    before.chain(here).find(|it| walk::waits(it)).map(|it| it.head)
}
