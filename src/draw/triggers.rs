//! What starts a pipeline, as nodes and edges.

use super::paint::Painter;
use super::picture::{Draft, Kind, Link, Node, Note, Sign};
use super::words;
use crate::base::arena::Id;
use crate::model::project::{
    Clock, CronTrigger, Filter, Image, Pipeline, PullRequest, Schedule, Trigger, TriggerKind, Webhook,
};
use crate::simulate::clock::spoken;

/// Draws everything that starts the pipeline by itself, with edges to those nodes. `node` finds the node of another pipeline.
pub(super) fn draw(
    painter: &Painter<'_>,
    draft: &mut Draft,
    (pipeline, to): (&Pipeline, &[usize]),
    node: &dyn Fn(&mut Draft, Id<Pipeline>) -> usize,
) {
    for trigger in pipeline.active_triggers() {
        let (from, label) = match &trigger.kind {
            TriggerKind::Manual => continue,
            TriggerKind::After { pipeline: source, .. } => {
                (node(draft, source.value), completion(painter, trigger))
            }
            other => {
                let Some(source) = outside(painter, other) else { continue };
                (draft.node(source), String::new())
            }
        };
        for to in to {
            draft.edge((from, *to), Link::Starts, &label, Some(trigger.span));
        }
    }
}

/// What a completion trigger asks for.
fn completion(painter: &Painter<'_>, trigger: &Trigger) -> String {
    let TriggerKind::After { pipeline, branches, stages, tags } = &trigger.kind else { return String::new() };
    let source = &painter.project.pipelines[pipeline.value];
    let stages: Vec<&str> = stages
        .iter()
        .filter_map(|it| source.stages.get(it.value))
        .map(|it| it.ident.value.as_str())
        .collect();
    let tags: Vec<&str> = tags.iter().map(|it| it.value.as_str()).collect();
    let branches = words::filter(branches);
    let said = [("branch", branches), ("stage", stages.join(" and ")), ("tagged", tags.join(" and "))];
    let said = said.iter().filter(|it| !it.1.is_empty()).map(|(word, it)| format!("{word} {it}"));
    said.collect::<Vec<_>>().join("; ")
}

fn outside(painter: &Painter<'_>, kind: &TriggerKind) -> Option<Node> {
    let project = painter.project;
    let node = match kind {
        TriggerKind::Manual | TriggerKind::After { .. } => return None,
        TriggerKind::Push { repository, branches, paths, tags, .. } => {
            let name =
                repository.as_ref().map_or("self", |it| &project.repositories[it.value].header.ident.value);
            source(&format!("push to {name}"), &[("branches", branches), ("tags", tags), ("paths", paths)])
        }
        TriggerKind::PullRequest(PullRequest { branches, paths, .. }) => {
            source("pull request", &[("to", branches), ("paths", paths)])
        }
        TriggerKind::Schedule(it) => cron(it),
        TriggerKind::Image(Image { registry, repository, tags, .. }) => {
            let registry = &project.container_registries[registry.value].header.ident.value;
            source(&format!("image {registry}/{}", repository.value), &[("tags", tags)])
        }
        TriggerKind::Webhook(Webhook { name, filters, .. }) => {
            let wanted = filters.iter().map(|(path, text)| Note::new(Sign::If, format!("{path} is {text}")));
            named(&format!("webhook {}", name.value), wanted.collect())
        }
    };
    Some(node)
}

fn source(title: &str, filters: &[(&str, &Filter)]) -> Node {
    named(title, words::filters(filters))
}

/// The same source for all that it starts: what it says is its identity.
fn named(title: &str, notes: Vec<Note>) -> Node {
    let said: Vec<&str> = notes.iter().map(|it| it.text.as_str()).collect();
    let id = format!("source:{title}:{}", said.join(";"));
    Node::new(Kind::Source, id, title).notes(notes)
}

fn cron(trigger: &CronTrigger) -> Node {
    let title = trigger.title.clone().unwrap_or_else(|| "schedule".to_owned());
    let mut notes = vec![Note::new(Sign::Waits, format!("{} UTC", trigger.cron.value.text))];
    notes.extend(words::filters(&[("branches", &trigger.branches)]));
    if trigger.always != Some(true) {
        notes.push(Note::new(Sign::If, "something has changed"));
    }
    named(&title, notes)
}

/// When Azure ML starts an ML pipeline by itself.
pub(super) fn schedule(name: &str, schedule: &Schedule) -> Node {
    let when = match &schedule.clock {
        Clock::Cron(text) => text.clone(),
        Clock::Every { unit, interval, .. } => {
            let seconds = match unit {
                crate::model::project::Unit::Minute => 60,
                crate::model::project::Unit::Hour => 3600,
                crate::model::project::Unit::Day => 86_400,
                crate::model::project::Unit::Week => 7 * 86_400,
                crate::model::project::Unit::Month => 0,
            };
            match seconds {
                0 if *interval == 1 => "every month".to_owned(),
                0 => format!("every {interval} months"),
                _ => format!("every {}", spoken(seconds * interval)),
            }
        }
    };
    let title = format!("Azure ML schedule {}", schedule.header.ident.value);
    let node = Node::new(Kind::Source, format!("schedule:{name}:{}", schedule.header.ident.value), title);
    node.at(schedule.header.head).notes([Note::new(Sign::Waits, when)])
}
