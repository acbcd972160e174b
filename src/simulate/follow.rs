//! Completion triggers: what starts when a run, or stages of it, went well.

use super::engine::Engine;
use super::event::result_word;
use super::filter::{self, listed};
use super::run::{Start, State};
use crate::base::span::Span;
use crate::model::expr::Outcome;
use crate::model::project::TriggerKind;
use crate::plan::Completion;

impl Engine<'_> {
    /// After a stage (by index), or after the run.
    pub(super) fn follow(&mut self, run: usize, stage: Option<usize>) {
        let system = self.system;
        let source = system.plan.pipelines[self.runs[run].pipeline].id;
        for (index, pipeline) in system.pipelines.iter().enumerate() {
            for (number, resource) in pipeline.plan.sources.iter().enumerate() {
                let Some(trigger) = resource.trigger.as_ref().filter(|_| resource.id == source) else {
                    continue;
                };
                if self.runs[run].followed.contains(&(index, number)) {
                    continue;
                }
                let place = self.place_of(index, run);
                match self.fires(run, stage, trigger) {
                    None => {}
                    Some(Err(why)) => {
                        self.refused.insert((index, place), why);
                    }
                    Some(Ok(())) => {
                        self.runs[run].followed.insert((index, number));
                        let cause = format!(
                            "after `{}` #{}",
                            system.name(self.runs[run].pipeline),
                            self.runs[run].number
                        );
                        let start = self.started_by(run, &resource.alias, index);
                        self.start(index, start, &cause, Some(place));
                    }
                }
            }
        }
    }

    /// Where the trigger is written.
    fn place_of(&self, pipeline: usize, run: usize) -> Span {
        let source = self.system.plan.pipelines[self.runs[run].pipeline].id;
        let triggers = &self.system.pipelines[pipeline].source.triggers;
        let mut after = triggers.iter().filter(|it| it.enabled).filter(|it| match &it.kind {
            TriggerKind::After { pipeline, .. } => pipeline.value == source,
            _ => false,
        });
        after.next().map_or(Span::default(), |it| it.span)
    }

    /// In the same repository a run of the same branch and commit is started.
    fn started_by(&self, run: usize, alias: &str, pipeline: usize) -> Start {
        let own = self.runs[run].start.own.clone();
        Start {
            reason: "ResourceTrigger",
            reference: own.clone(),
            own,
            source: Some((alias.to_owned(), run)),
            params: self.defaults(pipeline),
            ..Start::default()
        }
    }

    /// `None`: it is not decided yet.
    fn fires(&self, run: usize, stage: Option<usize>, trigger: &Completion) -> Option<Result<(), String>> {
        let name = self.system.name(self.runs[run].pipeline);
        let ended = match (trigger.stages.is_empty(), stage) {
            (true, Some(_)) => return None,
            (true, None) => self.run_succeeded(run),
            (false, _) => match self.stages_succeeded(run, trigger) {
                Err(_) if stage.is_some() => return None,
                Ok(()) if stage.is_some_and(|it| !self.is_asked_for(run, it, trigger)) => return None,
                ended => ended,
            },
        };
        let late = stage.is_none() && !trigger.stages.is_empty() && !self.runs[run].assumed;
        Some(ended.and_then(|()| {
            filter::names(&trigger.branches, &self.runs[run].start.own, "branch")
                .map_err(|it| format!("`{name}` ran for {}", it.replacen("` is ", "`, which is ", 1)))?;
            let missing: Vec<&str> = trigger
                .tags
                .iter()
                .filter(|it| !self.runs[run].tags.contains(*it))
                .map(String::as_str)
                .collect();
            if missing.is_empty() && late {
                Err(format!("the run of `{name}` had no tag {} when its stages ended", listed(tags(trigger))))
            } else if missing.is_empty() {
                Ok(())
            } else {
                Err(format!("the run of `{name}` has no tag {}", listed(missing)))
            }
        }))
    }

    /// Azure DevOps looks when one of the stages that are named has ended.
    fn is_asked_for(&self, run: usize, stage: usize, trigger: &Completion) -> bool {
        let stage = &self.system.pipelines[self.runs[run].pipeline].stages[stage];
        trigger.stages.contains(&stage.plan.name)
    }

    fn run_succeeded(&self, run: usize) -> Result<(), String> {
        let name = self.system.name(self.runs[run].pipeline);
        match self.runs[run].result {
            Some(Outcome::Succeeded) => Ok(()),
            Some(Outcome::SucceededWithIssues) => {
                Err(format!("`{name}` succeeded with issues; Azure DevOps goes on after full success only"))
            }
            Some(result) => Err(format!("`{name}` {}", result_word(result))),
            None => Err(format!("`{name}` has not ended")),
        }
    }

    fn stages_succeeded(&self, run: usize, trigger: &Completion) -> Result<(), String> {
        if self.runs[run].assumed {
            return self.run_succeeded(run);
        }
        let pipeline = &self.system.pipelines[self.runs[run].pipeline];
        for name in &trigger.stages {
            let Some(stage) = pipeline.by_name.get(name.as_str()) else { continue };
            match self.runs[run].stages[*stage].state {
                State::Done(Outcome::Succeeded) => {}
                State::Done(result) => return Err(format!("its stage `{name}` {}", result_word(result))),
                State::Pending | State::Checked | State::Locked | State::Running => {
                    return Err(format!("its stage `{name}` has not ended"));
                }
            }
        }
        Ok(())
    }
}

fn tags(trigger: &Completion) -> impl Iterator<Item = &str> {
    trigger.tags.iter().map(String::as_str)
}
