//! Charts that exist, as several rules look at them.

use super::Cx;
use crate::base::span::{Span, Spanned};
use crate::model::data::{Data, Record};
use crate::model::project::{ChartSource, Service, TargetPlace, merged};
use crate::model::steps::Kind;
use crate::model::steps::deploy::Deploy;
use crate::target::chart::{self, Chart, Fault};

/// A service with a chart in a folder of the project.
pub struct Existing<'a> {
    pub service: &'a Service,
    pub folder: &'a Spanned<String>,
    pub chart: Result<Chart, Fault>,
}

pub fn existing<'a>(cx: &Cx<'a>) -> Vec<Existing<'a>> {
    let project = cx.project;
    let found = project.services.values().filter_map(|service| match &service.chart.as_ref()?.source {
        ChartSource::Folder(folder) => {
            Some(Existing { service, folder, chart: chart::read(&folder.value, cx.files) })
        }
        ChartSource::Remote { .. } => None,
    });
    found.collect()
}

/// The values a service gives its chart: of itself, or of each environment with a cluster that says more.
pub fn values<'a>(cx: &Cx<'a>, service: &'a Service) -> Vec<Record> {
    let project = cx.project;
    let own = &service.settings.values;
    let mut found = Vec::new();
    for environment in project.environments.values() {
        let overlays = environment.services.values();
        let of_this = |it: &&crate::model::project::Overlay| {
            std::ptr::eq(&raw const project.services[it.service.value], service)
        };
        let overlay = overlays.filter(of_this).find(|it| !it.settings.values.is_empty());
        if let (Some(overlay), Some(TargetPlace::Aks { .. })) = (overlay, &environment.target) {
            found.push(merged(own.clone(), overlay.settings.values.clone()));
        }
    }
    if found.is_empty() {
        found.push(own.clone());
    }
    found.extend(of_steps(cx, service));
    found
}

/// With what a step says for its deployment only.
fn of_steps(cx: &Cx<'_>, service: &Service) -> Vec<Record> {
    let project = cx.project;
    let mut found = Vec::new();
    for place in cx.deliveries() {
        let Kind::Deploy(Deploy::Service(step)) = &place.step.kind else { continue };
        if step.values.is_empty() || !std::ptr::eq(&raw const project.services[step.service], service) {
            continue;
        }
        let environment = place.environment().map(|it| &project.environments[it]);
        let overlay = environment.and_then(|it| it.services.get(&step.service.index()));
        let below = overlay.map(|it| it.settings.values.clone()).unwrap_or_default();
        found.push(merged(merged(service.settings.values.clone(), below), step.values.clone()));
    }
    found
}

/// Where a value was written: the deepest part of the path that was.
pub fn place(values: &Record, path: &[String]) -> Option<Span> {
    let (first, rest) = path.split_first()?;
    let entry = values.get(first)?;
    let deeper = match &entry.value.value {
        Data::Record(inner) => place(inner, rest),
        Data::List(items) => rest.first().and_then(|it| Some(items.get(it.parse::<usize>().ok()?)?.span)),
        Data::Bool(_) | Data::Int(_) | Data::Number(_) | Data::String(_) => None,
    };
    Some(deeper.unwrap_or(if rest.is_empty() { entry.value.span } else { entry.key }))
}
