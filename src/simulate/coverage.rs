//! What no test reached: triggers, stages, and conditions that were only seen one way.

use super::system::System;
use super::timeline::Timeline;
use crate::base::span::Span;
use crate::model::expr::Outcome;
use crate::model::project::TriggerKind;
use std::collections::BTreeSet;

#[derive(Debug, Default)]
pub struct Coverage {
    pub triggers: Part,
    pub stages: Part,
    pub conditions: Part,
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
    }
    coverage
}
