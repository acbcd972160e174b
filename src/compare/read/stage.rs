//! Stages and jobs.

use super::{Reader, check};
use crate::compare::reach::{DEPLOYS, NOTHING};
use crate::compare::tree::{Kind, Node, Value, Weight, named, quoted, reference};
use crate::compare::words::Words;
use crate::compare::{read::step::Place, unnamed};
use crate::model::data::json_of;
use crate::model::expr::Expr;
use crate::model::project::{Container, Environment, Inherited, Job, Pipeline, PoolKind, Stage};
use crate::model::steps::Kind as StepKind;
use crate::plan;
use std::collections::BTreeMap;

impl Reader<'_> {
    pub(super) fn stage(&self, pipeline: &Pipeline, plan: &plan::Pipeline, index: usize, it: &Stage) -> Node {
        let mut node = Node::new(Kind::Stage, &it.ident.value, it.head);
        node.text("title", it.title.as_ref(), Weight::Other);
        self.groups(&mut node, &it.inherited.variables);
        self.environment_of(&mut node, it);
        self.condition(&mut node, pipeline, it.when.as_ref());
        node.flag("enabled", it.enabled, Weight::Runs);
        let by_hand = it.manual.is_some();
        node.flag("started by hand", by_hand, Weight::ChangesProtection).down(Weight::LowersProtection);
        for include in &it.includes {
            node.text(&format!("template `{}`", include.path), Some(self.include(include)), Weight::Runs);
        }
        node.table("key", it.extra.iter().map(|(key, it)| (key, json_of(&it.value.value))), Weight::Runs);
        node.after = before(pipeline, plan, index);
        node.children
            .extend(it.approval.as_ref().map(|used| self.approval("approval", used.value, used.span)));
        node.children.extend(it.lock.map(|lock| check::lock(lock, it.lock_at.unwrap_or(it.head))));
        let place = Place { pipeline, stage: it, plan };
        for job in &it.jobs {
            if job.implicit && job.handler.is_none() {
                self.job_facts(&mut node, &place, job);
                self.steps(&mut node, &place, job);
            } else {
                node.children.push(self.job(&place, job));
            }
        }
        node
    }

    fn environment_of(&self, node: &mut Node, it: &Stage) {
        let of = |environment: &Environment| named(&[(Kind::Environment, &environment.header.ident.value)]);
        if let Some(environment) = &it.environment {
            let name = of(&self.project.environments[environment.value]);
            node.fact(DEPLOYS, Value::Text(format!("`{name}`")), Weight::Reaches).down(Weight::Runs);
        } else if let Some(context) = &it.context {
            let environment = &self.project.environments[context.value];
            let guarded = environment.protected || environment.approval.is_some();
            let weight = if guarded { Weight::ChangesProtection } else { Weight::Reaches };
            let text = format!("{NOTHING}`{}`", of(environment));
            node.fact(DEPLOYS, Value::Text(text), weight).down(Weight::Runs);
        }
    }

    pub(super) fn condition(&self, node: &mut Node, pipeline: &Pipeline, when: Option<&Expr>) {
        let words = Words { project: self.project, pipeline: Some(pipeline) };
        let text = when.map_or_else(|| "succeeded()".to_owned(), |it| words.expr(it));
        node.fact("runs if", Value::Text(quoted(&text)), Weight::Runs).at(when.map(|it| it.span));
    }

    fn job(&self, place: &Place<'_>, it: &Job) -> Node {
        let mut node = Node::new(Kind::Job, &it.ident.value, it.head);
        self.condition(&mut node, place.pipeline, it.when.as_ref());
        node.text("title", it.title.as_ref(), Weight::Other);
        self.groups(&mut node, &it.inherited.variables);
        self.job_facts(&mut node, place, it);
        let around = [
            (Kind::Pipeline, place.pipeline.header.ident.value.as_str()),
            (Kind::Stage, place.stage.ident.value.as_str()),
        ];
        let needs = it.needs.iter().filter_map(|it| place.stage.jobs.get(it.value));
        node.after =
            needs.map(|it| reference(&[around[0], around[1], (Kind::Job, &it.ident.value)])).collect();
        self.steps(&mut node, place, it);
        node
    }

    fn job_facts(&self, node: &mut Node, place: &Place<'_>, it: &Job) {
        let own = it
            .environment
            .as_ref()
            .filter(|own| place.stage.environment.as_ref().map(|it| it.value) != Some(own.value));
        if let Some(environment) = own {
            let name = &self.project.environments[environment.value].header.ident.value;
            let text = format!("`{}`", named(&[(Kind::Environment, name)]));
            node.fact(DEPLOYS, Value::Text(text), Weight::Reaches).down(Weight::Runs);
        }
        if node.kind == Kind::Job {
            node.flag("enabled", it.enabled, Weight::Runs);
        }
        node.flag("continue_on_error", it.continue_on_error, Weight::Runs);
        let pool = self.nearest(place, it, |it| it.pool.as_ref().map(|it| it.value));
        node.text("pool", pool.map(|it| self.pool(it)), Weight::Costs);
        if let Some(timeout) = self.nearest(place, it, |it| it.timeout.as_ref().map(|it| it.value)) {
            node.fact("timeout", Value::Text(check::timeout(timeout)), Weight::Costs);
        }
        let after = self.nearest(place, it, |it| it.cancel_timeout.as_ref().map(|it| it.value));
        node.time("cancel_timeout", after, Weight::Costs);
        if let Some(container) =
            it.container.as_ref().or(pool.and_then(|it| self.project.pools[it].container.as_ref()))
        {
            self.container(node, container);
        }
        if let Some(matrix) = &it.matrix {
            let legs = matrix.legs.iter().map(|leg| {
                let values = leg.values.iter().map(|(key, it)| format!("{key} = {}", self.expr(it)));
                let pool = leg.pool.map(|it| format!("pool = {}", self.pool(it)));
                (&leg.name, values.chain(pool).collect::<Vec<_>>().join(", "))
            });
            node.table("copy", legs, Weight::Costs);
            node.number("max_parallel", matrix.max_parallel, Weight::Costs);
        }
        node.long("clean", it.clean.as_ref(), Weight::Runs);
        node.long("handles", it.handler.as_ref().map(|it| &it.event), Weight::Runs);
        node.table(
            "key of the job",
            it.extra.iter().map(|(key, it)| (key, json_of(&it.value.value))),
            Weight::Runs,
        );
    }

    fn container(&self, node: &mut Node, it: &Container) {
        node.image("container", Some(&it.image));
        let registry =
            it.registry.as_ref().map(|it| &self.project.container_registries[it.value].header.ident);
        node.text(
            "registry of the container",
            registry.map(|it| named(&[(Kind::Registry, &it.value)])),
            Weight::Images,
        );
        let connection = it.connection.as_ref().map(|it| self.connection(it.value));
        node.text("connection of the container", connection, Weight::ChangesProtection);
        node.text("options of the container", it.options.as_ref(), Weight::Runs);
        for (label, all) in [("ports", &it.ports), ("volumes", &it.volumes)] {
            if !all.is_empty() {
                node.text(&format!("{label} of the container"), Some(all.join(", ")), Weight::Runs);
            }
        }
        node.table(
            "env of the container",
            it.env.iter().map(|(key, value)| (key, value.clone())),
            Weight::Runs,
        );
    }

    fn nearest<T>(&self, place: &Place<'_>, job: &Job, get: impl Fn(&Inherited) -> Option<T>) -> Option<T> {
        let environment = place.stage.environment.as_ref().or(place.stage.context.as_ref());
        let environment = environment.map(|it| &self.project.environments[it.value].inherited);
        let own = [&job.inherited, &place.stage.inherited].into_iter().chain(environment);
        let mut all = own.chain([&place.pipeline.inherited, &self.project.settings.inherited]);
        all.find_map(get)
    }

    /// By what it is: its name is known inside of the project only.
    fn pool(&self, id: crate::base::arena::Id<crate::model::project::Pool>) -> String {
        match &self.project.pools[id].kind {
            PoolKind::Hosted { image } => image.clone(),
            PoolKind::SelfHosted { name, demands } if demands.is_empty() => name.clone(),
            PoolKind::SelfHosted { name, demands } => format!("{name} ({})", demands.join(", ")),
            PoolKind::Server => "server".to_owned(),
        }
    }

    fn steps(&self, node: &mut Node, place: &Place<'_>, job: &Job) {
        let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
        for step in &job.steps {
            let word = step.kind.word();
            if let StepKind::Approve(it) = &step.kind {
                let count = counts.entry("approve").and_modify(|it| *it += 1).or_insert(1);
                let name = if *count == 1 { "approve".to_owned() } else { format!("approve {count}") };
                let asked = self.approval(&name, it.approval, step.head);
                node.children.push(self.asking(place, step, asked));
                continue;
            }
            let name = match &step.ident {
                Some(it) if it.value != word => it.value.clone(),
                _ => {
                    let count = counts.entry(word).and_modify(|it| *it += 1).or_insert(0);
                    unnamed::name(word, *count)
                }
            };
            let found = self.step(place, step, name);
            node.children.push(found);
        }
    }
}

/// The stages that a stage waits for; the gate before it is a part of it.
fn before(pipeline: &Pipeline, plan: &plan::Pipeline, index: usize) -> Vec<String> {
    let own = plan.stages.iter().filter(|it| it.origin == Some(index));
    let names = own.flat_map(|it| &it.depends_on);
    let origins = names.filter_map(|name| plan.stages.iter().find(|it| it.name == *name)?.origin);
    let mut found: Vec<usize> = origins.filter(|it| *it != index).collect();
    found.sort_unstable();
    found.dedup();
    let around = (Kind::Pipeline, pipeline.header.ident.value.as_str());
    let stages = found.into_iter().filter_map(|it| pipeline.stages.get(it));
    stages.map(|it| reference(&[around, (Kind::Stage, &it.ident.value)])).collect()
}
