//! Sweeps: the node, and the component that its trials are.

use super::node::{self, Builder};
use super::place::Place;
use super::schema::{CommandComponent, Output, Parameter, Scalar};
use super::work::{EarlyTermination, Objective, Run, Space as Document, Sweep as Work, SweepLimits};
use super::{Cx, document};
use crate::emit::OutputFile;
use crate::model::documents;
use crate::model::project::{Choice, EarlyStop, MlPipeline, MlWork, Space, StopPolicy, Sweep};
use serde_json::value::RawValue;

/// The components of the trials of all sweeps that have a command of their own.
pub fn trials(cx: &Cx<'_>, pipeline: &MlPipeline) -> Vec<OutputFile> {
    let mut found = Vec::new();
    for (index, step) in pipeline.steps.iter().enumerate() {
        let MlWork::Sweep(sweep) = &step.work else { continue };
        if sweep.trial.is_some() {
            continue;
        }
        let path = documents::trial(&pipeline.header, &step.ident.value);
        let place = Place::new(cx, &path);
        let body = trial(&Builder::plain(&place, pipeline, index), sweep);
        found.push(document(path, "commandComponent", &body, step.head));
    }
    found
}

fn trial(builder: &Builder<'_>, sweep: &Sweep) -> CommandComponent {
    let step = builder.step;
    let run = builder.run();
    let space = sweep
        .space
        .iter()
        .map(|(name, it)| (name.clone(), Parameter::of(it.values.value.ty().word(), false)));
    let outputs = builder.declared_outputs();
    CommandComponent {
        ty: "command",
        name: format!("{}_{}", builder.pipeline.header.ident.value, step.ident.value),
        version: None,
        display_name: step.title.clone(),
        description: step.doc.clone(),
        tags: step.tags.clone(),
        is_deterministic: step.reuse,
        inputs: builder.parameters().into_iter().chain(space).collect(),
        outputs: outputs
            .into_iter()
            .map(|(name, ty)| (name, Output { ty, mode: None, path: None }))
            .collect(),
        run: Run { command: as_inputs(&run.command), ..run },
        distribution: step.distribution.map(Into::into),
        resources: node::resources(&step.resources),
    }
}

/// In a component, what a sweep tries are inputs like others.
fn as_inputs(command: &str) -> String {
    let mut text = String::new();
    let mut rest = command;
    while let Some(at) = rest.find("${{") {
        let (before, binding) = rest.split_at(at + 3);
        let inner = binding.trim_start();
        text.push_str(before);
        rest = match inner.strip_prefix("search_space.") {
            Some(name) => {
                text.push_str("inputs.");
                name
            }
            None => binding,
        };
    }
    text + rest
}

pub fn work(builder: &Builder<'_>, sweep: &Sweep) -> Work {
    let trial = match &sweep.trial {
        Some(component) => builder.place.component(component.value),
        None => {
            let path = documents::trial(&builder.pipeline.header, &builder.step.ident.value);
            builder.place.output(&path)
        }
    };
    Work {
        trial,
        sampling_algorithm: sweep.sampling.word(),
        search_space: sweep.space.iter().map(|(name, it)| (name.clone(), space(&it.values.value))).collect(),
        objective: Objective {
            goal: if sweep.maximize { "maximize" } else { "minimize" },
            primary_metric: sweep.metric.clone(),
        },
        limits: SweepLimits {
            max_total_trials: sweep.max_total,
            max_concurrent_trials: sweep.max_concurrent,
            timeout: sweep.timeout,
            trial_timeout: sweep.trial_timeout,
        },
        early_termination: sweep.early_stop.as_ref().map(early_termination),
    }
}

/// Azure ML draws `loguniform` as the exponential of a uniform number, so its bounds are logarithms.
fn space(space: &Space) -> Document {
    let raw = |it: f64| Some(node::raw(it));
    let empty = Document {
        ty: space.word(),
        values: None,
        upper: None,
        min_value: None,
        max_value: None,
        mu: None,
        sigma: None,
        q: None,
    };
    match *space {
        Space::Choice(ref values) => Document { values: Some(values.iter().map(choice).collect()), ..empty },
        Space::Randint(upper) => Document { upper: Some(upper), ..empty },
        Space::Uniform(low, high) => Document { min_value: raw(low), max_value: raw(high), ..empty },
        Space::QUniform(low, high, q) => {
            Document { min_value: raw(low), max_value: raw(high), q: raw(q), ..empty }
        }
        Space::LogUniform(low, high) => {
            Document { min_value: raw(low.ln()), max_value: raw(high.ln()), ..empty }
        }
        Space::QLogUniform(low, high, q) => {
            Document { min_value: raw(low.ln()), max_value: raw(high.ln()), q: raw(q), ..empty }
        }
        Space::Normal(mu, sigma) | Space::LogNormal(mu, sigma) => {
            Document { mu: raw(mu), sigma: raw(sigma), ..empty }
        }
        Space::QNormal(mu, sigma, q) | Space::QLogNormal(mu, sigma, q) => {
            Document { mu: raw(mu), sigma: raw(sigma), q: raw(q), ..empty }
        }
    }
}

fn choice(value: &Choice) -> Scalar {
    match value {
        Choice::Text(text) => Scalar::Text(text.clone()),
        Choice::Integer(value) => Scalar::Integer(*value),
        Choice::Number(value) => node::number(*value),
    }
}

fn early_termination(stop: &EarlyStop) -> EarlyTermination {
    let slack = |it: f64| -> Option<Box<RawValue>> { Some(node::raw(it)) };
    let (ty, slack_factor, slack_amount, truncation_percentage) = match stop.policy {
        StopPolicy::BanditFactor(it) => ("bandit", slack(it), None, None),
        StopPolicy::BanditAmount(it) => ("bandit", None, slack(it), None),
        StopPolicy::Median => ("median_stopping", None, None, None),
        StopPolicy::Truncation(it) => ("truncation_selection", None, None, Some(it)),
    };
    EarlyTermination {
        ty,
        slack_factor,
        slack_amount,
        truncation_percentage,
        evaluation_interval: stop.interval,
        delay_evaluation: stop.delay,
    }
}

#[cfg(test)]
mod tests {
    use super::as_inputs;

    #[test]
    fn what_is_tried_is_an_input_of_the_trial() {
        let command = "x ${{search_space.a}} ${{ search_space.b }} ${{inputs.c}} search_space.d ${{";
        assert_eq!(as_inputs(command), "x ${{inputs.a}} ${{inputs.b }} ${{inputs.c}} search_space.d ${{");
    }
}
