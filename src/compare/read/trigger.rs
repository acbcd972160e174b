//! What starts a pipeline by itself.

use super::Reader;
use crate::compare::tree::{Fact, Kind, Node, Value, Weight, named, plain};
use crate::model::project::{Filter, Pipeline, Trigger, TriggerKind};
use std::collections::BTreeSet;

/// The name of a trigger that looks at changes before they are merged.
pub const PULL_REQUEST: &str = "pull request";

impl Reader<'_> {
    pub(super) fn triggers(&self, pipeline: &Pipeline) -> Vec<Node> {
        let mut found: Vec<Node> = Vec::new();
        for trigger in pipeline.active_triggers() {
            let mut node = self.trigger(pipeline, trigger);
            let same = found.iter().filter(|it| it.name == node.name).count();
            if same > 0 {
                node.name = format!("{} {same}", node.name);
            }
            found.push(node);
        }
        found
    }

    fn trigger(&self, pipeline: &Pipeline, trigger: &Trigger) -> Node {
        let mut node = Node::new(Kind::Trigger, "", trigger.span);
        match &trigger.kind {
            TriggerKind::Manual => {}
            TriggerKind::Push { repository, branches, paths, tags, batch } => {
                let repository = self.repository(repository.as_ref().map(|it| it.value));
                node.name = format!("push {repository}");
                node.shown = Some(format!("a push to {}`{repository}`", on(branches)));
                filter(&mut node, "branches", branches, true);
                filter(&mut node, "paths", paths, true);
                filter(&mut node, "tags", tags, false);
                node.flag("batch", *batch, Weight::Runs);
            }
            TriggerKind::PullRequest(it) => {
                PULL_REQUEST.clone_into(&mut node.name);
                node.shown = Some(format!("a pull request to {}`self`", on(&it.branches)));
                filter(&mut node, "branches", &it.branches, true);
                filter(&mut node, "paths", &it.paths, true);
                node.facts.iter_mut().for_each(looked_at);
                let yes =
                    |it: &Option<crate::base::span::Spanned<bool>>| it.as_ref().is_none_or(|it| it.value);
                node.flag("drafts", yes(&it.drafts), Weight::Reaches).down(Weight::Runs);
                node.flag("auto_cancel", yes(&it.auto_cancel), Weight::Runs);
            }
            TriggerKind::Schedule(it) => {
                let schedules =
                    pipeline.active_triggers().filter(|it| matches!(it.kind, TriggerKind::Schedule(_)));
                let several = schedules.count() > 1;
                let text = &it.cron.value.text;
                let name = several.then(|| it.title.as_ref().unwrap_or(text).clone());
                node.name = format!("schedule {}", name.unwrap_or_default());
                let title = it.title.as_ref().filter(|_| several).map(|it| format!("`{it}` of "));
                node.shown = Some(format!("the schedule {}`{text}`", title.unwrap_or_default()));
                node.text("title", it.title.as_ref(), Weight::Runs);
                let often = Value::Number(it.cron.value.seven_years().into(), text.clone());
                node.fact("time", often, Weight::Reaches).down(Weight::Runs).aside(Weight::Runs);
                filter(&mut node, "branches", &it.branches, true);
                node.flag("always", it.always == Some(true), Weight::Reaches).down(Weight::Runs);
                node.flag("batch", it.batch.is_some(), Weight::Runs);
            }
            TriggerKind::After { pipeline, branches, stages, tags } => {
                let before = &self.project.pipelines[pipeline.value];
                let own = before.header.ident.value.as_str();
                node.name = format!("after {}", named(&[(Kind::Pipeline, own)]));
                node.shown = Some(format!("a run of `{}`", named(&[(Kind::Pipeline, own)])));
                filter(&mut node, "branches", branches, true);
                let (names, weight) = self.awaited(before, stages.iter().map(|it| it.value));
                node.set("stages", names.iter().map(String::as_str), Weight::Runs).down(weight);
                let tags = tags.iter().map(|it| it.value.as_str());
                node.set("all of the tags", tags, Weight::Runs).down(Weight::Reaches);
            }
            TriggerKind::Image(it) => {
                let registry = &self.project.container_registries[it.registry.value].header.ident.value;
                let image = format!("{}/{}", named(&[(Kind::Registry, registry)]), it.repository.value);
                node.name = format!("image {image}");
                node.shown = Some(format!("a new image `{image}`"));
                filter(&mut node, "tags", &it.tags, true);
                let connection = it.connection.as_ref().map(|it| self.connection(it.value));
                node.text("connection", connection, Weight::ChangesProtection);
            }
            TriggerKind::Webhook(it) => {
                node.name = format!("webhook {}", it.name.value);
                node.shown = Some(format!("the webhook `{}`", it.name.value));
                node.text(
                    "connection",
                    Some(self.connection(it.connection.value)),
                    Weight::ChangesProtection,
                );
                for (path, value) in &it.filters {
                    node.text(&format!("filter `{path}`"), Some(value), Weight::Reaches);
                }
            }
        }
        debug_assert!(!plain(&node.name).is_empty(), "people are no trigger");
        node
    }
}

impl Reader<'_> {
    /// The stages of a pipeline that a trigger waits for, where nothing is said all of them; and how much it weighs that
    /// it waits for no others: people may be asked in those.
    fn awaited(&self, before: &Pipeline, stages: impl Iterator<Item = usize>) -> (Vec<String>, Weight) {
        let awaited: BTreeSet<usize> = stages.collect();
        if awaited.is_empty() {
            return (vec!["*".to_owned()], Weight::Reaches);
        }
        let own = before.header.ident.value.as_str();
        let found = awaited.iter().filter_map(|it| before.stages.get(*it));
        let names = found.map(|it| named(&[(Kind::Pipeline, own), (Kind::Stage, &it.ident.value)])).collect();
        let others = before.stages.iter().enumerate().filter(|it| !awaited.contains(&it.0)).map(|it| it.1);
        let asks = others.into_iter().any(|it| self.project.asked(it).is_some());
        (names, if asks { Weight::LowersProtection } else { Weight::Reaches })
    }
}

/// What a filter of pull requests no longer lets in is merged without being looked at.
fn looked_at(fact: &mut Fact) {
    let leaves_out = fact.down == Weight::Reaches;
    let (more, less) = (Weight::Reaches, Weight::LowersProtection);
    (fact.up, fact.down) = if leaves_out { (less, more) } else { (more, less) };
    fact.aside = Some(less);
}

/// `main` of
fn on(branches: &Filter) -> String {
    let names: Vec<String> = branches.include.iter().map(|it| format!("`{}`", it.value)).collect();
    if names.is_empty() { String::new() } else { format!("{} of ", names.join(", ")) }
}

/// `otherwise_all`: where nothing is said everything is in.
fn filter(node: &mut Node, label: &str, filter: &Filter, otherwise_all: bool) {
    let mut include: Vec<&str> = filter.include.iter().map(|it| it.value.as_str()).collect();
    if include.is_empty() && otherwise_all {
        include.push("*");
    }
    node.set(label, include, Weight::Reaches).down(Weight::Runs);
    let exclude = filter.exclude.iter().map(|it| it.value.as_str());
    node.set(&format!("{label} left out"), exclude, Weight::Runs).down(Weight::Reaches);
}
