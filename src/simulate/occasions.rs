//! The events that a system waits for: one that each trigger lets in, and every pipeline by hand.

use super::clock::Moment;
use super::event::{Event, PullRequest, Reference};
use super::system::System;
use crate::model::cron::Cron;
use crate::model::expr::{Outcome, Ty};
use crate::model::project::{Filter, TriggerKind};
use crate::plan::{Parameter, Pipeline};
use std::collections::BTreeMap;

/// Pushes to each branch and tag that some trigger names, pull requests, the first strike of each schedule, images, webhooks, and
/// then every pipeline started by hand; each once.
pub fn all(system: &System<'_>) -> Vec<Event> {
    let mut found: Vec<Event> = Vec::new();
    let triggers = system.project.active_triggers().flat_map(|it| letting_in(&it.kind));
    let by_hand = system.plan.pipelines.iter().map(|it| by_hand(it, given(it)));
    for event in triggers.chain(by_hand) {
        // Few are alike but for manual starts, which never are.
        if matches!(event, Event::Manual { .. }) || !found.contains(&event) {
            found.push(event);
        }
    }
    found
}

fn letting_in(kind: &TriggerKind) -> Vec<Event> {
    match kind {
        TriggerKind::Push { repository, branches, tags, .. } => {
            let repository = repository.as_ref().map(|it| it.value);
            let tagged = tags.include.iter().map(|it| Reference::Tag(one_of(&it.value)));
            let named = branches.include.iter().map(|it| Reference::named(&one_of(&it.value)));
            let mut references: Vec<Reference> = named.chain(tagged).collect();
            if references.is_empty() {
                references.push(Reference::Branch("main".to_owned()));
            }
            let push = |reference| Event::Push { repository, reference, paths: None };
            references.into_iter().map(push).collect()
        }
        TriggerKind::Schedule(it) => {
            let at = first_strike(&it.cron.value);
            at.map(|at| Event::Schedule { at, changed: true }).into_iter().collect()
        }
        // Runs of the system itself end.
        TriggerKind::After { .. } => Vec::new(),
        other => matching(other).into_iter().collect(),
    }
}

/// An event that the trigger lets in.
pub(super) fn matching(kind: &TriggerKind) -> Option<Event> {
    let first = |it: &Filter| it.include.first().map_or("main".to_owned(), |it| one_of(&it.value));
    match kind {
        TriggerKind::Push { repository, branches, .. } => Some(Event::Push {
            repository: repository.as_ref().map(|it| it.value),
            reference: Reference::named(&first(branches)),
            paths: None,
        }),
        TriggerKind::PullRequest(it) => Some(Event::PullRequest(PullRequest {
            source: "feature".to_owned(),
            target: first(&it.branches),
            paths: None,
            draft: false,
        })),
        TriggerKind::After { pipeline, branches, tags, .. } => Some(Event::Completion {
            pipeline: pipeline.value,
            branch: branches.include.first().map(|_| first(branches)),
            tags: tags.iter().map(|it| it.value.clone()).collect(),
            result: Outcome::Succeeded,
        }),
        TriggerKind::Image(it) => Some(Event::Image {
            registry: it.registry.value,
            repository: it.repository.value.clone(),
            tag: first(&it.tags),
        }),
        TriggerKind::Webhook(it) => {
            Some(Event::Webhook { name: it.name.value.clone(), fields: it.filters.iter().cloned().collect() })
        }
        TriggerKind::Manual | TriggerKind::Schedule(_) => None,
    }
}

/// Something that fits a pattern.
fn one_of(pattern: &str) -> String {
    pattern.replace(['*', '?'], "x")
}

pub(super) fn by_hand(pipeline: &Pipeline, params: BTreeMap<String, String>) -> Event {
    Event::Manual { pipeline: pipeline.id, branch: None, params }
}

/// Values for the parameters that have none of their own.
pub(super) fn given(pipeline: &Pipeline) -> BTreeMap<String, String> {
    let needed = pipeline.parameters.iter().filter(|it| it.default.is_none());
    needed.map(|it| (it.name.clone(), some_value(it))).collect()
}

fn some_value(parameter: &Parameter) -> String {
    let first = parameter.choices.first().map(|it| super::eval::constant(it).to_text());
    first.unwrap_or_else(|| match parameter.ty {
        Ty::Bool => "true".to_owned(),
        Ty::Int | Ty::Number => "1".to_owned(),
        Ty::String | Ty::Result => "anything".to_owned(),
    })
}

/// Days that are looked at: after four years and a day every date has been.
const DAYS: i64 = 4 * 366 + 1;

/// The first time from the usual Monday on.
fn first_strike(cron: &Cron) -> Option<Moment> {
    let begin = Moment::default().0;
    let strikes = |it: &i64| {
        let date = Moment(*it).date();
        cron.fires_at(date.minute, date.hour, (date.day, date.month), date.weekday)
    };
    let of_day = |day: i64| begin + day * 24 * 60..begin + (day + 1) * 24 * 60;
    (0..DAYS).flat_map(of_day).find(strikes).map(Moment)
}
