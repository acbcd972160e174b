//! Stages of a run: when they start, why they do not, how they end.

use super::engine::{Engine, Where, mark_of};
use super::eval::At;
use super::event::result_word;
use super::filter;
use super::run::{State, together};
use crate::model::expr::Outcome;
use crate::plan::term::{Function, Term};
use crate::target::run_variable;

impl Engine<'_> {
    /// Looks at the first stage that nothing holds back; false where there is none.
    pub(super) fn next_stage(&mut self, run: usize) -> bool {
        let stages = &self.system.pipelines[self.runs[run].pipeline].stages;
        let states = &self.runs[run].stages;
        let ready = stages.iter().enumerate().position(|(index, it)| {
            let free = it.depends_on.iter().all(|it| states[*it].state.result().is_some());
            states[index].state == State::Pending && !it.plan.manual && free
        });
        let Some(stage) = ready else { return false };
        let at = At::Stage { run, stage };
        if self.eval(&stages[stage].plan.condition, at).holds() {
            let canceled = self.runs[run].canceled;
            let state = &mut self.runs[run].stages[stage];
            state.late = canceled;
            state.state = State::Checked;
            state.started = self.now;
            self.out.runs[run].stages[stage].started = Some(self.now);
            self.ask(run, stage);
        } else {
            let why = self.why_not(&stages[stage].plan.condition, at);
            self.end_stage(run, stage, Outcome::Skipped, &why);
        }
        true
    }

    pub(super) fn run_stage(&mut self, run: usize, stage: usize) {
        self.runs[run].stages[stage].state = State::Running;
        let prepared = &self.system.pipelines[self.runs[run].pipeline].stages[stage];
        if !prepared.gates.is_empty() || !prepared.locks.is_empty() || !self.asks_only(run, stage) {
            let name = &prepared.plan.name;
            self.tell(
                Some(Where { run, stage: Some(name) }),
                super::timeline::Mark::Starts,
                "starts".to_owned(),
                None,
            );
        }
        self.next_jobs(run, stage);
    }

    /// A stage that was put before another one, to ask.
    fn asks_only(&self, run: usize, stage: usize) -> bool {
        self.out.runs[run].stages[stage].gate
    }

    /// `text` says why, where it was skipped or refused.
    pub(super) fn end_stage(&mut self, run: usize, stage: usize, result: Outcome, text: &str) {
        self.runs[run].stages[stage].state = State::Done(result);
        let told = &mut self.out.runs[run].stages[stage];
        told.result = Some(result);
        told.ended = Some(self.now);
        let name = &self.system.pipelines[self.runs[run].pipeline].stages[stage].plan.name;
        let place = Some(self.system.pipelines[self.runs[run].pipeline].stages[stage].plan.source);
        let place = place.filter(|_| !super::run::went_well(result));
        self.tell(Some(Where { run, stage: Some(name) }), mark_of(result), text.to_owned(), place);
        self.release(run, stage);
        self.follow(run, Some(stage));
        self.at(0, super::engine::Due::Advance(run));
    }

    /// All its jobs have ended.
    pub(super) fn stage_is_through(&mut self, run: usize, stage: usize) {
        let result = together(self.runs[run].stages[stage].jobs.iter().filter_map(|it| it.state.result()));
        let took = self.since(self.runs[run].stages[stage].started);
        let text = match result {
            Outcome::Skipped => "all its jobs are skipped".to_owned(),
            _ => format!("{} after {took}", result_word(result)),
        };
        self.end_stage(run, stage, result, &text);
    }

    /// Which part of a condition does not hold, for people.
    pub(super) fn why_not(&self, condition: &Term, at: At) -> String {
        let parts = match condition {
            Term::Call(Function::And, parts) => parts.as_slice(),
            one => std::slice::from_ref(one),
        };
        let failing = parts.iter().find(|it| !self.eval(it, at).holds());
        match failing {
            Some(Term::Call(Function::Succeeded, _)) => self.blame(at),
            Some(Term::Bool(false)) => "it is switched off".to_owned(),
            Some(term) => format!("its condition does not hold: {}", self.reading(term, at)),
            None => "its condition does not hold".to_owned(),
        }
    }

    fn blame(&self, at: At) -> String {
        let culprits = self.culprits(at);
        match culprits.first() {
            Some((name, result)) => format!("`{name}` {}", result_word(*result)),
            None => "the run was cancelled".to_owned(),
        }
    }

    /// The values that a term reads: `fit.registered` is `false`.
    fn reading(&self, term: &Term, at: At) -> String {
        let mut read = Vec::new();
        self.reads(term, at, &mut read);
        if read.is_empty() {
            return match term {
                Term::Call(Function::Not, inner) => match inner.first() {
                    Some(Term::Call(Function::Or | Function::Failed | Function::Canceled, _)) => {
                        self.blame(at)
                    }
                    _ => "it asks for another end of what is before it".to_owned(),
                },
                Term::Call(Function::Failed, _) => "nothing before it failed".to_owned(),
                Term::Call(Function::Canceled, _) => "the run was not cancelled".to_owned(),
                _ => "it asks for another end of what is before it".to_owned(),
            };
        }
        read.dedup();
        read.join(", ")
    }

    fn reads(&self, term: &Term, at: At, found: &mut Vec<String>) {
        let name = match term {
            Term::Variable(name) => return found.push(self.fact_is(name, &self.eval(term, at).to_text())),
            Term::Parameter { name, .. } => format!("params.{name}"),
            Term::Output(output) => {
                let stage = output.producer.stage.as_ref().map(|it| format!("{it}.")).unwrap_or_default();
                format!("{stage}{}.{}", output.step, output.variable)
            }
            Term::Result(producer) => {
                let names = producer.stage.iter().chain(&producer.job);
                format!("the result of {}", names.cloned().collect::<Vec<_>>().join("."))
            }
            Term::Call(_, arguments) => {
                for argument in arguments {
                    self.reads(argument, at, found);
                }
                return;
            }
            Term::Bool(_) | Term::Number(_) | Term::Text(_) => return,
        };
        found.push(is(&name, &self.eval(term, at).to_text()));
    }

    /// A variable as the language calls it.
    fn fact_is(&self, name: &str, value: &str) -> String {
        match name {
            "System.PullRequest.SourceBranch" => is("run.pull_request.source", filter::bare(value)),
            "System.PullRequest.TargetBranch" => is("run.pull_request.target", filter::bare(value)),
            "Build.SourceBranch" => match value.strip_prefix("refs/tags/") {
                Some(tag) => is("run.tag", tag),
                None => is("run.branch", filter::bare(value)),
            },
            "Build.Reason" => is("run.reason", reason(value)),
            _ if let Some(fact) = run_variable::fact(name) => is(fact, value),
            _ => {
                let mut members = self.system.project.variables.values().flat_map(|it| it.members.values());
                let known = members.find(|it| it.name.eq_ignore_ascii_case(name));
                is(&known.map_or_else(|| name.to_owned(), |it| format!("vars.{}", it.ident.value)), value)
            }
        }
    }
}

fn is(name: &str, value: &str) -> String {
    let value = if value.is_empty() { "empty".to_owned() } else { format!("`{value}`") };
    format!("{name} is {value}")
}

/// As conditions name it; what Azure DevOps says besides stays as it is.
fn reason(value: &str) -> &str {
    match value {
        "Manual" => "manual",
        "IndividualCI" | "BatchedCI" => "push",
        "PullRequest" => "pull_request",
        "Schedule" => "schedule",
        "ResourceTrigger" => "resource",
        other => other,
    }
}
