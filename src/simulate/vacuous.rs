//! What a test says that says nothing: given things that no run asked for, and expectations of what does not happen that hold
//! because nothing came so far.

mod undecided;

use super::clock::spoken;
use super::given::Given;
use super::names::Target;
use super::scenario::{Expectation, Of};
use super::system::System;
use super::timeline::{Run, Timeline};
use super::used::{Mishap, Use};
use super::words;
use crate::base::span::{Span, Spanned};
use crate::model::expr::Outcome;
use crate::model::project::{DottedPath, Test, TestGiven, TriggerKind};
use std::collections::BTreeSet;

/// Each with its place.
pub(super) fn notes(
    system: &System<'_>,
    test: &Test,
    (expected, timeline): (&[Expectation], &Timeline),
) -> Vec<(String, Span)> {
    let cx = Cx { system, expected, timeline };
    let mut found: Vec<(String, Span)> = test.given.iter().flat_map(|it| cx.given(it)).collect();
    let holding = expected.iter().filter(|it| is_negative(it));
    found.extend(holding.filter_map(|it| Some((cx.holds_anyway(it)?, it.span))));
    found
}

/// What is given and nothing asked for.
pub(super) fn unused(system: &System<'_>, given: &TestGiven, timeline: &Timeline) -> Vec<String> {
    let cx = Cx { system, expected: &[], timeline };
    cx.given(given).into_iter().map(|it| it.0).collect()
}

pub(super) fn is_negative(expected: &Expectation) -> bool {
    matches!(expected.word, "skips" | "never_deploys")
}

struct Cx<'s, 'a> {
    system: &'s System<'a>,
    expected: &'s [Expectation],
    timeline: &'s Timeline,
}

impl Cx<'_, '_> {
    fn given(&self, given: &TestGiven) -> Vec<(String, Span)> {
        match given {
            TestGiven::Approval { approval, .. } => {
                let name = &self.system.project.approvals[approval.value].header.ident.value;
                let text = format!("`{name}` is never asked, so its answer is not used");
                let used = self.is_used(&Use::Answer(approval.value.index()));
                (!used).then_some((text, approval.span)).into_iter().collect()
            }
            TestGiven::Variables(said) => {
                let unread = said.iter().filter(|(name, value)| {
                    let mut alone = Given::default();
                    let known = alone.say_variable(self.system, &name.value, &value.value).is_ok();
                    known && !alone.variables.into_keys().any(|it| self.is_used(&Use::Variable(it)))
                });
                unread.map(|it| (format!("nothing that runs reads `{}`", it.0.value), it.0.span)).collect()
            }
            TestGiven::Path { path, .. } => match self.system.find(&path.parts()) {
                Ok(target) => self.goes(given, path, &target),
                Err(_) => Vec::new(),
            },
        }
    }

    /// What is given of something in a pipeline.
    fn goes(&self, given: &TestGiven, path: &DottedPath, target: &Target) -> Vec<(String, Span)> {
        let TestGiven::Path { result, duration, cancel, outputs, .. } = given else { return Vec::new() };
        let name = path.parts().join(".");
        let mut found: Vec<(String, Span)> =
            self.cancel(target, &name, cancel.as_ref()).into_iter().collect();
        if result.is_none() && duration.is_none() && outputs.is_empty() {
            return found;
        }
        if !self.is_reached(target) {
            let text = format!("{}, so what is given of it is not used", self.how_far(target, &name));
            found.push((text, path.span));
            return found;
        }
        let mut alone = Given::default();
        if let Some(result) = result {
            let known = words::outcome(result.value).map(|it| alone.say_result(self.system, target, it));
            let used = alone.results.into_keys().any(|it| self.is_used(&Use::Course(it)));
            let text = format!("how `{name}` ends is not used: the runs that it waits for decide");
            found.extend((matches!(known, Ok(Ok(()))) && !used).then_some((text, result.span)));
        }
        let mut alone = Given::default();
        if let Some(duration) = duration {
            let known = alone.say_duration(self.system, target, duration.value).is_ok();
            let used = alone.durations.into_keys().any(|it| self.is_used(&Use::Course(it)));
            let text = format!("how long `{name}` takes is not used: the runs that it waits for decide");
            found.extend((known && !used).then_some((text, duration.span)));
        }
        found.extend(outputs.iter().filter(|it| self.is_unread(target, it)).map(|(output, _)| {
            (format!("nothing that runs reads `{}` of `{name}`", output.value), output.span)
        }));
        found
    }

    fn cancel(&self, target: &Target, name: &str, after: Option<&Spanned<u64>>) -> Option<(String, Span)> {
        let after = after.filter(|_| !self.is_used(&Use::Cancel(target.pipeline)))?;
        let text = match self.runs(target.pipeline).next() {
            None => format!("`{name}` never starts, so nobody cancels it"),
            Some(_) => format!(
                "`{name}` has ended when somebody cancels it, {} after its start",
                spoken(after.value)
            ),
        };
        Some((text, after.span))
    }

