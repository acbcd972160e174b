//! What a simulation used of what is given, and what went wrong in it though nothing given says so.

use super::engine::Engine;
use super::given::StepKey;
use super::run::Spot;
use super::system::{Role, Step};
use crate::model::expr::Outcome;
use crate::model::steps::Kind;
use crate::plan::{Part, StepBody};
use std::collections::BTreeSet;

/// Something that was asked for.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Use {
    /// How a step ends and how long it takes.
    Course(StepKey),
    /// A variable that a step sets.
    Output(StepKey, String),
    /// What people say to an approval, by index.
    Answer(usize),
    /// A variable of a group, by its name in Azure DevOps.
    Variable(String),
    /// The end of a run that somebody cancels, by pipeline.
    Cancel(usize),
}

pub type Used = BTreeSet<Use>;

/// A stage that did not end well, which nothing given says.
#[derive(Debug)]
pub struct Mishap {
    /// By index in the timeline.
    pub run: usize,
    /// By index in the plan.
    pub stage: usize,
    pub why: String,
}

impl Engine<'_> {
    pub(super) fn uses(&self, what: Use) {
        self.used.borrow_mut().insert(what);
    }

    /// Given values that reach a step through its environment or inputs.
    pub(super) fn reaches(&self, spot: Spot, step: &Step<'_>) {
        if self.given.outputs.is_empty() && self.given.variables.is_empty() {
            return;
        }
        let inputs = match &step.plan.body {
            StepBody::Task { inputs, .. } => inputs.as_slice(),
            _ => &[],
        };
        // That a script gets a value says nothing about what the simulation takes for granted.
        let assumed = self.assumed.borrow().clone();
        let parts = step.plan.env.iter().chain(inputs).flat_map(|it| &it.1);
        for name in parts.filter_map(|it| if let Part::Variable(name) = it { Some(name) } else { None }) {
            self.variable(name, super::eval::At::Step(spot));
        }
        self.assumed.replace(assumed);
    }

    pub(super) fn mishap(&mut self, run: usize, stage: usize, why: String) {
        self.out.mishaps.push(Mishap { run, stage, why });
    }

    /// A step that failed, unless something says that it does.
    pub(super) fn mishap_of_step(
        &mut self,
        (spot, index): (Spot, usize),
        (step, result): (&Step<'_>, Outcome),
        why: Option<&str>,
    ) {
        let key = self.key(spot, index);
        let forgiven = step.plan.continue_on_error || super::run::went_well(result);
        let answered = match step.role {
            Role::Ask(approval) => self.given.answers.contains_key(&approval.index()),
            Role::Queue => step.source.is_some_and(|it| matches!(&it.kind, Kind::Queue(it) if it.wait)),
            Role::Instant | Role::Work | Role::Wait(_) | Role::Ml => false,
        };
        let said =
            answered || self.given.results.contains_key(&key) || self.given.durations.contains_key(&key);
        if !forgiven && !said {
            let text = why.map_or_else(|| format!("`{}` failed", step.plan.title), str::to_owned);
            self.mishap(spot.run, spot.stage, text);
        }
    }

    /// The runs that a step waited for ended badly: that is a mishap if theirs was one.
    pub(super) fn hands_on_mishap(&mut self, spot: Spot, awaited: usize) {
        let bad = self.runs[awaited].result.is_some_and(|it| !super::run::went_well(it));
        let of_it = self.out.mishaps.iter().find(|it| it.run == awaited).map(|it| it.why.clone());
        if let Some(why) = of_it.filter(|_| bad) {
            self.mishap(spot.run, spot.stage, why);
        }
    }
}
