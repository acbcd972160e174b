//! # A value that the chart's schema does not allow
//!
//! A chart may say in `values.schema.json` what its values look like. Helm holds all values against it, those of the chart
//! itself included, and deploys nothing where one does not fit.
//!
//! ```file:charts/api/Chart.yaml
//! apiVersion: v2
//! name: api
//! version: 1.2.3
//! ```
//!
//! ```file:charts/api/values.schema.json
//! { "properties": { "replicas": { "type": "integer", "minimum": 1 } } }
//! ```
//!
//! ```file:charts/api/templates/all.yaml
//! replicas: {{ .Values.replicas }}
//! image: {{ .Values.image | toJson }}
//! ```
//!
//! ```mlops,fails
//! service api {
//!   image = "team/api"
//!   chart "charts/api"
//!   values { replicas = "three" }
//! }
//! environment prod { target aks { cluster = "aks", resource_group = "rg", namespace = "api" } }
//! ```
//!
//! ```mlops,passes
//! service api {
//!   image = "team/api"
//!   chart "charts/api"
//!   values { replicas = 3 }
//! }
//! environment prod { target aks { cluster = "aks", resource_group = "rg", namespace = "api" } }
//! ```
//!
//! Write the value as the schema wants it.
//!
//! Source: Helm documentation, "Schema Files".

use crate::base::span::Span;
use crate::check::charts::{existing, place, values};
use crate::check::{Cx, Group, Rule};
use crate::model::data::{self, Record};
use crate::model::project::{Chart, Service};
use crate::target::json_schema::{Violation, violations};
use serde_json::{Map, Value};

pub(super) static RULE: Rule = Rule::error(Group::Helm, "chart-value-mismatch", run);

fn run(cx: &mut Cx<'_>) {
    for found in existing(cx) {
        let (Ok(chart), Some(own)) = (&found.chart, &found.service.chart) else { continue };
        let Some(schema) = &chart.schema else { continue };
        let mut told: Vec<(Span, Violation)> = Vec::new();
        for written in values(cx, found.service) {
            let all = effective(&chart.values, found.service, own, &written);
            for violation in violations(schema, &all) {
                if [&own.image_tag, &own.image_repository].into_iter().flatten().any(|it| *it == violation.path) {
                    continue;
                }
                let span = place(&written, &violation.path).unwrap_or(found.folder.span);
                if told.contains(&(span, violation.clone())) {
                    continue;
                }
                let name = if violation.path.is_empty() { "all values".to_owned() } else { violation.path.join(".") };
                cx.report(&RULE, span, format!("`{name}` {}", violation.message))
                    .label(own.span, "the chart, whose schema says so")
                    .help(format!("see `{}/values.schema.json`", found.folder.value));
                told.push((span, violation));
            }
        }
    }
}

/// As Helm lays them together: the chart's own, the image, what is written.
fn effective(base: &Map<String, Value>, service: &Service, chart: &Chart, written: &Record) -> Value {
    let mut all = Value::Object(base.clone());
    let image = (!service.image.value.is_empty()).then_some(&chart.image_repository).and_then(Option::as_ref);
    let given = [(image, service.image.value.as_str()), (chart.image_tag.as_ref(), "tag")];
    for (keys, text) in given {
        let Some(keys) = keys else { continue };
        let nested = keys.iter().rev().fold(Value::from(text), |inner, key| {
            Value::Object(Map::from_iter([(key.clone(), inner)]))
        });
        lay(&mut all, nested);
    }
    let written = serde_json::from_str(&data::json(written)).expect("data is written as JSON");
    lay(&mut all, written);
    all
}

fn lay(below: &mut Value, over: Value) {
    match (below, over) {
        (Value::Object(below), Value::Object(over)) => {
            for (key, value) in over {
                lay(below.entry(key).or_insert(Value::Null), value);
            }
        }
        (below, over) => *below = over,
    }
}