    fn is_unread(&self, target: &Target, (output, value): &(Spanned<String>, Spanned<String>)) -> bool {
        let mut alone = Given::default();
        let known = alone.say_output(self.system, target, (&output.value, &value.value)).is_ok();
        known && !alone.outputs.into_keys().any(|(key, name)| self.is_used(&Use::Output(key, name)))
    }

    fn is_used(&self, what: &Use) -> bool {
        self.timeline.used.contains(what)
    }

    fn runs(&self, pipeline: usize) -> impl Iterator<Item = (usize, &Run)> {
        self.timeline.runs.iter().enumerate().filter(move |it| it.1.index == pipeline && !it.1.assumed)
    }

    /// Whether something of it began.
    fn is_reached(&self, target: &Target) -> bool {
        let keys = self.system.keys(target).into_iter().chain(self.system.deciding(target));
        let mut keys = keys.collect::<BTreeSet<_>>().into_iter();
        keys.any(|key| {
            let waits = || {
                self.system.waits_for_runs(key)
                    && self.runs(key.pipeline).any(|(_, it)| {
                        it.stages[key.stage].jobs[key.job].1.is_none_or(|it| it != Outcome::Skipped)
                            && it.stages[key.stage].started.is_some()
                    })
            };
            self.is_used(&Use::Course(key)) || waits()
        })
    }

    fn how_far(&self, target: &Target, name: &str) -> String {
        let pipeline = self.system.name(target.pipeline);
        let began = |it: (usize, &Run)| {
            let mut own = it.1.stages.iter().filter(|it| it.origin == target.stage && !it.gate);
            own.any(|it| it.started.is_some())
        };
        match (self.runs(target.pipeline).next(), target.stage) {
            (None, Some(_)) => format!("`{name}` never runs, as `{pipeline}` never starts"),
            (None, None) => format!("`{name}` never starts"),
            (Some(_), Some(_)) if target.step.is_none() && self.runs(target.pipeline).any(began) => {
                format!("the first step of `{name}` never runs")
            }
            (Some(_), _) => format!("`{name}` never runs"),
        }
    }

    /// Why an expectation of what does not happen says nothing.
    fn holds_anyway(&self, expected: &Expectation) -> Option<String> {
        match &expected.of {
            Of::Environment(name) => self.never_deploys(name),
            Of::Target(target) if target.stage.is_none() => self.never_starts(target.pipeline),
            Of::Target(target) => self.skips(target, &expected.name),
        }
    }

    fn never_starts(&self, pipeline: usize) -> Option<String> {
        let name = self.system.name(pipeline);
        if self.runs(pipeline).next().is_some() {
            return None;
        }
        if let Some((before, why)) = self.mishap_upstream(pipeline, &mut BTreeSet::new()) {
            return Some(format!(
                "`{name}` does not start because `{before}` goes wrong, which nothing given says: {why}"
            ));
        }
        if let Some(note) = self.may_start(pipeline) {
            return Some(note);
        }
        (self.nothing_started() && !self.is_decided(pipeline, &mut BTreeSet::new()))
            .then(|| format!("nothing starts at all, and no trigger of `{name}` looks at what happens"))
    }

    fn skips(&self, target: &Target, name: &str) -> Option<String> {
        let pipeline = self.system.name(target.pipeline);
        if self.runs(target.pipeline).next().is_none() {
            if let Some(note) = self.may_start(target.pipeline) {
                return Some(note);
            }
            let said = self.expects_no_run(|it| it == target.pipeline);
            return (!said).then(|| {
                format!("`{name}` cannot run because no `{pipeline}` starts; if that is meant, `expect skips [{pipeline}]` says it")
            });
        }
        let stages = self.planned(target.pipeline, |it| it.plan.origin == target.stage);
        if let Some(note) = self.undecided(&stages) {
            return Some(note);
        }
        let (before, why) = self.held_back(&stages)?;
        Some(format!(
            "`{name}` is not reached because `{before}` goes wrong before it, which nothing given says: {why}"
        ))
    }

