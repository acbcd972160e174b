//! What happens if: a system runs through events on a virtual clock, without anything running. In: the project, its
//! plan, events, and what is given about how things go. Out: a timeline. It walks the plan and knows nothing of the
//! YAML that is made from it. The same scenario always gives the same timeline.
//!
//! What it takes from Azure DevOps, with its sources, stands in `docs/simulate.md`.

mod assume;
pub mod clock;
pub mod coverage;
mod engine;
mod eval;
pub mod event;
mod filter;
mod follow;
mod gate;
pub mod given;
mod job;
pub mod json;
mod lock;
pub mod names;
pub mod occasions;
pub mod pages;
pub mod prove;
mod queue;
mod refusal;
mod run;
pub mod say;
pub mod scenario;
pub mod show;
mod stage;
mod start;
mod step;
mod system;
pub mod timeline;
pub mod unused;
pub mod used;
mod vacuous;
mod value;
pub mod verdict;
pub mod words;

pub use clock::Moment;
pub use event::Event;
pub use given::Given;
pub use system::System;
pub use timeline::Timeline;

/// Thirty days: longer than any check waits.
pub const MONTH: u64 = 30 * 24 * 3600;

#[derive(Clone, Debug)]
pub struct Scenario {
    /// Each with the seconds after which it happens; in order.
    pub events: Vec<(u64, Event)>,
    pub given: Given,
    /// Seconds after which nothing is looked at any more.
    pub until: u64,
    /// When the first event happens, where that is said.
    pub start: Option<Moment>,
    /// Only its pipeline is started, and nothing is looked at any more once it ran or its pipeline has ended without it.
    pub goal: Option<Goal>,
}

/// A job, by index in the plan.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Goal {
    pub pipeline: usize,
    pub stage: usize,
    pub job: usize,
}

impl Scenario {
    pub fn of(event: Event) -> Scenario {
        Scenario {
            events: vec![(0, event)],
            given: Given::default(),
            until: 2 * MONTH,
            start: None,
            goal: None,
        }
    }

    /// When it begins: what is said, else when its clock strikes, else a Monday morning.
    pub fn clock(&self) -> Moment {
        let strikes = self.events.iter().find_map(|(after, it)| match it {
            Event::Schedule { at, .. } => i64::try_from(after / 60).ok().map(|it| Moment(at.0 - it)),
            _ => None,
        });
        self.start.or(strikes).unwrap_or_default()
    }
}

pub fn run(system: &System<'_>, scenario: &Scenario) -> Timeline {
    engine::simulate(system, scenario)
}
