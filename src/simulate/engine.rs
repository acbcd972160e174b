//! The virtual clock: what is due, in the order of time; of equals, what was made due first.

use super::clock::spoken;
use super::event::{Event, Reference, behind, result_word};
use super::given::Given;
use super::run::{Leg, Run, Spot, Stage, Start, State, together};
use super::system::System;
use super::timeline::{self, Delivery, Entry, Mark, Timeline};
use super::used::{Use, Used};
use super::{Scenario, run};
use crate::base::span::Span;
use crate::model::expr::Outcome;
use crate::model::project::{Trigger, TriggerKind};
use std::cell::RefCell;
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, BinaryHeap};

/// Runs of one simulation at most: a chain that starts itself has no end.
const MOST_RUNS: usize = 500;
/// Steps of the clock at most.
const MOST_TICKS: usize = 200_000;

pub(super) struct Engine<'a> {
    pub system: &'a System<'a>,
    pub given: &'a Given,
    pub scenario: &'a Scenario,
    pub now: u64,
    ticks: u64,
    due: BinaryHeap<Reverse<(u64, u64, Due)>>,
    pub runs: Vec<Run>,
    /// Who holds a lock, by its name.
    pub held: BTreeMap<String, (usize, usize)>,
    /// Stages that wait for locks, by run and stage, oldest first.
    pub queue: Vec<(usize, usize)>,
    /// Pipelines of which a batched run waits until the one before has ended, with what would start it.
    pub batched: BTreeMap<(usize, String), (Start, String, Span)>,
    pub assumed: RefCell<BTreeMap<String, String>>,
    pub used: RefCell<Used>,
    /// Why a trigger did not fire, by pipeline (index in the plan) and place.
    pub refused: BTreeMap<(usize, Span), String>,
    pub out: Timeline,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Due {
    Event(usize),
    Step(Spot, usize),
    JobTimeout(Spot),
    /// The agent of a cancelled job is stopped.
    Kill(Spot),
    Gate {
        run: usize,
        stage: usize,
        gate: usize,
        passed: Option<bool>,
    },
    Cancel(usize),
    /// A run may go on.
    Advance(usize),
}

/// What a run, or a stage in it, says.
#[derive(Clone, Copy)]
pub(super) struct Where<'n> {
    pub run: usize,
    pub stage: Option<&'n str>,
}

pub(super) fn simulate(system: &System<'_>, scenario: &Scenario) -> Timeline {
    let mut engine = Engine {
        system,
        given: &scenario.given,
        scenario,
        now: 0,
        ticks: 0,
        due: BinaryHeap::new(),
        runs: Vec::new(),
        held: BTreeMap::new(),
        queue: Vec::new(),
        batched: BTreeMap::new(),
        assumed: RefCell::default(),
        used: RefCell::default(),
        refused: BTreeMap::new(),
        out: Timeline { clock: scenario.clock(), ..Timeline::default() },
    };
    for (index, (after, _)) in scenario.events.iter().enumerate() {
        engine.at(*after, Due::Event(index));
    }
    engine.go();
    engine.finish()
}

