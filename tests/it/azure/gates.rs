//! What stands before a stage: permissions, checks of what it uses, exclusive locks.

use super::document::{Body, Pipeline, Variable};
use super::engine::Engine;
use super::node::Read;
use super::setup::{Check, Organization};
use super::timeline::{Ended, Wait};
use super::triggers::Filter;
use super::world::{Decision, Gate};
use std::collections::{BTreeMap, BTreeSet};

impl Organization {
    /// That every pipeline it waits for is there, with the stages it names.
    pub fn check_sources(&self, pipeline: &Pipeline) -> Read<()> {
        for source in &pipeline.sources {
            let Some(found) = self.pipelines.iter().find(|it| it.is(&source.source)) else {
                return Err(format!("{}: there is no pipeline `{}`", pipeline.file, source.source));
            };
            let stages = found.body["stages"].as_array().into_iter().flatten();
            let stages: Vec<&str> = stages.filter_map(|it| it["stage"].as_str()).collect();
            let named = source.trigger.iter().flat_map(|it| &it.stages);
            if let Some(stage) = named.into_iter().find(|it| !stages.contains(&it.as_str())) {
                return Err(format!("{}: `{}` has no stage `{stage}`", pipeline.file, source.source));
            }
        }
        Ok(())
    }

    /// That everything it uses is there, and that it may use it.
    pub fn check_uses(&self, pipeline: &Pipeline, body: &Body) -> Read<()> {
        let mut used = BTreeSet::new();
        let stages = body.stages.iter().flat_map(|it| &it.variables);
        let jobs = body.stages.iter().flat_map(|it| &it.jobs).flat_map(|it| &it.variables);
        for variable in body.variables.iter().chain(stages).chain(jobs) {
            if let Variable::Group(group) = variable {
                if !self.groups.contains_key(group) {
                    return Err(format!("{}: there is no variable group `{group}`", pipeline.file));
                }
                used.insert(format!("variablegroup {group}"));
            }
        }
        for stage in &body.stages {
            for environment in stage.environments() {
                if !self.environments.contains(environment) {
                    return Err(format!("{}: there is no environment `{environment}`", pipeline.file));
                }
                used.insert(format!("environment {environment}"));
            }
            used.extend(stage.connections().into_iter().map(|it| format!("endpoint {it}")));
        }
        used.extend(pipeline.repositories.iter().map(|it| format!("repository {}", it.name)));
        let refused = |it: &&String| self.permitted.get(*it).is_none_or(|it| !it.contains(&pipeline.path));
        match used.iter().find(refused) {
            Some(what) => Err(format!("{}: it has no permission for {what}", pipeline.file)),
            None => Ok(()),
        }
    }
}

impl Pipeline {
    /// Runs that nobody starts by hand take the defaults.
    pub fn check_parameters(&self, given: &BTreeMap<String, String>) -> Read<()> {
        for parameter in &self.parameters {
            let value = given.get(&parameter.name).or(parameter.default.as_ref());
            let Some(value) = value else {
                return Err(format!("{}: parameter `{}` has no value", self.file, parameter.name));
            };
            if !parameter.values.is_empty() && !parameter.values.contains(value) {
                return Err(format!("{}: `{value}` is no value of `{}`", self.file, parameter.name));
            }
        }
        match given.keys().find(|it| !self.parameters.iter().any(|own| own.name == **it)) {
            Some(other) => Err(format!("{}: there is no parameter `{other}`", self.file)),
            None => Ok(()),
        }
    }
}

