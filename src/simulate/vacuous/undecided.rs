//! What is expected not to happen, and is still to come when the test ends.

use super::Cx;
use crate::simulate::clock::spoken;
use crate::simulate::scenario::Of;
use std::collections::BTreeSet;

impl Cx<'_, '_> {
    /// One of the stages, each with its pipeline, has not ended when nothing more is looked at, or what starts it has not.
    pub(super) fn undecided(&self, stages: &[(usize, usize)]) -> Option<String> {
        let open = stages.iter().find_map(|(pipeline, stage)| {
            if self.runs(*pipeline).next().is_none() {
                return self.open_before(*pipeline, &mut BTreeSet::new());
            }
            let is_open = |run: &super::Run| run.result.is_none() && run.stages[*stage].result.is_none();
            let ahead = self.runs(*pipeline).any(|it| is_open(it.1)) && !self.is_to_wait(*pipeline);
            let name = &self.system.pipelines[*pipeline].stages[*stage].plan.name;
            ahead.then(|| format!("`{}.{name}`", self.system.name(*pipeline)))
        })?;
        self.ends_before(&open)
    }

    /// The same of a pipeline that has not started.
    pub(super) fn may_start(&self, pipeline: usize) -> Option<String> {
        self.ends_before(&self.open_before(pipeline, &mut BTreeSet::new())?)
    }

    fn ends_before(&self, open: &str) -> Option<String> {
        let cut = spoken(self.timeline.cut?);
        Some(format!(
            "the test ends after {cut}, and {open} has not ended by then: a longer `until` would tell"
        ))
    }

    /// A pipeline whose end may start it and has not come.
    fn open_before(&self, pipeline: usize, seen: &mut BTreeSet<usize>) -> Option<String> {
        if !seen.insert(pipeline) {
            return None;
        }
        self.upstream(pipeline).find_map(|before| {
            let mut runs = self.runs(before).peekable();
            if runs.peek().is_none() {
                return self.open_before(before, seen);
            }
            let open = runs.any(|it| it.1.result.is_none()) && !self.is_to_wait(before);
            open.then(|| format!("`{}`", self.system.name(before)))
        })
    }

    /// The test says that the pipeline, or something in it, waits.
    fn is_to_wait(&self, pipeline: usize) -> bool {
        self.expected.iter().any(|it| match &it.of {
            Of::Target(target) => it.word == "waits" && target.pipeline == pipeline,
            Of::Environment(_) => false,
        })
    }
}
