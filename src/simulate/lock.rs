//! Exclusive locks of environments and stages: one run at a time.

use super::engine::{Engine, Where};
use super::run::State;
use super::timeline::Mark;
use crate::model::expr::Outcome;
use crate::model::project::Lock;

impl Engine<'_> {
    pub(super) fn want_locks(&mut self, run: usize, stage: usize) {
        let prepared = &self.system.pipelines[self.runs[run].pipeline].stages[stage];
        if prepared.locks.is_empty() {
            return self.run_stage(run, stage);
        }
        self.runs[run].stages[stage].state = State::Locked;
        if prepared.behavior == Lock::Latest {
            self.drop_older(run, stage);
        }
        self.queue.push((run, stage));
        self.hand_out();
        if self.queue.contains(&(run, stage)) {
            let name = &self.system.pipelines[self.runs[run].pipeline].stages[stage].plan.name;
            let (lock, holder) = self.blocked_by(run, stage);
            let text = format!("waits for the lock of `{lock}`, which {holder} holds");
            self.tell(Some(Where { run, stage: Some(name) }), Mark::Waits, text, None);
            self.waited(run, stage, format!("lock {lock}"));
        }
    }

    /// Of those that wait for the same lock, only the latest goes on.
    fn drop_older(&mut self, run: usize, stage: usize) {
        let wanted = self.locks(run, stage).to_vec();
        let shares = |it: &(usize, usize)| self.locks(it.0, it.1).iter().any(|it| wanted.contains(it));
        let older: Vec<(usize, usize)> =
            self.queue.iter().copied().filter(|it| it.0 != run && shares(it)).collect();
        for (run, stage) in older {
            self.queue.retain(|it| *it != (run, stage));
            self.runs[run].canceled = true;
            self.mishap(run, stage, "a newer run takes its place".to_owned());
            self.end_stage(run, stage, Outcome::Canceled, "a newer run takes its place at the lock");
            self.stop_stages(run);
        }
    }

    fn locks(&self, run: usize, stage: usize) -> &[String] {
        &self.system.pipelines[self.runs[run].pipeline].stages[stage].locks
    }

    fn blocked_by(&self, run: usize, stage: usize) -> (String, String) {
        let held = self.locks(run, stage).iter().find_map(|it| Some((it, *self.held.get(it)?)));
        let Some((lock, (holder, _))) = held else {
            return (
                self.locks(run, stage).first().cloned().unwrap_or_default(),
                "a run before it".to_owned(),
            );
        };
        let holder = &self.runs[holder];
        (lock.clone(), format!("`{}` #{}", self.system.name(holder.pipeline), holder.number))
    }

    /// Whoever waits longest and finds all its locks free takes them.
    fn hand_out(&mut self) {
        let mut taken: Vec<String> = Vec::new();
        for (run, stage) in self.queue.clone() {
            let wanted = self.locks(run, stage).to_vec();
            let free = |it: &String| !self.held.contains_key(it) && !taken.contains(it);
            if wanted.iter().all(free) {
                self.held.extend(wanted.into_iter().map(|it| (it, (run, stage))));
                self.queue.retain(|it| *it != (run, stage));
                self.run_stage(run, stage);
            } else {
                // Who came earlier is not overtaken.
                taken.extend(wanted);
            }
        }
    }

    pub(super) fn release(&mut self, run: usize, stage: usize) {
        self.queue.retain(|it| *it != (run, stage));
        let before = self.held.len();
        self.held.retain(|_, holder| *holder != (run, stage));
        if self.held.len() < before {
            self.hand_out();
        }
    }
}
