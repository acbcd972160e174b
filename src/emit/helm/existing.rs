//! A chart that exists gets files of values only: what the service says, and what each environment says differently.

use super::EmitCx;
use crate::emit::{OutputFile, data, yaml};
use crate::model::documents;
use crate::model::project::{Chart, Environment, Project, Service};
use serde_json::{Map, Value};

/// What the service says in every environment, with the image's repository where the chart takes it.
pub fn base(project: &Project, service: &Service, chart: &Chart) -> Map<String, Value> {
    let mut values = Map::new();
    if let Some(keys) = chart.image_repository.as_ref().filter(|_| !service.image.value.is_empty()) {
        let registry = service.registry.as_ref().map(|it| &project.container_registries[it.value]);
        let image = &service.image.value;
        let repository =
            registry.map_or_else(|| image.clone(), |it| format!("{}/{image}", it.login_server()));
        let nested = keys.iter().rev().fold(Value::from(repository), |inner, key| {
            Value::Object(Map::from_iter([(key.clone(), inner)]))
        });
        lay(&mut values, nested);
    }
    lay(&mut values, Value::Object(data::object(&service.settings.values)));
    values
}

/// As Helm lays values over others: maps are merged, all else is replaced.
fn lay(below: &mut Map<String, Value>, over: Value) {
    let Value::Object(over) = over else { return };
    for (key, value) in over {
        match (below.get_mut(&key), value) {
            (Some(Value::Object(inner)), value @ Value::Object(_)) => lay(inner, value),
            (_, value) => {
                below.insert(key, value);
            }
        }
    }
}

impl EmitCx<'_> {
    pub(super) fn existing(
        &self,
        service: &Service,
        chart: &Chart,
        environments: Vec<(usize, &Environment)>,
    ) -> Vec<OutputFile> {
        let head = service.header.head;
        let base = yaml::write(&base(self.project, service, chart));
        let mut files = vec![OutputFile {
            path: documents::base_values(service),
            text: self.headed(head, &base),
            source: head,
        }];
        files.extend(environments.into_iter().map(|(index, environment)| {
            let overlay = environment.services.get(&index);
            let own = overlay.map(|it| data::object(&it.settings.values)).unwrap_or_default();
            let source = overlay.map_or(environment.header.head, |it| it.service.span);
            OutputFile {
                path: documents::values(service, &environment.header),
                text: self.headed(source, &yaml::write(&own)),
                source,
            }
        }));
        files
    }
}
