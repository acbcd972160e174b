//! What happened in a simulation: plain data, in the order of time.

use super::Goal;
use super::clock::Moment;
use super::given::StepKey;
use super::used::{Mishap, Used};
use crate::base::span::Span;
use crate::model::expr::Outcome;

#[derive(Debug, Default)]
pub struct Timeline {
    /// When the first event happened.
    pub clock: Moment,
    pub entries: Vec<Entry>,
    pub runs: Vec<Run>,
    /// Pipelines of which no run started.
    pub idle: Vec<Idle>,
    /// What jobs did to environments.
    pub deliveries: Vec<Delivery>,
    /// Values nobody gave and something read: path and value.
    pub assumed: Vec<(String, String)>,
    /// What of the given was asked for.
    pub used: Used,
    pub mishaps: Vec<Mishap>,
    /// What people said, wherever they were asked.
    pub answers: Vec<Answered>,
    /// It was cut off, so many seconds after the first event.
    pub cut: Option<u64>,
}

impl Timeline {
    /// Whether the job ran, however it ended.
    pub fn reached(&self, goal: Goal) -> bool {
        let mut runs = self.runs.iter().filter(|it| it.index == goal.pipeline && !it.assumed);
        runs.any(|it| {
            let job = it.stages.get(goal.stage).and_then(|it| it.jobs.get(goal.job));
            job.and_then(|it| it.1).is_some_and(|it| it != Outcome::Skipped)
        })
    }
}

/// A line of it.
#[derive(Debug)]
pub struct Entry {
    /// Seconds after the first event.
    pub at: u64,
    /// By index in [`Timeline::runs`].
    pub run: Option<usize>,
    pub stage: Option<String>,
    pub mark: Mark,
    pub text: String,
    pub place: Option<Span>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mark {
    Event,
    Starts,
    Does,
    Waits,
    Succeeds,
    Issues,
    Fails,
    Cancels,
    Skips,
}

impl Mark {
    /// As JSON names it.
    pub fn word(self) -> &'static str {
        match self {
            Mark::Event => "event",
            Mark::Starts => "starts",
            Mark::Does => "does",
            Mark::Waits => "waits",
            Mark::Succeeds => "succeeds",
            Mark::Issues => "issues",
            Mark::Fails => "fails",
            Mark::Cancels => "cancels",
            Mark::Skips => "skips",
        }
    }
}

#[derive(Debug)]
pub struct Run {
    /// The identifier of the pipeline.
    pub pipeline: String,
    /// Index in the plan.
    pub index: usize,
    pub number: usize,
    pub cause: String,
    /// The reference of `self` whose YAML runs: `refs/heads/main`.
    pub branch: String,
    pub started: u64,
    /// `None`: it still runs when the simulation ends.
    pub ended: Option<u64>,
    pub result: Option<Outcome>,
    pub stages: Vec<Stage>,
    /// Nothing of it is simulated but its end.
    pub assumed: bool,
}

#[derive(Debug)]
pub struct Stage {
    pub name: String,
    /// Index of the stage in the source; none of a stage made for the whole pipeline.
    pub origin: Option<usize>,
    pub gate: bool,
    pub started: Option<u64>,
    pub ended: Option<u64>,
    pub result: Option<Outcome>,
    pub jobs: Vec<(String, Option<Outcome>)>,
    /// It waited for people, hours or a lock: for what.
    pub waited: Vec<String>,
}

#[derive(Debug)]
pub struct Idle {
    /// Index in the plan.
    pub pipeline: usize,
    pub name: String,
    /// Why each trigger did not fire.
    pub reasons: Vec<(String, Span)>,
    /// One of them looked at something that happened, and refused.
    pub refused: bool,
}

/// An approval came to its end.
#[derive(Debug)]
pub struct Answered {
    pub asks: Asks,
    /// `None`: nobody answered in time.
    pub agreed: Option<bool>,
}

/// A place where people are asked, by index in the plan.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Asks {
    /// A check of an environment: pipeline, stage, gate.
    Gate(usize, usize, usize),
    /// A step that waits for them.
    Step(StepKey),
}

#[derive(Debug)]
pub struct Delivery {
    pub at: u64,
    pub run: usize,
    pub stage: String,
    /// The identifier of the environment.
    pub environment: String,
    pub result: Option<Outcome>,
}
