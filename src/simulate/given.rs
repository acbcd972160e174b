//! What a simulation takes for granted, and what somebody says instead.

use crate::base::arena::Id;
use crate::model::expr::Outcome;
use crate::model::project::Approval;
use std::collections::BTreeMap;

/// A step of the plan: pipeline, stage, job and step by index.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct StepKey {
    pub pipeline: usize,
    pub stage: usize,
    pub job: usize,
    pub step: usize,
}

/// What is said; everything else goes well: steps succeed, decisions are in favour, approvals are granted.
#[derive(Clone, Debug, Default)]
pub struct Given {
    pub results: BTreeMap<StepKey, Outcome>,
    /// By step and variable.
    pub outputs: BTreeMap<(StepKey, String), String>,
    /// Seconds.
    pub durations: BTreeMap<StepKey, u64>,
    pub answers: BTreeMap<usize, Answer>,
    /// Variables of groups, by name in Azure DevOps.
    pub variables: BTreeMap<String, String>,
    /// Somebody cancels the first run of a pipeline (index in the plan), so many seconds after it started.
    pub cancels: BTreeMap<usize, u64>,
    pub pace: Pace,
}

/// What people say when they are asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Answer {
    pub verdict: Verdict,
    /// Seconds after they were asked; `None`: as the pace says.
    pub after: Option<u64>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    Grant,
    Reject,
    /// Nobody answers, until the time is over.
    Silent,
}

/// How long things take of which nothing is said, in seconds.
#[derive(Clone, Copy, Debug)]
pub struct Pace {
    /// A script or task.
    pub step: u64,
    /// A run in Azure ML that something waits for.
    pub ml: u64,
    /// Until people answer.
    pub answer: u64,
}

impl Default for Pace {
    fn default() -> Pace {
        Pace { step: 60, ml: 3600, answer: 3600 }
    }
}

impl Given {
    pub fn answer(&self, approval: Id<Approval>) -> Answer {
        let granted = Answer { verdict: Verdict::Grant, after: None };
        self.answers.get(&approval.index()).copied().unwrap_or(granted)
    }
}
