//! The chart of a Helm release as the script sees it: a generated one, or one that exists.

use crate::model::documents;
use super::ToPlace;
use crate::model::lower::Lower;
use crate::model::project::{Chart, ChartSource, Environment, Service};
use crate::model::steps::action::{Action, Data, Datum};

pub(super) fn data(service: &Service, deploy: &ToPlace) -> Data {
    let tag = match &service.chart {
        None => Some("image.tag".to_owned()),
        Some(chart) => chart.image_tag.as_ref().map(|keys| keys.join(".")),
    };
    let tag = tag.filter(|_| deploy.tag.is_some());
    let source = service.chart.as_ref().map(|it| &it.source);
    let remote = source.and_then(address);
    let mut data = vec![
        ("tagged", Datum::Flag(deploy.tag.is_some())),
        ("own_values", Datum::Flag(!deploy.values.is_empty())),
        ("base", Datum::Flag(service.chart.is_some())),
        ("local", Datum::Flag(matches!(source, Some(ChartSource::Folder(_))))),
        ("repo", Datum::Flag(remote.is_some_and(|it| !it.starts_with(OCI)))),
        ("version", Datum::Flag(remote.is_some())),
        ("login", Datum::Flag(remote.and_then(azure_registry).is_some())),
    ];
    data.extend(tag.map(|it| ("tag", Datum::Word(it))));
    data
}

pub(super) fn env(cx: &Lower<'_>, action: Action, service: &Service, environment: &Environment) -> Action {
    let action = match &service.chart {
        None => action.env("CHART", cx.output(&documents::chart(service))),
        Some(chart) => existing(cx, action, chart).env("BASE_VALUES", cx.output(&documents::base_values(service))),
    };
    action.env("VALUES", cx.output(&documents::values(service, &environment.header)))
}

const OCI: &str = "oci://";

fn existing(cx: &Lower<'_>, action: Action, chart: &Chart) -> Action {
    let (repo, name, version) = match &chart.source {
        ChartSource::Folder(folder) => return action.env("CHART", cx.text(format!("./{}", folder.value))),
        ChartSource::Remote { repo, name, version } => (&repo.value, &name.value, &version.value),
    };
    let registry = azure_registry(repo);
    let action = if repo.starts_with(OCI) {
        action.env("CHART", cx.text(format!("{}/{name}", repo.trim_end_matches('/'))))
    } else {
        action.env("CHART", cx.text(name)).env("CHART_REPO", cx.text(repo))
    };
    action.env("CHART_VERSION", cx.text(version)).env_maybe("CHART_REGISTRY", registry.map(|it| cx.text(it)))
}

fn address(source: &ChartSource) -> Option<&str> {
    match source {
        ChartSource::Folder(_) => None,
        ChartSource::Remote { repo, .. } => Some(&repo.value),
    }
}

/// The name of the Azure container registry that holds the charts.
fn azure_registry(repo: &str) -> Option<&str> {
    let host = repo.strip_prefix(OCI)?.split('/').next()?;
    host.strip_suffix(".azurecr.io")
}
