//! Runs side by side on one clock: what happens next is what is next in time, and then in order of its making.

use super::conditions::{Here, Place};
use super::document::{Body, Pipeline, Variable};
use super::events::Event;
use super::gates::Locks;
use super::node::Read;
use super::setup::Organization;
use super::system::System;
use super::timeline::{Ended, Run, StageRun, Timeline, Wait};
use super::triggers::Source;
use super::variables::Variables;
use super::world::World;
use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

/// More runs than that after one event are a chain that feeds itself.
const MOST_RUNS: usize = 200;

/// Ids of runs that were before the event.
pub const PAST: u64 = 900;

/// A run that is to begin.
#[derive(Clone, Default)]
pub struct Start {
    pub pipeline: usize,
    pub reason: String,
    /// Of its own repository.
    pub branch: String,
    /// `Build.SourceBranch`: of the repository that triggered.
    pub source_branch: String,
    pub parameters: BTreeMap<String, String>,
    pub variables: Vec<(String, String)>,
    /// Alias and branch of the other repository whose push started it.
    pub pushed: Option<(String, String)>,
    /// Alias and id of the run that completed.
    pub after: Option<(String, u64)>,
}

impl Start {
    pub fn on(reason: &str, branch: &str) -> Start {
        let (branch, reason) = (branch.to_owned(), reason.to_owned());
        Start { source_branch: branch.clone(), branch, reason, ..Start::default() }
    }
}

/// A run that goes on.
pub struct Live<'s> {
    pub definition: &'s Pipeline,
    pub body: Rc<Body>,
    pub variables: Variables,
    pub canceled: bool,
    /// It was when the stage began whose jobs run now: they run because of its condition.
    pub late: bool,
    pub run: Run,
    /// Tags of the run, each with the second at which it got it.
    pub tagged: Vec<(u64, String)>,
    start: Start,
    begun: BTreeSet<String>,
}

impl Live<'_> {
    fn done(&self) -> bool {
        self.run.stages.len() == self.body.stages.len()
    }
}

enum Happening {
    Begins(Start),
    /// Run and stage whose approvals are granted.
    Granted(usize, usize, Vec<Wait>),
    Ended(usize, StageRun),
}

pub struct Engine<'s, 'w> {
    pub system: &'s System,
    pub world: &'w mut dyn World,
    agenda: BTreeMap<(u64, u64), Happening>,
    count: u64,
    pub runs: Vec<Live<'s>>,
    locks: Locks,
}

impl System {
    /// Everything that follows from an event, until nothing goes on.
    pub fn event(&self, event: &Event, world: &mut dyn World) -> Read<Timeline> {
        let (starts, not_started) = self.started(event)?;
        let mut engine = Engine {
            system: self,
            world,
            agenda: BTreeMap::new(),
            count: 0,
            runs: Vec::new(),
            locks: Locks::default(),
        };
        for start in starts {
            engine.plan(0, Happening::Begins(start));
        }
        while let Some(((now, _), happening)) = engine.agenda.pop_first() {
            engine.happens(now, happening)?;
        }
        let runs = engine.runs.into_iter().map(|it| it.run).collect();
        Ok(Timeline { runs, not_started })
    }
}

impl Engine<'_, '_> {
    fn plan(&mut self, at: u64, happening: Happening) {
        self.count += 1;
        self.agenda.insert((at, self.count), happening);
    }

    fn happens(&mut self, now: u64, happening: Happening) -> Read<()> {
        match happening {
            Happening::Begins(start) => self.begin(now, &start),
            Happening::Granted(run, stage, waits) => self.granted(now, run, stage, waits),
            Happening::Ended(run, stage) => self.stage_ended(now, run, stage),
        }
    }

