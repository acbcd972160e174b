//! Which services and endpoints go to which environment.

use crate::base::arena::Id;
use crate::check::Cx;
use crate::model::project::{Environment, Project, Service, ServiceSettings, Step};
use crate::model::steps::Kind;
use std::collections::BTreeSet;

/// A service where it is deployed, once for each environment.
pub struct Deployed<'p> {
    pub service: &'p Service,
    pub environment: &'p Environment,
    /// As they are there.
    pub settings: ServiceSettings,
    /// One that deploys it.
    pub step: &'p Step,
}

pub fn services<'p>(cx: &Cx<'p>) -> Vec<Deployed<'p>> {
    let mut seen: BTreeSet<(usize, usize)> = BTreeSet::new();
    let mut found = Vec::new();
    for place in cx.deliveries().iter().filter(|it| it.step.enabled && it.stage.enabled) {
        let Kind::Deploy(deploy) = &place.step.kind else { continue };
        let (Some(id), Some(environment)) = (deploy.service(), place.deployed_to()) else { continue };
        if seen.insert((id.index(), environment.index())) {
            found.push(at(cx.project, id, environment, place.step));
        }
    }
    found
}

fn at<'p>(
    project: &'p Project,
    service: Id<Service>,
    environment: Id<Environment>,
    step: &'p Step,
) -> Deployed<'p> {
    let environment = &project.environments[environment];
    let overlay = environment.services.get(&service.index()).map(|it| &it.settings);
    let service = &project.services[service];
    Deployed { service, environment, settings: service.settings.overlaid(overlay), step }
}