    fn never_deploys(&self, environment: &str) -> Option<String> {
        let project = self.system.project;
        let is_it = |it: &super::system::Job<'_>| {
            it.environment.is_some_and(|it| project.environments[it].header.ident.value == environment)
        };
        let all = (0..self.system.pipelines.len())
            .flat_map(|it| self.planned(it, |stage| stage.jobs.iter().any(is_it)))
            .collect::<Vec<_>>();
        if all.is_empty() {
            return Some(format!("no job ever deploys to `{environment}`, whatever happens"));
        }
        if self.nothing_started() {
            let said = self.expects_no_run(|_| true);
            return (!said).then(|| {
                "nothing starts at all; if that is meant, `expect skips [PIPELINE]` says it".to_owned()
            });
        }
        if let Some(note) = self.undecided(&all) {
            return Some(note);
        }
        let ran = |it: &&(usize, usize)| self.runs(it.0).next().is_some();
        let reached: Vec<(usize, usize)> = all.iter().filter(ran).copied().collect();
        if reached.is_empty() {
            let mishaps: Option<Vec<_>> =
                all.iter().map(|it| self.mishap_upstream(it.0, &mut BTreeSet::new())).collect();
            let (before, why) = mishaps?.into_iter().next()?;
            return Some(format!(
                "nothing comes so far because `{before}` goes wrong, which nothing given says: {why}"
            ));
        }
        let (before, why) = self.held_back(&reached)?;
        Some(format!("nothing comes so far because `{before}` goes wrong, which nothing given says: {why}"))
    }

    /// Pipeline and stage, by index in the plan.
    fn planned(
        &self,
        pipeline: usize,
        is_it: impl Fn(&super::system::Stage<'_>) -> bool,
    ) -> Vec<(usize, usize)> {
        let stages = self.system.pipelines[pipeline].stages.iter().enumerate();
        stages.filter(|it| is_it(it.1)).map(|it| (pipeline, it.0)).collect()
    }

    /// The stage that went wrong before all of these in every run, though nothing says so.
    fn held_back(&self, stages: &[(usize, usize)]) -> Option<(String, String)> {
        let mut first = None;
        for (pipeline, stage) in stages {
            for (index, run) in self.runs(*pipeline) {
                let told = &run.stages[*stage];
                if told.gate {
                    continue;
                }
                let before = &self.system.pipelines[*pipeline].stages[*stage].before;
                let mishap = self.mishaps(index).find(|it| before.contains(&it.stage));
                let skipped = told.started.is_none() && told.result == Some(Outcome::Skipped);
                let mishap = mishap.filter(|_| skipped)?;
                first.get_or_insert((self.place(*pipeline, mishap), mishap.why.clone()));
            }
        }
        first
    }

    fn place(&self, pipeline: usize, mishap: &Mishap) -> String {
        let stage = &self.system.pipelines[pipeline].stages[mishap.stage].plan.name;
        format!("{}.{stage}", self.system.name(pipeline))
    }

    /// What went wrong in a run, but for what the test expects to fail.
    fn mishaps(&self, run: usize) -> impl Iterator<Item = &Mishap> {
        self.timeline.mishaps.iter().filter(move |it| it.run == run).filter(|it| {
            let pipeline = self.timeline.runs[it.run].index;
            let origin = self.system.pipelines[pipeline].stages[it.stage].plan.origin;
            let mut fails = self.expected.iter().filter(|it| it.word == "fails");
            !fails.any(|it| match &it.of {
                Of::Target(it) => it.pipeline == pipeline && it.stage.is_none_or(|it| Some(it) == origin),
                Of::Environment(_) => false,
            })
        })
    }

    fn nothing_started(&self) -> bool {
        self.timeline.runs.iter().all(|it| it.assumed)
    }

    fn expects_no_run(&self, of: impl Fn(usize) -> bool) -> bool {
        self.expected.iter().any(|it| match &it.of {
            Of::Target(target) => it.word == "skips" && target.stage.is_none() && of(target.pipeline),
            Of::Environment(_) => false,
        })
    }

    /// The pipelines whose ends may start it.
    fn upstream(&self, pipeline: usize) -> impl Iterator<Item = usize> {
        self.system.pipelines[pipeline].source.active_triggers().filter_map(|it| match &it.kind {
            TriggerKind::After { pipeline, .. } => Some(self.system.index_of(pipeline.value)),
            _ => None,
        })
    }

    /// A trigger of it, or of what leads to it, looked at what happened.
    fn is_decided(&self, pipeline: usize, seen: &mut BTreeSet<usize>) -> bool {
        let refused = self.timeline.idle.iter().any(|it| it.pipeline == pipeline && it.refused);
        refused || (seen.insert(pipeline) && self.upstream(pipeline).any(|it| self.is_decided(it, seen)))
    }

    fn mishap_upstream(&self, pipeline: usize, seen: &mut BTreeSet<usize>) -> Option<(String, String)> {
        if !seen.insert(pipeline) {
            return None;
        }
        self.upstream(pipeline).find_map(|before| {
            let of_run = self.runs(before).find_map(|(index, run)| {
                let bad = run.result.is_some_and(|it| it != Outcome::Succeeded);
                let mishap = self.mishaps(index).next().filter(|_| bad)?;
                Some((self.place(before, mishap), mishap.why.clone()))
            });
            match self.runs(before).next() {
                Some(_) => of_run,
                None => self.mishap_upstream(before, seen),
            }
        })
    }
}
