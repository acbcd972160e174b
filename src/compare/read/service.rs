//! Services, with what each environment makes of them.

use super::{Reader, declared, settings};
use crate::base::arena::Id;
use crate::compare::tree::{BELOW, Kind, Node, Weight, named};
use crate::model::data;
use crate::model::project::{ChartSource, Environment, Service};
use crate::model::steps::Kind as Step;
use crate::model::walk;
use std::collections::BTreeSet;

impl Reader<'_> {
    pub(super) fn services(&self) -> Vec<Node> {
        self.project.services.iter().map(|(id, it)| self.service(id, it)).collect()
    }

    fn service(&self, id: Id<Service>, it: &Service) -> Node {
        let mut node = declared(Kind::Service, &it.header);
        let registry =
            it.registry.as_ref().map(|it| &self.project.container_registries[it.value].header.ident);
        let registry = registry.map(|it| format!("{}/", named(&[(Kind::Registry, &it.value)])));
        let image = Some(&it.image.value).filter(|it| !it.is_empty());
        node.text("image", image.map(|it| registry.unwrap_or_default() + it), Weight::Images);
        if let Some(build) = &it.build {
            let from = self.repository(build.repository.as_ref().map(|it| it.value));
            node.text("built from", Some(format!("{from}/{}", build.context.value)), Weight::Images);
            node.text("dockerfile", Some(&build.dockerfile.value), Weight::Images);
            self.variables(&mut node, &build.args);
        }
        match it.chart.as_ref().map(|it| &it.source) {
            None => {}
            Some(ChartSource::Folder(it)) => node.text("chart", Some(&it.value), Weight::Runs),
            Some(ChartSource::Remote { repo, name, version }) => {
                node.text("chart", Some(format!("{}/{}", repo.value, name.value)), Weight::Images);
                node.text("version of the chart", Some(&version.value), Weight::Images);
            }
        }
        let places = self.places(id);
        let own = node.facts.len();
        settings::facts(self, &mut node, &it.settings);
        if !places.is_empty() {
            // What the chart says where no environment says otherwise.
            node.facts[own..].iter_mut().for_each(|it| it.derived = true);
            node.follows.push(BELOW.to_owned());
        }
        node.children.extend(places.into_iter().map(|place| self.in_environment(id, it, place)));
        node
    }

    /// Where it is deployed, or is something else.
    fn places(&self, id: Id<Service>) -> BTreeSet<usize> {
        let deployed = walk::steps(self.project).filter_map(|place| match &place.step.kind {
            Step::Deploy(it) if it.service() == Some(id) => place.environment().map(Id::index),
            _ => None,
        });
        let overlaid = self.project.environments.iter();
        let overlaid = overlaid.filter(|it| it.1.services.contains_key(&id.index())).map(|it| it.0.index());
        deployed.chain(overlaid).collect()
    }

    fn in_environment(&self, id: Id<Service>, it: &Service, place: usize) -> Node {
        let environment = &self.project.environments[Id::<Environment>::new(place)];
        let overlay = environment.services.get(&id.index());
        let name = named(&[(Kind::Environment, &environment.header.ident.value)]);
        let span = overlay.map_or(it.header.head, |it| it.service.span);
        let mut node = Node::new(Kind::Environment, name, span);
        node.text("name", overlay.and_then(|it| it.name.as_ref()).map(|it| &it.value), Weight::Runs);
        settings::facts(self, &mut node, &it.settings.overlaid(overlay.map(|it| &it.settings)));
        node
    }
}

/// Keys of the target as they are, one fact a key.
pub(super) fn extra(node: &mut Node, label: &str, record: &data::Record) {
    let rows = record.iter().map(|(key, it)| (key, data::json_of(&it.value.value)));
    node.table(label, rows, Weight::Runs);
}
