//! A run of a pipeline while it is simulated.

use crate::base::arena::Id;
use crate::model::expr::Outcome;
use crate::model::project::Repository;
use std::collections::{BTreeMap, BTreeSet};

/// Why and of what a run starts.
#[derive(Clone, Debug, Default)]
pub(super) struct Start {
    /// `Build.Reason`
    pub reason: &'static str,
    /// `Build.SourceBranch`: of what started it.
    pub reference: String,
    /// The reference of `self` whose YAML runs.
    pub own: String,
    pub schedule: Option<String>,
    /// Source and target of the pull request.
    pub pull_request: Option<(String, String)>,
    pub params: BTreeMap<String, String>,
    /// The run that started it, by what it is called.
    pub source: Option<(String, usize)>,
    /// The image that started it, by what it is called, and its tag.
    pub image: Option<(String, String)>,
    pub changed: Option<Vec<String>>,
    /// The other repository whose push started it.
    pub pushed: Option<Id<Repository>>,
    /// Its trigger says `batch`.
    pub batch: bool,
}

#[derive(Debug)]
pub(super) struct Run {
    /// Index in the plan.
    pub pipeline: usize,
    /// From 1, in the order in which runs start.
    pub number: usize,
    pub start: Start,
    pub tags: BTreeSet<String>,
    pub stages: Vec<Stage>,
    pub canceled: bool,
    pub result: Option<Outcome>,
    /// The step that waits for its end.
    pub awaited: Option<Spot>,
    /// Completion triggers that asked for stages and were answered.
    pub followed: BTreeSet<(usize, usize)>,
    /// Nothing of it is looked at but its end.
    pub assumed: bool,
}

/// A copy of a job in a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Spot {
    pub run: usize,
    pub stage: usize,
    pub job: usize,
    pub leg: usize,
}

#[derive(Debug)]
pub(super) struct Stage {
    pub state: State,
    pub started: u64,
    /// It began although the run was cancelled before: its jobs are not held back by that.
    pub late: bool,
    /// Index of the gate that is asked.
    pub gate: usize,
    pub jobs: Vec<Job>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum State {
    Pending,
    /// Asks what guards it.
    Checked,
    /// Wants a lock that others hold.
    Locked,
    Running,
    Done(Outcome),
}

#[derive(Debug)]
pub(super) struct Job {
    pub state: State,
    pub started: u64,
    pub legs: Vec<Leg>,
}

/// How a step goes.
#[derive(Clone, Copy, Debug)]
pub(super) struct Course {
    /// In seconds of the simulation.
    pub ends: u64,
    pub result: Outcome,
    /// Its own timeout ends it before its end.
    pub cut: bool,
}

#[derive(Debug, Default)]
#[expect(clippy::struct_excessive_bools, reason = "each is a state of its own")]
pub(super) struct Leg {
    pub done: Option<Outcome>,
    /// The step that runs, and how it will end.
    pub running: Option<(usize, Course)>,
    /// The next step to look at.
    pub next: usize,
    pub failed: bool,
    pub issues: bool,
    /// It was cancelled, or took too long.
    pub stopped: bool,
    /// When its agent is stopped, once it was cancelled.
    pub killed: Option<u64>,
    /// Steps that went so far that their outputs are set.
    pub ran: BTreeSet<usize>,
    /// Outputs that steps took from elsewhere.
    pub variables: BTreeMap<String, String>,
    /// Runs that its `queue` step waits for.
    pub waits: BTreeSet<usize>,
    pub waited_badly: bool,
}

impl State {
    pub fn result(self) -> Option<Outcome> {
        match self {
            State::Done(result) => Some(result),
            State::Pending | State::Checked | State::Locked | State::Running => None,
        }
    }
}

impl Leg {
    /// How the job stands: what conditions of steps see.
    pub fn status(&self) -> Outcome {
        if self.stopped {
            Outcome::Canceled
        } else if self.failed {
            Outcome::Failed
        } else if self.issues {
            Outcome::SucceededWithIssues
        } else {
            Outcome::Succeeded
        }
    }
}

/// The worst of several; what was skipped says nothing beside others.
pub(super) fn together(results: impl Iterator<Item = Outcome>) -> Outcome {
    let rank = |it: &Outcome| match it {
        Outcome::Skipped => 0,
        Outcome::Succeeded => 1,
        Outcome::SucceededWithIssues => 2,
        Outcome::Canceled => 3,
        Outcome::Failed => 4,
    };
    results.max_by_key(rank).unwrap_or(Outcome::Succeeded)
}

pub(super) fn went_well(result: Outcome) -> bool {
    matches!(result, Outcome::Succeeded | Outcome::SucceededWithIssues)
}
