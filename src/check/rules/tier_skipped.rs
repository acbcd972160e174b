//! # Production does not wait for the environment below it
//!
//! A pipeline that deploys a service to a test environment and to production, but not one after the other, may be done
//! with production while the tests fail.
//!
//! ```mlops,fails
//! connection azure { type = azure_rm }
//! project p { connection = azure }
//! service api { image = "team/api", port = 8080 }
//! approval leads { approvers = ["leads@contoso.com"] }
//! environment qa { target aci { resource_group = "rg-qa" } }
//! environment prod { target aci { resource_group = "rg-prod" }, approval = leads, lock = sequential, branches = ["main"] }
//! pipeline release {
//!   trigger manual
//!   param tag: string
//!   stage qa { environment = qa, deploy api { tag = params.tag } }
//!   stage prod { needs = [], environment = prod, deploy api { tag = params.tag } }
//! }
//! ```
//!
//! ```mlops,passes
//! connection azure { type = azure_rm }
//! project p { connection = azure }
//! service api { image = "team/api", port = 8080 }
//! approval leads { approvers = ["leads@contoso.com"] }
//! environment qa { target aci { resource_group = "rg-qa" } }
//! environment prod { target aci { resource_group = "rg-prod" }, approval = leads, lock = sequential, branches = ["main"] }
//! pipeline release {
//!   trigger manual
//!   param tag: string
//!   stage qa { environment = qa, deploy api { tag = params.tag } }
//!   stage prod { environment = prod, deploy api { tag = params.tag } }
//! }
//! ```
//!
//! Let the stage wait: remove `needs = []`, or name the other stage in it. An environment counts as production if it is
//! `protected` or called so.

use crate::base::arena::Id;
use crate::base::span::Span;
use crate::check::production::is_production;
use crate::check::{Cx, Group, Rule};
use crate::model::steps::Kind;
use std::collections::BTreeMap;

pub(super) static RULE: Rule = Rule::warning(Group::Environments, "tier-skipped", run).by_pipeline();

/// A deployment of a service.
struct At {
    stage: usize,
    production: bool,
    /// The stage has a condition of its own: then people may choose one of them.
    chosen: bool,
    span: Span,
}

fn run(cx: &mut Cx<'_>) {
    let (project, graphs) = (cx.project, cx.graphs);
    let mut deployed: BTreeMap<(usize, usize), Vec<At>> = BTreeMap::new();
    for place in cx.steps().filter(|it| it.step.enabled && it.stage.enabled && it.stage.manual.is_none()) {
        let (Kind::Deploy(deploy), Some(environment)) = (&place.step.kind, place.deployed_to()) else { continue };
        let Some(service) = deploy.service() else { continue };
        let at = At {
            stage: place.stage_index,
            production: is_production(&project.environments[environment]),
            chosen: place.stage.when.is_some(),
            span: place.step.head,
        };
        deployed.entry((place.id.index(), service.index())).or_default().push(at);
    }
    for ((pipeline, service), all) in deployed {
        let below: Vec<&At> = all.iter().filter(|it| !it.production).collect();
        for at in all.iter().filter(|it| it.production) {
            let before = graphs.pipelines[pipeline].before(at.stage);
            let waits = |it: &At| before.contains(&it.stage) || it.stage == at.stage;
            let Some(first) = below.iter().find(|it| !(it.chosen && at.chosen)) else { continue };
            if !below.iter().any(|it| waits(it)) {
                let name = &project.services[Id::new(service)].header.ident.value;
                cx.report(&RULE, at.span, format!("`{name}` goes to production without waiting for what is deployed below it"))
                    .label(first.span, "deployed here at the same time")
                    .help("let this stage wait for that one: name it in `needs`");
            }
        }
    }
}
