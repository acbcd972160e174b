//! # What was tested is not what runs
//!
//! The image is built a second time on its way to production: from other base images, other packages, maybe another
//! commit. The tests speak of the first one.
//!
//! ```mlops,fails
//! connection azure { type = azure_rm }
//! pool linux { image = "ubuntu-24.04" }
//! project p { connection = azure, pool = linux }
//! container_registry acr { name = "acrteam", existing = true }
//! service api { image = "team/api", registry = acr, port = 8080, build { context = ".", dockerfile = "Dockerfile" } }
//! environment qa { target aci { resource_group = "rg-qa" } }
//! environment staging { target aci { resource_group = "rg-staging" } }
//! pipeline release {
//!   trigger push { branches = ["main"] }
//!   stage qa { environment = qa, build_image api { tag = "qa-${run.id}" }, deploy api { tag = "qa-${run.id}" } }
//!   stage staging { environment = staging, build_image api { tag = run.id }, deploy api { tag = run.id } }
//! }
//! ```
//!
//! ```file:Dockerfile
//! FROM python:3.12-slim
//! USER 1000
//! ```
//!
//! ```mlops,passes
//! connection azure { type = azure_rm }
//! pool linux { image = "ubuntu-24.04" }
//! project p { connection = azure, pool = linux }
//! container_registry acr { name = "acrteam", existing = true }
//! service api { image = "team/api", registry = acr, port = 8080, build { context = ".", dockerfile = "Dockerfile" } }
//! environment qa { target aci { resource_group = "rg-qa" } }
//! environment staging { target aci { resource_group = "rg-staging" } }
//! pipeline release {
//!   trigger push { branches = ["main"] }
//!   stage build { build_image api { tag = run.id } }
//!   stage qa { environment = qa, deploy api { tag = run.id } }
//!   stage staging { environment = staging, deploy api { tag = run.id } }
//! }
//! ```
//!
//! Build it once, before the first environment, and deploy the same tag everywhere. What differs between environments
//! belongs into `env` and their `service` blocks. Builds for several platforms are no second ones.

use crate::base::span::Span;
use crate::check::{Cx, Group, Rule};
use crate::model::project::TriggerKind;
use crate::model::steps::Kind;
use std::collections::BTreeMap;

pub(super) static RULE: Rule = Rule::warning(Group::Deployment, "rebuild-per-environment", run);

/// Of a build: its stage, its platform, where.
type Build<'a> = (usize, Option<&'a str>, Span);

fn run(cx: &mut Cx<'_>) {
    let (project, graphs) = (cx.project, cx.graphs);
    let mut builds: BTreeMap<(usize, usize), Vec<Build<'_>>> = BTreeMap::new();
    for place in cx.deliveries().iter().filter(|it| it.step.enabled && it.stage.enabled) {
        if let Kind::BuildImage(build) = &place.step.kind {
            let of = (place.id.index(), build.service.index());
            builds.entry(of).or_default().push((place.stage_index, build.platform.as_deref(), place.step.head));
        }
    }
    for ((pipeline, service), all) in &builds {
        let name = &project.services[crate::base::arena::Id::new(*service)].header.ident.value;
        let sources = project.pipelines[crate::base::arena::Id::new(*pipeline)].active_triggers().filter_map(|it| match &it.kind {
            TriggerKind::After { pipeline, .. } => builds.get(&(pipeline.value.index(), *service)),
            _ => None,
        });
        let earlier: Vec<&Build<'_>> = sources.flatten().collect();
        for (stage, platform, span) in all {
            let before = graphs.pipelines[*pipeline].before(*stage);
            let here = all.iter().filter(|it| before.contains(&it.0));
            if let Some(first) = here.chain(earlier.iter().copied()).find(|it| it.1 == *platform) {
                cx.report(&RULE, *span, format!("`{name}` is built again: what goes on from here is not what was built before"))
                    .label(first.2, "built here first")
                    .help("build it once, and deploy that tag everywhere");
            }
        }
    }
}
