//! What no test reached: triggers, stages, conditions that were only seen one way, approvals that were not answered every way.

use super::given::StepKey;
use super::system::{Gate, Role, System};
use super::timeline::{Asks, Timeline};
use crate::base::arena::Id;
use crate::base::span::Span;
use crate::model::expr::Outcome;
use crate::model::project::{Approval, OnTimeout, TriggerKind};
use std::collections::BTreeSet;

#[derive(Debug, Default)]
pub struct Coverage {
    pub triggers: Part,
    pub stages: Part,
    pub conditions: Part,
    /// Each at each place that asks.
    pub approvals: Part,
}

#[derive(Debug, Default)]
pub struct Part {
    pub reached: usize,
    /// What is not, for people, with its place.
    pub missed: Vec<(String, Span)>,
}

impl Part {
    fn note(&mut self, reached: bool, name: impl FnOnce() -> String, span: Span) {
        if reached {
            self.reached += 1;
        } else {
            self.missed.push((name(), span));
        }
    }

    pub fn all(&self) -> usize {
        self.reached + self.missed.len()
    }
}

pub fn of(system: &System<'_>, timelines: &[&Timeline]) -> Coverage {
    let fired: BTreeSet<Span> =
        timelines.iter().flat_map(|it| &it.entries).filter_map(|it| it.place).collect();
    let mut coverage = Coverage::default();
    for (index, pipeline) in system.pipelines.iter().enumerate() {
        let name = system.name(index);
        let runs =
            || timelines.iter().flat_map(|it| &it.runs).filter(move |it| it.index == index && !it.assumed);
        for trigger in pipeline.source.triggers.iter().filter(|it| it.enabled) {
            let manual = matches!(trigger.kind, TriggerKind::Manual) && runs().next().is_some();
            coverage.triggers.note(manual || fired.contains(&trigger.span), || name.to_owned(), trigger.span);
        }
        for (number, stage) in pipeline.source.stages.iter().enumerate().filter(|it| it.1.enabled) {
            let own =
                || runs().flat_map(|it| &it.stages).filter(move |it| it.origin == Some(number) && !it.gate);
            let ran = own().any(|it| it.started.is_some());
            let named = || format!("{name}.{}", stage.ident.value);
            coverage.stages.note(ran, named, stage.head);
            if let Some(when) = &stage.when {
                let skipped = own().any(|it| it.result == Some(Outcome::Skipped));
                let missing = match (ran, skipped) {
                    (true, true) => "",
                    (true, false) => " never skipped",
                    (false, true) => " never run",
                    (false, false) => " never decided",
                };
                coverage.conditions.note(missing.is_empty(), || format!("{}{missing}", named()), when.span);
            }
        }
        approvals(system, index, timelines, &mut coverage.approvals);
    }
    coverage
}

/// Granted, rejected and, where that is something of its own, left without an answer.
fn approvals(system: &System<'_>, index: usize, timelines: &[&Timeline], part: &mut Part) {
    for (asks, approval, stage, span) in places(system, index) {
        let declared = &system.project.approvals[approval];
        let seen = |agreed: Option<bool>| {
            let mut answers = timelines.iter().flat_map(|it| &it.answers);
            answers.any(|it| it.asks == asks && it.agreed == agreed)
        };
        // A step that nobody answers fails as if it were rejected, unless silence lets it go on.
        let silence = matches!(asks, Asks::Gate(..)) || declared.on_timeout == OnTimeout::Resume;
        let missing: Vec<&str> = [(Some(true), "granted"), (Some(false), "rejected"), (None, "unanswered")]
            .into_iter()
            .filter(|it| (it.0.is_some() || silence) && !seen(it.0))
            .map(|it| it.1)
            .collect();
        let name = || {
            let all: Vec<String> = missing.iter().map(|it| format!("never {it}")).collect();
            format!("{}.{stage} by `{}` {}", system.name(index), declared.header.ident.value, all.join(", "))
        };
        part.note(missing.is_empty(), name, span);
    }
}

/// Where a pipeline asks people, whom, and in which stage.
fn places<'a>(system: &System<'a>, index: usize) -> Vec<(Asks, Id<Approval>, &'a str, Span)> {
    let mut found = Vec::new();
    for (number, stage) in system.pipelines[index].stages.iter().enumerate() {
        if stage.source.is_some_and(|it| !it.enabled) {
            continue;
        }
        let name = stage.source.map_or(stage.plan.name.as_str(), |it| &it.ident.value);
        for (gate, it) in stage.gates.iter().enumerate() {
            if let Gate::Approval(_, approval) = it {
                found.push((Asks::Gate(index, number, gate), *approval, name, stage.plan.source));
            }
        }
        for (job, of) in stage.jobs.iter().enumerate() {
            for (step, it) in of.steps.iter().enumerate() {
                if let Role::Ask(approval) = it.role {
                    let key = StepKey { pipeline: index, stage: number, job, step };
                    found.push((Asks::Step(key), approval, name, it.plan.source));
                }
            }
        }
    }
    found
}