impl Engine<'_> {
    pub(super) fn at(&mut self, after: u64, due: Due) {
        self.ticks += 1;
        self.due.push(Reverse((self.now.saturating_add(after), self.ticks, due)));
    }

    fn go(&mut self) {
        let mut ticks = 0;
        while !self.is_settled()
            && let Some(Reverse((at, _, due))) = self.due.pop()
        {
            ticks += 1;
            if at > self.scenario.until || ticks > MOST_TICKS {
                self.now = self.scenario.until.min(at);
                self.out.cut = Some(self.now).filter(|_| self.runs.iter().any(|it| it.result.is_none()));
                break;
            }
            self.now = at;
            match due {
                Due::Event(index) => self.happens(index),
                Due::Step(spot, step) => self.step_ends(spot, step),
                Due::JobTimeout(spot) => self.job_takes_too_long(spot),
                Due::Kill(spot) => self.kill(spot),
                Due::Gate { run, stage, gate, passed } => self.gate_answers((run, stage, gate), passed),
                Due::Cancel(run) => {
                    if self.runs[run].result.is_none() {
                        self.uses(Use::Cancel(self.runs[run].pipeline));
                    }
                    self.cancel(run, "somebody cancels it");
                }
                Due::Advance(run) => self.advance(run),
            }
        }
    }

    /// Whether the goal is reached, or no run is left that may reach it.
    fn is_settled(&self) -> bool {
        let Some(goal) = self.scenario.goal else { return false };
        let mut runs = self.runs.iter().filter(|it| it.pipeline == goal.pipeline && !it.assumed);
        self.out.reached(goal) || (runs.clone().next().is_some() && runs.all(|it| it.result.is_some()))
    }

    fn happens(&mut self, index: usize) {
        let event = &self.scenario.events[index].1;
        let unheard = if self.is_unheard(event) { ", which no trigger waits for" } else { "" };
        self.tell(None, Mark::Event, event.spoken(self.system.project) + unheard, None);
        if let Event::Completion { pipeline, branch, tags, result } = event {
            let branch = branch.as_deref().unwrap_or(self.system.home_branch());
            let own = Reference::named(branch).whole();
            let start = Start { reason: "Manual", reference: own.clone(), own, ..Start::default() };
            let run = self.assume_run(self.system.index_of(*pipeline), start);
            self.runs[run].tags.extend(tags.iter().cloned());
            self.runs[run].result = Some(*result);
            self.out.runs[run].result = Some(*result);
            self.out.runs[run].ended = Some(self.now);
            self.follow(run, None);
            return;
        }
        match self.scenario.goal {
            Some(goal) => self.offer(goal.pipeline, event),
            None => (0..self.system.pipelines.len()).for_each(|it| self.offer(it, event)),
        }
    }

    /// An image of a repository that no trigger names: nobody writes down all repositories, so that is no mistake.
    fn is_unheard(&self, event: &Event) -> bool {
        let Event::Image { registry, repository, .. } = event else { return false };
        let mut triggers = self.system.pipelines.iter().flat_map(|it| it.source.active_triggers());
        !triggers.any(|it| match &it.kind {
            TriggerKind::Image(it) => it.registry.value == *registry && it.repository.value == *repository,
            _ => false,
        })
    }

    pub(super) fn tell(&mut self, at: Option<Where<'_>>, mark: Mark, text: String, place: Option<Span>) {
        self.out.entries.push(Entry {
            at: self.now,
            run: at.map(|it| it.run),
            stage: at.and_then(|it| it.stage).map(str::to_owned),
            mark,
            text,
            place,
        });
    }

    fn assume_run(&mut self, pipeline: usize, start: Start) -> usize {
        self.new_run(pipeline, start, "assumed", true)
    }

    fn new_run(&mut self, pipeline: usize, start: Start, cause: &str, assumed: bool) -> usize {
        let system = self.system;
        let prepared = &system.pipelines[pipeline];
        let number = self.runs.len() + 1;
        let stages = prepared.stages.iter().map(|stage| Stage {
            state: State::Pending,
            started: 0,
            late: false,
            gate: 0,
            jobs: stage.jobs.iter().map(|it| job(it.plan)).collect(),
        });
        let told = prepared.stages.iter().map(|it| timeline::Stage {
            name: it.plan.name.clone(),
            origin: it.plan.origin,
            gate: it.source.is_some_and(|source| source.ident.value != it.plan.name),
            started: None,
            ended: None,
            result: None,
            jobs: it.plan.jobs.iter().map(|it| (it.name.clone(), None)).collect(),
            waited: Vec::new(),
        });
        self.out.runs.push(timeline::Run {
            pipeline: self.system.name(pipeline).to_owned(),
            index: pipeline,
            number,
            cause: cause.to_owned(),
            branch: start.own.clone(),
            started: self.now,
            ended: None,
            result: None,
            stages: told.collect(),
            assumed,
        });
        let stages = if assumed { Vec::new() } else { stages.collect() };
        self.runs.push(Run {
            pipeline,
            number,
            start,
            tags: BTreeSet::new(),
            stages,
            canceled: false,
            result: None,
            awaited: None,
            followed: BTreeSet::new(),
            assumed,
        });
        self.runs.len() - 1
    }

    /// A new run; `None` where there are too many.
    pub(super) fn start(
        &mut self,
        pipeline: usize,
        start: Start,
        cause: &str,
        place: Option<Span>,
    ) -> Option<usize> {
        if self.runs.len() >= MOST_RUNS {
            self.out.cut = Some(self.now);
            return None;
        }
        let first = !self.runs.iter().any(|it| it.pipeline == pipeline && !it.assumed);
        let run = self.new_run(pipeline, start, cause, false);
        self.tell(Some(Where { run, stage: None }), Mark::Starts, cause.to_owned(), place);
        if let Some(after) = self.given.cancels.get(&pipeline).filter(|_| first) {
            self.at(*after, Due::Cancel(run));
        }
        self.at(0, Due::Advance(run));
        Some(run)
    }

    /// Goes on with whatever can go on in a run, and ends it where nothing is left.
    pub(super) fn advance(&mut self, run: usize) {
        if self.runs[run].result.is_some() {
            return;
        }
        while self.next_stage(run) {}
        let stages = &self.system.pipelines[self.runs[run].pipeline].stages;
        let open = self.runs[run].stages.iter().zip(stages);
        let open = open.filter(|(it, of)| it.state.result().is_none() && !of.plan.manual);
        if open.count() == 0 {
            self.end(run);
        }
    }

    fn end(&mut self, run: usize) {
        let ended = together(self.runs[run].stages.iter().filter_map(|it| it.state.result()));
        let result = match ended {
            _ if self.runs[run].canceled => Outcome::Canceled,
            // A run has no result for that: it is green.
            Outcome::Skipped => Outcome::Succeeded,
            ended => ended,
        };
        self.runs[run].result = Some(result);
        let told = &mut self.out.runs[run];
        told.ended = Some(self.now);
        told.result = Some(result);
        let text = format!("{}{}", result_word(result), behind(self.now - told.started));
        self.tell(Some(Where { run, stage: None }), mark_of(result), text, None);
        self.follow(run, None);
        self.release_batch(run);
        if let Some(spot) = self.runs[run].awaited {
            self.awaited_run_ends(spot, run, result);
        }
    }

    /// The run that waited behind a batch.
    fn release_batch(&mut self, run: usize) {
        let key = (self.runs[run].pipeline, self.runs[run].start.reference.clone());
        if let Some((start, cause, place)) = self.batched.remove(&key) {
            self.start(key.0, start, &cause, Some(place));
        }
    }

    pub(super) fn cancel(&mut self, run: usize, why: &str) {
        if self.runs[run].result.is_some() {
            return;
        }
        self.runs[run].canceled = true;
        self.tell(Some(Where { run, stage: None }), Mark::Cancels, why.to_owned(), None);
        self.stop_stages(run);
        self.advance(run);
    }

    /// Of a run that is cancelled.
    pub(super) fn stop_stages(&mut self, run: usize) {
        for stage in 0..self.runs[run].stages.len() {
            match self.runs[run].stages[stage].state {
                State::Checked | State::Locked => self.end_stage(run, stage, Outcome::Canceled, "cancelled"),
                State::Running => self.stop_jobs(run, stage),
                State::Pending | State::Done(_) => {}
            }
        }
    }

    fn finish(mut self) -> Timeline {
        self.out.assumed = self.assumed.take().into_iter().collect();
        self.out.used = self.used.take();
        if self.scenario.goal.is_some() {
            return self.out;
        }
        for (index, pipeline) in self.system.pipelines.iter().enumerate() {
            if self.runs.iter().any(|it| it.pipeline == index) {
                continue;
            }
            let reasons = pipeline.source.triggers.iter().map(|trigger| {
                let said =
                    self.refused.get(&(index, trigger.span)).cloned().or_else(|| self.still_runs(trigger));
                let reason = said.unwrap_or_else(|| super::start::waits_for(self.system.project, trigger));
                (reason, trigger.span)
            });
            self.out.idle.push(timeline::Idle {
                pipeline: index,
                name: self.system.name(index).to_owned(),
                reasons: reasons.collect(),
                refused: self.refused.keys().any(|it| it.0 == index),
            });
        }
        self.out
    }

    /// The pipeline that a trigger waits for runs when nothing more is looked at.
    fn still_runs(&self, trigger: &Trigger) -> Option<String> {
        let TriggerKind::After { pipeline, .. } = &trigger.kind else { return None };
        let source = self.system.index_of(pipeline.value);
        let open = self.runs.iter().any(|it| it.pipeline == source && it.result.is_none());
        (trigger.enabled && open)
            .then(|| format!("`{}` had not ended by {}", self.system.name(source), spoken(self.now)))
    }

    pub(super) fn deliver(&mut self, delivery: Delivery) {
        self.out.deliveries.push(delivery);
    }

    pub(super) fn since(&self, started: u64) -> String {
        spoken(self.now - started)
    }
}

fn job(plan: &crate::plan::Job) -> run::Job {
    let legs = plan.settings.matrix.as_ref().map_or(1, |it| it.legs.len().max(1));
    run::Job { state: State::Pending, started: 0, legs: (0..legs).map(|_| Leg::default()).collect() }
}

pub(super) fn mark_of(result: Outcome) -> Mark {
    match result {
        Outcome::Succeeded => Mark::Succeeds,
        Outcome::SucceededWithIssues => Mark::Issues,
        Outcome::Failed => Mark::Fails,
        Outcome::Canceled => Mark::Cancels,
        Outcome::Skipped => Mark::Skips,
    }
}
