//! The events that a system waits for: one that each trigger lets in, and every pipeline by hand.

use super::clock::Moment;
use super::event::{Event, PullRequest, Reference};
use super::filter;
use super::system::{Gate, System};
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

/// Events that the trigger lets in: each branch and tag that it names. None for ends of runs, which a system has of itself.
fn letting_in(kind: &TriggerKind) -> Vec<Event> {
    match kind {
        TriggerKind::Push { repository, branches, paths, tags, .. } => {
            let repository = repository.as_ref().map(|it| it.value);
            let takes_branches = tags.is_empty() || !branches.is_empty() || !paths.is_empty();
            let branches = each(branches, "branch", &BRANCHES).into_iter().filter(|_| takes_branches);
            let tags = if tags.is_empty() { Vec::new() } else { each(tags, "tag", &TAGS) };
            let references =
                branches.map(|it| Reference::named(&it)).chain(tags.into_iter().map(Reference::Tag));
            let push = |reference| Event::Push { repository, reference, paths: None };
            references.map(push).collect()
        }
        TriggerKind::PullRequest(it) => {
            let target = first(&it.branches, "target branch", &BRANCHES);
            vec![Event::PullRequest(PullRequest {
                source: "feature".to_owned(),
                target,
                paths: None,
                draft: false,
            })]
        }
        TriggerKind::Schedule(it) => {
            let at = first_strike(&it.cron.value);
            at.map(|at| Event::Schedule { at, changed: true }).into_iter().collect()
        }
        TriggerKind::Image(it) => vec![Event::Image {
            registry: it.registry.value,
            repository: it.repository.value.clone(),
            tag: first(&it.tags, "tag", &TAGS),
        }],
        TriggerKind::Webhook(it) => {
            let fields = it.filters.iter().cloned().collect();
            vec![Event::Webhook { name: it.name.value.clone(), fields }]
        }
        TriggerKind::Manual | TriggerKind::After { .. } => Vec::new(),
    }
}

/// The same, and runs of other pipelines that end.
pub(super) fn matching(kind: &TriggerKind) -> Vec<Event> {
    let TriggerKind::After { pipeline, branches, tags, .. } = kind else { return letting_in(kind) };
    vec![Event::Completion {
        pipeline: pipeline.value,
        branch: branches.include.first().map(|_| first(branches, "branch", &BRANCHES)),
        tags: tags.iter().map(|it| it.value.clone()).collect(),
        result: Outcome::Succeeded,
    }]
}

/// What is tried of a filter that says only what it leaves out.
const BRANCHES: [&str; 3] = ["main", "develop", "feature"];
const TAGS: [&str; 3] = ["v1", "latest", "x"];

/// For each pattern a name that it takes; of a filter without patterns the first of the usual ones that it takes.
fn each(filter: &Filter, kind: &str, usual: &[&str]) -> Vec<String> {
    let is_in = |it: &String| filter::names(filter, it, kind).is_ok();
    if filter.include.is_empty() {
        return usual.iter().map(|it| (*it).to_owned()).find(is_in).into_iter().collect();
    }
    let of = |pattern: &str| fitting(pattern).find(is_in).unwrap_or_else(|| one_of(pattern));
    filter.include.iter().map(|it| of(&it.value)).collect()
}

fn first(filter: &Filter, kind: &str, usual: &[&str]) -> String {
    each(filter, kind, usual).into_iter().next().unwrap_or_else(|| usual[0].to_owned())
}

/// Branches and tags that people may start a pipeline on beside the usual branch: those that its environments and triggers name, and
/// some tag, as nobody keeps people from that.
pub(super) fn started_on(system: &System<'_>, pipeline: usize) -> Vec<String> {
    let prepared = &system.pipelines[pipeline];
    let pushes = prepared.source.active_triggers().flat_map(|it| letting_in(&it.kind));
    let pushed = pushes.filter_map(|it| match it {
        Event::Push { repository: None, reference, .. } => Some(reference.whole()),
        _ => None,
    });
    let gates = prepared.stages.iter().flat_map(|it| &it.gates).filter_map(|it| match it {
        Gate::Branches(environment) => Some(&system.project.environments[*environment].branches),
        _ => None,
    });
    let allowed = gates.flatten().map(|it| Reference::named(&one_of(&it.value)).whole());
    let mut found: Vec<String> = Vec::new();
    for name in pushed.chain(allowed).chain([format!("refs/tags/{}", TAGS[0])]) {
        if name != format!("refs/heads/{}", system.home_branch()) && !found.contains(&name) {
            found.push(name);
        }
    }
    found
}

/// Something that fits a pattern.
fn one_of(pattern: &str) -> String {
    pattern.replace(['*', '?'], "x")
}

/// Some of what fits it, as others may be left out.
fn fitting(pattern: &str) -> impl Iterator<Item = String> {
    ["x", "1", "a", "main"].into_iter().map(|it| pattern.replace(['*', '?'], it))
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
