//! A world where nothing runs: outcomes by rules, the last one that fits.

use super::timeline::Ended;
use super::world::{Call, Decision, Gate, Outcome, World};
use std::collections::BTreeMap;

type Rule = Box<dyn Fn(&Call) -> Option<Outcome>>;

/// Everything succeeds and everybody agrees, until rules say otherwise.
#[derive(Default)]
pub struct Scripted {
    rules: Vec<Rule>,
    decisions: BTreeMap<String, Decision>,
    /// Steps that ran, as `PIPELINE/STAGE/TITLE`, and gates that were asked, as `PIPELINE/STAGE? WHAT`.
    pub log: Vec<String>,
}

impl Scripted {
    pub fn new() -> Scripted {
        Scripted::default()
    }

    /// A rule for steps that are called so, by name or title.
    pub fn step(self, called: &str, outcome: impl Fn() -> Outcome + 'static) -> Scripted {
        let called = called.to_owned();
        self.rule(move |it| (it.name() == called || it.step.title == called).then(&outcome))
    }

    pub fn fails(self, called: &str) -> Scripted {
        self.step(called, || Outcome::ended(Ended::Failed))
    }

    pub fn rule(mut self, rule: impl Fn(&Call) -> Option<Outcome> + 'static) -> Scripted {
        self.rules.push(Box::new(rule));
        self
    }

    /// What people answer at a stage, `PIPELINE/STAGE`.
    pub fn answer(mut self, stage: &str, decision: Decision) -> Scripted {
        self.decisions.insert(stage.to_owned(), decision);
        self
    }
}

impl World for Scripted {
    fn step(&mut self, call: &Call) -> Outcome {
        self.log.push(format!("{}/{}/{}", call.pipeline, call.stage, call.step.title));
        self.rules.iter().rev().find_map(|it| it(call)).unwrap_or_else(Outcome::good)
    }

    fn decide(&mut self, gate: &Gate) -> Decision {
        let place = format!("{}/{}", gate.pipeline, gate.stage);
        self.log.push(format!("{place}? {}", gate.what));
        self.decisions.get(&place).copied().unwrap_or(Decision::Approve(60))
    }
}