    fn begin(&mut self, now: u64, start: &Start) -> Read<()> {
        if self.runs.len() >= MOST_RUNS {
            return Err(format!("more than {MOST_RUNS} runs: a chain that feeds itself"));
        }
        let definition = &self.system.organization.pipelines[start.pipeline];
        definition.check_parameters(&start.parameters)?;
        let body = match &self.system.bodies[start.pipeline] {
            Some(body) => Rc::clone(body),
            None => Rc::new(definition.body(&start.parameters)?),
        };
        let run = Run {
            id: 1000 + self.runs.len() as u64,
            pipeline: definition.stem().to_owned(),
            reason: start.reason.clone(),
            branch: start.branch.clone(),
            started: now,
            ended: now,
            result: Ended::Succeeded,
            stages: Vec::new(),
            tags: BTreeSet::new(),
            artifacts: BTreeSet::new(),
            notes: BTreeSet::new(),
        };
        let variables = self.variables_of_run(definition, &body, start, run.id)?;
        let begun = BTreeSet::new();
        self.runs.push(Live {
            definition,
            body,
            variables,
            canceled: false,
            late: false,
            run,
            tagged: Vec::new(),
            start: start.clone(),
            begun,
        });
        self.advance(now, self.runs.len() - 1)
    }

    /// Begins, or skips, the stages whose dependencies have ended.
    fn advance(&mut self, now: u64, run: usize) -> Read<()> {
        loop {
            let live = &self.runs[run];
            let ended = |name: &String| live.run.stages.iter().any(|it| it.name == *name);
            let ready = |it: &super::document::Stage| {
                !live.begun.contains(&it.name) && it.depends_on.iter().all(ended)
            };
            let Some(stage) = live.body.stages.iter().position(ready) else { break };
            let text = &live.body.stages[stage];
            let mut variables = live.variables.clone();
            self.system.organization.add_variables(
                &text.variables,
                &mut variables,
                |it| Ok(it.to_owned()),
            )?;
            let notes = RefCell::default();
            let place = Place::Stage(text);
            let here = Here { live, variables: &variables, place, notes: &notes };
            let runs = here.holds(text.condition.as_deref())?;
            let name = text.name.clone();
            self.runs[run].run.notes.append(&mut notes.into_inner());
            self.runs[run].begun.insert(name);
            if runs {
                self.ask(now, run, stage);
            } else {
                let skipped = self.without_jobs(now, run, stage, (Ended::Skipped, now, Vec::new()));
                self.runs[run].run.stages.push(skipped);
            }
        }
        self.finish_if_done(now, run);
        Ok(())
    }

    /// Plans the end of a stage without any job: its result, when, and what it waited for.
    pub fn end_stage(&mut self, now: u64, run: usize, stage: usize, end: (Ended, u64, Vec<Wait>)) {
        let stage = self.without_jobs(now, run, stage, end);
        self.plan(stage.ended, Happening::Ended(run, stage));
    }

    fn without_jobs(
        &self,
        started: u64,
        run: usize,
        stage: usize,
        (result, ended, waits): (Ended, u64, Vec<Wait>),
    ) -> StageRun {
        let name = self.runs[run].body.stages[stage].name.clone();
        StageRun { name, result, started, ended, waits, jobs: Vec::new() }
    }

    pub fn grant(&mut self, at: u64, run: usize, stage: usize, waits: Vec<Wait>) {
        self.plan(at, Happening::Granted(run, stage, waits));
    }

    /// Nothing but locks stands before the stage.
    fn granted(&mut self, now: u64, run: usize, stage: usize, waits: Vec<Wait>) -> Read<()> {
        for other in self.locks.arrives(now, (run, stage), self.lock_of(run, stage), waits) {
            let (run, stage) = other.who;
            self.runs[run].canceled = true;
            self.end_stage(now, run, stage, (Ended::Canceled, now, other.waits));
        }
        self.enter(now)
    }

    /// Lets in whom the locks let in.
    fn enter(&mut self, now: u64) -> Read<()> {
        while let Some(next) = self.locks.next() {
            let (run, stage) = next.who;
            let mut waits = next.waits;
            if next.since < now {
                waits.push(Wait { what: "lock".to_owned(), from: next.since, until: now, granted: true });
            }
            let done = self.run_stage(now, (run, stage), waits)?;
            self.plan(done.ended, Happening::Ended(run, done));
        }
        Ok(())
    }

