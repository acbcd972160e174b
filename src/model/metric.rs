//! Where the metric of a candidate comes from: a value, a file of the agent, or what a run logged.

use super::errors;
use super::expr::{Expr, Ty};
use super::fields::Fields;
use super::lower::Lower;
use super::project::Model;
use super::steps::action::{Action, Data, Datum};
use crate::base::arena::Id;
use crate::base::span::Spanned;
use crate::schema::types::Type;
use crate::schema::{Attribute, optional};

pub const ROWS: &[Attribute] = &[
    optional("metric", Type::Value, "The candidate's metric itself, from an output or a parameter."),
    optional(
        "metric_file",
        Type::Name,
        "Or a JSON file on the agent: an object that holds the metric by its name.",
    ),
    optional(
        "metric_run",
        Type::Value,
        "Or the id of a run of Azure ML that logged it, in itself or in one of its steps.",
    ),
];

#[derive(Debug)]
pub enum Metric {
    Value(Expr),
    File(String),
    Run(Expr),
}

/// The one of the three that is written.
pub fn decode(fields: &mut Fields<'_, '_>) -> Option<Metric> {
    let written: Vec<&str> = ROWS.iter().map(|it| it.name).filter(|it| fields.has(it)).collect();
    if let [first, second, ..] = written.as_slice()
        && let (Some(first), Some(second)) = (fields.span_of(first), fields.span_of(second))
    {
        let help = "keep one of `metric`, `metric_file` and `metric_run`";
        let finding = errors::invalid_value(second, "the metric comes from one place", help);
        fields.cx.push(finding.label(first, "and from here"));
    }
    if let Some(value) = fields.expr("metric") {
        if matches!(value.ty, Ty::Bool | Ty::Result) {
            fields.cx.push(errors::invalid_value(
                value.span,
                "a metric is a number",
                "give it a number, or a text that holds one",
            ));
        }
        return Some(Metric::Value(value));
    }
    if fields.has("metric_file") {
        return fields.run_path("metric_file").map(Metric::File);
    }
    fields.expr("metric_run").map(Metric::Run)
}

/// The model says what its versions are compared by.
pub fn needs(fields: &mut Fields<'_, '_>, model: &Spanned<Id<Model>>) {
    let Some(declared) = fields.cx.project.map(|it| &it.models[model.value]) else { return };
    if declared.metric.is_none() {
        let name = &declared.header.ident.value;
        let help =
            format!("add `metric = \"rmse\"` and `direction = minimize`, or what it is, to `model {name}`");
        let finding = errors::invalid_value(model.span, format!("`{name}` has no metric"), help);
        fields.cx.push(finding.label(declared.header.head, "declared here"));
    }
}

/// What the template needs to know of it.
pub fn data(metric: Option<&Metric>) -> Data {
    vec![
        ("measured", Datum::Flag(metric.is_some())),
        ("metric_given", Datum::Flag(matches!(metric, Some(Metric::Value(_))))),
        ("metric_file", Datum::Flag(matches!(metric, Some(Metric::File(_))))),
        ("metric_run", Datum::Flag(matches!(metric, Some(Metric::Run(_))))),
    ]
}

/// The values it reads.
pub fn env(cx: &Lower<'_>, action: Action, metric: Option<&Metric>, model: &Model) -> Action {
    let Some(metric) = metric else { return action };
    let name = model.metric.as_ref().map_or("", |it| it.value.as_str());
    let action = action.env("METRIC_NAME", cx.text(name));
    match metric {
        Metric::Value(value) => action.env("METRIC_VALUE", value.clone()),
        Metric::File(path) => action.env("METRIC_FILE", cx.in_sources(path)),
        Metric::Run(run) => action.env("METRIC_RUN", run.clone()),
    }
}