impl Engine<'_, '_> {
    /// Asks everything that a stage uses: branches first, then people.
    pub fn ask(&mut self, now: u64, run: usize, stage: usize) -> Read<()> {
        let live = &self.runs[run];
        let text = &live.body.stages[stage];
        let (pipeline, name) = (live.definition.stem(), text.name.clone());
        let checks: Vec<(String, Check)> = self.checks(run, stage);
        let refused = checks.iter().find(|(_, check)| match check {
            Check::Branches(allowed) => self.branches(run).iter().any(|it| !allows(allowed, it)),
            Check::Approval { .. } | Check::Lock => false,
        });
        if let Some((on, _)) = refused {
            let wait =
                Wait { what: format!("branch control of {on}"), from: now, until: now, granted: false };
            self.end_stage(now, run, stage, (Ended::Failed, now, vec![wait]));
            return Ok(());
        }
        let mut asked: Vec<(String, u64)> = Vec::new();
        if text.manual {
            asked.push(("manual stage".to_owned(), u64::MAX));
        }
        asked.extend(checks.into_iter().filter_map(|(on, check)| match check {
            Check::Approval { timeout } => Some((on, timeout)),
            Check::Branches(_) | Check::Lock => None,
        }));
        let mut waits = Vec::new();
        let mut worst = (Ended::Succeeded, now);
        for (what, timeout) in asked {
            let gate = Gate { pipeline, stage: &name, what: &what };
            let answer = self.world.decide(&gate);
            let (ended, after) = match answer {
                Decision::Approve(after) if after <= timeout => (Ended::Succeeded, after),
                Decision::Reject(after) if after <= timeout => (Ended::Failed, after),
                _ => (Ended::Skipped, if timeout == u64::MAX { 0 } else { timeout }),
            };
            waits.push(Wait { what, from: now, until: now + after, granted: ended == Ended::Succeeded });
            worst = match (worst, (ended, now + after)) {
                ((Ended::Succeeded, old), (Ended::Succeeded, new)) => (Ended::Succeeded, old.max(new)),
                (old @ (Ended::Failed | Ended::Skipped, _), new)
                    if old.1 <= new.1 || new.0 == Ended::Succeeded =>
                {
                    old
                }
                (_, new) => new,
            };
        }
        match worst {
            (Ended::Succeeded, at) => self.grant(at, run, stage, waits),
            (ended, at) => self.end_stage(now, run, stage, (ended, at, waits)),
        }
        Ok(())
    }

    /// The checks of what a stage uses, each with the resource it hangs on.
    fn checks(&self, run: usize, stage: usize) -> Vec<(String, Check)> {
        let stage = &self.runs[run].body.stages[stage];
        let environments = stage.environments().into_iter().map(|it| format!("environment {it}"));
        let connections = stage.connections().into_iter().map(|it| format!("endpoint {it}"));
        let used: BTreeSet<String> = environments.chain(connections).collect();
        let checks = &self.system.organization.checks;
        let all = used.into_iter().flat_map(|on| {
            let found = checks.get(&on).into_iter().flatten().cloned();
            found.map(move |it| (on.clone(), it))
        });
        all.collect()
    }

    /// What it locks, and whether those that come later wait in order.
    pub fn lock_of(&self, run: usize, stage: usize) -> (Vec<String>, bool) {
        let locks = self.checks(run, stage).into_iter().filter(|it| matches!(it.1, Check::Lock));
        let mut keys: Vec<String> = locks.map(|it| it.0).collect();
        let live = &self.runs[run];
        let text = &live.body.stages[stage];
        if text.lock.is_some() {
            keys.push(format!("stage {} of {}", text.name, live.definition.path));
        }
        (keys, text.lock.as_deref() == Some("sequential"))
    }
}

fn allows(allowed: &[String], branch: &str) -> bool {
    allowed.iter().any(|it| Filter::only(it).takes(branch))
}

#[derive(Default)]
pub struct Locks {
    held: Vec<((usize, usize), Vec<String>)>,
    waiting: Vec<Waiting>,
}

pub struct Waiting {
    /// Run and stage.
    pub who: (usize, usize),
    pub since: u64,
    pub waits: Vec<Wait>,
    keys: Vec<String>,
}

impl Locks {
    /// Somebody comes; those that it pushes away come back. Where the newest goes first, older ones that wait give up.
    pub fn arrives(
        &mut self,
        since: u64,
        who: (usize, usize),
        (keys, in_order): (Vec<String>, bool),
        waits: Vec<Wait>,
    ) -> Vec<Waiting> {
        let shares = |it: &Waiting| it.keys.iter().any(|key| keys.contains(key)) && it.who.0 != who.0;
        let (gone, stay) =
            std::mem::take(&mut self.waiting).into_iter().partition(|it| !in_order && shares(it));
        self.waiting = stay;
        self.waiting.push(Waiting { who, since, waits, keys });
        gone
    }

    /// The first of those that wait whom nobody hinders; it holds its locks from now on.
    pub fn next(&mut self) -> Option<Waiting> {
        let free =
            |it: &Waiting| !self.held.iter().any(|held| held.1.iter().any(|key| it.keys.contains(key)));
        let index = self.waiting.iter().position(free)?;
        let next = self.waiting.remove(index);
        self.held.push((next.who, next.keys.clone()));
        Some(next)
    }

    pub fn release(&mut self, who: (usize, usize)) {
        self.held.retain(|it| it.0 != who);
    }
}
