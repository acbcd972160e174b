//! Scenarios that lead to a job: the plain start first, then what one or two things going otherwise make of it.

use crate::model::expr::{Outcome, Ty};
use crate::model::project::OnTimeout;
use crate::simulate::event::Event;
use crate::simulate::given::{Answer, Given, StepKey, Verdict};
use crate::simulate::system::{Gate, Pipeline, Role, System};
use crate::simulate::timeline::Timeline;
use crate::simulate::{Goal, Scenario, occasions, run};
use std::collections::{BTreeMap, BTreeSet};

/// Scenarios that are tried for one way at most.
pub const MOST: usize = 400;

/// Something that goes otherwise.
#[derive(Clone)]
enum Turn {
    /// Nobody answers this approval, by index.
    Silence(usize),
    Fails(StepKey),
    Output(StepKey, String, String),
    Canceled,
}

pub(super) fn find(system: &System<'_>, place: &Goal, agreed: bool) -> Option<Timeline> {
    let events = events(system, place.pipeline);
    let elsewhere = elsewhere(system, place.pipeline);
    let turns = turns(system, place.pipeline);
    let bases: &[Verdict] = if agreed { &[Verdict::Grant] } else { &[Verdict::Reject, Verdict::Silent] };
    let starts = || bases.iter().flat_map(|base| events.iter().map(move |it| (it, *base)));
    let plain = starts().map(|it| (it, Vec::new()));
    let others = || bases.iter().flat_map(|base| elsewhere.iter().map(move |it| (it, *base)));
    let plain = plain.chain(others().map(|it| (it, Vec::new())));
    let alone = |it| turns.iter().map(move |turn| (it, vec![turn.clone()]));
    let single = starts().flat_map(alone);
    let double = events.iter().take(1).flat_map(|it| {
        turns.iter().enumerate().flat_map({
            let turns = &turns;
            move |(index, one)| {
                turns[..index].iter().map(move |two| ((it, bases[0]), vec![one.clone(), two.clone()]))
            }
        })
    });
    for (start, turns) in plain.chain(single).chain(double).chain(others().flat_map(alone)).take(MOST) {
        let timeline = run(system, &scenario(system, place, start, &turns));
        if timeline.reached(*place) {
            return Some(timeline);
        }
    }
    None
}

/// All answer the same; but silence where that counts as consent, which nobody gives.
fn scenario(system: &System<'_>, place: &Goal, (event, base): (&Event, Verdict), turns: &[Turn]) -> Scenario {
    let mut scenario = Scenario { goal: Some(*place), ..Scenario::of(event.clone()) };
    let approvals = system.project.approvals.iter().filter(|_| base != Verdict::Grant);
    for (id, approval) in approvals {
        let verdict = if approval.on_timeout == OnTimeout::Resume { Verdict::Silent } else { base };
        scenario.given.answers.insert(id.index(), Answer { verdict, after: None });
    }
    for turn in turns {
        apply(&mut scenario.given, place, turn);
    }
    scenario
}

fn apply(given: &mut Given, place: &Goal, turn: &Turn) {
    match turn {
        Turn::Silence(approval) => {
            given.answers.insert(*approval, Answer { verdict: Verdict::Silent, after: None });
        }
        Turn::Fails(key) => {
            given.results.insert(*key, Outcome::Failed);
        }
        Turn::Output(key, variable, value) => {
            given.outputs.insert((*key, variable.clone()), value.clone());
        }
        Turn::Canceled => {
            given.cancels.insert(place.pipeline, 30);
        }
    }
}

/// People may start it on any branch and tag.
fn elsewhere(system: &System<'_>, pipeline: usize) -> Vec<Event> {
    let plan = system.pipelines[pipeline].plan;
    let on = |name: String| Event::Manual {
        pipeline: plan.id,
        branch: Some(name),
        params: occasions::given(plan),
    };
    occasions::started_on(system, pipeline).into_iter().map(on).collect()
}

/// What may start the pipeline: people first, with each value of its small parameters; then its triggers.
fn events(system: &System<'_>, pipeline: usize) -> Vec<Event> {
    let prepared = &system.pipelines[pipeline];
    let base = occasions::given(prepared.plan);
    let by_hand = |params: BTreeMap<String, String>| occasions::by_hand(prepared.plan, params);
    let mut found = vec![by_hand(base.clone())];
    for parameter in &prepared.plan.parameters {
        let mut values: Vec<String> =
            parameter.choices.iter().map(|it| crate::simulate::eval::constant(it).to_text()).collect();
        if parameter.ty == Ty::Bool {
            values = vec!["true".to_owned(), "false".to_owned()];
        }
        found.extend(values.into_iter().map(|value| {
            let mut params = base.clone();
            params.insert(parameter.name.clone(), value);
            by_hand(params)
        }));
    }
    for trigger in prepared.source.active_triggers() {
        found.extend(occasions::matching(&trigger.kind));
    }
    found
}

/// Each job may fail, each output of type `bool` may be false, each approval may stay without an answer, people may cancel.
fn turns(system: &System<'_>, pipeline: usize) -> Vec<Turn> {
    let mut found = Vec::new();
    for (stage, of) in system.pipelines[pipeline].stages.iter().enumerate() {
        for (job, of) in of.jobs.iter().enumerate() {
            let work = of.steps.iter().position(|it| !matches!(it.role, Role::Instant | Role::Ask(_)));
            found.extend(work.map(|step| Turn::Fails(StepKey { pipeline, stage, job, step })));
            for (step, it) in of.steps.iter().enumerate() {
                let outputs = it.source.iter().flat_map(|it| &it.outputs).filter(|it| it.1.ty == Ty::Bool);
                found.extend(outputs.map(|(name, it)| {
                    let variable = it.variable.clone().unwrap_or_else(|| crate::plan::variable_name(name));
                    Turn::Output(StepKey { pipeline, stage, job, step }, variable, "false".to_owned())
                }));
            }
        }
    }
    found.push(Turn::Canceled);
    found.extend(asked(&system.pipelines[pipeline]).into_iter().map(Turn::Silence));
    found
}

/// The approvals of a pipeline, by index.
fn asked(pipeline: &Pipeline<'_>) -> BTreeSet<usize> {
    let gates = pipeline.stages.iter().flat_map(|it| &it.gates).filter_map(|it| match it {
        Gate::Approval(_, approval) => Some(approval.index()),
        _ => None,
    });
    let jobs = pipeline.stages.iter().flat_map(|it| &it.jobs);
    let steps = jobs.flat_map(|it| &it.steps).filter_map(|it| match it.role {
        Role::Ask(approval) => Some(approval.index()),
        _ => None,
    });
    gates.chain(steps).collect()
}