    fn stage_ended(&mut self, now: u64, run: usize, stage: StageRun) -> Read<()> {
        let name = stage.name.clone();
        let position = self.runs[run].body.stages.iter().position(|it| it.name == name);
        self.locks.release((run, position.expect("it is a stage of this run")));
        self.runs[run].run.stages.push(stage);
        self.follow(now, run, Some(&name));
        self.advance(now, run)?;
        self.enter(now)
    }

    fn finish_if_done(&mut self, now: u64, run: usize) {
        let live = &mut self.runs[run];
        if live.done() {
            let results = live.run.stages.iter().map(|it| it.result);
            live.run.result = match Ended::of(results) {
                _ if live.canceled => Ended::Canceled,
                Ended::Skipped => Ended::Succeeded,
                other => other,
            };
            live.run.ended = now;
            self.follow(now, run, None);
        }
    }

    /// Starts what waits for this run, or for one of its stages.
    fn follow(&mut self, now: u64, run: usize, stage: Option<&str>) {
        let live = &self.runs[run];
        let good = |name: &String| {
            live.run.stages.iter().any(|it| it.name == *name && it.result == Ended::Succeeded)
        };
        let tagged = |tag: &String| live.tagged.iter().any(|it| it.0 <= now && it.1 == *tag);
        let mut starts = Vec::new();
        for (index, pipeline) in self.system.organization.pipelines.iter().enumerate() {
            for source in pipeline.sources.iter().filter(|it| live.definition.is(&it.of)) {
                let Some(trigger) = &source.trigger else { continue };
                let fires = match stage {
                    Some(stage) => {
                        trigger.stages.iter().any(|it| it == stage) && trigger.stages.iter().all(good)
                    }
                    None => trigger.stages.is_empty() && live.run.result == Ended::Succeeded,
                };
                let branch = trigger.branches.as_ref().is_none_or(|it| it.takes(&live.run.branch));
                if fires && branch && trigger.tags.iter().all(tagged) {
                    let same = pipeline.repository == live.definition.repository;
                    let branch = if same { &live.run.branch } else { &pipeline.default_branch };
                    let after = Some((source.alias.clone(), live.run.id));
                    let start = Start::on("ResourceTrigger", branch);
                    starts.push(Start { pipeline: index, after, ..start });
                }
            }
        }
        for start in starts {
            self.plan(now, Happening::Begins(start));
        }
    }

    /// The branch of the run that it takes: the one that started it, or the last good one. Those of the past are of a good one.
    fn source_branch(&self, live: &Live<'_>, source: &Source) -> Option<&str> {
        let id = live.start.after.as_ref().filter(|it| it.0 == source.alias).map(|it| it.1);
        let taken = |it: &&Live<'_>| match id {
            Some(id) => it.run.id == id,
            None => it.definition.is(&source.of) && it.done() && it.run.result.good(),
        };
        self.runs.iter().rfind(taken).map(|it| it.run.branch.as_str())
    }

    /// The branches that a branch control looks at: its own, and those of all it uses.
    pub fn branches(&self, run: usize) -> Vec<&str> {
        let live = &self.runs[run];
        let repositories = live.definition.repositories.iter().map(|it| match &live.start.pushed {
            Some((alias, branch)) if *alias == it.alias => branch.as_str(),
            _ => it.branch.as_str(),
        });
        let sources = live.definition.sources.iter().filter_map(|it| self.source_branch(live, it));
        std::iter::once(live.run.branch.as_str()).chain(repositories).chain(sources).collect()
    }
}

impl Organization {
    /// Adds the variables of a level; `value` works out what is written.
    pub fn add_variables(
        &self,
        written: &[Variable],
        to: &mut Variables,
        value: impl Fn(&str) -> Read<String>,
    ) -> Read<()> {
        for variable in written {
            match variable {
                Variable::Named(name, text) => to.set(name, &value(text)?, false),
                Variable::Group(group) => {
                    let variables = self
                        .groups
                        .get(group)
                        .ok_or_else(|| format!("there is no variable group {group}"))?;
                    for (name, secret) in variables {
                        to.set(name, &format!("value-of-{name}"), *secret);
                    }
                }
            }
        }
        Ok(())
    }
}
